import { describe, expect, it, vi } from "vitest";
import { compile, type Instance, type InstantiateOptions, load, loadSync, type Memory, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Exports {
  next(): number;
  trap(): void;
  deep(): number;
  call(argument: number): number;
  grow(): void;
  invoke(index: number, argument: number): number;
  malloc(size: number): number;
  free(address: number): void;
}

const bytes = await wat(
  `(module
  (import "env" "f" (func $f (param i32)))
  (global $n (mut i32) (i32.const 0))
  (global $top (mut i32) (i32.const 1024))
  (memory (export "memory") 1 2)
  (table (export "table") 1 40 funcref)
  (type $callback (func (param i32) (result i32)))
  (func $next (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func $fail unreachable)
  (func $trap (export "trap") (call $fail))
  (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1)))
  (func (export "grow") (if (i32.lt_s (memory.grow (i32.const 9)) (i32.const 0)) (then unreachable)))
  (func (export "call") (param i32) (result i32) (call $f (local.get 0)) (call $next))
  (func (export "invoke") (param i32 i32) (result i32)
    (call_indirect (type $callback) (local.get 1) (local.get 0)))
  (func (export "malloc") (param i32) (result i32)
    (global.get $top) (global.set $top (i32.add (global.get $top) (local.get 0))))
  (func (export "free") (param i32)))`,
  { names: true },
);

type Wasm = Instance<Exports>;

const nothing = () => undefined;

const open = (f: (argument: number) => unknown = nothing, options: InstantiateOptions = {}): Wasm =>
  loadSync<Exports>(bytes, { onTrap: "restart", imports: { env: { f } }, ...options });

const trapIn = (wasm: Wasm): unknown => thrownBy(() => wasm.guarded.trap());

const codeOf = (body: () => unknown): string => {
  const error = thrownBy(body);
  if (UnglueError.is(error)) return error.code;
  throw error;
};

describe('after a trap under onTrap: "restart"', () => {
  it.each<[string, (options: InstantiateOptions) => Wasm | Promise<Wasm>]>([
    ["load", (options) => load<Exports>(bytes, options)],
    ["loadSync", (options) => loadSync<Exports>(bytes, options)],
    ["instantiate", async (options) => (await compile(bytes)).instantiate<Exports>(options)],
    ["instantiateSync", async (options) => (await compile(bytes)).instantiateSync<Exports>(options)],
    ["load of a compiled module", async (options) => load<Exports>(await WebAssembly.compile(bytes), options)],
  ])("an instance of %s goes on with a new life, at once and as often as it traps", async (_, make) => {
    const wasm = await make({ onTrap: "restart", imports: { env: { f: nothing } } });
    for (let round = 0; round < 20; round++) {
      expect([wasm.guarded.next(), wasm.guarded.next()]).toEqual([1, 2]);
      wasm.memory.u8[9] = 7;
      expect(trapIn(wasm)).toMatchObject({ code: "trap", details: { export: "trap" } });
      expect([wasm.state, wasm.memory.u8[9]]).toEqual(["live", 0]);
      await wasm.ready;
    }
  });

  it("the trap names the wasm functions that were running", () => {
    const error = trapIn(open());
    if (!UnglueError.is(error, "trap")) throw error;
    const [first, second] = error.details.frames;
    expect(first).toMatchObject({ name: "fail", index: 2 });
    expect(second).toMatchObject({ name: "trap", index: 3 });
    expect(first?.offset).toBeGreaterThan(0);
  });

  it("functions of `guarded` and of the instance go on, and those of `exports` stay with the old life", () => {
    const wasm = open();
    const { guarded, exports } = wasm;
    const { next } = guarded;
    expect([next(), exports.next()]).toEqual([1, 2]);
    trapIn(wasm);
    expect([exports.next(), next(), guarded.next(), wasm.exports.next()]).toEqual([3, 1, 2, 3]);
    expect(wasm.guarded.next).toBe(next);
    expect(Object.fromEntries(Object.entries(guarded).map(([name, { length }]) => [name, length]))).toEqual(
      Object.fromEntries(
        Object.entries(exports as unknown as Record<string, unknown>)
          .filter(([, value]) => typeof value === "function")
          .map(([name, value]) => [name, (value as () => void).length]),
      ),
    );
  });

  it.each<[string, (wasm: Wasm) => () => unknown]>([
    [
      "a memory, when read",
      ({ memory }) =>
        () =>
          memory.u8,
    ],
    [
      "a memory, when text is read",
      ({ memory }) =>
        () =>
          memory.readString(0, 1),
    ],
    [
      "a memory, when allocating",
      ({ memory }) =>
        () =>
          memory.alloc(8),
    ],
    [
      "a memory of `memories`",
      ({ memories }) =>
        () =>
          memories["memory"]?.byteLength,
    ],
    [
      "a table",
      ({ table }) =>
        () =>
          table.get(0),
    ],
    [
      "a table of `tables`",
      ({ tables }) =>
        () =>
          tables["table"]?.length,
    ],
    [
      "an arena",
      ({ memory }) => {
        const arena = memory.arena();
        return () => arena.alloc(8);
      },
    ],
  ])("%s that was obtained before is refused, by name", (_, obtain) => {
    const wasm = open();
    const use = obtain(wasm);
    use();
    const trap = trapIn(wasm);
    expect(thrownBy(use)).toMatchObject({ code: "life-ended", cause: trap });
    expect(obtain(wasm)).not.toThrow();
  });

  it("what belongs to a life is one object while it lasts", () => {
    const wasm = open();
    const { memory, table } = wasm;
    expect([wasm.memory, wasm.memories["memory"], wasm.table, wasm.tables["table"]]).toEqual([
      memory,
      memory,
      table,
      table,
    ]);
    expect(wasm.memory === memory && wasm.memories["memory"] === memory && wasm.table === table).toBe(true);
    trapIn(wasm);
    expect(wasm.memory === memory).toBe(false);
  });

  it("callbacks are of the life that they were made in", () => {
    const wasm = open();
    const index = wasm.callback("i->i", (value) => value + 1);
    expect(wasm.guarded.invoke(index, 1)).toBe(2);
    trapIn(wasm);
    expect(codeOf(() => wasm.freeCallback(index))).toBe("unknown-callback");
    expect(codeOf(() => wasm.guarded.invoke(index, 1))).toBe("trap");
    expect(
      wasm.guarded.invoke(
        wasm.callback("i->i", (value) => value * 2),
        4,
      ),
    ).toBe(8);
  });

  it("an arena around the call frees nothing of the new life, and the trap passes through", () => {
    const ledger = createLedger();
    const wasm = open(nothing, { ledger });
    const error = thrownBy(() =>
      wasm.memory.arena((arena) => {
        arena.alloc(100);
        wasm.guarded.trap();
      }),
    );
    expect(error).toMatchObject({ code: "trap" });
    expect(ledger.live).toEqual([]);
  });

  it("a ledger follows each life as an instance of its own", () => {
    const ledger = createLedger();
    const wasm = open(nothing, { ledger });
    wasm.memory.alloc(8);
    trapIn(wasm);
    wasm.memory.alloc(16);
    expect(ledger.live).toMatchObject([
      { size: 8, instance: 1, disposed: true },
      { size: 16, instance: 2, disposed: false },
    ]);
  });

  it.each(["deep", "grow"] as const)(
    "the exhaustion of the stack, or of the memory, is a trap like others: %s",
    (name) => {
      const wasm = open();
      wasm.guarded.next();
      expect(thrownBy(() => wasm.guarded[name]())).toMatchObject({ code: "trap", details: { export: name } });
      expect([wasm.state, wasm.guarded.next()]).toEqual(["live", 1]);
    },
  );

  it("a stack exhausted by calls inside calls ends in a new life too, at the latest when it is empty", async () => {
    const wasm: Wasm = open(() => wasm.guarded.call(0));
    expect(codeOf(() => wasm.guarded.call(0))).toBe("trap");
    await wasm.ready;
    expect([wasm.state, wasm.guarded.next()]).toEqual(["live", 1]);
  });

  it("a stack exhausted by the caller leaves an instance that works", async () => {
    const wasm = open();
    const dive = (): void => {
      wasm.guarded.next();
      dive();
    };
    expect(dive).toThrow();
    await wasm.ready;
    expect([wasm.state, wasm.guarded.next() > 0]).toEqual(["live", true]);
  });

  it("a JavaScript exception is no trap, and the life goes on", () => {
    const mine = new Error("mine");
    const wasm = open(() => {
      throw mine;
    });
    wasm.guarded.next();
    expect(thrownBy(() => wasm.guarded.call(0))).toBe(mine);
    expect([wasm.state, wasm.guarded.next()]).toEqual(["live", 2]);
  });
});

describe("a trap in a call inside a call", () => {
  it("that is caught lets the outer call end in its own life, and refuses all others until then", async () => {
    const seen: unknown[] = [];
    let waiting: Promise<void> | undefined;
    const wasm: Wasm = open(() => {
      wasm.guarded.next();
      seen.push((trapIn(wasm) as UnglueError).code, wasm.state);
      for (const use of [
        () => wasm.guarded.next(),
        () => wasm.memory,
        () => wasm.table,
        () => wasm.exports,
        () => wasm.callback("->", nothing),
      ]) {
        seen.push(codeOf(use));
      }
      waiting = wasm.ready;
    });
    wasm.guarded.next();
    expect(wasm.guarded.call(0)).toBe(3);
    expect(seen).toEqual(["trap", "restarting", ...new Array<string>(5).fill("restarting")]);
    expect([wasm.state, wasm.guarded.next()]).toEqual(["live", 1]);
    await waiting;
  });

  it("that is not caught is the outer call's too, and one life follows", () => {
    let lives = 0;
    const wasm: Wasm = open(nothing, {
      imports: () => {
        lives++;
        return { env: { f: () => wasm.guarded.trap() } };
      },
    });
    expect(thrownBy(() => wasm.guarded.call(0))).toMatchObject({ code: "trap", details: { export: "trap" } });
    expect([lives, wasm.state, wasm.guarded.next()]).toEqual([2, "live", 1]);
  });

  it("through `exports` leaves frames that cannot reach the new life", () => {
    let calls = 0;
    const wasm: Wasm = open((argument) => {
      calls++;
      if (argument > 0) return;
      trapIn(wasm);
      // The new life has begun, and a call of it is one of its own.
      expect(wasm.guarded.next()).toBe(1);
    });
    const old = wasm.exports;
    expect(old.call(0)).toBe(1);
    expect(wasm.guarded.next()).toBe(2);
    expect(codeOf(() => old.call(5))).toBe("life-ended");
    expect(calls).toBe(1);
    expect(wasm.guarded.call(5)).toBe(3);
  });

  it("of another instance is that one's alone", () => {
    const inner = open();
    const outer = open(() => trapIn(inner));
    inner.guarded.next();
    outer.guarded.next();
    expect(outer.guarded.call(0)).toBe(2);
    expect([inner.guarded.next(), outer.guarded.next()]).toEqual([1, 3]);
  });
});

describe("imports", () => {
  it("that are a function are made for each life, with an instance of that life alone", () => {
    const instances: Instance[] = [];
    const memories: Memory[] = [];
    const wasm = open(nothing, {
      imports: (instance) => {
        instances.push(instance);
        return { env: { f: () => memories.push(instance.memory) } };
      },
    });
    wasm.guarded.call(0);
    const trap = trapIn(wasm);
    wasm.guarded.call(0);
    expect(instances.length).toBe(2);
    expect(memories[0] === memories[1]).toBe(false);
    const [first, second] = instances;
    for (const use of [() => first?.memory, () => first?.exports, () => first?.guarded, () => first?.table]) {
      expect(thrownBy(use)).toMatchObject({ code: "life-ended", cause: trap });
    }
    expect(first?.state).toBe("poisoned");
    // It has no say over the life after it.
    first?.dispose();
    expect([wasm.state, second?.state]).toEqual(["live", "live"]);
    second?.dispose();
    expect(wasm.state).toBe("disposed");
  });

  it("that hold state and are given once are refused when loading, and named", async () => {
    const shared = await wat(`(module (import "env" "memory" (memory 1)) (import "env" "table" (table 1 funcref))
      (import "env" "global" (global (mut i32))) (import "env" "f" (func)) (func (export "trap") unreachable))`);
    const make = () => ({
      env: {
        memory: new WebAssembly.Memory({ initial: 1 }),
        table: new WebAssembly.Table({ initial: 1, element: "anyfunc" }),
        global: new WebAssembly.Global({ value: "i32", mutable: true }, 0),
        f: nothing,
      },
    });
    const expected = {
      code: "restart-unavailable",
      details: {
        imports: [
          { module: "env", name: "memory", kind: "memory" },
          { module: "env", name: "table", kind: "table" },
          { module: "env", name: "global", kind: "global" },
        ],
      },
    };
    expect(await rejectionOf(load(shared, { onTrap: "restart", imports: make() }))).toMatchObject(expected);
    expect(thrownBy(() => loadSync(shared, { onTrap: "restart", imports: make() }))).toMatchObject(expected);
    const wasm = loadSync<{ trap(): void }>(shared, { onTrap: "restart", imports: make });
    wasm.memory.u8[5] = 5;
    expect(() => wasm.guarded.trap()).toThrow();
    expect([wasm.state, wasm.memory.u8[5]]).toEqual(["live", 0]);
  });

  it("that are created are created for each life", async () => {
    const created = await wat(`(module (import "env" "memory" (memory 1)) (func (export "trap") unreachable))`);
    const wasm = loadSync<{ trap(): void }>(created, { onTrap: "restart" });
    wasm.memory.u8[5] = 5;
    expect(() => wasm.guarded.trap()).toThrow();
    expect(wasm.memory.u8[5]).toBe(0);
  });
});

describe("onRestart", () => {
  it("receives the instance, live, and may rebuild what the old life held", () => {
    const seen: unknown[] = [];
    const wasm: Wasm = open(nothing, {
      onRestart: (again) => {
        seen.push(again, again.state);
        again.memory.u8[3] = 33;
        wasm.guarded.next();
      },
    });
    trapIn(wasm);
    expect(seen[0] === wasm).toBe(true);
    expect([seen[1], wasm.memory.u8[3], wasm.guarded.next()]).toEqual(["live", 33, 2]);
  });

  it("is not called for the first life, nor for a call that throws", () => {
    const onRestart = vi.fn();
    const wasm = open(
      () => {
        throw new Error("mine");
      },
      { onRestart },
    );
    thrownBy(() => wasm.guarded.call(0));
    expect(onRestart).not.toHaveBeenCalled();
  });

  it("that throws leaves the instance poisoned, with what it threw", async () => {
    const mine = new Error("mine");
    const wasm = open(nothing, {
      onRestart: () => {
        throw mine;
      },
    });
    expect(trapIn(wasm)).toMatchObject({ code: "trap" });
    expect(wasm.state).toBe("poisoned");
    const refused = { code: "poisoned", cause: { code: "restart-failed", cause: mine } };
    expect(thrownBy(() => wasm.guarded.next())).toMatchObject({ ...refused, details: { export: "next" } });
    expect(await rejectionOf(wasm.ready)).toMatchObject({ ...refused, details: {} });
  });

  it("that rejects later leaves the instance poisoned too, unless another life has followed meanwhile", async () => {
    const mine = new Error("mine");
    const rejects: ((error: Error) => void)[] = [];
    const wasm = open(nothing, {
      onRestart: (() => new Promise((_, reject) => rejects.push(reject))) as unknown as () => void,
    });
    trapIn(wasm);
    trapIn(wasm);
    rejects[0]?.(mine);
    await Promise.resolve();
    expect([wasm.state, wasm.guarded.next()]).toEqual(["live", 1]);
    rejects[1]?.(mine);
    await Promise.resolve();
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => wasm.guarded.next())).toMatchObject({
      code: "poisoned",
      cause: { code: "restart-failed", cause: mine },
    });
  });

  it("that traps leaves the instance poisoned, whether it catches the trap or not", () => {
    for (const rebuild of [(wasm: Wasm) => void trapIn(wasm), (wasm: Wasm) => wasm.guarded.trap()]) {
      let calls = 0;
      const wasm: Wasm = open(nothing, {
        onRestart: () => {
          calls++;
          rebuild(wasm);
        },
      });
      trapIn(wasm);
      expect([calls, wasm.state]).toEqual([1, "poisoned"]);
      expect(codeOf(() => wasm.guarded.next())).toBe("poisoned");
    }
  });

  it("may dispose of the instance", () => {
    const wasm = open(nothing, { onRestart: (again) => again.dispose() });
    expect(trapIn(wasm)).toMatchObject({ code: "trap" });
    expect([wasm.state, codeOf(() => wasm.guarded.next()), codeOf(() => wasm.memory)]).toEqual([
      "disposed",
      "disposed",
      "disposed",
    ]);
  });
});

