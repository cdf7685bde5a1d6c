import { beforeAll, describe, expect, it } from "vitest";
import { inspect, load, loadSync, type Adapter, type LoadOptions, type Shape, UnglueError } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

let bytes: Uint8Array<ArrayBuffer>;
let simple: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  bytes = await wat(`(module
    (import "env" "f" (func (result i32))) (import "env" "memory" (memory 1))
    (import "env" "table" (table 1 funcref)) (import "env" "g" (global f64))
    (func (export "f") (result i32) (call 0)) (func (export "g") (result f64) (global.get 0)))`);
  simple = await wat(`(module (import "env" "f" (func $f (result i32))) (export "f" (func $f)))`);
});

const real = {
  f: () => 3,
  memory: new WebAssembly.Memory({ initial: 1 }),
  table: new WebAssembly.Table({ initial: 1, element: "anyfunc" }),
  g: 1.5,
};
const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const tagged = (tag: string): object => ({ [Symbol.toStringTag]: tag });

describe("an object of imports", () => {
  it.each<[string, () => object]>([
    [
      "an instance of a class",
      () =>
        new (class {
          env = real;
        })(),
    ],
    ["an instance that inherits its modules", () => Object.create({ env: real }) as object],
    [
      "without a prototype",
      () => Object.assign(Object.create(null) as object, { env: Object.assign(Object.create(null) as object, real) }),
    ],
    ["a proxy", () => new Proxy({ env: new Proxy(real, {}) }, {})],
    [
      "a proxy that answers to every name",
      () => new Proxy({}, { get: (_, name) => (name === "env" ? real : undefined) }),
    ],
    ["frozen", () => Object.freeze({ env: Object.freeze({ ...real }) })],
    [
      "of getters",
      () => ({
        get env() {
          return {
            ...real,
            get f() {
              return () => 3;
            },
          };
        },
      }),
    ],
    ["with symbols", () => ({ [Symbol("env")]: {}, env: { [Symbol("f")]: 0, ...real } })],
    [
      "a class with static members",
      () => ({
        env: class {
          static f = (): number => 3;
          static memory = real.memory;
          static table = real.table;
          static g = 1.5;
        },
      }),
    ],
    [
      "an instance with methods",
      () => ({
        env: new (class {
          memory = real.memory;
          table = real.table;
          g = 1.5;
          f(): number {
            return 3;
          }
        })(),
      }),
    ],
  ])("may be %s", async (_, make) => {
    const wasm = await load<{ f(): number; g(): number }>(bytes, { imports: make() as never });
    expect([wasm.exports.f(), wasm.exports.g()]).toEqual([3, 1.5]);
    expect(new Set(wasm.imports.map(({ provider }) => provider))).toEqual(new Set(["user"]));
  });

  it("may be a module namespace, one that exports a member named then included", async () => {
    const namespace = (await import("./namespace.ts")) as object;
    expect(Object.prototype.toString.call(namespace)).toBe("[object Module]");
    const wasm = await load<{ f(): number }>(simple, { imports: { env: namespace as never } });
    expect(wasm.exports.f()).toBe(41);
  });

  it.each([undefined, null, 5, "text", true, Symbol("env"), () => 0])(
    "is refused where a module of it is none: %s",
    async (env) => {
      const imports = { env, other: { x: () => 0 } } as never;
      const refused = {
        code: "invalid-option",
        message: expect.stringContaining("imports.env must be an object of the module's imports"),
      };
      for (const missing of ["trap", "error"] as const) {
        expect(await rejectionOf(load(simple, { imports, missing }))).toMatchObject(refused);
        expect(thrownBy(() => loadSync(simple, { imports, missing }))).toMatchObject(refused);
      }
    },
  );

  it("may have anything in place of a module that is not imported", async () => {
    for (const other of [undefined, null, 5, "text", true, Symbol("other"), () => 0]) {
      const error = await rejectionOf(load(simple, { imports: { other } as never, missing: "error" }));
      expect(error).toMatchObject({ code: "unresolved-imports", details: { imports: [{ name: "f" }] } });
    }
  });

  it("is refused where a module of it cannot be read", async () => {
    const { proxy: env, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const missing of ["trap", "error"] as const) {
      const imports = { env } as never;
      const refused = {
        code: "invalid-option",
        message: expect.stringContaining("imports.env must be an object of the module's imports that can be read"),
      };
      expect(await rejectionOf(load(simple, { imports, missing }))).toMatchObject(refused);
      expect(thrownBy(() => loadSync(simple, { imports, missing }))).toMatchObject(refused);
    }
    // A module that nothing imports is never read, also not for the nearest name.
    const error = await rejectionOf(load(simple, { imports: { other: env } as never, missing: "error" }));
    expect(error).toMatchObject({ code: "unresolved-imports" });
  });

  it("is refused by code where a value of it cannot be read", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const kind of ["(func)", "(memory 1)", "(table 1 funcref)", "(global i32)", "(global (mut i32))"]) {
      const bytes = await wat(`(module (import "env" "it" ${kind}))`);
      const imports = { env: { it: proxy } } as never;
      expect(await rejectionOf(load(bytes, { imports }))).toMatchObject({ code: "import-mismatch" });
    }
  });

  it.each<[string, () => never]>([
    [
      "in a getter of a module",
      () =>
        ({
          get env() {
            throw new Error("mine");
          },
        }) as never,
    ],
    [
      "in a getter of an import",
      () =>
        ({
          env: {
            get f() {
              throw new Error("mine");
            },
          },
        }) as never,
    ],
    [
      "in a function that makes it",
      () =>
        (() => {
          throw new Error("mine");
        }) as never,
    ],
  ])("may throw, %s, and what it throws passes through", async (_, make) => {
    const imports: never = make();
    expect(await rejectionOf(load(simple, { imports }))).toMatchObject({ message: "mine", name: "Error" });
    expect(thrownBy(() => loadSync(simple, { imports }))).toMatchObject({ message: "mine", name: "Error" });
  });
});

