import { type AllocationLog, compile, load, loadSync, type Memory, UnglueError } from "unglue";
import { createLedger, type Ledger } from "unglue/ledger";
import { describe, expect, it } from "vitest";
import { rejectionOf, thrownBy } from "../wat.ts";
import { type Reusing, reusing, sized, trapping } from "./modules.ts";

async function open(ledger: Ledger = createLedger()) {
  const wasm = await load<Reusing>(reusing, { ledger });
  return { ledger, wasm, memory: wasm.memory, frees: () => wasm.exports.frees.value as number };
}

const addresses = (ledger: Ledger) => ledger.live.map(({ address }) => address);

describe("a ledger", () => {
  it("lists what is live, the oldest first, by whatever it was allocated", async () => {
    const { ledger, memory } = await open();
    expect(ledger.live).toEqual([]);
    const first = memory.alloc(10, 4);
    const { address: text } = memory.allocString("hé", { layout: "nul" });
    const arena = memory.arena();
    const { address: inArena } = arena.bytes(new Uint8Array(3), 1);
    expect(ledger.live).toMatchObject([
      { address: first, size: 10, align: 4, instance: 1, disposed: false },
      { address: text, size: 4, align: 1, instance: 1, disposed: false },
      { address: inArena, size: 3, align: 1, instance: 1, disposed: false },
    ]);
    arena.dispose();
    memory.free(first);
    expect(addresses(ledger)).toEqual([text]);
    memory.free(text, 4, 1);
    expect(ledger.live).toEqual([]);
    ledger.expectNoLeaks();
  });

  it("gives lists that do not change", async () => {
    const { ledger, memory } = await open();
    const address = memory.alloc(8);
    const { live } = ledger;
    memory.free(address);
    expect(live).toHaveLength(1);
    expect(ledger.live).toHaveLength(0);
  });

  it("is taken by every call that makes an instance", async () => {
    const ledger = createLedger();
    const module = await compile(reusing);
    const instances = [
      await load(reusing, { ledger }),
      loadSync(reusing, { ledger }),
      await module.instantiate({ ledger }),
      module.instantiateSync({ ledger }),
    ];
    for (const { memory } of instances) memory.alloc(8);
    expect(ledger.live.map(({ instance }) => instance)).toEqual([1, 2, 3, 4]);
    expect(new Set(addresses(ledger)).size).toBe(1);
  });

  it("follows an address that the module gives again", async () => {
    const { ledger, memory, frees } = await open();
    const first = memory.alloc(8);
    memory.free(first);
    const second = memory.alloc(8);
    expect(second).toBe(first);
    memory.free(second);
    expect(frees()).toBe(2);
    expect(thrownBy(() => memory.free(first))).toMatchObject({ code: "double-free" });
    expect(memory.alloc(8)).toBe(first);
    expect(addresses(ledger)).toEqual([first]);
  });

  it("takes an address that comes again for one that the module has freed itself", async () => {
    const { ledger, wasm, memory } = await open();
    const first = memory.alloc(8);
    wasm.exports.eat(first);
    expect(memory.alloc(16, 4)).not.toBe(first);
    expect(memory.alloc(8, 4)).toBe(first);
    expect(ledger.live.map(({ size, align }) => [size, align])).toEqual([
      [16, 4],
      [8, 4],
    ]);
  });

  it("refuses options that are none, and is refused where it is none", async () => {
    for (const history of [-1, 0.5, NaN, Infinity, "8", null]) {
      expect(thrownBy(() => createLedger({ history: history as never }))).toMatchObject({
        code: "invalid-argument",
        details: { call: "createLedger", argument: "history" },
      });
    }
    expect(thrownBy(() => createLedger({ hsitory: 5 } as never))).toMatchObject({
      code: "unknown-option",
      details: { call: "createLedger", option: "hsitory", nearest: "history" },
    });
    for (const options of [null, 5, "history"]) {
      const refused = { code: "invalid-argument", details: { argument: "options" } };
      expect(thrownBy(() => createLedger(options as never))).toMatchObject(refused);
      const found = createLedger().expectNoGrowth(() => undefined, options as never);
      expect(await rejectionOf(found)).toMatchObject(refused);
    }
    expect(await rejectionOf(createLedger().expectNoGrowth(null as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "expectNoGrowth", argument: "work", received: "null" },
    });
    expect(await rejectionOf(createLedger().expectNoGrowth(() => 0, { round: 20 } as never))).toMatchObject({
      code: "unknown-option",
      details: { option: "round", nearest: "rounds" },
    });
    for (const ledger of [null, {}, [], () => undefined, "ledger"]) {
      expect(await rejectionOf(load(reusing, { ledger: ledger as never }))).toMatchObject({
        code: "invalid-option",
        details: {
          call: "load",
          option: "ledger",
          expected: "a ledger, as createLedger() of unglue/ledger returns it",
        },
      });
    }
  });
});

