import { beforeAll, describe, expect, it } from "vitest";
import { compile, type Instance, load, loadSync, UnglueError } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Exports {
  call(): void;
  trap(): void;
  recurse(): void;
  invoke(index: number, argument: number): number;
}

let bytes: Uint8Array<ArrayBuffer>;
let starting: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  bytes = await wat(`(module
    (import "env" "f" (func $f))
    (type $callback (func (param i32) (result i32)))
    (table (export "table") 1 40 funcref)
    (func (export "call") (call $f))
    (func (export "trap") unreachable)
    (func $recurse (export "recurse") (call $f) (call $recurse))
    (func (export "invoke") (param i32 i32) (result i32)
      (call_indirect (type $callback) (local.get 1) (local.get 0))))`);
  starting = await wat(`(module
    (import "env" "start" (func $start)) (import "env" "init" (func $init))
    (memory (export "memory") 1)
    (start $start)
    (func (export "_initialize") (call $init)))`);
});

const make = (f: (instance: Instance) => void): Promise<Instance<Exports>> =>
  load<Exports>(bytes, { imports: (instance) => ({ env: { f: () => f(instance) } }) });

describe("what an import throws", () => {
  const values = [undefined, null, 5, 1n, "text", Symbol("x"), {}, Object.create(null), [], () => 0];

  it.each(values)("passes through as the same value, and is no trap: %#", async (value) => {
    const wasm = await make(() => {
      throw value;
    });
    for (const call of [wasm.exports.call, wasm.guarded.call]) expect(thrownBy(call)).toBe(value);
    expect(wasm.state).toBe("live");
    const imports = {
      env: {
        start: () => {
          throw value;
        },
      },
    };
    expect(await rejectionOf(load(starting, { imports }))).toBe(value);
    expect(thrownBy(() => loadSync(starting, { imports }))).toBe(value);
    expect(
      await rejectionOf(load(starting, { imports: { env: { start: () => undefined, init: imports.env.start } } })),
    ).toBe(value);
  });

  it.each(["name", "message"] as const)("passes through though reading its %s throws", async (property) => {
    const thrown = Object.defineProperty(new RangeError("call stack"), property, {
      get: () => {
        throw new Error("not to be read");
      },
    });
    const bytes = await wat(`(module (import "env" "throw" (func $throw)) (export "run" (func $throw)))`);
    const wasm = await load(bytes, {
      imports: {
        env: {
          throw: () => {
            throw thrown;
          },
        },
      },
    });
    expect(thrownBy(() => wasm.guarded["run"]?.()) === thrown).toBe(true);
    expect(wasm.state).toBe("live");
  });

  it("passes through untouched where it is a proxy whose traps throw", async () => {
    const traps = new Proxy(
      {},
      {
        get: (_, trap) => () => {
          throw new Error(`not to be asked: ${String(trap)}`);
        },
      },
    );
    const thrown: object = new Proxy({}, traps);
    const raise = () => {
      throw thrown;
    };
    const loads = [
      { source: starting, options: { missing: "zero", imports: { env: { start: raise } } } },
      { source: starting, options: { missing: "zero", imports: { env: { init: raise } } } },
      { source: bytes, options: { imports: raise } },
    ] as const;
    // Neither `toBe`, which would describe the proxy, nor `rejectionOf`, whose promise would ask it for `then`.
    const rejects = (promise: Promise<unknown>) => promise.then(undefined, (error: unknown) => error === thrown);
    for (const { source, options } of loads) {
      const module = await compile(source);
      expect(await rejects(load(source, options))).toBe(true);
      expect(await rejects(module.instantiate(options))).toBe(true);
      expect(thrownBy(() => loadSync(source, options)) === thrown).toBe(true);
      expect(thrownBy(() => module.instantiateSync(options)) === thrown).toBe(true);
    }
    expect(await rejects(load(raise))).toBe(true);
    const wasm = await make(raise);
    expect(thrownBy(() => wasm.guarded.call()) === thrown).toBe(true);
    expect([UnglueError.is(thrown), UnglueError.is(thrown, "trap")]).toEqual([false, false]);
  });

  it("is no trap if it is an error of the user's that has a trap's name", async () => {
    class RuntimeError extends Error {
      override name = "RuntimeError";
    }
    const wasm = await make(() => {
      throw new RuntimeError("mine");
    });
    expect(thrownBy(() => wasm.guarded.call())).toBeInstanceOf(RuntimeError);
    expect(wasm.state).toBe("live");
  });

  it("is a trap if it is the engine's own class, as an abort in C is", async () => {
    const wasm = await make(() => {
      throw new WebAssembly.RuntimeError("Aborted()");
    });
    expect(thrownBy(() => wasm.guarded.call())).toMatchObject({ code: "trap", cause: { message: "Aborted()" } });
    expect(wasm.state).toBe("poisoned");
  });

  it("is not taken for the engine's while it instantiates", async () => {
    for (const error of [
      new RangeError("invalid memory size"),
      new RangeError("index out of range"),
      new TypeError("x"),
    ]) {
      const imports = {
        env: {
          start: () => {
            throw error;
          },
        },
      };
      expect(await rejectionOf(load(starting, { imports }))).toBe(error);
    }
  });
});

