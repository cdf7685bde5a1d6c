import {
  type Arena,
  compileSync,
  type Lease,
  load,
  type Memory,
  type Pool,
  type PoolOptions,
  UnglueError,
} from "unglue";
import { describe, expect, it } from "vitest";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Counter {
  count(): number;
  reset(): void;
  fail(): void;
}

const bytes = await wat(`(module (global $n (mut i32) (i32.const 0))
  (memory (export "memory") 1) (table (export "table") 4 funcref)
  (func (export "reset") (global.set $n (i32.const 0)))
  (func (export "fail") unreachable)
  (func (export "count") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`);
const counter = compileSync(bytes);

interface Maker {
  call(index: number): void;
  begin(): void;
  fail(): void;
}

const bytesOfMaker = await wat(`(module
  (import "env" "freed" (func $freed (param i32 i32 i32))) (import "env" "begun" (func $begun))
  (memory (export "memory") 1) (table (export "table") 2 funcref) (global $top (mut i32) (i32.const 1024))
  (type $void (func))
  (func (export "begin") call $begun)
  (func (export "call") (param i32) (call_indirect (type $void) (local.get 0)))
  (func (export "fail") unreachable)
  (func (export "__wbindgen_malloc") (param i32 i32) (result i32)
    (global.set $top (i32.add (global.get $top) (i32.const 64))) (global.get $top))
  (func (export "__wbindgen_free") (param i32 i32 i32) (call $freed (local.get 0) (local.get 1) (local.get 2))))`);
const reset = (wasm: { readonly guarded: Pick<Counter, "reset"> }): void => wasm.guarded.reset();
const resets: [string, PoolOptions<Counter>["reset"]][] = [
  ["fresh", "fresh"],
  ["a function", reset],
];

const disposed = { code: "disposed" };

/** Everything that a taker can do with what it has. */
const uses: { readonly [use: string]: (wasm: Lease<Counter>) => unknown } = {
  exports: (wasm) => wasm.exports,
  guarded: (wasm) => wasm.guarded,
  api: (wasm) => wasm.api,
  memory: (wasm) => wasm.memory,
  memories: (wasm) => wasm.memories,
  table: (wasm) => wasm.table,
  tables: (wasm) => wasm.tables,
  handles: (wasm) => wasm.handles,
  imports: (wasm) => wasm.imports,
  callback: (wasm) => wasm.callback("->", () => undefined),
  freeCallback: (wasm) => wasm.freeCallback(0),
};