describe("expectNoLeaks", () => {
  it("throws the live allocations with their sum", async () => {
    const { ledger, memory } = await open();
    memory.alloc(10);
    memory.alloc(22);
    const error = thrownBy(() => ledger.expectNoLeaks());
    expect(UnglueError.is(error, "memory-leaked") && error.details).toEqual({ allocations: ledger.live, bytes: 32 });
    expect(thrownBy(() => ledger.expectNoLeaks())).toMatchObject({ code: "memory-leaked" });
  });

  it("does not throw again for what was accepted, which can still be freed, once", async () => {
    const { ledger, memory, frees } = await open();
    const kept = memory.alloc(8);
    const other = memory.alloc(8);
    ledger.accept();
    expect(ledger.live).toEqual([]);
    ledger.expectNoLeaks();
    const leaked = memory.alloc(8);
    expect(addresses(ledger)).toEqual([leaked]);
    memory.free(kept);
    expect(thrownBy(() => memory.free(kept))).toMatchObject({ code: "double-free" });
    memory.release(other);
    expect(frees()).toBe(1);
  });
});

describe("freeing", () => {
  it("twice is double-free, with who freed it first, before the module's function is called", async () => {
    const { ledger, memory, frees } = await open();
    const address = memory.alloc(8);
    (function firstToFree() {
      memory.free(address);
    })();
    const error = thrownBy(() => memory.free(address));
    expect(error).toMatchObject({ code: "double-free", details: { call: "memory.free", address, before: "freed" } });
    const { stack } = (error as UnglueError<"double-free">).details;
    expect(stack.split("\n")[0]).toContain("firstToFree");
    expect((error as Error).message).toContain(stack.split("\n")[0]);
    expect(frees()).toBe(1);
    ledger.expectNoLeaks();
    // The allocator is whole: it gives the block once.
    expect(memory.alloc(8)).toBe(address);
    expect(memory.alloc(8)).not.toBe(address);
  });

  it("what was released is double-free too", async () => {
    const { wasm, memory, frees } = await open();
    const address = memory.alloc(8);
    memory.release(address);
    wasm.exports.eat(address);
    expect(thrownBy(() => memory.free(address))).toMatchObject({
      code: "double-free",
      details: { call: "memory.free", address, before: "released" },
    });
    expect(thrownBy(() => memory.release(address))).toMatchObject({
      code: "double-free",
      details: { call: "memory.release", address, before: "released" },
    });
    expect(frees()).toBe(1);
  });

  it("what the allocator never gave is foreign-pointer", async () => {
    const { memory, frees } = await open();
    const error = thrownBy(() => memory.free(2048));
    expect(error).toMatchObject({
      code: "foreign-pointer",
      message: expect.stringContaining("memory.adopt") as string,
    });
    expect((error as UnglueError).details).toEqual({ call: "memory.free", address: 2048 });
    expect(thrownBy(() => memory.release(2048))).toMatchObject({
      code: "foreign-pointer",
      details: { call: "memory.release" },
    });
    expect(frees()).toBe(0);
  });

  it("an address inside an allocation says in which", async () => {
    const { ledger, memory, frees } = await open();
    memory.alloc(8);
    const address = memory.alloc(8);
    const error = thrownBy(() => memory.free(address + 4));
    expect(error).toMatchObject({ code: "foreign-pointer", details: { address: address + 4, inside: ledger.live[1] } });
    expect((error as Error).message).toContain(`It lies 4 bytes into the allocation of 8 at ${address}`);
    expect(thrownBy(() => memory.free(address + 8))).not.toHaveProperty("details.inside");
    expect(frees()).toBe(0);
  });

  it("what another instance has says whose it is", async () => {
    const { ledger, memory: left, frees } = await open();
    const { memory: right, frees: freesRight } = await open(ledger);
    const ofLeft = left.alloc(8);
    left.alloc(8);
    const more = left.alloc(8);
    expect(right.alloc(8)).toBe(ofLeft);
    const error = thrownBy(() => right.free(more));
    expect(error).toMatchObject({ code: "foreign-pointer", details: { address: more, owner: 1 } });
    expect((error as Error).message).toContain("Instance 1 has an allocation there");
    expect([frees(), freesRight()]).toEqual([0, 0]);
    right.free(ofLeft);
    // The equal address of the other instance stays what it was.
    expect(thrownBy(() => right.free(ofLeft))).toMatchObject({ code: "double-free" });
    left.free(ofLeft);
    expect([frees(), freesRight()]).toEqual([1, 1]);
  });

  it("checks size and alignment where the module's function takes them", async () => {
    const ledger = createLedger();
    const { memory, exports } = await load<{ frees: WebAssembly.Global }>(sized, { ledger });
    const address = memory.alloc(20, 4);
    for (const [size, align, argument, expected] of [
      [10, 4, "size", "20, which alloc was given"],
      [20, 8, "align", "4, which alloc was given"],
      [20, undefined, "align", "4, which alloc was given"],
    ] as const) {
      expect(thrownBy(() => memory.free(address, size, align))).toMatchObject({
        code: "invalid-argument",
        details: { call: "memory.free", argument, expected },
      });
    }
    expect(thrownBy(() => memory.free(address, undefined, 4))).toMatchObject({
      code: "invalid-argument",
      details: { expected: expect.stringContaining("__wbindgen_free takes it") as string },
    });
    expect([exports.frees.value, addresses(ledger)]).toEqual([0, [address]]);
    memory.free(BigInt(address), 20, 4);
    expect([exports.frees.value, addresses(ledger)]).toEqual([1, []]);
    // malloc's companion takes an address and nothing else, so nothing else can be wrong.
    const { memory: simple } = await open(ledger);
    simple.free(simple.alloc(20, 4), 10, 8);
    ledger.expectNoLeaks();
  });

  it("and allocating no bytes is kept apart, be it at null, at one address for all, or at one of its own", async () => {
    const ledger = createLedger();
    const { memory } = await load(sized, { ledger });
    // Each of these is at the address that is the alignment.
    const [first, second] = [memory.alloc(0), memory.alloc(0)];
    expect([first, second, ledger.live.length]).toEqual([8, 8, 2]);
    memory.free(first, 0);
    memory.free(second, 0);
    expect(thrownBy(() => memory.free(second, 0))).toMatchObject({ code: "double-free" });
    const { memory: own } = await open(ledger);
    const address = own.alloc(0);
    expect(addresses(ledger)).toEqual([address]);
    own.free(address);
    own.free(0);
    own.release(0);
    own.adopt(0, 0);
    ledger.expectNoLeaks();
  });

  it("at which the module traps leaves the allocation live", async () => {
    const ledger = createLedger();
    const { memory } = await load(trapping, { ledger });
    const address = memory.alloc(8);
    expect(thrownBy(() => memory.free(address))).toMatchObject({ code: "trap", details: { export: "free" } });
    expect(addresses(ledger)).toEqual([address]);
    expect(thrownBy(() => memory.free(address))).toMatchObject({ code: "poisoned", details: { export: "free" } });
    expect(addresses(ledger)).toEqual([address]);
  });
});