describe("a guarded call inside a guarded call", () => {
  it("that traps poisons the instance, and the trap passes through the outer call", async () => {
    const wasm: Instance<Exports> = await make(() => wasm.guarded.trap());
    expect(thrownBy(() => wasm.guarded.call())).toMatchObject({ code: "trap", details: { export: "trap" } });
    expect(wasm.state).toBe("poisoned");
  });

  it("that traps and is caught lets the outer call end, and refuses the next", async () => {
    const codes: string[] = [];
    const wasm = await make(() => {
      for (let i = 0; i < 2; i++) codes.push((thrownBy(() => wasm.guarded.trap()) as UnglueError).code);
    });
    expect(wasm.guarded.call()).toBe(undefined);
    expect(codes).toEqual(["trap", "poisoned"]);
    expect(thrownBy(() => wasm.guarded.call())).toMatchObject({
      code: "poisoned",
      cause: { details: { export: "trap" } },
    });
  });

  it("without end exhausts the stack, which is a trap however deep it happens", async () => {
    const wasm: Instance<Exports> = await make(() => wasm.guarded.recurse());
    expect(thrownBy(() => wasm.guarded.call())).toMatchObject({ code: "trap" });
    expect(wasm.state).toBe("poisoned");
  });

  it("of another instance poisons that one alone", async () => {
    const inner = await make(() => undefined);
    const outer = await make(() => inner.guarded.trap());
    expect(thrownBy(() => outer.guarded.call())).toMatchObject({ code: "trap" });
    expect([inner.state, outer.state]).toEqual(["poisoned", "live"]);
  });
});

describe("dispose", () => {
  it("in an import lets the running call end, and refuses the next", async () => {
    const wasm = await make((instance) => instance.dispose());
    const { call } = wasm.guarded;
    expect(call()).toBe(undefined);
    expect(wasm.state).toBe("disposed");
    expect(thrownBy(call)).toMatchObject({ code: "disposed" });
    expect(thrownBy(() => wasm.guarded)).toMatchObject({ code: "disposed" });
  });

  it("before a trap of the same call leaves the instance disposed", async () => {
    const wasm = await make((instance) => {
      instance.dispose();
      throw new WebAssembly.RuntimeError("late");
    });
    expect(thrownBy(() => wasm.guarded.call())).toMatchObject({ code: "trap" });
    expect(wasm.state).toBe("disposed");
  });

  it.each<[string, (instance: Instance) => Record<string, () => void>]>([
    ["while the imports are made", (instance) => (instance.dispose(), {})],
    ["in the start function", (instance) => ({ start: () => instance.dispose() })],
  ])("%s ends the load, and no initializer runs", async (_, make) => {
    let initialized = 0;
    const options = {
      missing: "zero",
      imports: (instance: Instance) => ({ env: { init: () => initialized++, ...make(instance) } }),
    } as const;
    expect(await rejectionOf(load(starting, options))).toMatchObject({ code: "disposed" });
    expect(thrownBy(() => loadSync(starting, options))).toMatchObject({ code: "disposed" });
    expect(initialized).toBe(0);
  });

  it("in the initializer gives no instance: nobody could use it", async () => {
    const loading = load(starting, {
      missing: "zero",
      imports: (instance) => ({ env: { init: () => instance.dispose() } }),
    });
    expect(await rejectionOf(loading)).toMatchObject({ code: "disposed" });
  });

  it("in a callback lets it end; no callback is left to free", async () => {
    const wasm = await make(() => undefined);
    const { table } = wasm;
    const index = wasm.callback("i->i", (value) => {
      wasm.dispose();
      return value + 1;
    });
    expect(wasm.exports.invoke(index, 1)).toBe(2);
    expect(table.raw.get(index)).toBe(null);
    expect(thrownBy(() => table.get(index))).toMatchObject({ code: "disposed" });
    expect(thrownBy(() => wasm.freeCallback(index))).toMatchObject({ code: "disposed" });
    expect(thrownBy(() => wasm.callback("i->i", (value) => value))).toMatchObject({ code: "disposed" });
  });
});

