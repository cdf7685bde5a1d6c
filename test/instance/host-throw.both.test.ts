import { compile, type Instance, type InstantiateOptions, load, loadSync, t, UnglueError } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { describe, expect, it } from "vitest";
import { bindgen, conventions, externref, heap, type Helpers } from "../bind/bindgen.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Exports {
  run(): void;
  twice(): number;
  count(): number;
  big(): bigint;
  pair(): number;
  at(index: number): void;
  caught(): number;
  rethrown(): void;
  trap(): void;
}

/** A module that counts its calls, and runs imports bare, within a catch, and by a table. */
const bytes = await wat(`(module
  (import "env" "f" (func $f))
  (import "env" "g" (func $g (result i64)))
  (import "env" "h" (func $h (result i32 f64)))
  (type $void (func))
  (table (export "table") 1 funcref)
  (memory (export "memory") 1)
  (global $count (mut i32) (i32.const 0))
  (func $up (global.set $count (i32.add (global.get $count) (i32.const 1))))
  (func (export "count") (result i32) (call $up) (global.get $count))
  (func (export "run") (call $up) (call $f))
  (func (export "twice") (result i32) (call $f) (call $f) (global.get $count))
  (func (export "big") (result i64) (call $g))
  (func (export "pair") (result i32) (call $h) (drop))
  (func (export "at") (param i32) (call_indirect (type $void) (local.get 0)))
  (func (export "caught") (result i32) (try (do (call $f)) (catch_all)) (global.get $count))
  (func (export "rethrown") (try (do (call $f)) (catch_all (call $up) (rethrow 0))))
  (func (export "trap") (try (do (call $f)) (catch_all)) unreachable))`);

const none = () => undefined;
const throwing = (value: unknown) => () => {
  throw value;
};

const open = (f: () => unknown, options: InstantiateOptions = {}, more: object = {}): Instance<Exports> =>
  loadSync<Exports>(bytes, { imports: { env: { f, g: () => 1n, h: () => [1, 2], ...more } }, ...options });

const failure = new Error("the host failed");
const refusal = { code: "poisoned", cause: { code: "host-threw", details: { export: "run" }, cause: failure } };