describe("allocating", () => {
  it("that fails or traps leaves nothing", async () => {
    const ledger = createLedger();
    const { memory } = await load(trapping, { ledger, onTrap: "throw" });
    expect(thrownBy(() => memory.alloc(666))).toMatchObject({ code: "trap", details: { export: "malloc" } });
    expect(thrownBy(() => memory.alloc(65536))).toMatchObject({ code: "allocation-failed" });
    expect(thrownBy(() => memory.alloc(-1))).toMatchObject({ code: "invalid-argument" });
    expect(thrownBy(() => memory.allocString("\uD800", { fatal: true }))).toMatchObject({ code: "invalid-string" });
    const { memory: other, frees } = await open(ledger);
    expect(thrownBy(() => other.alloc(8, 64))).toMatchObject({ code: "allocation-failed" });
    expect(frees()).toBe(1);
    expect(memory.alloc(0)).toBe(0);
    expect(ledger.live).toEqual([]);
  });
});

describe("what goes over to the module", () => {
  it("is released", async () => {
    const { ledger, wasm, memory } = await open();
    const { address } = memory.allocString("text");
    memory.release(address);
    wasm.exports.eat(address);
    ledger.expectNoLeaks();
  });

  it("and comes from it is adopted, also at an address that was freed or released before", async () => {
    const { ledger, wasm, memory, frees } = await open();
    const given = wasm.exports.give(8);
    expect(thrownBy(() => memory.free(given))).toMatchObject({ code: "foreign-pointer" });
    memory.adopt(given, 8);
    expect(ledger.live).toMatchObject([{ address: given, size: 8, align: 8 }]);
    memory.free(given);
    const again = wasm.exports.give(8);
    expect(again).toBe(given);
    expect(thrownBy(() => memory.free(again))).toMatchObject({
      code: "double-free",
      message: expect.stringContaining("memory.adopt") as string,
    });
    memory.adopt(BigInt(again), 8);
    memory.release(again);
    memory.adopt(again, 8, 1);
    memory.free(again);
    expect(frees()).toBe(2);
    ledger.expectNoLeaks();
  });

  it("is checked as far as it can be", async () => {
    const { memory } = await open();
    expect(thrownBy(() => memory.adopt(65530, 8))).toMatchObject({ code: "out-of-bounds" });
    expect(thrownBy(() => memory.adopt(1024, 0.5))).toMatchObject({
      code: "invalid-argument",
      details: { call: "memory.adopt", argument: "size" },
    });
    expect(thrownBy(() => memory.release(0.5))).toMatchObject({
      code: "invalid-argument",
      details: { call: "memory.release", argument: "address" },
    });
  });

  it("is of no interest without a ledger", async () => {
    const { memory, exports } = await load<Reusing>(reusing);
    const address = memory.alloc(8);
    memory.release(address);
    memory.release(4096);
    memory.adopt(address, 8);
    memory.free(address);
    memory.free(address);
    expect(exports.frees.value).toBe(2);
  });
});