describe("before the start function has ended", () => {
  it.each(["exports", "guarded", "memory"] as const)("%s is not ready, and says when it is", async (member) => {
    const errors: unknown[] = [];
    await load(starting, {
      missing: "zero",
      imports: (instance) => {
        errors.push(thrownBy(() => instance[member]));
        return {
          env: { start: () => errors.push(thrownBy(() => instance[member])), init: () => void instance[member] },
        };
      },
    });
    expect(errors).toMatchObject([{ code: "not-ready" }, { code: "not-ready" }]);
  });

  it("a load may load", async () => {
    const wasm = await load(starting, {
      imports: () => {
        const { state } = loadSync(starting, { missing: "zero" });
        return {
          env: {
            start: () => expect(loadSync(starting, { missing: "zero" }).state).toBe(state),
            init: () => undefined,
          },
        };
      },
    });
    expect(wasm.state).toBe("live");
  });
});

describe("a callback", () => {
  it("may throw anything through the module", async () => {
    const wasm = await make(() => undefined);
    for (const value of [undefined, null, "text", new WebAssembly.Memory({ initial: 0 })]) {
      const index = wasm.callback("i->i", () => {
        throw value;
      });
      expect(thrownBy(() => wasm.guarded.invoke(index, 0))).toBe(value);
    }
    expect(wasm.state).toBe("live");
  });

  it("may return what its signature does not say, and the engine converts or refuses it", async () => {
    const wasm = await make(() => undefined);
    const index = (result: unknown) => wasm.callback("i->i", () => result as number);
    expect(wasm.guarded.invoke(index("7"), 0)).toBe(7);
    expect(thrownBy(() => wasm.guarded.invoke(index(1n), 0))).toBeInstanceOf(TypeError);
  });

  it("may free itself and add others while it runs, down to the table's maximum", async () => {
    const wasm = await make(() => undefined);
    const live: number[] = [];
    const nest = (depth: number): number => {
      const index: number = wasm.callback("i->i", (value) => {
        wasm.freeCallback(index);
        const inner = depth > 0 ? wasm.guarded.invoke(nest(depth - 1), value) : value;
        live.push(wasm.callback("i->i", (one) => one));
        return inner + 1;
      });
      return index;
    };
    expect(wasm.guarded.invoke(nest(15), 0)).toBe(16);
    expect(new Set(live).size).toBe(16);
    const error = thrownBy(() => {
      for (;;) live.push(wasm.callback("i->i", (one) => one));
    });
    expect(error).toMatchObject({ code: "table-full", details: { length: 40, maximum: 40 } });
    expect(new Set(live).size).toBe(39);
    for (const index of live) wasm.freeCallback(index);
    expect(
      wasm.guarded.invoke(
        wasm.callback("i->i", (value) => value * 2),
        4,
      ),
    ).toBe(8);
  });

  it.each([-1, 0.5, NaN, Infinity, 2 ** 32, "1", null, undefined])("%s is no index of one", async (index) => {
    const wasm = await make(() => undefined);
    wasm.callback("i->i", (value) => value);
    const code = typeof index === "number" ? "unknown-callback" : "invalid-argument";
    expect(thrownBy(() => wasm.freeCallback(index as number))).toMatchObject({ code });
  });

  it.each([undefined, null, 5, {}, "f"])("%j is no function", async (callback) => {
    const wasm = await make(() => undefined);
    expect(thrownBy(() => wasm.callback("i->i", callback as never))).toMatchObject({ code: "invalid-argument" });
  });
});

describe("one compiled module", () => {
  it("serves loads at the same time that share nothing", async () => {
    const module = await compile(bytes);
    const raw = await WebAssembly.compile(bytes);
    const options = { missing: "zero" } as const;
    const instances = await Promise.all([
      ...Array.from({ length: 20 }, () => load<Exports>(module.raw, { ...options, shape: module.shape })),
      ...Array.from({ length: 20 }, () => load<Exports>(raw, options)),
      ...Array.from({ length: 20 }, () => module.instantiate<Exports>(options)),
      load<Exports>(Promise.resolve(raw), options),
      load<Exports>(() => raw, options),
    ]);
    const indices = instances.map((wasm, i) => wasm.callback("i->i", (value) => value + i));
    expect(instances.map((wasm, i) => wasm.guarded.invoke(indices[i] as number, 1))).toEqual(
      instances.map((_, i) => i + 1),
    );
    instances[0].dispose();
    thrownBy(() => instances[1].guarded.trap());
    expect(instances.slice(2).every(({ state }) => state === "live")).toBe(true);
    expect(new Set(instances.slice(1).map(({ table }) => table.raw)).size).toBe(instances.length - 1);
  });
});

describe("trace", () => {
  it("that throws passes through, and is not called for what it threw", async () => {
    let calls = 0;
    const wasm = await load<Exports>(bytes, {
      imports: { env: { f: () => undefined } },
      trace: () => {
        calls++;
        throw new Error("traced");
      },
    });
    expect(thrownBy(() => wasm.guarded.call())).toMatchObject({ message: "traced" });
    expect([calls, wasm.state]).toEqual([1, "live"]);
  });
});
