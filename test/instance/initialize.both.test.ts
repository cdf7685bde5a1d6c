import { beforeAll, describe, expect, it } from "vitest";
import {
  compile,
  type ImportFunction,
  type Imports,
  type Instance,
  type InstantiateOptions,
  load,
  loadSync,
  UnglueError,
} from "unglue";
import { fixtureBytes } from "../bind/c/fixture.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Exports {
  _initialize(): void;
  next(): number;
  trap(): void;
  order(): number;
}

/** Each initializer adds a digit to `order`; the data of a module that can be placed anywhere is relocated first. */
const module = (...names: readonly string[]): Promise<Uint8Array<ArrayBuffer>> =>
  wat(`(module
    (import "env" "f" (func $f))
    (global $order (mut i32) (i32.const 0))
    (global $n (mut i32) (i32.const 0))
    (memory (export "memory") 1)
    (func $digit (param i32) (global.set $order (i32.add (i32.mul (global.get $order) (i32.const 10)) (local.get 0))))
    ${names.map((name, at) => `(func (export "${name}") (call $digit (i32.const ${at + 1})) (call $f))`).join("\n")}
    (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "trap") unreachable)
    (func (export "order") (result i32) (global.get $order)))`);

const nothing = () => undefined;
const imports = (f: () => unknown = nothing) => ({ env: { f } });
const initializer = ["_initialize"];

/** The two ways to make an instance, whatever the other options. */
const ways: readonly (readonly [
  string,
  (bytes: Uint8Array<ArrayBuffer>, options: InstantiateOptions) => Promise<Instance<Exports>>,
])[] = [
  ["load", (bytes, options) => load<Exports>(bytes, options)],
  ["instantiate", async (bytes, options) => (await compile(bytes)).instantiate<Exports>(options)],
  ["loadSync", (bytes, options) => Promise.resolve().then(() => loadSync<Exports>(bytes, options))],
  [
    "instantiateSync",
    async (bytes, options) => {
      const module = await compile(bytes);
      return module.instantiateSync<Exports>(options);
    },
  ],
];

describe("relocation of data", () => {
  it.each([
    [["_initialize", "__wasm_apply_data_relocs"], {}, 21],
    [["__wasm_call_ctors", "__wasm_apply_data_relocs"], {}, 21],
    [["__wasm_apply_data_relocs"], {}, 1],
    [["_start", "__wasm_apply_data_relocs"], {}, 2],
    [["_initialize", "__wasm_apply_data_relocs"], { initialize: false }, 2],
    [
      ["_initialize", "__wasm_apply_data_relocs"],
      { initialize: ({ exports }: Instance) => void exports["_initialize"]?.() },
      21,
    ],
  ] as const)("comes before constructors: %j under %j", async (names, options, order) => {
    const wasm = await load<Exports>(await module(...names), { imports: imports(), ...options });
    expect(wasm.guarded.order()).toBe(order);
  });

  it("that traps is named", async () => {
    const bytes = await wat(`(module (func (export "__wasm_apply_data_relocs") unreachable))`);
    const details = { export: "__wasm_apply_data_relocs" };
    expect(await rejectionOf(load(bytes))).toMatchObject({ code: "trap", details });
  });
});

