import fc from "fast-check";
import { load, type Memory, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { describe, expect, it } from "vitest";
import { type Reusing, reusing } from "./modules.ts";

/** The simplest ledger: what is live at which address, and how else an address ended. */
interface Model {
  readonly live: Map<number, number>;
  readonly ended: Map<number, "freed" | "released">;
  /** Allocations that the module holds itself. */
  readonly given: Set<number>;
}

const size = fc.integer({ min: 1, max: 60 });
const pick = fc.nat();
const step = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant("alloc" as const), size }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constant("free" as const), pick }), weight: 3 },
  fc.record({ do: fc.constant("text" as const), size }),
  fc.record({ do: fc.constant("resize" as const), pick, size }),
  fc.record({ do: fc.constant("free again" as const), pick }),
  fc.record({ do: fc.constant("free foreign" as const), pick }),
  fc.record({ do: fc.constant("release" as const), pick }),
  fc.record({ do: fc.constant("give" as const), size }),
  fc.record({ do: fc.constant("adopt" as const), pick }),
  fc.record({ do: fc.constant("arena" as const), sizes: fc.array(size, { maxLength: 5 }), keeps: fc.nat(5) }),
  fc.record({ do: fc.constant("accept" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const codeOf = (body: () => void): string => {
  try {
    body();
  } catch (error) {
    return UnglueError.is(error) ? error.code : String(error);
  }
  return "none";
};

describe("a ledger of two instances", () => {
  it("says what two maps say, whatever is done", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(1), step), { maxLength: 60 }), async (steps) => {
        const ledger = createLedger();
        const [left, right] = [await load<Reusing>(reusing, { ledger }), await load<Reusing>(reusing, { ledger })];
        const models = [newModel(), newModel()] as const;
        // Allocations that are neither freed, released nor accepted, in their order.
        const listed: [instance: number, address: number, size: number][] = [];
        for (const [index, one] of steps) {
          const wasm = index === 0 ? left : right;
          if (one.do === "accept") {
            listed.length = 0;
            ledger.accept();
          } else {
            perform(one, wasm, models[index]!, {
              add: (address, bytes) => listed.push([index + 1, address, bytes]),
              remove: (address) => {
                const at = listed.findIndex(([instance, other]) => instance === index + 1 && other === address);
                if (at >= 0) listed.splice(at, 1);
              },
            });
          }
          expect(ledger.live.map((entry) => [entry.instance, entry.address, entry.size])).toEqual(listed);
        }
        expect(codeOf(() => ledger.expectNoLeaks())).toBe(listed.length > 0 ? "memory-leaked" : "none");
        for (const [index, { memory }] of [left, right].entries()) {
          for (const address of models[index]!.live.keys()) memory.free(address);
        }
        ledger.expectNoLeaks();
      }),
    );
  });
});

function newModel(): Model {
  return { live: new Map(), ended: new Map(), given: new Set() };
}

interface List {
  add(address: number, size: number): void;
  remove(address: number): void;
}

/** Does one step to an instance and to the model of it. */
function perform(
  one: Exclude<Step, { do: "accept" }>,
  { memory, exports }: { memory: Memory; exports: Reusing },
  { live, ended, given }: Model,
  list: List,
): void {
  const begin = (address: number, bytes: number): number => {
    expect(live.has(address) || given.has(address)).toBe(false);
    live.set(address, bytes);
    ended.delete(address);
    list.add(address, bytes);
    return address;
  };
  const end = (address: number, how: "freed" | "released"): void => {
    live.delete(address);
    ended.set(address, how);
    list.remove(address);
  };
  const free = (address: number): void => {
    memory.free(address);
    end(address, "freed");
  };
  const oneOf = (addresses: Iterable<number>, at: number): number | undefined => {
    const all = [...addresses];
    return all[at % all.length];
  };

  if (one.do === "alloc") begin(memory.alloc(one.size), one.size);
  if (one.do === "text") begin(memory.allocString("x".repeat(one.size)).address, one.size);
  if (one.do === "give") given.add(exports.give(one.size));
  if (one.do === "arena") {
    memory.arena((arena) => {
      const held = one.sizes.map((bytes) => begin(arena.alloc(bytes), bytes));
      const kept = held[one.keeps];
      if (kept !== undefined) {
        arena.release(kept);
        end(kept, "released");
        exports.eat(kept);
      }
      // In the order in which the arena frees.
      for (const address of held.reverse()) if (address !== kept) end(address, "freed");
    });
  }
  if (one.do === "adopt") {
    const address = oneOf(given, one.pick);
    if (address === undefined) return;
    given.delete(address);
    memory.adopt(address, 8);
    begin(address, 8);
  }
  if (one.do === "free again" || one.do === "free foreign") {
    const address = one.do === "free again" ? oneOf(ended.keys(), one.pick) : 40_000 + (one.pick % 1000);
    if (address === undefined) return;
    const frees: unknown = exports.frees.value;
    expect(codeOf(() => memory.free(address))).toBe(ended.has(address) ? "double-free" : "foreign-pointer");
    expect(exports.frees.value).toBe(frees);
  }
  if (one.do === "free" || one.do === "release" || one.do === "resize") {
    const address = oneOf(live.keys(), one.pick);
    if (address === undefined) return;
    if (one.do === "release") {
      memory.release(address);
      end(address, "released");
      exports.eat(address);
    } else {
      if (one.do === "resize") {
        const bytes = memory.read(address, Math.min(one.size, live.get(address)!));
        memory.write(begin(memory.alloc(one.size), one.size), bytes);
      }
      free(address);
    }
  }
}