describe.each(resets)("what is taken from a pool, reset: %s", (_, how) => {
  const make = (options: Partial<PoolOptions<Counter>> = {}): Pool<Counter> =>
    counter.pool<Counter>({ max: 1, ...(how !== undefined && { reset: how }), ...options });

  it("has the members of an instance, and does what it does", async () => {
    const pool = make();
    const lease = await pool.take();
    const instance = await load<Counter>(bytes);
    expect(Reflect.ownKeys(instance).filter((name) => !(name in lease))).toEqual([]);
    expect([lease.guarded.count(), lease.exports.count(), lease.state]).toEqual([1, 2, "live"]);
    lease.memory.writeString(8, "text", 8);
    expect([lease.memory.readString(8, 4), lease.memories["memory"]?.readString(8, 4)]).toEqual(["text", "text"]);
    expect(lease.memory === lease.memory).toBe(true);
    const index = lease.callback("->", () => undefined);
    expect([typeof lease.table.get(index), typeof lease.tables["table"]?.get(index)]).toEqual(["function", "function"]);
    lease.freeCallback(index);
    await lease.ready;
    expect([lease.shape, lease.toolchain.name, lease.imports]).toEqual([
      counter.shape,
      counter.shape.toolchain.name,
      [],
    ]);
  });

  it("is given back when it is disposed of, as often as that is", async () => {
    const pool = make();
    const lease = await pool.take();
    lease.dispose();
    expect(pool.idle + pool.size).toBe(how === "fresh" ? 0 : 2);
    const next = await pool.take();
    lease.dispose();
    if (typeof Symbol.dispose === "symbol") lease[Symbol.dispose]();
    expect([next.state, next.guarded.count(), pool.size]).toEqual(["live", 1, 1]);
    next.dispose();
    await pool.dispose();
    expect(pool.size).toBe(0);
  });

  it("is given back at the end of its block, also if that throws", async () => {
    const pool = make();
    const boom = new Error("boom");
    const work = async (): Promise<void> => {
      using wasm = await pool.take();
      expect(wasm.guarded.count()).toBe(1);
      throw boom;
    };
    expect(await rejectionOf(work())).toBe(boom);
    expect(await rejectionOf(work())).toBe(boom);
    // Given back by hand before, there is nothing left to do at the end.
    await (async () => {
      using wasm = await pool.take();
      pool.give(wasm);
    })();
    expect(pool.waiting).toBe(0);
    expect((await pool.take()).guarded.count()).toBe(1);
  });

  it("cannot be given back twice", async () => {
    const pool = make();
    const first = await pool.take();
    pool.give(first);
    const second = await pool.take();
    second.dispose();
    const third = await pool.take();
    for (const ended of [first, second]) {
      expect(thrownBy(() => pool.give(ended))).toMatchObject({ code: "foreign-instance" });
    }
    expect([third.state, third.guarded.count()]).toEqual(["live", 1]);
  });

  it("refuses every use after that, and so do its parts", async () => {
    const pool = make();
    const lease = await pool.take();
    const { guarded, memory, memories, table, tables } = lease;
    lease.dispose();
    const next = await pool.take();
    for (const [use, act] of Object.entries(uses))
      expect([use, thrownBy(() => act(lease))]).toMatchObject([use, disposed]);
    expect(await rejectionOf(lease.ready)).toMatchObject(disposed);
    expect(lease.state).toBe("disposed");
    expect(thrownBy(() => guarded.count())).toMatchObject(disposed);
    if (how !== "fresh") {
      expect(thrownBy(() => memory.readString(0, 1))).toMatchObject(disposed);
      expect(thrownBy(() => memories["memory"]?.u8)).toMatchObject(disposed);
      expect(thrownBy(() => table.get(0))).toMatchObject(disposed);
      expect(thrownBy(() => tables["table"]?.get(0))).toMatchObject(disposed);
    }
    // Nothing of this has reached the next.
    expect(next.guarded.count()).toBe(1);
  });

  it("is replaced where it trapped, and is over with its pool", async () => {
    const pool = make();
    const lease = await pool.take();
    thrownBy(() => lease.guarded.fail());
    expect(lease.state).toBe("poisoned");
    lease.dispose();
    const next = await pool.take();
    expect([next.state, next.guarded.count()]).toEqual(["live", 1]);
    const ended = pool.dispose();
    expect(next.state).toBe("live");
    next.dispose();
    await ended;
    expect(pool.size).toBe(0);
  });

  it("is the same where the work of `use` gets it", async () => {
    const pool = make();
    let kept: Lease<Counter> | undefined;
    expect(await pool.use((wasm) => (kept = wasm).guarded.count())).toBe(1);
    expect(thrownBy(() => kept?.guarded)).toMatchObject(disposed);
    await pool.use((wasm) => wasm.dispose());
    expect((await pool.take()).guarded.count()).toBe(1);
  });
});

