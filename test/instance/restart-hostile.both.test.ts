import { afterEach, describe, expect, it, vi } from "vitest";
import { compile, type Instance, type InstantiateOptions, loadSync, UnglueError } from "unglue";
import { hostile } from "../hostile/thrown.ts";
import { thrownBy, wat } from "../wat.ts";

interface Exports {
  trap(): void;
  next(): number;
}

const bytes = await wat(`(module
  (import "env" "start" (func $start)) (import "env" "init" (func $init))
  (global $n (mut i32) (i32.const 0))
  (memory (export "memory") 1)
  (start $start)
  (func (export "_initialize") (call $init))
  (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "trap") unreachable))`);

const nothing = () => undefined;

/** Neither `toBe`, which would describe the value, nor a promise of it, which would ask it for `then`. */
const isThrown = (error: unknown, thrown: unknown): boolean =>
  UnglueError.is(error, "poisoned") && UnglueError.is(error.cause, "restart-failed") && error.cause.cause === thrown;

/** Where the next life can be spoiled. */
const places: readonly (readonly [string, (raise: () => never) => InstantiateOptions])[] = [
  ["the start function", (raise) => ({ imports: { env: { start: raise, init: nothing } } })],
  ["the initializer", (raise) => ({ imports: { env: { start: nothing, init: raise } } })],
  ["making the imports", (raise) => ({ imports: raise })],
  ["initialize", (raise) => ({ initialize: raise })],
  ["onRestart", (raise) => ({ onRestart: raise })],
];

describe.each(places)("what %s throws in the next life", (_place, optionsOf) => {
  it.each(hostile)("is why the instance is poisoned: %s", async (_, make) => {
    const thrown = make();
    let isArmed = false;
    const raise = () => {
      if (isArmed) throw thrown;
      return { env: { start: nothing, init: nothing } } as never;
    };
    const wasm: Instance<Exports> = loadSync<Exports>(bytes, {
      onTrap: "restart",
      imports: { env: { start: nothing, init: nothing } },
      ...optionsOf(raise),
    });
    isArmed = true;
    expect(thrownBy(() => wasm.guarded.trap())).toMatchObject({ code: "trap" });
    await Promise.resolve();
    expect(wasm.state).toBe("poisoned");
    const error = thrownBy(() => wasm.guarded.next());
    // The engine's traps are those of a module: what is tagged as one is decoded as one.
    const cause = UnglueError.is(error) ? (error.cause as UnglueError).cause : undefined;
    expect(isThrown(error, thrown) || (UnglueError.is(cause, "trap") && cause.cause === thrown)).toBe(true);
    const rejected: unknown = await wasm.ready.then(
      () => "fulfilled",
      (reason: unknown) => UnglueError.is(reason, "poisoned") && reason.code,
    );
    expect(rejected).toBe("poisoned");
    wasm.dispose();
    expect(wasm.state).toBe("disposed");
  });
});

describe("a ledger that throws when a life ends", () => {
  it.each(hostile)("poisons, and is no obstacle to the end: %s", (_, make) => {
    let isArmed = false;
    const ledger = {
      follow: () => ({
        ...{ allocated: nothing, freeing: nothing, released: nothing },
        disposed: () => {
          if (isArmed) throw make();
        },
      }),
    };
    const wasm = loadSync<Exports>(bytes, {
      onTrap: "restart",
      imports: { env: { start: nothing, init: nothing } },
      ledger: ledger as never,
    });
    isArmed = true;
    expect(thrownBy(() => wasm.guarded.trap())).toMatchObject({ code: "trap" });
    expect(thrownBy(() => wasm.guarded.next())).toMatchObject({ code: "poisoned", cause: { code: "restart-failed" } });
    thrownBy(() => wasm.dispose());
    expect(wasm.state).toBe("disposed");
  });
});