describe("after a host function has thrown through the module", () => {
  it("the instance goes on by default, and under the trap policy alone", () => {
    for (const options of [{}, { onHostThrow: "throw" }, { onTrap: "restart" }, { onTrap: "throw" }] as const) {
      const wasm = open(throwing(failure), options);
      expect(thrownBy(() => wasm.guarded.run())).toBe(failure);
      expect([wasm.state, wasm.guarded.count()]).toEqual(["live", 2]);
    }
  });

  it('it is poisoned under "poison", whatever onTrap says', async () => {
    for (const onTrap of ["poison", "restart", "throw"] as const) {
      const wasm = open(throwing(failure), { onHostThrow: "poison", onTrap });
      expect(thrownBy(() => wasm.guarded.run())).toBe(failure);
      expect(wasm.state).toBe("poisoned");
      const refused = thrownBy(() => wasm.guarded.count());
      expect(refused).toMatchObject({ ...refusal, details: { export: "count" } });
      expect((refused as Error).message).toContain('load with onHostThrow: "restart"');
      expect(await rejectionOf(wasm.ready)).toMatchObject(refusal);
    }
  });

  it('a new life has begun under "restart", whatever onTrap says', () => {
    for (const onTrap of ["poison", "restart", "throw"] as const) {
      const restarted: unknown[] = [];
      const wasm = open(throwing(failure), {
        onHostThrow: "restart",
        onTrap,
        onRestart: (again) => void restarted.push(again.guarded["count"]?.()),
      });
      const { guarded, memory } = wasm;
      expect(guarded.count()).toBe(1);
      expect(thrownBy(() => guarded.run())).toBe(failure);
      expect([wasm.state, restarted, guarded.count()]).toEqual(["live", [1], 2]);
      expect(thrownBy(() => memory.u8)).toMatchObject({
        code: "life-ended",
        cause: { code: "host-threw", cause: failure },
      });
    }
  });

  it("a trap of an instance that restarts for exceptions alone poisons it, or is let through", async () => {
    const wasm = open(none, { onHostThrow: "restart" });
    expect(thrownBy(() => wasm.guarded.trap())).toMatchObject({ code: "trap" });
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => wasm.guarded.count())).toMatchObject({ code: "poisoned", cause: { code: "trap" } });
    expect(await rejectionOf(wasm.ready)).toMatchObject({ code: "poisoned" });
    const going = open(none, { onHostThrow: "restart", onTrap: "throw" });
    expect(thrownBy(() => going.guarded.trap())).toMatchObject({ code: "trap" });
    expect([going.state, going.guarded.count()]).toEqual(["live", 1]);
  });

  it.each([undefined, null, 5, NaN, "text", false, 7n, Symbol("s"), {}, none])(
    "%s reaches the caller as it is",
    (value) => {
      const wasm = open(throwing(value), { onHostThrow: "poison" });
      let caught: unknown = "nothing";
      try {
        wasm.guarded.run();
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(value);
      expect(wasm.state).toBe("poisoned");
      const { cause } = thrownBy(() => wasm.guarded.count()) as Error;
      expect(UnglueError.is(cause, "host-threw") && cause.cause).toBe(value);
    },
  );

  it("a value whose getters throw, or a revoked proxy, is a value as any other", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = Object.defineProperty({}, "message", { get: throwing("no message") });
    for (const value of [proxy, hostile]) {
      const wasm = open(throwing(value), { onHostThrow: "poison" });
      let caught: unknown;
      try {
        wasm.guarded.run();
      } catch (error) {
        caught = error;
      }
      expect(Object.is(caught, value)).toBe(true);
      expect(wasm.state).toBe("poisoned");
    }
  });
});