describe("what a taker makes, where the next one gets the same instance", () => {
  /** A module with an allocator that tells what it frees, and one that calls what is in its table. */
  const module = compileSync(bytesOfMaker);
  const make = (freed: number[][] = [], options: Partial<PoolOptions<Maker>> = {}): Pool<Maker> =>
    module.pool<Maker>({
      max: 1,
      reset: () => void freed.push([]),
      imports: { env: { freed: (...args: number[]) => void freed.push(args) } },
      ...options,
    });

  it("refuses every use of an arena afterwards, and frees before the reset what it still held", async () => {
    const freed: number[][] = [];
    const pool = make(freed);
    const lease = await pool.take();
    const arenas = [lease.memory.arena(), lease.memories["memory"]!.arena(), lease.memory.arena()];
    const [first, second, ended] = arenas as [Arena, Arena, Arena];
    const held = [first.alloc(5), first.bytes(Uint8Array.of(1, 2), 2).address, second.string("héllo").address];
    expect(second.release(held[2]!)).toBeUndefined();
    const gone = ended.alloc(3);
    ended.dispose();
    const kept = lease.memory.arena((arena) => arena);
    lease.dispose();
    expect(freed).toEqual([[gone, 3, 8], [held[1], 2, 2], [held[0], 5, 8], []]);
    const next = await pool.take();
    const before = next.memory.u8.slice();
    for (const arena of [...arenas, kept]) {
      expect(thrownBy(() => arena.alloc(8))).toMatchObject(disposed);
      expect(thrownBy(() => arena.bytes(new Uint8Array(64).fill(0xaa)))).toMatchObject(disposed);
      expect(thrownBy(() => arena.string("secret"))).toMatchObject(disposed);
      expect(thrownBy(() => arena.release(16))).toMatchObject(disposed);
      expect(arena.dispose()).toBeUndefined();
      expect(arena[Symbol.dispose]()).toBeUndefined();
    }
    expect(next.memory.u8.every((byte, at) => byte === before[at])).toBe(true);
    expect(freed).toHaveLength(4);
  });

  it("are parts of its own: those of the instance, and of the next taker, go on", async () => {
    let ofInstance: Memory | undefined;
    const pool = make([], { reset: (wasm) => void (ofInstance = wasm.memory) });
    const lease = await pool.take();
    const { memory, table } = lease;
    expect([lease.memory === memory, lease.memories["memory"] === memory, lease.table === table]).toEqual([
      true,
      true,
      true,
    ]);
    memory.u8[5] = 55;
    lease.dispose();
    const next = await pool.take();
    expect([next.memory === memory, next.memory === ofInstance]).toEqual([false, false]);
    expect([next.memory.u8[5], ofInstance?.u8[5], next.table.length]).toEqual([55, 55, table.raw.length]);
    expect([thrownBy(() => memory.u8), thrownBy(() => table.length)]).toMatchObject([disposed, disposed]);
    expect(JSON.stringify([memory, table])).toBe('[{"ended":true},{"ended":true}]');
  });

  it("is of the life that it was taken from, where the instance has begun another", async () => {
    const pool = make([], { onTrap: "restart" });
    const lease = await pool.take();
    const { memory } = lease;
    thrownBy(() => lease.guarded.fail());
    await lease.ready;
    expect(thrownBy(() => memory.u8)).toMatchObject({ code: "life-ended" });
    const later = lease.memory;
    expect(later.u8.length).toBe(65536);
    lease.dispose();
    expect(thrownBy(() => later.u8)).toMatchObject(disposed);
  });

  it("ends a scope that goes on after the lease, and what it allocated", async () => {
    const freed: number[][] = [];
    const pool = make(freed);
    const lease = await pool.take();
    let goOn = (): void => undefined;
    const paused = new Promise<void>((resolve) => (goOn = resolve));
    const address = { of: 0 };
    const work = lease.memory.arena(async (arena) => {
      address.of = arena.alloc(7);
      await paused;
      return thrownBy(() => arena.bytes(Uint8Array.of(1)));
    });
    lease.dispose();
    const next = await pool.take();
    const own = next.memory.alloc(7);
    expect(own).not.toBe(address.of);
    goOn();
    expect(await work).toMatchObject(disposed);
    // The next taker's own is not among them.
    expect(freed).toEqual([[address.of, 7, 8], []]);
  });

  it("takes its callbacks out of the table after the reset, and no one else's", async () => {
    const called: string[] = [];
    let lasting = -1;
    const pool = make([], {
      reset: (wasm) => {
        if (lasting < 0) lasting = wasm.callback("->", () => void called.push("lasting"));
        else wasm.guarded.call(mine);
      },
    });
    (await pool.take()).dispose();
    const lease = await pool.take();
    const mine = lease.callback("->", () => void called.push("mine"));
    const freed = lease.callback("->", () => undefined);
    lease.freeCallback(freed);
    lease.dispose();
    expect(called).toEqual(["mine"]);
    const next = await pool.take();
    next.guarded.call(lasting);
    expect(called).toEqual(["mine", "lasting"]);
    expect([next.table.get(mine), next.table.get(freed)]).toEqual([null, null]);
    expect(thrownBy(() => next.freeCallback(mine))).toMatchObject({ code: "unknown-callback" });
    // Their slots are used again: nothing of them is left over.
    const slots = [next.callback("->", () => undefined), next.callback("->", () => undefined)];
    expect(slots.sort()).toEqual([mine, freed].sort());
  });

  it("leaves the callbacks of the next life alone", async () => {
    const placed: number[] = [];
    const pool = make([], {
      onTrap: "restart",
      reset: () => undefined,
      imports: (instance) => ({
        env: { freed: () => undefined, begun: () => void placed.push(instance.callback("->", () => undefined)) },
      }),
    });
    const lease = await pool.take();
    lease.guarded.begin();
    const index = lease.callback("->", () => undefined);
    lease.freeCallback(placed[0]!);
    const again = lease.callback("->", () => undefined);
    thrownBy(() => lease.guarded.fail());
    await lease.ready;
    lease.guarded.begin();
    const arena = lease.memory.arena();
    lease.dispose();
    const next = await pool.take();
    expect(again).toBe(placed[0]);
    expect(placed[1]).toBeGreaterThanOrEqual(0);
    expect([typeof next.table.get(placed[1]!), index === placed[1]]).toEqual(["function", false]);
    expect(thrownBy(() => arena.alloc(1))).toMatchObject(disposed);
  });

  it("is replaced where freeing fails, and the pool tells", async () => {
    const told: string[] = [];
    const pool = make([], {
      warn: (text) => void told.push(text),
      imports: {
        env: {
          freed: () => {
            throw new Error("no");
          },
        },
      },
    });
    const lease = await pool.take();
    lease.memory.arena().alloc(4);
    lease.dispose();
    const next = await pool.take();
    expect([next.state, pool.size, told.length]).toEqual(["live", 1, 1]);
    expect(told[0]).toContain("replaced by a new one");
  });
});