describe("a life for which the engine has no memory", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const shortage = () =>
    new RangeError("WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance");

  /** Has the engine refuse an instance so many times. */
  const starve = (times: number): { refused: number } => {
    const seen = { refused: 0 };
    const refuse = (): void => {
      if (seen.refused >= times) return;
      seen.refused++;
      throw shortage();
    };
    const { Instance: Real, instantiate } = WebAssembly;
    vi.spyOn(WebAssembly, "Instance").mockImplementation(function (
      module: WebAssembly.Module,
      imports: WebAssembly.Imports,
    ) {
      refuse();
      return new Real(module, imports);
    } as never);
    vi.spyOn(WebAssembly, "instantiate").mockImplementation((async (module: WebAssembly.Module, imports: never) => {
      await Promise.resolve();
      refuse();
      return instantiate(module, imports);
    }) as never);
    return seen;
  };

  const open = async (options: InstantiateOptions = {}) =>
    (await compile(bytes)).instantiateSync<Exports>({
      onTrap: "restart",
      imports: { env: { start: nothing, init: nothing } },
      ...options,
    });

  it.each([1, 2, 3, 5])("is tried again, after the tasks that are due: refused %i times", async (times) => {
    const wasm = await open();
    const seen = starve(times);
    thrownBy(() => wasm.guarded.trap());
    expect([wasm.state, seen.refused]).toEqual(["restarting", 1]);
    await wasm.ready;
    expect([wasm.state, seen.refused, wasm.guarded.next()]).toEqual(["live", times, 1]);
    thrownBy(() => wasm.guarded.trap());
    expect([wasm.state, wasm.guarded.next()]).toEqual(["live", 1]);
  });

  it("has no say over the one that began in its place", async () => {
    const instances: Instance[] = [];
    const wasm = await open({
      imports: (instance) => {
        instances.push(instance);
        return { env: { start: nothing, init: nothing } };
      },
    });
    starve(2);
    thrownBy(() => wasm.guarded.trap());
    await wasm.ready;
    expect(instances.length).toBe(4);
    for (const instance of instances.slice(0, 3)) {
      instance.dispose();
      expect(thrownBy(() => instance.exports)).toBeInstanceOf(UnglueError);
    }
    expect([wasm.state, wasm.guarded.next()]).toEqual(["live", 1]);
    instances[3]?.dispose();
    expect(wasm.state).toBe("disposed");
  });

  it("is given up at last, with the engine's reason", async () => {
    const wasm = await open();
    const seen = starve(Infinity);
    thrownBy(() => wasm.guarded.trap());
    const error = await wasm.ready.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "poisoned",
      cause: { code: "restart-failed", cause: { code: "out-of-memory" } },
    });
    expect(seen.refused).toBe(6);
  });

  it("is not tried again once the instance is disposed of", async () => {
    const wasm = await open();
    const seen = starve(Infinity);
    thrownBy(() => wasm.guarded.trap());
    const waiting = wasm.ready.catch((reason: unknown) => reason);
    wasm.dispose();
    expect(await waiting).toMatchObject({ code: "disposed" });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([wasm.state, seen.refused]).toEqual(["disposed", 1]);
  });

  it("is tried again where it is a memory of the imports that the engine refuses", async () => {
    let refusals = 0;
    const wasm = await open({
      imports: () => {
        if (refusals > 0 && refusals-- > 0) throw new RangeError("WebAssembly.Memory(): could not allocate memory");
        return { env: { start: nothing, init: nothing } };
      },
    });
    refusals = 2;
    thrownBy(() => wasm.guarded.trap());
    expect(wasm.state).toBe("restarting");
    await wasm.ready;
    expect([wasm.state, wasm.guarded.next(), refusals]).toEqual(["live", 1, 0]);
  });

  it("does not come to that in 15,000 traps of one task: no life is held on to until its end", () => {
    const wasm = loadSync<Exports>(bytes, {
      onTrap: "restart",
      imports: { env: { start: nothing, init: nothing } },
    });
    let lives = 0;
    for (let round = 0; round < 15_000; round++) {
      if (wasm.guarded.next() === 1) lives++;
      try {
        wasm.guarded.trap();
      } catch {
        // The trap.
      }
    }
    expect([lives, wasm.state]).toEqual([15_000, "live"]);
  }, 60_000);
});