describe.each(ways)("the option initialize of %s", (_, make) => {
  it.each([
    [true, 1],
    [undefined, 1],
    [false, 0],
    [nothing, 0],
  ] as const)("%s runs the initializer or not", async (initialize, order) => {
    const options = { imports: imports(), ...(initialize !== undefined && { initialize }) };
    const wasm = await make(await module(...initializer), options);
    expect([wasm.guarded.order(), wasm.state]).toEqual([order, "live"]);
  });

  it("is called once, with the instance, when it has its exports, memory and the engine's instance", async () => {
    const seen: unknown[] = [];
    const wasm = await make(await module(...initializer), {
      imports: imports(),
      initialize: (instance) => {
        seen.push(
          instance.exports["order"]?.(),
          instance.memory.byteLength,
          instance.instance instanceof WebAssembly.Instance,
        );
        instance.guarded["_initialize"]?.();
        seen.push(instance.guarded["order"]?.(), instance.state);
      },
    });
    expect(seen).toEqual([0, 65536, true, 1, "live"]);
    expect(wasm.guarded.order()).toBe(1);
  });

  it("is called for a command too, and for a module without initializers", async () => {
    let calls = 0;
    const initialize = () => void calls++;
    await make(await module("_start"), { imports: imports(), initialize });
    await make(await module(), { imports: imports(), initialize });
    expect(calls).toBe(2);
  });

  it("passes on what it throws, whatever that is", async () => {
    for (const value of [new Error("mine"), null, undefined, 5, Object.freeze({})]) {
      const initialize = () => {
        throw value;
      };
      expect(await rejectionOf(make(await module(), { imports: imports(), initialize }))).toBe(value);
    }
  });

  it.each(["exports", "guarded"] as const)("has a code for a trap of the module, by its %s", async (by) => {
    const initialize = (wasm: Instance) => void wasm[by]["trap"]?.();
    const details = { export: by === "exports" ? "(initialize)" : "trap" };
    expect(await rejectionOf(make(await module(), { imports: imports(), initialize }))).toMatchObject({
      code: "trap",
      details,
    });
  });

  it("that disposes of the instance gives none: nobody could use it", async () => {
    const initialize = (wasm: Instance) => wasm.dispose();
    const error = await rejectionOf(make(await module(), { imports: imports(), initialize }));
    expect(error).toMatchObject({ code: "disposed" });
  });

  it.each([[5], ["later"], [{}], [null]])("must be a function, true or false: %j", async (initialize) => {
    const options = { imports: imports(), initialize } as never;
    expect(await rejectionOf(make(await module(), options))).toMatchObject({
      code: "invalid-option",
      details: { option: "initialize" },
    });
  });
});

describe("a promise of the option initialize", () => {
  it.each(ways.slice(0, 2))("is waited for by %s", async (_, make) => {
    let states: string[] = [];
    const wasm = await make(await module(...initializer), {
      imports: imports(),
      initialize: async (instance) => {
        await new Promise((resolve) => setTimeout(resolve));
        instance.guarded["_initialize"]?.();
        states = [instance.state, String(instance.guarded["order"]?.())];
      },
    });
    expect([...states, wasm.guarded.order()]).toEqual(["live", "1", 1]);
    const failure = new Error("mine");
    expect(
      await rejectionOf(make(await module(), { imports: imports(), initialize: () => Promise.reject(failure) })),
    ).toBe(failure);
    const trap = await rejectionOf(
      make(await module(), {
        imports: imports(),
        initialize: async ({ exports }) => {
          await Promise.resolve();
          exports["trap"]?.();
        },
      }),
    );
    expect(trap).toMatchObject({ code: "trap", details: { export: "(initialize)" } });
  });

  it.each(ways.slice(2))("is refused by %s, and the instance ends", async (_, make) => {
    let given: Instance | undefined;
    for (const settle of [() => Promise.resolve(), () => Promise.reject(new Error("mine"))]) {
      const initialize = (instance: Instance) => {
        given = instance;
        return settle();
      };
      expect(await rejectionOf(make(await module(), { imports: imports(), initialize }))).toMatchObject({
        code: "invalid-option",
        details: { option: "what initialize returns" },
      });
      expect(given?.state).toBe("disposed");
    }
  });

  it("does not hold up an abort, and an instance that comes too late is ended", async () => {
    const controller = new AbortController();
    let given: Instance | undefined;
    let finish: () => void = nothing;
    const loading = load(await module(), {
      imports: imports(),
      signal: controller.signal,
      initialize: (instance) => {
        given = instance;
        controller.abort();
        return new Promise<void>((resolve) => (finish = resolve));
      },
    });
    expect(await rejectionOf(loading)).toMatchObject({ code: "aborted" });
    finish();
    await new Promise((resolve) => setTimeout(resolve));
    expect(given?.state).toBe("disposed");
  });

  it("whose instance was disposed of meanwhile gives none", async () => {
    const initialize = async (instance: Instance) => {
      await Promise.resolve();
      instance.dispose();
    };
    const error = await rejectionOf(load(await module(), { imports: imports(), initialize }));
    expect(error).toMatchObject({ code: "disposed" });
  });
});