describe("a value that cannot serve", () => {
  it.each<[string, string, () => unknown, string]>([
    ["a revoked proxy as a function", "f", () => revoked({}), "an object (Object)"],
    ["null as a function", "f", () => null, "null"],
    ["a symbol as a function", "f", () => Symbol("x"), "Symbol(x)"],
    ["a long text as a function", "f", () => "x".repeat(10_000), `"${"x".repeat(60)}…"`],
    [
      "an object whose tag throws",
      "f",
      () => ({
        get [Symbol.toStringTag](): string {
          throw new Error("mine");
        },
      }),
      "an object (Object)",
    ],
    ["a proxy of a memory", "memory", () => new Proxy(real.memory, {}), "an object (WebAssembly.Memory)"],
    [
      "another object with a memory's tag",
      "memory",
      () => tagged("WebAssembly.Memory"),
      "an object (WebAssembly.Memory)",
    ],
    [
      "a wrapper of such a proxy",
      "memory",
      () => ({ raw: new Proxy(real.memory, {}) }),
      "an object (WebAssembly.Memory)",
    ],
    ["a proxy of a table", "table", () => new Proxy(real.table, {}), "an object (WebAssembly.Table)"],
    ["another object with a table's tag", "table", () => tagged("WebAssembly.Table"), "an object (WebAssembly.Table)"],
    [
      "a proxy of a global",
      "g",
      () => new Proxy(new WebAssembly.Global({ value: "f64" }, 1), {}),
      "a global that JavaScript cannot read",
    ],
    ["a bigint as a number", "g", () => 1n, "1n"],
  ])("is named: %s", async (_, name, make, given) => {
    const error = await rejectionOf(load(bytes, { imports: { env: { ...real, [name]: make() } } }));
    expect(error).toMatchObject({ code: "import-mismatch", details: { module: "env", name, given } });
  });

  it("is left to the engine where its type is not known", async () => {
    const module = await WebAssembly.compile(bytes);
    const imports = { env: { ...real, memory: new Proxy(real.memory, {}) } as never };
    expect(await rejectionOf(load(module, { imports }))).toSatisfy((error) => UnglueError.is(error));
  });
});

describe("an immutable global", () => {
  it.each([NaN, Infinity, -0])("may be %s", async (g) => {
    const wasm = await load<{ g(): number }>(bytes, { imports: { env: { ...real, g } } });
    expect(wasm.exports.g()).toBe(g);
  });
});

describe("an import function", () => {
  it.each<[string, unknown, unknown]>([
    ["nothing", undefined, 0],
    ["a text", "7", 7],
    ["an object", {}, 0],
    ["a fraction", 1.9, 1],
    ["a promise", Promise.resolve(1), 0],
  ])("that returns %s is converted by the engine", async (_, result, expected) => {
    const wasm = await load<{ f(): number }>(simple, { imports: { env: { f: () => result } } });
    expect(wasm.guarded.f()).toBe(expected);
  });

  it.each([1n, Symbol("x")])("that returns %s is the engine's TypeError, and no trap", async (result) => {
    const inner = await wat(
      `(module (import "env" "f" (func $f (result i32))) (func (export "f") (result i32) (call $f)))`,
    );
    const wasm = await load<{ f(): number }>(inner, { imports: { env: { f: () => result } } });
    expect(thrownBy(() => wasm.guarded.f())).toBeInstanceOf(TypeError);
    expect(wasm.state).toBe("live");
  });

  it.each<[string, unknown]>([
    ["a promise", async () => () => 0],
    ["nothing", () => undefined],
    ["a number", () => 5],
  ])("of a policy that makes %s is refused by name", async (_, missing) => {
    expect(await rejectionOf(load(simple, { missing: missing as never }))).toMatchObject({
      code: "invalid-option",
      details: { option: 'what missing returns for "env"."f"' },
    });
  });

  it("of a policy that throws ends the load with what it throws", async () => {
    const missing = () => {
      throw new Error("mine");
    };
    expect(await rejectionOf(load(simple, { missing }))).toMatchObject({ message: "mine", name: "Error" });
  });
});