describe("counts as an exception of a host function", () => {
  const poisons = (call: (wasm: Instance<Exports>) => unknown, wasm: Instance<Exports>): void => {
    thrownBy(() => call(wasm));
    expect(wasm.state).toBe("poisoned");
  };

  it("what a stub of your own throws", () => {
    const wasm = loadSync<Exports>(bytes, { onHostThrow: "poison", missing: () => throwing(failure) });
    poisons(({ guarded }) => guarded.run(), wasm);
  });

  it("what a callback in the table throws", () => {
    const wasm = open(none, { onHostThrow: "poison" });
    const index = wasm.callback("->", throwing(failure));
    poisons(({ guarded }) => guarded.at(index), wasm);
  });

  it("a result that the engine cannot convert", () => {
    poisons(({ guarded }) => guarded.big(), open(none, { onHostThrow: "poison" }, { g: () => 1 }));
    poisons(({ guarded }) => guarded.pair(), open(none, { onHostThrow: "poison" }, { h: () => 1 }));
    poisons(({ guarded }) => guarded.pair(), open(none, { onHostThrow: "poison" }, { h: () => [1] }));
    poisons(({ guarded }) => guarded.pair(), open(none, { onHostThrow: "poison" }, { h: () => [1n, 1] }));
    const fitting = open(
      none,
      { onHostThrow: "poison" },
      { g: () => "-1", h: () => new Set([{ valueOf: (): number => 7.9 }, 1]) },
    );
    expect([fitting.guarded.big(), fitting.guarded.pair(), fitting.state]).toEqual([-1n, 7, "live"]);
    const valueOf = throwing(failure);
    const wasm = open(none, { onHostThrow: "poison" }, { h: () => [{ valueOf }, 1] });
    expect(thrownBy(() => wasm.guarded.pair())).toBe(failure);
    expect(wasm.state).toBe("poisoned");
  });

  it("what the module has caught and thrown again", () => {
    const wasm = open(throwing(failure), { onHostThrow: "poison" });
    expect(thrownBy(() => wasm.guarded.rethrown())).toBe(failure);
    expect(wasm.state).toBe("poisoned");
  });

  it("what a host function lets through of another instance", () => {
    const inner = open(none);
    poisons(
      ({ guarded }) => guarded.run(),
      open(() => inner.guarded.trap(), { onHostThrow: "poison" }),
    );
    expect(inner.state).toBe("poisoned");
  });

  it("what leaves a nested call, though the host function around it catches", () => {
    let depth = 0;
    const states: string[] = [];
    const wasm: Instance<Exports> = open(
      () => {
        if (depth++ > 0) throw failure;
        expect(thrownBy(() => wasm.guarded.run())).toBe(failure);
        states.push(wasm.state);
        expect(thrownBy(() => wasm.guarded.count())).toMatchObject({ code: "restarting" });
      },
      { onHostThrow: "restart" },
    );
    wasm.guarded.run();
    expect([...states, wasm.state, wasm.guarded.count()]).toEqual(["restarting", "live", 1]);
  });

  it("what passes two calls ends one life alone", () => {
    let depth = 0;
    let restarts = 0;
    const wasm: Instance<Exports> = open(
      () => {
        if (depth++ > 0) throw failure;
        wasm.guarded.run();
      },
      { onHostThrow: "restart", onRestart: () => void restarts++ },
    );
    expect(thrownBy(() => wasm.guarded.run())).toBe(failure);
    expect([wasm.state, restarts]).toEqual(["live", 1]);
  });

  it("the same error, thrown in each life", () => {
    const wasm = open(throwing(failure), { onHostThrow: "restart" });
    for (let life = 0; life < 3; life++) {
      expect(wasm.guarded.count()).toBe(1);
      expect(thrownBy(() => wasm.guarded.run())).toBe(failure);
    }
  });

  it("what an allocator's import throws, when memory is allocated", async () => {
    const growing = await wat(`(module (import "env" "grown" (func $f))
      (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) (call $f) (i32.const 8))
      (func (export "free") (param i32)))`);
    const wasm = loadSync(growing, { onHostThrow: "poison", imports: { env: { grown: throwing(failure) } } });
    expect(thrownBy(() => wasm.memory.alloc(8))).toBe(failure);
    expect(wasm.state).toBe("poisoned");
  });
});

const { Suspending } = WebAssembly as unknown as { readonly Suspending?: new (f: () => unknown) => object };

// Engines from before JSPI have none; Chromium has.
if (Suspending) {
  it("an import that cannot suspend its call counts too", () => {
    const f = new Suspending(() => Promise.resolve()) as () => void;
    const wasm = loadSync<Exports>(bytes, { onHostThrow: "poison", imports: { env: { f } } });
    expect(thrownBy(() => wasm.guarded.run())).toMatchObject({ name: expect.stringMatching(/Error$/) as string });
    expect(wasm.state).toBe("poisoned");
  });
}

it("a declared host function counts, unless it returns its error", async () => {
  const bytes = await wat(`(module (import "env" "f" (func $f (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "run") (result i32) (call $f (i32.const 1))))`);
  const fail = (): number => {
    throw failure;
  };
  const open = (f: object) => loadSync<{ run(): number }>(bytes, { onHostThrow: "poison", imports: { env: { f } } });
  const thrown = open(t.host([t.i32], t.i32, fail));
  expect(thrownBy(() => thrown.guarded.run())).toBe(failure);
  expect(thrown.state).toBe("poisoned");
  const returned = open(t.host([t.i32], t.i32, fail, { error: -1 }));
  expect([returned.guarded.run(), returned.state]).toEqual([-1, "live"]);
});