describe('the option initialize under onTrap: "restart"', () => {
  it("is called for each life, with an instance that is of that life alone", async () => {
    const given: Instance[] = [];
    const wasm = await load<Exports>(await module(...initializer), {
      onTrap: "restart",
      imports: imports(),
      initialize: (instance) => {
        given.push(instance);
        instance.exports["_initialize"]?.();
      },
    });
    for (let life = 1; life <= 3; life++) {
      expect([given.length, wasm.guarded.order(), wasm.guarded.next()]).toEqual([life, 1, 1]);
      thrownBy(() => wasm.guarded.trap());
    }
    expect(given[3]?.guarded["next"]?.()).toBe(1);
    expect(wasm.guarded.next()).toBe(2);
    expect(thrownBy(() => given[0]?.guarded["next"]?.())).toMatchObject({ code: "life-ended" });
  });

  it("is waited for where it returns a promise: the state is restarting until then", async () => {
    const wasm = await load<Exports>(await module(...initializer), {
      onTrap: "restart",
      imports: imports(),
      initialize: async ({ guarded }) => {
        await Promise.resolve();
        guarded["_initialize"]?.();
      },
    });
    for (let round = 0; round < 3; round++) {
      expect(wasm.guarded.next()).toBe(1);
      thrownBy(() => wasm.guarded.trap());
      expect(wasm.state).toBe("restarting");
      expect(thrownBy(() => wasm.guarded.next())).toMatchObject({ code: "restarting" });
      expect(thrownBy(() => wasm.instance)).toMatchObject({ code: "restarting" });
      await wasm.ready;
      expect([wasm.state, wasm.guarded.order()]).toEqual(["live", 1]);
    }
  });

  it.each<[string, (wasm: Instance) => Promise<void>]>([
    ["rejects", () => Promise.reject(new Error("mine"))],
    [
      "rejects after a trap",
      async ({ guarded }) => {
        await Promise.resolve();
        guarded["trap"]?.();
      },
    ],
    [
      "is fulfilled after a trap",
      async ({ guarded }) => {
        await Promise.resolve();
        thrownBy(() => guarded["trap"]?.());
      },
    ],
  ])("that %s in a later life poisons", async (_, later) => {
    let lives = 0;
    const wasm = await load<Exports>(await module(), {
      onTrap: "restart",
      imports: imports(),
      initialize: (instance) => (++lives === 1 ? undefined : later(instance)),
    });
    thrownBy(() => wasm.guarded.trap());
    const error = await rejectionOf(wasm.ready);
    expect(error).toMatchObject({ code: "poisoned", cause: { code: "restart-failed" } });
    expect([wasm.state, lives]).toEqual(["poisoned", 2]);
  });

  it("may be disposed of while it is waited for", async () => {
    let finish: () => void = nothing;
    let lives = 0;
    const wasm = await load<Exports>(await module(), {
      onTrap: "restart",
      imports: imports(),
      initialize: () => (++lives === 1 ? undefined : new Promise<void>((resolve) => (finish = resolve))),
    });
    thrownBy(() => wasm.guarded.trap());
    const waiting = rejectionOf(wasm.ready);
    wasm.dispose();
    finish();
    expect(await waiting).toMatchObject({ code: "disposed" });
    await Promise.resolve();
    expect(wasm.state).toBe("disposed");
  });
});