describe("options", () => {
  const adapter: Adapter = { name: "kit", detect: () => undefined, provide: () => undefined, attach: () => ({}) };

  it("may have no prototype, getters that are read once, and members that are not enumerable", async () => {
    let reads = 0;
    const bare = Object.assign(Object.create(null) as object, { missing: "zero" });
    const counting = {
      get missing() {
        reads++;
        return "zero" as const;
      },
    };
    const hidden = Object.defineProperty({}, "missing", { value: "zero" });
    for (const options of [bare, counting, hidden]) {
      expect((await load<{ f(): number }>(simple, options)).exports.f()).toBe(0);
    }
    expect(reads).toBe(1);
  });

  it("that are inherited do not count, nor do mistakes in them", async () => {
    const inherited = Object.create({ missing: "error", mising: "zero", integrity: 5, extend: () => 0 }) as object;
    expect((await load<{ f(): number }>(simple, inherited)).imports[0]?.evidence).toContain('policy "trap"');
  });

  it.each<[string, unknown]>([
    ["options", []],
    ["missing", { missing: ["zero"] }],
    ['missing["*"]', { missing: { "*": undefined } }],
    ["limits", { limits: [] }],
    ["trampolines", { trampolines: [] }],
    ["imports", { imports: [] }],
    ["imports", { imports: "env" }],
    ["signal", { signal: { aborted: false } }],
    ["adapters", { adapters: [{ detect: adapter.detect }] }],
    ["adapters", { adapters: [null] }],
    ["shape", { shape: {} }],
    ["shape", { shape: null }],
  ])("of the wrong form are refused: %s", async (option, options) => {
    expect(await rejectionOf(load(simple, options as LoadOptions))).toMatchObject({
      code: "invalid-option",
      details: { option },
    });
  });

  it.each(["__proto__", "constructor", "x".repeat(10_000), "a\nb", ""])(
    "of unknown name are refused: %j",
    async (option) => {
      const options = Object.defineProperty({}, option, { value: 1, enumerable: true });
      const error = (await rejectionOf(load(simple, options))) as UnglueError;
      expect(error).toMatchObject({ code: "unknown-option", details: { option } });
      // It lists all options, and of the unknown one no more than its beginning.
      expect(error.message.length).toBeLessThan(500);
      expect(error.message).not.toContain("\n");
    },
  );
});