describe("a restart that fails", () => {
  const starting = async (start: string): Promise<Uint8Array<ArrayBuffer>> =>
    wat(`(module (import "env" "start" (func $start (result i32))) (func (export "trap") unreachable)
      (func (export "again") (result i32) (call $start))
      (func $run (if (call $start) (then unreachable))) ${start})`);

  it.each([
    ["(start)", "(start $run)"],
    ["_initialize", `(export "_initialize" (func $run))`],
  ])("by a trap in %s poisons the instance, and is not tried again", async (name, start) => {
    let starts = 0;
    const wasm = loadSync<{ trap(): void; again(): number }>(await starting(start), {
      onTrap: "restart",
      imports: { env: { start: () => starts++ } },
    });
    expect(thrownBy(() => wasm.guarded.trap())).toMatchObject({ code: "trap", details: { export: "trap" } });
    expect([starts, wasm.state]).toEqual([2, "poisoned"]);
    await Promise.resolve();
    expect(thrownBy(() => wasm.guarded.again())).toMatchObject({
      code: "poisoned",
      cause: { code: "restart-failed", cause: { code: "trap", details: { export: name } } },
    });
    expect(starts).toBe(2);
  });

  it("by a trap that an import of the start function caught poisons it too", async () => {
    let lives = 0;
    const wasm = loadSync<{ trap(): void; again(): number }>(await starting(`(export "_initialize" (func $run))`), {
      onTrap: "restart",
      imports: (instance) => {
        const isFirst = lives++ === 0;
        return { env: { start: () => (isFirst || thrownBy(() => instance.guarded["trap"]?.()), 0) } };
      },
    });
    expect(codeOf(() => wasm.guarded.trap())).toBe("trap");
    expect([lives, wasm.state]).toEqual([2, "poisoned"]);
  });

  it("by what making the imports throws, or by imports that do not fit, poisons it", () => {
    for (const again of [
      () => {
        throw new Error("mine");
      },
      () => ({ env: { f: 5 } }),
    ]) {
      let lives = 0;
      const wasm = open(nothing, { imports: () => (lives++ === 0 ? { env: { f: nothing } } : again()) });
      trapIn(wasm);
      const error = thrownBy(() => wasm.guarded.next());
      expect(error).toMatchObject({ code: "poisoned", cause: { code: "restart-failed" } });
      expect(((error as Error).cause as Error).cause).toBeInstanceOf(Error);
      expect(wasm.state).toBe("poisoned");
    }
  });

  it("leaves the memory of the life that trapped, to look into", () => {
    let lives = 0;
    const wasm = open(nothing, {
      imports: () => {
        if (lives++ > 0) throw new Error("mine");
        return { env: { f: nothing } };
      },
    });
    wasm.memory.u8[4] = 44;
    trapIn(wasm);
    expect([wasm.state, wasm.memory.u8[4]]).toEqual(["poisoned", 44]);
  });
});