describe("the engine's instance", () => {
  it("is a WebAssembly.Instance with the same exports, for as long as the instance lasts", async () => {
    const wasm = await load<Exports>(await module(), { imports: imports() });
    const { instance } = wasm;
    expect(instance).toBeInstanceOf(WebAssembly.Instance);
    expect(wasm.instance === instance && instance.exports === (wasm.exports as unknown)).toBe(true);
    thrownBy(() => wasm.guarded.trap());
    expect(wasm.instance === instance).toBe(true);
    wasm.dispose();
    expect(thrownBy(() => wasm.instance)).toMatchObject({ code: "disposed" });
  });

  it("is not there before the start function has ended", async () => {
    const bytes = await wat(`(module (import "env" "f" (func $f)) (start $f))`);
    const seen: unknown[] = [];
    const look = (instance: Instance) => seen.push(thrownBy(() => instance.instance));
    await load(bytes, {
      imports: (instance) => {
        look(instance);
        return imports(() => look(instance));
      },
    });
    expect(seen.map((error) => UnglueError.is(error) && error.code)).toEqual(["not-ready", "not-ready"]);
  });

  it("is that of the current life", async () => {
    const wasm = await load<Exports>(await module(), { imports: imports(), onTrap: "restart" });
    const before = wasm.instance;
    thrownBy(() => wasm.guarded.trap());
    expect(wasm.instance === before).toBe(false);
    expect(wasm.instance.exports === (wasm.exports as unknown)).toBe(true);
    wasm.dispose();
    expect(thrownBy(() => wasm.instance)).toMatchObject({ code: "disposed" });
  });

  it("has exports by which calls nest that no guard sees, so the stack pointer is looked at for each", async () => {
    const bytes = await wat(`(module
      (import "env" "f" (func $f))
      (global $sp (export "__stack_pointer") (mut i32) (i32.const 1024))
      (func (export "frame")
        (global.set $sp (i32.sub (global.get $sp) (i32.const 64))) (call $f)
        (global.set $sp (i32.add (global.get $sp) (i32.const 64))))
      (func (export "pointer") (result i32) (global.get $sp))
      (func (export "trap") unreachable))`);
    const wasm: Instance = loadSync(bytes, {
      onTrap: "throw",
      imports: imports(() => {
        thrownBy(() => wasm.guarded["trap"]?.());
        expect(wasm.guarded["pointer"]?.()).toBe(1024 - 64);
      }),
    });
    (wasm.instance.exports["frame"] as () => void)();
    expect(wasm.guarded["pointer"]?.()).toBe(1024);
  });
});

interface Reactor {
  constructed(): number;
  greet(): number;
  clock(): number;
  print(): number;
  size(): number;
  fail(): void;
}

/** A WASI object for a browser: it needs the instance before anything of the module runs, and initializes it. */
class Shim {
  instance: WebAssembly.Instance | undefined;
  output = "";
  readonly wasiImport: { readonly [name: string]: ImportFunction };

  constructor(name: string) {
    const entry = new TextEncoder().encode(`NAME=${name}\0`);
    const view = (): DataView => {
      if (!this.instance) throw new Error("not started");
      return new DataView((this.instance.exports["memory"] as WebAssembly.Memory).buffer);
    };
    const bytes = (at: number, length: number) => new Uint8Array(view().buffer, at, length);
    this.wasiImport = {
      environ_sizes_get: (count: number, size: number) => {
        view().setUint32(count, 1, true);
        view().setUint32(size, entry.length, true);
        return 0;
      },
      environ_get: (pointers: number, texts: number) => {
        view().setUint32(pointers, texts, true);
        bytes(texts, entry.length).set(entry);
        return 0;
      },
      fd_write: (_: number, vectors: number, count: number, written: number) => {
        let length = 0;
        for (let at = 0; at < count; at++) {
          const size = view().getUint32(vectors + 8 * at + 4, true);
          this.output += new TextDecoder().decode(bytes(view().getUint32(vectors + 8 * at, true), size));
          length += size;
        }
        view().setUint32(written, length, true);
        return 0;
      },
    };
  }