describe("does not count as an exception of a host function", () => {
  it("what the module catches", () => {
    const wasm = open(throwing(failure), { onHostThrow: "poison" });
    expect(wasm.guarded.caught()).toBe(0);
    expect([wasm.state, wasm.guarded.count()]).toEqual(["live", 1]);
  });

  it("a trap after what the module has caught", () => {
    const wasm = open(throwing(failure), { onHostThrow: "poison", onTrap: "throw" });
    expect(thrownBy(() => wasm.guarded.trap())).toMatchObject({ code: "trap" });
    expect([wasm.state, wasm.guarded.count()]).toEqual(["live", 1]);
  });

  it("what is thrown before the module is entered", () => {
    const wasm = open(none, { onHostThrow: "poison" });
    const index = { valueOf: throwing(failure) } as unknown as number;
    expect(thrownBy(() => wasm.guarded.at(index))).toBe(failure);
    expect(wasm.state).toBe("live");
  });

  it("a call of wasm.exports, which nothing guards", () => {
    const wasm = open(throwing(failure), { onHostThrow: "poison" });
    expect(thrownBy(() => wasm.exports.run())).toBe(failure);
    expect([wasm.state, wasm.guarded.count()]).toEqual(["live", 2]);
  });

  it("a rejected promise", async () => {
    const rejecting = await wat(`(module (import "env" "f" (func $f (result externref)))
      (func (export "run") (result externref) (call $f)))`);
    const wasm = loadSync<{ run(): Promise<unknown> }>(rejecting, {
      onHostThrow: "poison",
      imports: { env: { f: () => Promise.reject(failure) } },
    });
    expect(await rejectionOf(wasm.guarded.run())).toBe(failure);
    expect(wasm.state).toBe("live");
  });

  it("a missing import, which counts as a trap", () => {
    const missing = { imports: { env: {} }, onHostThrow: "throw" } as const;
    const wasm = loadSync<Exports>(bytes, missing);
    expect(thrownBy(() => wasm.guarded.run())).toMatchObject({ code: "missing-import-called" });
    expect(wasm.state).toBe("poisoned");
    const going = loadSync<Exports>(bytes, { onTrap: "throw", onHostThrow: "restart" });
    expect(thrownBy(() => going.guarded.run())).toMatchObject({ code: "missing-import-called" });
    expect([going.state, going.guarded.count()]).toEqual(["live", 2]);
  });

  it("an exception of the module's own", async () => {
    const own = await wat(`(module (tag $tag (export "tag"))
      (func (export "run") (throw $tag)) (func (export "count") (result i32) (i32.const 1)))`);
    const wasm = loadSync<Exports>(own, { onHostThrow: "poison" });
    expect(thrownBy(() => wasm.guarded.run())).toBeInstanceOf(
      (WebAssembly as unknown as { Exception: new () => Error }).Exception,
    );
    expect([wasm.state, wasm.guarded.count()]).toEqual(["live", 1]);
  });

  it.each([
    ["wasi_snapshot_preview1", "proc_exit"],
    ["env", "_emscripten_throw_longjmp"],
    ["env", "__cxa_throw"],
    ["env", "exit"],
    ["env", "emscripten_unwind_to_js_event_loop"],
    ["env", "_emnapi_unwind"],
    ["wbg", "__wbindgen_throw"],
    ["wbg", "__wbindgen_rethrow"],
    ["./x_bg.js", "__wbg___wbindgen_throw_b855445ff6a94295"],
    ["./x_bg.js", "__wbg_wbindgenthrow_451ec1a8469d7eb6"],
  ])("what %s.%s throws, by which the toolchain ends a call", async (module, name) => {
    const text = (wanted: string) => `(module (import "${module}" "${wanted}" (func $f)) (import "env" "host" (func $h))
      (func (export "run") (call $f)) (func (export "call") (call $h))
      (func (export "count") (result i32) (i32.const 1)))`;
    const openAs = async (wanted: string) => {
      const wasm: Instance<Exports & { call(): void }> = loadSync(await wat(text(wanted)), {
        onHostThrow: "poison",
        imports: { "*": { [wanted]: throwing("unwind"), host: () => wasm.guarded.run() } },
      });
      return wasm;
    };
    const wasm = await openAs(name);
    expect(thrownBy(() => wasm.guarded.run())).toBe("unwind");
    // A host function that lets it through has not thrown.
    expect(thrownBy(() => wasm.guarded.call())).toBe("unwind");
    expect([wasm.state, wasm.guarded.count()]).toEqual(["live", 1]);
    const other = await openAs(`${name}_of_mine`);
    expect(thrownBy(() => other.guarded.run())).toBe("unwind");
    expect(other.state).toBe("poisoned");
  });

  it("what an import of an adapter throws, if the adapter says so", async () => {
    const game = await wat(`(module (import "game" "quit" (func $f)) (import "game" "read" (func $g))
      (func (export "run") (call $f)) (func (export "count") (result i32) (call $g) (i32.const 1)))`);
    const adapter = {
      name: "game",
      detect: () => ({ evidence: ["imports from game"] }),
      provide: ({ name }: { readonly name: string }) => ({
        value: throwing(failure),
        evidence: "the game's",
        unwinds: name === "quit",
      }),
      attach: () => ({}),
    };
    const wasm = loadSync<Exports>(game, { adapters: [adapter], onHostThrow: "poison" });
    expect(thrownBy(() => wasm.guarded.run())).toBe(failure);
    expect(wasm.state).toBe("live");
    expect(thrownBy(() => wasm.guarded.count())).toBe(failure);
    expect(wasm.state).toBe("poisoned");
  });
});

