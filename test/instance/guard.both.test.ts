import { describe, expect, it } from "vitest";
import { type Adapter, type Instance, loadSync } from "unglue";
import { thrownBy, wat } from "../wat.ts";

/** A module with a stack in memory, as LLVM lays it out: frames of 64 bytes, the pointer restored by its absolute value. */
const stacked = await wat(`(module
  (import "env" "f" (func $f (param i32)))
  (global $sp (mut i32) (i32.const 65536))
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (elem (i32.const 0) $frame)
  (func (export "init") (call $frame (i32.const -1)))
  (func (export "add_to_stack_pointer") (param i32) (result i32)
    (global.set $sp (i32.add (global.get $sp) (local.get 0))) (global.get $sp))
  (func $frame (export "frame") (param i32)
    (local $own i32)
    (global.set $sp (local.tee $own (i32.sub (global.get $sp) (i32.const 64))))
    (i32.store (local.get $own) (local.get 0))
    (call $f (local.get 0))
    (if (i32.ne (i32.load (local.get $own)) (local.get 0)) (then unreachable))
    (global.set $sp (i32.add (local.get $own) (i32.const 64))))
  (func (export "bare") (param i32) (call $f (local.get 0))))`);

interface Exports {
  add_to_stack_pointer(change: number): number;
  frame(argument: number): void;
  bare(argument: number): void;
}

type Call = (...args: number[]) => number;

/** Counts what the guard asks the module for. */
function open(f: (wasm: Instance<Exports>, argument: number) => void) {
  const asked = { marks: 0 };
  let move: Call | undefined;
  const adapter: Adapter = {
    name: "stacked",
    detect: () => ({ evidence: ["the test says so"] }),
    provide: () => undefined,
    attach: (_, { exports }) => {
      move = exports()["add_to_stack_pointer"] as Call;
      const at = move;
      return {
        initializer: "init",
        stackExports: ["add_to_stack_pointer"],
        mark: () => (asked.marks++, at(0)),
        unwind: (mark) => void at((mark as number) - at(0)),
      };
    },
  };
  const wasm: Instance<Exports> = loadSync<Exports>(stacked, {
    adapters: [adapter],
    imports: (instance) => ({
      env: { f: (argument: number) => f(instance as unknown as Instance<Exports>, argument) },
    }),
  });
  return { wasm, asked, pointer: () => (move as Call)(0) };
}

const bottom = 65536;
const mine = new Error("mine");