describe("dispose", () => {
  it("in a call lets it end, also if it traps, and no life follows", () => {
    let lives = 0;
    for (const traps of [false, true]) {
      lives = 0;
      const wasm: Wasm = open(nothing, {
        imports: () => {
          lives++;
          return {
            env: {
              f: () => {
                wasm.dispose();
                if (traps) throw new WebAssembly.RuntimeError("late");
              },
            },
          };
        },
      });
      if (traps) expect(codeOf(() => wasm.guarded.call(0))).toBe("trap");
      else expect(wasm.guarded.call(0)).toBe(1);
      expect([lives, wasm.state, codeOf(() => wasm.guarded)]).toEqual([1, "disposed", "disposed"]);
    }
  });

  it("between a trap and the end of the outer call lets no life follow", async () => {
    const wasm: Wasm = open(() => {
      trapIn(wasm);
      wasm.dispose();
    });
    const { next, call } = wasm.guarded;
    call(0);
    expect([wasm.state, codeOf(next)]).toEqual(["disposed", "disposed"]);
    expect(await rejectionOf(wasm.ready)).toMatchObject({ code: "disposed" });
  });

  it("while the imports of the next life are made, or in its start function, ends it", async () => {
    const module = await compile(
      await wat(`(module (import "env" "start" (func $start)) (start $start) (func (export "trap") unreachable))`),
    );
    for (const during of ["imports", "start"]) {
      let lives = 0;
      const wasm: Instance<{ trap(): void }> = module.instantiateSync<{ trap(): void }>({
        onTrap: "restart",
        imports: () => {
          const isNext = ++lives > 1;
          if (isNext && during === "imports") wasm.dispose();
          return { env: { start: () => isNext && during === "start" && wasm.dispose() } };
        },
      });
      const { trap } = wasm.guarded;
      expect([codeOf(trap), wasm.state, codeOf(trap)]).toEqual(["trap", "disposed", "disposed"]);
      expect(lives).toBe(2);
    }
  });

  it("leaves nothing to do for promises that settle afterwards", async () => {
    const results: Promise<number>[] = [];
    const wasm: Wasm = open((argument) => {
      results.push(Promise.resolve().then(() => wasm.guarded.call(argument + 1)));
    });
    wasm.guarded.call(0);
    wasm.dispose();
    expect(await rejectionOf(Promise.all(results))).toMatchObject({ code: "disposed" });
  });
});