describe("an arena of a life that a trap has ended", () => {
  it("is refused as its memory is, whoever allocates", async () => {
    for (const options of [{}, { allocator: "grow" as const }]) {
      const wasm = await load<Maker>(bytesOfMaker, { missing: "zero", onTrap: "restart", ...options });
      const arena = wasm.memory.arena();
      const { address } = arena.bytes(Uint8Array.of(1, 2, 3));
      thrownBy(() => wasm.guarded.fail());
      await wasm.ready;
      for (const use of [
        () => arena.alloc(1),
        () => arena.bytes(Uint8Array.of(1)),
        () => arena.string("x"),
        () => arena.release(address),
      ])
        expect(thrownBy(use)).toMatchObject({ code: "life-ended" });
      expect(arena.dispose()).toBeUndefined();
    }
  });
});

describe("a pool goes on", () => {
  const hostile = (): object =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
        has: () => {
          throw new Error("no");
        },
      },
    );

  it("whatever its reset returns, and whatever `warn` does", async () => {
    const told: string[] = [];
    const returned: (() => unknown)[] = [
      hostile,
      () => ({
        then: (done: () => void, failed: () => void) => {
          done();
          done();
          failed();
        },
      }),
      () => ({
        then: () => {
          throw new Error("no");
        },
      }),
      () => ({ then: 1 }),
    ];
    for (const make of returned) {
      const pool = counter.pool<Counter>({
        max: 1,
        reset: make,
        warn: (text) => {
          told.push(text);
          throw new Error("nobody listens");
        },
      });
      (await pool.take()).dispose();
      const next = await pool.take();
      expect([next.state, pool.size]).toEqual(["live", 1]);
      next.dispose();
      await pool.dispose();
    }
    expect(told.length).toBeGreaterThan(0);
  });

  it("where a signal throws when it is let go of", async () => {
    const pool = counter.pool<Counter>({ max: 1 });
    const signal = {
      aborted: false,
      get reason(): unknown {
        throw new Error("no");
      },
      listeners: [] as (() => void)[],
      addEventListener(_: string, listener: () => void) {
        this.listeners.push(listener);
      },
      removeEventListener() {
        throw new Error("no");
      },
    };
    const wasm = await pool.take({ signal });
    const waiting = pool.take({ signal });
    signal.listeners.at(-1)?.();
    expect(UnglueError.is(await rejectionOf(waiting), "aborted")).toBe(true);
    wasm.dispose();
    expect((await pool.take()).state).toBe("live");
  });
});