describe.each(conventions)("a module of wasm-bindgen, with %s", (_, convention) => {
  const isHeap = convention.handles === "heap";
  const value = isHeap ? "i32" : "externref";

  it("tells its own ways of throwing from those of JavaScript", async () => {
    const module = await bindgen(
      `(func (export "fail") (call $throw (i32.const 0) (i32.const 0)))
       (func (export "again") (param ${value}) (call $rethrow (local.get 0)))
       (func (export "parse") (drop (call $parse (i32.const 0) (i32.const 0))))`,
      convention,
      `(import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))
       (import "wbg" "__wbindgen_rethrow" (func $rethrow (param ${value})))
       (import "wbg" "__wbindgen_json_parse" (func $parse (param i32 i32) (result ${value})))`,
    );
    const wasm = loadSync<Helpers & { fail(): void; again(value: unknown): void; parse(): void }>(module, {
      adapters: [wasmBindgen()],
      onHostThrow: "poison",
    });
    expect(thrownBy(() => wasm.guarded.fail())).toBeInstanceOf(Error);
    expect(thrownBy(() => wasm.guarded.again(isHeap ? wasm.handles.add(failure) : failure))).toBe(failure);
    expect(wasm.state).toBe("live");
    expect(thrownBy(() => wasm.guarded.parse())).toBeInstanceOf(SyntaxError);
    expect(wasm.state).toBe("poisoned");
  });
});