  initialize(instance: WebAssembly.Instance): void {
    if (!(instance instanceof WebAssembly.Instance)) throw new TypeError("no instance of the engine's");
    this.instance = instance;
    (instance.exports["_initialize"] as () => void)();
  }
}

describe("a WASI reactor of wasi-libc", () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await fixtureBytes("reactor");
  });

  it("needs its runtime to know the instance first", async () => {
    const shim = new Shim("Zoë");
    const imports = { wasi_snapshot_preview1: shim.wasiImport };
    expect(await rejectionOf(load(bytes, { imports }))).toMatchObject({ message: "not started" });
  });

  it.each<[string, (shim: Shim) => (wasm: Instance) => void]>([
    [
      "initializes it",
      (shim) =>
        ({ instance }) =>
          shim.initialize(instance),
    ],
    [
      "is bound just before it is initialized",
      (shim) => (wasm) => {
        shim.instance = wasm.instance;
        wasm.guarded["_initialize"]?.();
      },
    ],
  ])("works with a runtime that %s", async (_, initialize) => {
    for (const make of [load<Reactor>, loadSync<Reactor>]) {
      const shim = new Shim("Zoë");
      const options = { imports: { wasi_snapshot_preview1: shim.wasiImport }, initialize: initialize(shim) };
      const wasm = await make(bytes, options);
      expect([wasm.guarded.constructed(), wasm.memory.readString(wasm.guarded.greet())]).toEqual([1, "hello, Zoë"]);
      expect([wasm.guarded.print(), shim.output]).toEqual([0, "hello, Zoë"]);
    }
  });

  it("works after a restart, with a runtime for each life", async () => {
    const shims: Shim[] = [];
    const wasm = await load<Reactor>(bytes, {
      onTrap: "restart",
      imports: (): Imports => {
        shims.push(new Shim(`life ${shims.length + 1}`));
        return { wasi_snapshot_preview1: shims[shims.length - 1]?.wasiImport as Imports[string] };
      },
      initialize: ({ instance }) => shims[shims.length - 1]?.initialize(instance),
    });
    expect(wasm.memory.readString(wasm.guarded.greet())).toBe("hello, life 1");
    expect(thrownBy(() => wasm.guarded.fail())).toMatchObject({ code: "trap" });
    expect(wasm.memory.readString(wasm.guarded.greet())).toBe("hello, life 2");
    expect([wasm.guarded.print(), shims[1]?.output]).toEqual([0, "hello, life 2"]);
  });

  it.each(["zero", "warn"] as const)(
    "is told under the policy %s that what is missing is not there",
    async (missing) => {
      const warnings: string[] = [];
      const shim = new Shim("Zoë");
      // An asynchronous call would provide these.
      const wasm = loadSync<Reactor>(bytes, {
        missing,
        warn: (message) => warnings.push(message),
        imports: {
          wasi_snapshot_preview1: {
            environ_get: shim.wasiImport["environ_get"],
            environ_sizes_get: shim.wasiImport["environ_sizes_get"],
          } as Imports[string],
        },
        initialize: ({ instance }) => shim.initialize(instance),
      });
      // Zero would have it print the same text again and again, and take a time that nobody wrote.
      expect([wasm.guarded.print(), wasm.guarded.clock(), wasm.guarded.size()]).toEqual([52, 52, 52]);
      expect(warnings.length).toBe(missing === "warn" ? 3 : 0);
      if (missing === "warn") expect(warnings[0]).toContain("it returned 52 (ENOSYS)");
      expect(wasm.imports.find(({ name }) => name === "fd_write")?.evidence).toContain("52 (ENOSYS)");
    },
  );
});