describe("an arena's allocations", () => {
  it("end with it, also when its function throws", async () => {
    const { ledger, memory } = await open();
    memory.arena((arena) => {
      arena.alloc(8);
      arena.string("text");
      expect(ledger.live).toHaveLength(2);
    });
    expect(ledger.live).toEqual([]);
    const failing = memory.arena(async (arena) => {
      arena.bytes(new Uint8Array(5));
      await Promise.resolve();
      expect(ledger.live).toHaveLength(1);
      throw new Error("from the body");
    });
    expect(await rejectionOf(failing)).toMatchObject({ message: "from the body" });
    ledger.expectNoLeaks();
  });

  it("are no longer live when it has released them", async () => {
    const { ledger, wasm, memory, frees } = await open();
    const arena = memory.arena();
    const [first, second] = [arena.alloc(8), arena.alloc(8)];
    arena.release(first);
    expect(addresses(ledger)).toEqual([second]);
    wasm.exports.eat(first);
    arena.dispose();
    arena[Symbol.dispose]();
    expect(frees()).toBe(2);
    ledger.expectNoLeaks();
  });

  it("that were freed by hand as well are double-free, and the others are freed", async () => {
    const { ledger, memory, frees } = await open();
    const arena = memory.arena();
    const [first] = [arena.alloc(8), arena.alloc(8)];
    memory.free(first);
    expect(thrownBy(() => arena.dispose())).toMatchObject({ code: "double-free", details: { address: first } });
    expect(frees()).toBe(2);
    ledger.expectNoLeaks();
  });

  it("that could not be freed stay live", async () => {
    const ledger = createLedger();
    const { memory } = await load(trapping, { ledger });
    const arena = memory.arena();
    const address = arena.alloc(8);
    expect(thrownBy(() => arena.dispose())).toMatchObject({ code: "trap", details: { export: "free" } });
    expect(addresses(ledger)).toEqual([address]);
  });

  it("are no leak when the instance was disposed before the arena", async () => {
    const { ledger, wasm, memory } = await open();
    memory.arena((arena) => {
      arena.alloc(8);
      wasm.dispose();
      expect(ledger.live).toMatchObject([{ disposed: true }]);
    });
    ledger.expectNoLeaks();
  });
});

describe("disposing an instance", () => {
  it("frees nothing in the ledger: what is live then was not freed by who made it", async () => {
    const { ledger, wasm, memory } = await open();
    memory.alloc(8);
    wasm.dispose();
    wasm.dispose();
    expect(ledger.live).toMatchObject([{ instance: 1, disposed: true }]);
    expect(thrownBy(() => ledger.expectNoLeaks())).toMatchObject({
      message: expect.stringContaining("in instance 1 (disposed since)") as string,
    });
    ledger.accept();
    ledger.expectNoLeaks();
  });

  it("leaves those of others as they are", async () => {
    const { ledger, wasm, memory } = await open();
    const { memory: other } = await open(ledger);
    const address = memory.alloc(8);
    other.alloc(8);
    wasm.dispose();
    expect(ledger.live.map(({ instance, disposed }) => [instance, disposed])).toEqual([
      [1, true],
      [2, false],
    ]);
    other.free(address);
    expect(ledger.live).toHaveLength(1);
  });
});