describe("under fire", () => {
  it.each(["poison", "restart"] as const)(
    "1,000 instances' calls of which one traps: the other 999 answer right (%s)",
    async (onTrap) => {
      const module = await compile(bytes);
      const make = () => module.instantiate<Exports>({ onTrap, imports: { env: { f: nothing } } });
      const instances = await Promise.all(Array.from({ length: 10 }, make));
      const settled = await Promise.allSettled(
        Array.from({ length: 1000 }, async (_, at) => {
          await new Promise((resolve) => setTimeout(resolve, at % 7));
          const wasm = instances[at % 10] as Wasm;
          // The last call of the last instance.
          if (at === 999) wasm.guarded.trap();
          await Promise.resolve();
          wasm.memory.u32[at] = at;
          return wasm.guarded.call(at) > 0 && wasm.memory.u32[at];
        }),
      );
      const fulfilled = settled.flatMap((one, at) => (one.status === "fulfilled" ? [[at, one.value]] : []));
      const rejected = settled.flatMap((one) => (one.status === "rejected" ? [(one.reason as UnglueError).code] : []));
      expect(fulfilled.every(([at, value]) => at === value)).toBe(true);
      if (onTrap === "restart") expect([fulfilled.length, rejected]).toEqual([999, ["trap"]]);
      else {
        // Of the poisoned instance, the calls that came after the trap.
        expect(rejected.filter((code) => code === "trap")).toHaveLength(1);
        expect(rejected.every((code) => code === "trap" || code === "poisoned")).toBe(true);
        expect(fulfilled.filter(([at]) => Number(at) % 10 !== 9)).toHaveLength(900);
      }
      expect(instances.slice(0, 9).map(({ state }) => state)).toEqual(new Array(9).fill("live"));
    },
  );

  it("a thousand lives, of traps in any order at any depth, each answer or are refused by name", async () => {
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    const known = new Set(["trap", "restarting"]);
    const counts = new Map<string, number>();
    const neighbour = open();
    const act = (depth: number): void => {
      try {
        const what = random(6);
        if (what === 0) wasm.guarded.trap();
        else if (what === 1) wasm.guarded.grow();
        else if (what === 2) wasm.guarded.next();
        else if (depth > 0) wasm.guarded.call(depth);
        else wasm.memory.writeString(0, "x", 9);
      } catch (error) {
        if (!UnglueError.is(error) || !known.has(error.code)) throw error;
        counts.set(error.code, (counts.get(error.code) ?? 0) + 1);
        if (random(2) === 0) throw error;
      }
    };
    let lives = 0;
    const wasm: Wasm = open(
      (depth) => {
        for (let times = random(3); times >= 0; times--) act(depth - 1);
      },
      { onRestart: () => lives++ },
    );
    for (let round = 0; lives < 1000 && round < 20_000; round++) {
      try {
        act(4);
      } catch (error) {
        expect(UnglueError.is(error)).toBe(true);
      }
      // Chromium collects no memories meanwhile, and is out of address space for a while.
      await wasm.ready;
      expect(wasm.state).toBe("live");
      neighbour.guarded.next();
    }
    expect(lives).toBe(1000);
    expect([...counts.keys()].sort()).toEqual(["restarting", "trap"]);
    expect(neighbour.guarded.next()).toBeGreaterThan(1000);
    expect(neighbour.memory.u8[0]).toBe(0);
  });

  it("two instances of one module, of which one is poisoned or restarts", async () => {
    const module = await compile(bytes);
    const make = (onTrap: "poison" | "restart") =>
      module.instantiateSync<Exports>({ onTrap, imports: { env: { f: nothing } } });
    const [poisoned, restarted, beside] = [make("poison"), make("restart"), make("poison")];
    beside.guarded.next();
    for (const wasm of [poisoned, restarted]) expect(codeOf(() => wasm.guarded.trap())).toBe("trap");
    expect([poisoned.state, restarted.state, beside.state]).toEqual(["poisoned", "live", "live"]);
    expect([restarted.guarded.next(), beside.guarded.next()]).toEqual([1, 2]);
  });
});

describe("ready", () => {
  it("is fulfilled for an instance that lives, and rejects for one that does not", async () => {
    const wasm = open(nothing, { onTrap: "poison" });
    expect(await wasm.ready).toBe(undefined);
    const trap = trapIn(wasm);
    expect(await rejectionOf(wasm.ready)).toMatchObject({ code: "poisoned", cause: trap });
    wasm.dispose();
    expect(await rejectionOf(wasm.ready)).toMatchObject({ code: "disposed" });
  });
});