describe("the stack pointer", () => {
  it("is put back after each of 100,000 calls that throw, and is asked for once", () => {
    const { wasm, asked, pointer } = open((_, argument) => {
      if (argument >= 0) throw mine;
    });
    const thrown = new Set<unknown>();
    for (let at = 0; at < 100_000; at++) thrown.add(thrownBy(() => wasm.guarded.frame(at)));
    expect([...thrown]).toEqual([mine]);
    expect([pointer(), asked.marks, wasm.state]).toEqual([bottom, 1, "live"]);
  });

  it("is put back to the outer frame after each of 100,000 nested calls that throw in one outer call", () => {
    const seen = new Set<number>();
    const { wasm, pointer } = open((instance, argument) => {
      if (argument < 0) return;
      if (argument > 0) throw mine;
      for (let at = 1; at <= 100_000; at++) {
        thrownBy(() => instance.guarded.frame(at));
        seen.add(pointer());
      }
    });
    wasm.guarded.frame(0);
    expect([...seen, pointer()]).toEqual([bottom - 64, bottom]);
  });

  it("is put back though the outer call has no frame of its own, and though each level throws", () => {
    const { wasm, pointer } = open((instance, argument) => {
      if (argument > 0) instance.guarded.bare(argument - 1);
      if (argument === 0) throw mine;
    });
    for (let at = 0; at < 100; at++) expect(thrownBy(() => wasm.guarded.bare(5))).toBe(mine);
    expect(pointer()).toBe(bottom);
  });

  it("is not raised over the frames of a call through `exports`, which the guard does not see", () => {
    const { wasm, pointer } = open((instance, argument) => {
      if (argument > 0) throw mine;
      if (argument < 0) return;
      thrownBy(() => instance.guarded.frame(1));
      // Its frame would lie over that of the call through `exports` now, which traps if it finds another's value there.
      instance.guarded.frame(-7);
    });
    for (let at = 0; at < 1000; at++) wasm.exports.frame(0);
    expect([pointer(), wasm.state]).toEqual([bottom, "live"]);
  });

  it("is not raised over the frames of a function of the table", () => {
    const { wasm, pointer } = open((instance, argument) => {
      if (argument > 0) throw mine;
      if (argument < 0) return;
      thrownBy(() => instance.guarded.frame(1));
      instance.guarded.frame(-7);
    });
    wasm.table.get(0)?.(0);
    expect([pointer(), wasm.state]).toEqual([bottom, "live"]);
  });

  it.each<[string, (wasm: Instance<Exports>) => [Call, Call]]>([
    ["guarded", ({ guarded }) => [guarded.add_to_stack_pointer, guarded.add_to_stack_pointer]],
    ["exports", ({ exports }) => [exports.add_to_stack_pointer, exports.add_to_stack_pointer]],
    ["either", ({ guarded, exports }) => [guarded.add_to_stack_pointer, exports.add_to_stack_pointer]],
  ])("keeps the room that callers make by hand with `%s`, two at a time", (_, movers) => {
    const { wasm, pointer } = open((__, argument) => {
      if (argument > 0) throw mine;
    });
    const [make, giveBack] = movers(wasm);
    const withRoom = (use: (at: number) => void): void => {
      const room = make(-16);
      try {
        use(room);
      } finally {
        giveBack(16);
      }
    };
    const after: number[] = [];
    for (let at = 0; at < 100; at++) {
      withRoom((outer) => {
        wasm.memory.u32[outer / 4] = at + 1000;
        for (const argument of [1, -2, 1, -2]) {
          try {
            withRoom(() => wasm.guarded.frame(argument));
          } catch (error) {
            expect(error).toBe(mine);
          }
        }
        if (wasm.memory.u32[outer / 4] === at + 1000) after.push(pointer());
      });
      thrownBy(() => wasm.guarded.frame(1));
    }
    expect(after).toEqual(new Array(100).fill(bottom - 16));
    expect(pointer()).toBe(bottom);
  });

  it("is right whatever order calls end in, with promises between them", async () => {
    const { wasm, asked, pointer } = open((instance, argument) => {
      if (argument % 3 === 1) thrownBy(() => instance.guarded.frame(3 * argument + 2));
      if (argument % 3 === 2) throw mine;
    });
    const settled = await Promise.allSettled(
      Array.from({ length: 999 }, async (__, at) => {
        await Promise.resolve();
        wasm.guarded.frame(at);
        await Promise.resolve();
        wasm.guarded.bare(at + 1);
        await Promise.resolve();
        wasm.guarded.frame(at + 2);
      }),
    );
    expect(settled.every(({ status }) => status === "rejected")).toBe(true);
    expect(pointer()).toBe(bottom);
    // Nothing is taken for a nested call now that none runs.
    const { marks } = asked;
    wasm.guarded.frame(3);
    expect(asked.marks).toBe(marks);
  });

  it("is asked for anew after the arguments of a call have thrown", () => {
    const { wasm, asked, pointer } = open(() => undefined);
    const argument = {
      valueOf: () => {
        throw mine;
      },
    } as unknown as number;
    for (let at = 0; at < 1000; at++) expect(thrownBy(() => wasm.guarded.frame(argument))).toBe(mine);
    wasm.guarded.frame(1);
    expect([pointer(), asked.marks]).toEqual([bottom, 1]);
  });
});

describe("guarded functions", () => {
  const lengths = Array.from({ length: 13 }, (_, length) => length);

  it.each(lengths)("pass %i arguments on, and have the length of the export", async (length) => {
    const params = " i32".repeat(length);
    const digits = lengths.slice(0, length).map((at) => `(i32.mul (local.get ${at}) (i32.const ${at + 1}))`);
    const wasm = loadSync<{ sum(...args: number[]): number; refuse(...args: number[]): number }>(
      await wat(`(module (func (export "sum") (param${params}) (result i32)
        ${digits.reduce((sum, one) => `(i32.add ${sum} ${one})`, "(i32.const 7)")})
        (func (export "refuse") (param${params}) (result i32) unreachable))`),
    );
    const args = lengths.slice(0, length).map((at) => at + 10);
    expect(wasm.guarded.sum(...args)).toBe(wasm.exports.sum(...args));
    expect(wasm.guarded.sum(...args, 5, 5)).toBe(wasm.exports.sum(...args));
    expect(wasm.guarded.sum()).toBe(7);
    expect([wasm.guarded.sum.length, wasm.guarded.refuse.length]).toEqual([length, length]);
    expect(thrownBy(() => wasm.guarded.refuse(...args))).toMatchObject({ code: "trap", details: { export: "refuse" } });
    expect(thrownBy(() => wasm.guarded.sum(...args))).toMatchObject({ code: "poisoned", details: { export: "sum" } });
  });
});