describe("a shape for a compiled module", () => {
  type Loose = Record<string, unknown> & { imports: Record<string, unknown>[]; exports: unknown[] };
  const importOf = (shape: Loose, index: number): Record<string, unknown> =>
    shape.imports[index] as Record<string, unknown>;
  const lies: readonly (readonly [string, (shape: Loose) => void])[] = [
    ["of no imports", (shape) => void (shape.imports = [])],
    ["of no exports", (shape) => void (shape.exports = [])],
    ["of exports that are none", (shape) => void (shape.exports = [null, 5])],
    ["of other exports", (shape) => void (shape.exports = [{ name: "_initialize", kind: "function" }])],
    ["without memories", (shape) => void (shape.memories = [])],
    ["whose memories are none", (shape) => void (shape.memories = null)],
    ["whose tables are none", (shape) => delete shape.tables],
    ["without a toolchain", (shape) => delete shape.toolchain],
    ["of another kind", (shape) => void (importOf(shape, 0).kind = "memory")],
    ["of no kind", (shape) => shape.imports.forEach((one) => delete one.kind)],
    ["without types", (shape) => shape.imports.forEach((one) => delete one.type)],
    ["of types that are null", (shape) => shape.imports.forEach((one) => (one.type = null))],
    ["of types that are empty", (shape) => shape.imports.forEach((one) => (one.type = {}))],
    ["of types that are numbers", (shape) => shape.imports.forEach((one) => (one.type = 5))],
    ["of lists that are none", (shape) => void (importOf(shape, 0).type = { params: 5, results: "i32" })],
    ["of unknown value types", (shape) => void (importOf(shape, 0).type = { params: ["x"], results: ["y"] })],
    ["of other results", (shape) => void (importOf(shape, 0).type = { params: [], results: ["i64"] })],
    ["of a larger memory", (shape) => Object.assign(importOf(shape, 1).type as object, { initial: 70_000 })],
    ["of a memory below nothing", (shape) => Object.assign(importOf(shape, 1).type as object, { initial: -1 })],
    ["of a memory of no size", (shape) => Object.assign(importOf(shape, 1).type as object, { initial: "x" })],
    ["of pages of no size", (shape) => Object.assign(importOf(shape, 1).type as object, { pageSize: 0 })],
    ["of 64-bit addresses", (shape) => Object.assign(importOf(shape, 1).type as object, { address: "i64" })],
    ["of other elements", (shape) => Object.assign(importOf(shape, 2).type as object, { element: "(ref 3)" })],
    ["of no elements", (shape) => Object.assign(importOf(shape, 2).type as object, { element: undefined })],
    ["of another global", (shape) => Object.assign(importOf(shape, 3).type as object, { value: "i64" })],
    [
      "of a broken type section",
      (shape) => Object.assign(importOf(shape, 2), { typeIndex: 9 }, (shape.typeSection = "zz")),
    ],
  ];

  it.each(lies)("%s works or is refused in words", async (_, falsify) => {
    const module = await WebAssembly.compile(bytes);
    const shape = structuredClone(inspect(bytes)) as unknown as Loose;
    falsify(shape);
    for (const missing of ["trap", "zero", "error"] as const) {
      const attempts = [
        async () => {
          const wasm = await load(module, { shape: shape as unknown as Shape, missing, imports: { env: { g: 1 } } });
          for (const member of ["memory", "memories", "table", "tables", "guarded", "imports", "toolchain"] as const)
            void wasm[member];
          wasm.memory.write(0, wasm.memory.read(1, 1));
          wasm.callback("i->i", (value) => value);
        },
        () => loadSync(module, { shape: shape as unknown as Shape, missing }),
      ];
      for (const attempt of attempts) {
        let error: unknown;
        try {
          await attempt();
        } catch (reason) {
          error = reason;
        }
        expect(error).toSatisfy((one) => one === undefined || UnglueError.is(one));
      }
    }
  });

  it("that another module has is refused", async () => {
    const module = await WebAssembly.compile(bytes);
    expect(await rejectionOf(load(module, { shape: inspect(simple) }))).toMatchObject({
      code: "invalid-option",
      details: { option: "shape" },
    });
  });

  it("as JSON is as good as new", async () => {
    const module = await WebAssembly.compile(bytes);
    const shape = JSON.parse(JSON.stringify(inspect(bytes))) as Shape;
    const wasm = await load(module, { shape, missing: "zero" });
    expect(wasm.shape).toEqual(inspect(bytes));
    expect(wasm.exports["f"]?.()).toBe(0);
  });
});

describe("what a program's own function returns that cannot be looked at", () => {
  const adapter = (): Adapter => ({
    name: "mine",
    detect: () => revoked({}) as never,
    provide: () => undefined,
    attach: () => ({}),
  });

  it.each<[string, LoadOptions]>([
    ["the result of imports", { imports: () => revoked({}) as never }],
    ["what detect of an adapter returns", { imports: { env: real }, adapters: [adapter()] }],
  ])("is refused by name: %s", async (option, options) => {
    const refused = { code: "invalid-option", details: { option } };
    expect(await rejectionOf(load(simple, options))).toMatchObject(refused);
    expect(thrownBy(() => loadSync(simple, options as never))).toMatchObject(refused);
  });

  it("is no source where reading what it is throws, and the cause is what it threw", async () => {
    const mine = new Error("mine");
    const broken = { arrayBuffer: () => undefined, status: 200 };
    Object.defineProperty(broken, "headers", {
      enumerable: true,
      get: () => {
        throw mine;
      },
    });
    const refused = { code: "invalid-source", cause: mine };
    expect(await rejectionOf(load(broken as never))).toMatchObject(refused);
    const fetched = load("https://example.com/a.wasm", { fetch: (() => Promise.resolve(broken)) as never });
    expect(await rejectionOf(fetched)).toMatchObject(refused);
  });

  it("undoes nothing where a signal throws when it is left", async () => {
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: () => undefined,
      removeEventListener: () => {
        throw new Error("mine");
      },
    };
    const wasm = await load<{ f(): number }>(simple, { imports: { env: real }, signal: signal });
    expect(wasm.exports.f()).toBe(3);
  });
});