describe("the addresses that have ended", () => {
  it("are forgotten, the oldest first, beyond what history says", async () => {
    const { memory } = await open(createLedger({ history: 2 }));
    const all = [memory.alloc(8), memory.alloc(8), memory.alloc(8)];
    for (const address of all) memory.free(address);
    const codes = all.map((address) => (thrownBy(() => memory.free(address)) as UnglueError).code);
    expect(codes).toEqual(["foreign-pointer", "double-free", "double-free"]);
    const { memory: other } = await open(createLedger({ history: 0 }));
    const address = other.alloc(8);
    other.free(address);
    expect(thrownBy(() => other.free(address))).toMatchObject({
      code: "foreign-pointer",
      message: expect.stringContaining("createLedger({ history })") as string,
    });
  });

  it("count anew when they are freed again", async () => {
    const { memory } = await open(createLedger({ history: 2 }));
    const [a, b, c] = [memory.alloc(8), memory.alloc(16), memory.alloc(24)];
    memory.free(a);
    memory.free(b);
    expect(memory.alloc(8)).toBe(b);
    expect(memory.alloc(8)).toBe(a);
    memory.free(b);
    memory.free(a);
    memory.free(c);
    const codes = [a, b, c].map((address) => (thrownBy(() => memory.free(address)) as UnglueError).code);
    expect(codes).toEqual(["double-free", "foreign-pointer", "double-free"]);
  });
});

describe("an observer of one's own", () => {
  it("hears of every allocation of its instance", async () => {
    const heard: unknown[][] = [];
    const log: AllocationLog = {
      allocated: (...args) => heard.push(["allocated", ...args]),
      freeing: (...args) => {
        heard.push(["freeing", ...args]);
        return () => heard.push(["freed"]);
      },
      released: (...args) => heard.push(["released", ...args]),
      disposed: () => heard.push(["disposed"]),
    };
    class Observer {
      memory: Memory | undefined;
      follow(instance: { readonly memory: Memory }) {
        this.memory = instance.memory;
        return log;
      }
    }
    const observer = new Observer();
    const wasm = await load(sized, { ledger: observer });
    expect(observer.memory).toBe(wasm.memory);
    const address = wasm.memory.alloc(8, 4);
    wasm.memory.free(address, 8, 4);
    wasm.memory.adopt(address, 16, 2);
    wasm.memory.release(address);
    wasm.dispose();
    expect(heard).toEqual([
      ["allocated", address, 8, 4],
      ["freeing", address, 8, 4],
      ["freed"],
      ["allocated", address, 16, 2],
      ["released", address],
      ["disposed"],
    ]);
  });

  it("has the allocation freed again when it cannot log it", async () => {
    const no = new Error("no");
    const log = {
      allocated: () => {
        throw no;
      },
      freeing: () => () => undefined,
      released: () => undefined,
      disposed: () => undefined,
    };
    const wasm = await load<Reusing>(reusing, { ledger: { follow: () => log } });
    for (const allocate of [() => wasm.memory.alloc(8), () => wasm.memory.allocString("text")]) {
      const before = wasm.exports.frees.value as number;
      expect(thrownBy(allocate)).toBe(no);
      expect(wasm.exports.frees.value).toBe(before + 1);
    }
  });

  it.each([
    [5, "5"],
    [{}, "an object (Object)"],
    [undefined, "undefined"],
    [{ allocated: 1, freeing: 1, released: 1, disposed: 1 }, "an object (Object)"],
  ])("is refused at the load where it is none: %j", async (log, received) => {
    const refused = {
      code: "invalid-option",
      details: { option: "what follow of the ledger returns", received },
    };
    const ledger = { follow: () => log as never };
    expect(await rejectionOf(load(reusing, { ledger }))).toMatchObject(refused);
    expect(await rejectionOf(load(reusing, { ledger, onTrap: "restart" }))).toMatchObject(refused);
  });

  it("keeps the module from freeing when it throws", async () => {
    const no = new Error("no");
    const log = {
      allocated: () => undefined,
      freeing: () => {
        throw no;
      },
      released: () => undefined,
      disposed: () => undefined,
    };
    const wasm = await load<Reusing>(reusing, { ledger: { follow: () => log } });
    const address = wasm.memory.alloc(8);
    expect(thrownBy(() => wasm.memory.free(address))).toBe(no);
    expect(wasm.exports.frees.value).toBe(0);
  });
});