describe("with other options", () => {
  it("a pool replaces an instance that is poisoned", async () => {
    const module = await compile(bytes);
    let fails = true;
    const f = () => {
      if (fails) throw failure;
    };
    const pool = module.pool<Exports>({
      max: 1,
      reset: none,
      onHostThrow: "poison",
      imports: { env: { f, g: none, h: none } },
    });
    const first = await pool.take();
    expect(thrownBy(() => first.guarded.run())).toBe(failure);
    expect(first.state).toBe("poisoned");
    pool.give(first);
    fails = false;
    const second = await pool.take();
    second.guarded.run();
    expect([second.state, second.guarded.count()]).toEqual(["live", 2]);
    pool.give(second);
    await pool.dispose();
  });

  it("objects of a declared interface end with their life", async () => {
    const api = t.api({ Box: t.class({ new: t.ctor([]), poke: t.method([], t.void) }) });
    const boxes = await wat(`(module (import "env" "f" (func $f))
      (func (export "box_new") (result i32) (i32.const 8))
      (func (export "box_poke") (param i32) (call $f))
      (func (export "box_free") (param i32)))`);
    const wasm = loadSync(boxes, { api, onHostThrow: "restart", imports: { env: { f: throwing(failure) } } });
    const box = new wasm.api.Box();
    expect(thrownBy(() => box.poke())).toBe(failure);
    expect(thrownBy(() => box.poke())).toMatchObject({ code: "object-unusable" });
    expect(thrownBy(() => new wasm.api.Box().poke())).toBe(failure);
    expect(wasm.state).toBe("live");
  });

  it("a life that cannot begin poisons the instance, and load refuses a first one", async () => {
    const starting = await wat(`(module (import "env" "f" (func $f)) (start $f)
      (import "env" "g" (func $g)) (func (export "run") (call $g)))`);
    let fails = false;
    const f = () => {
      if (fails) throw failure;
    };
    const options = { onHostThrow: "restart", imports: { env: { f, g: throwing("g") } } } as const;
    const wasm = loadSync<Exports>(starting, options);
    fails = true;
    expect(thrownBy(() => wasm.guarded.run())).toBe("g");
    expect(thrownBy(() => wasm.guarded.run())).toMatchObject({
      code: "poisoned",
      cause: { code: "restart-failed", cause: failure },
    });
    expect(await rejectionOf(load(starting, options))).toBe(failure);
  });

  it("an exception in onRestart poisons the instance", () => {
    const onRestart = (again: Instance) => again.guarded["run"]?.();
    const wasm = open(throwing(failure), { onHostThrow: "restart", onRestart });
    expect(thrownBy(() => wasm.guarded.run())).toBe(failure);
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => wasm.guarded.count())).toMatchObject({ cause: { code: "restart-failed", cause: failure } });
  });

  it("a life that is poisoned while it begins is no life", () => {
    let fails = false;
    const f = () => {
      if (fails) throw failure;
    };
    const initialize = ({ guarded }: Instance) => {
      try {
        guarded["run"]?.();
      } catch {
        // Whoever caught it, the instance is poisoned.
      }
    };
    const wasm = open(f, { onTrap: "restart", onHostThrow: "poison", initialize });
    fails = true;
    expect(thrownBy(() => wasm.guarded.trap())).toMatchObject({ code: "trap" });
    expect(thrownBy(() => wasm.guarded.count())).toMatchObject({
      code: "poisoned",
      cause: { code: "restart-failed", cause: { code: "host-threw" } },
    });
  });

  it.each([{ onHostThrow: "poison" }, { onTrap: "restart" }] as const)(
    "a function of another module is compared with the import's type under %o",
    async (options) => {
      const other = loadSync(await wat(`(module (func (export "f") (param i32)))`));
      const error = thrownBy(() => open(other.exports["f"] as () => void, options));
      expect(error).toMatchObject({ code: "import-mismatch", details: { module: "env", name: "f" } });
      const fitting = loadSync(await wat(`(module (func (export "f")))`));
      expect(open(fitting.exports["f"] as () => void, options).guarded.twice()).toBe(0);
    },
  );

  it("other values are refused", () => {
    expect(thrownBy(() => open(none, { onHostThrow: "trap" as never }))).toMatchObject({
      code: "invalid-option",
      details: { option: "onHostThrow" },
    });
  });

  it("a module of wasm-bindgen begins its next life with an empty stack, in both conventions", async () => {
    for (const convention of [heap, externref]) {
      const module = await bindgen(`(func (export "run") (call $f))`, convention, `(import "env" "f" (func $f))`);
      const wasm = loadSync<Helpers & { run(): void }>(module, {
        adapters: [wasmBindgen()],
        onHostThrow: "restart",
        imports: { env: { f: throwing(failure) } },
      });
      expect(thrownBy(() => wasm.guarded.run())).toBe(failure);
      expect([wasm.state, wasm.guarded.taken()]).toEqual(["live", 0]);
    }
  });
});
