import { describe, expect, it, vi } from "vitest";
import { compile, load, loadSync, UnglueError, type Adapter, type TraceEvent } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const logger = `(module
  (import "env" "log" (func $log (param i32 i32) (result i32)))
  (import "env" "memory" (memory 1 2))
  (func (export "run") (result i32) (call $log (i32.const 1) (i32.const 2))))`;

describe("providers", () => {
  it("asks the user first, then the adapter, then creates, then stubs", async () => {
    const bytes = await wat(`(module
      (import "a" "user" (func))
      (import "a" "adapter" (func (result i32)))
      (import "a" "memory" (memory 1))
      (import "a" "stub" (func))
      (export "adapter" (func 1)))`);
    const adapter: Adapter = {
      name: "test-kit",
      detect: () => ({ version: "1.2", evidence: ["it is a test"] }),
      provide: ({ name }) =>
        name === "user" || name === "adapter" ? { value: () => 7, evidence: "known" } : undefined,
      attach: () => ({}),
      advise: () => [{ code: "careful", message: "Take care." }],
    };
    const wasm = await load(bytes, { imports: { a: { user: () => undefined } }, adapters: [adapter] });
    expect(wasm.imports.map(({ provider }) => provider)).toEqual(["user", "adapter", "created", "stub"]);
    expect(wasm.imports.map(({ evidence }) => evidence)).toEqual([
      'given as "a"."user"',
      "known",
      "created as declared: (memory 1)",
      'policy "trap": throws when called',
    ]);
    expect(wasm.exports["adapter"]?.()).toBe(7);
    expect(wasm.toolchain).toEqual({ name: "test-kit", version: "1.2", evidence: ["it is a test"] });
    expect(wasm.shape.advice).toContainEqual({ code: "careful", message: "Take care." });
  });

  describe("of an adapter that defers", () => {
    const module = wat(`(module
      (import "a" "known" (func $known (param i32 i64) (result i32)))
      (import "a" "unknown" (func $unknown))
      (import "a" "memory" (memory 1))
      (export "known" (func $known))
      (export "unknown" (func $unknown))
      (func (export "twice") (result i32)
        (i32.add (call $known (i32.const 1) (i64.const 2)) (call $known (i32.const 3) (i64.const 4)))))`);
    const deferring = (): { readonly adapter: Adapter; readonly asked: string[] } => {
      const asked: string[] = [];
      const adapter: Adapter = {
        name: "test-kit",
        detect: () => ({ evidence: ["it is a test"] }),
        defer({ name }) {
          asked.push(`defer ${name}`);
          return () => {
            asked.push(`describe ${name}`);
            return name === "known" ? { evidence: "by name", meaning: "add" } : { hint: "Look it up." };
          };
        },
        provide({ name }) {
          asked.push(`provide ${name}`);
          if (name !== "known") return undefined;
          return { value: (a: number, b: bigint) => a + Number(b), evidence: "by name", meaning: "add" };
        },
        attach: () => ({}),
        hint: () => "Look it up.",
        advise: () => {
          asked.push("advise");
          return [{ code: "careful", message: "Take care." }];
        },
      };
      return { adapter, asked };
    };
    const deferred = ["defer known", "defer unknown", "provide memory"];

    it("are made by their first calls, each once", async () => {
      const { adapter, asked } = deferring();
      const { exports } = await load(await module, { adapters: [adapter] });
      expect(asked).toEqual(deferred);
      expect(exports["twice"]?.()).toBe(10);
      expect(exports["known"]?.(5, 6n)).toBe(11);
      expect(asked).toEqual([...deferred, "provide known"]);
      const error = thrownBy(() => exports["unknown"]?.());
      expect(UnglueError.is(error, "missing-import-called") && error.message).toContain("Look it up.");
      expect(thrownBy(() => exports["unknown"]?.())).not.toBe(error);
      expect(asked).toEqual([...deferred, "provide known", "provide unknown"]);
    });

    it("are reported as those that are made immediately, also of an instance that has ended", async () => {
      const immediate: Adapter = { ...deferring().adapter };
      delete immediate.defer;
      const { imports } = await load(await module, { adapters: [immediate] });
      const { adapter, asked } = deferring();
      const wasm = await load(await module, { adapters: [adapter] });
      const ended = await load(await module, { adapters: [adapter] });
      ended.dispose();
      expect(ended.imports).toEqual(imports);
      expect(wasm.imports).toEqual(imports);
      expect(wasm.imports[0]).toBe(wasm.imports[0]);
      expect(asked.filter((one) => one.startsWith("describe"))).toHaveLength(4);
    });

    it.each([
      ["zero", "returns nothing"],
      ["warn", "warns once and returns nothing"],
    ] as const)("have the stub of the policy %s", async (missing, evidence) => {
      const warnings: string[] = [];
      const { adapter } = deferring();
      const wasm = await load(await module, { adapters: [adapter], missing, warn: (text) => warnings.push(text) });
      expect(wasm.imports[1]?.evidence).toBe(`policy "${missing}": ${evidence}. Look it up.`);
      wasm.exports["unknown"]?.();
      expect(warnings).toHaveLength(missing === "warn" ? 1 : 0);
    });

    it("are made immediately where that decides something", async () => {
      const { adapter, asked } = deferring();
      expect(await rejectionOf(load(await module, { adapters: [adapter], missing: "error" }))).toMatchObject({
        code: "unresolved-imports",
      });
      const made = await load(await module, { adapters: [adapter], missing: () => () => undefined });
      await load(await module, { adapters: [adapter], imports: { a: { unknown: () => undefined } }, console });
      expect(asked.filter((one) => one.startsWith("defer"))).toEqual([]);
      expect(made.imports[1]?.evidence).toBe("made by the function given as its policy. Look it up.");
    });

    it("give their advice when it is read", async () => {
      const { adapter, asked } = deferring();
      const { shape } = await load(await module, { adapters: [adapter] });
      expect(asked).not.toContain("advise");
      expect(shape.advice).toEqual([{ code: "careful", message: "Take care." }]);
      expect({ ...shape }.advice).toBe(shape.advice);
      expect(asked.filter((one) => one === "advise")).toHaveLength(1);
    });
  });

  it("calls the imports function once, with the instance whose memory it can read", async () => {
    const texts: string[] = [];
    const imports = vi.fn((instance: { memory: { readString(address: number, length: number): string } }) => ({
      env: { log: (address: number, length: number) => texts.push(instance.memory.readString(address, length)) },
    }));
    const wasm = await load<{ run(): number }>(
      await wat(`(module
        (import "env" "log" (func $log (param i32 i32)))
        (memory (export "memory") 1) (data (i32.const 8) "hello")
        (func (export "run") (call $log (i32.const 8) (i32.const 5))))`),
      { imports },
    );
    wasm.exports.run();
    expect(texts).toEqual(["hello"]);
    expect(imports).toHaveBeenCalledTimes(1);
  });

  it("never writes to the objects that it is given", async () => {
    const imports = Object.freeze({ env: Object.freeze({ log: () => 3 }) });
    const options = Object.freeze({ imports, missing: Object.freeze({ "*": "trap" as const }) });
    const wasm = await load<{ run(): number }>(await wat(logger), options);
    expect(wasm.exports.run()).toBe(3);
  });

  it("takes a memory of another instance as it is", async () => {
    const owner = await load(await wat(`(module (memory (export "memory") 1 2))`));
    const wasm = await load(await wat(logger), { imports: { env: { memory: owner.memory } } });
    expect(wasm.memory.raw).toBe(owner.memory.raw);
  });

  it("gives a number to an immutable global", async () => {
    const bytes = await wat(
      `(module (import "env" "base" (global i32)) (func (export "base") (result i32) (global.get 0)))`,
    );
    const wasm = await load<{ base(): number }>(bytes, { imports: { env: { base: 1024 } } });
    expect(wasm.exports.base()).toBe(1024);
  });
});

describe("patterns", () => {
  const events = `(module
    (import "env" "on_a" (func $a (result i32)))
    (import "env" "on_b_long" (func $b (result i32)))
    (import "env" "on_exact" (func $c (result i32)))
    (import "other" "x" (func $d (result i32)))
    (func (export "all") (result i32 i32 i32 i32) (call $a) (call $b) (call $c) (call $d)))`;

  it("serve names; exact names win, then the pattern with more literal characters", async () => {
    const imports = { "*": { "*": () => 4 }, env: { "on_*": () => 1, "on_b*": () => 2, on_exact: () => 3 } };
    const wasm = await load<{ all(): number[] }>(await wat(events), { imports });
    expect(wasm.exports.all()).toEqual([1, 2, 3, 4]);
    expect(wasm.imports[1]?.evidence).toBe('given by the pattern "env"."on_b*"');
  });

  it("fall back from an exact module to a pattern module", async () => {
    const imports = { env: { on_a: () => 1 }, "e*": { "*": () => 2 }, other: { x: () => 3 } };
    const wasm = await load<{ all(): number[] }>(await wat(events), { imports });
    expect(wasm.exports.all()).toEqual([1, 2, 2, 3]);
  });

  it("choose policies, whatever their order", async () => {
    const wasm = await load<{ all(): number[] }>(await wat(events), {
      missing: { "*": () => () => 9, "env.*": "zero", "env.on_b*": () => () => 5 },
    });
    expect(wasm.exports.all()).toEqual([0, 5, 0, 9]);
  });
});

describe("missing functions", () => {
  it("trap by default: the module loads, and the call names the import and its type", async () => {
    const wasm = await load<{ run(): number }>(await wat(logger));
    const error = thrownBy(() => wasm.exports.run());
    expect(UnglueError.is(error, "missing-import-called")).toBe(true);
    expect((error as Error).message).toContain('"env"."log" of type (i32, i32) -> i32');
    expect(wasm.state).toBe("live");
  });

  it('are all listed under "error", with types and the nearest name given', async () => {
    const bytes = await wat(
      `(module (import "env" "log_message" (func (param i32))) (import "env" "now" (func (result f64))))`,
    );
    const error = await rejectionOf(load(bytes, { missing: "error", imports: { env: { log_mesage: () => 0 } } }));
    if (!UnglueError.is(error, "unresolved-imports")) throw error;
    expect(error.details.imports).toEqual([
      {
        module: "env",
        name: "log_message",
        kind: "function",
        type: { params: ["i32"], results: [] },
        nearest: "env.log_mesage",
      },
      { module: "env", name: "now", kind: "function", type: { params: [], results: ["f64"] } },
    ]);
    expect(error.message).toContain('"env"."now" (func (result f64))');
  });

  it('return the zero of their type under "zero"', async () => {
    const bytes = await wat(`(module
      (import "z" "i" (func $i (result i32))) (import "z" "j" (func $j (result i64))) (import "z" "f" (func $f (result f32)))
      (import "z" "d" (func $d (result f64))) (import "z" "e" (func $e (result externref)))
      (import "z" "m" (func $m (result i32 i64))) (import "z" "v" (func $v))
      (export "i" (func $i)) (export "j" (func $j)) (export "f" (func $f)) (export "d" (func $d)) (export "e" (func $e))
      (export "m" (func $m)) (export "v" (func $v)))`);
    const { exports } = await load(bytes, { missing: "zero" });
    expect("ijfdemv".split("").map((name) => exports[name]?.())).toEqual([0, 0n, 0, 0, null, [0, 0n], undefined]);
  });

  it("without a zero throw when called, and the report says so", async () => {
    const bytes = await wat(`(module (import "z" "v" (func $v (result v128))) (func (export "run") (drop (call $v))))`);
    const wasm = await load<{ run(): void }>(bytes, { missing: "zero" });
    expect(wasm.imports[0]?.evidence).toBe('policy "zero", but v128 has no zero: throws when called');
    expect(() => wasm.exports.run()).toThrow();
  });

  it.each([
    ["wasi_snapshot_preview1", "fd_write", "i32", 52],
    ["wasi_unstable", "clock_time_get", "i32", 52],
    ["wasi_ephemeral_sock", "open", "i32", 52],
    ["wasi", "thread-spawn", "i32", -52],
    ["env", "__syscall_openat", "i32", -52],
    ["env", "__syscall_mmap2", "i64", -52n],
    ["env", "___syscall146", "i32", -52],
    ["env", "__sys_open", "i32", -52],
    ["a", "__syscall_openat", "i32", -52],
    // Values that are no error number, or another one's.
    ["wasi_snapshot_preview1", "fd_write", "f64", 0],
    ["wasi_snapshot_preview1", "fd_write", "i32 i32", [0, 0]],
    ["wasi_snapshot_preview1", "proc_exit", "", undefined],
    ["wasi", "other", "i32", 0],
    ["wasi:cli/environment", "get", "i32", 0],
    ["env", "__system", "i32", 0],
    ["env", "my__syscall_x", "i32", 0],
    ["env", "emscripten_resize_heap", "i32", 0],
  ] as const)("under zero and warn %s.%s -> (%s) returns %s", async (module, name, results, value) => {
    const bytes = await wat(`(module
      (import "${module}" "${name}" (func $f (result ${results})))
      (func (export "run") (result ${results}) (call $f)))`);
    for (const missing of ["zero", "warn"] as const) {
      const warn = vi.fn();
      // An asynchronous call would serve what belongs to WASI.
      const wasm = loadSync<{ run(): unknown }>(bytes, { missing, warn });
      expect(wasm.exports.run()).toEqual(value);
      const [text] = /-?52 \(ENOSYS\)/.exec(wasm.imports[0]?.evidence ?? "") ?? [];
      expect(text).toBe(String(value).includes("52") ? `${String(value)} (ENOSYS)` : undefined);
      if (missing === "warn" && text !== undefined)
        expect(warn).toHaveBeenCalledWith(expect.stringContaining(`it returned ${text}.`));
    }
  });

  it("of a WASI function say that it is not there, though the module's types are not known", async () => {
    const bytes = await wat(`(module
      (import "wasi_snapshot_preview1" "fd_write" (func $f (result i32)))
      (func (export "run") (result i32) (call $f)))`);
    const wasm = loadSync<{ run(): number }>(await WebAssembly.compile(bytes), { missing: "zero" });
    expect(wasm.exports.run()).toBe(52);
  });

  it('say so once under "warn"', async () => {
    const warn = vi.fn();
    const wasm = await load<{ run(): number }>(await wat(logger), { missing: "warn", warn });
    expect([wasm.exports.run(), wasm.exports.run()]).toEqual([0, 0]);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('"env"."log"')]]);
  });

  it("get what the policy function makes for each", async () => {
    const policy = vi.fn(() => () => 42);
    const wasm = await load<{ run(): number }>(await wat(logger), { missing: policy });
    expect(wasm.exports.run()).toBe(42);
    expect(policy).toHaveBeenCalledWith(expect.objectContaining({ module: "env", name: "log", kind: "function" }));
  });

  it("are an error if the policy function makes no function", async () => {
    const missing = (() => 5) as never;
    expect(await rejectionOf(load(await wat(logger), { missing }))).toMatchObject({ code: "invalid-option" });
  });
});

describe("missing memories, tables, globals and tags", () => {
  it("memories and tables are created with exactly the declared limits", async () => {
    const wasm = await load(await wat(`(module (import "a" "m" (memory 1 3)) (import "a" "t" (table 2 5 funcref)))`));
    expect(wasm.memory.byteLength).toBe(65536);
    wasm.memory.grow(2);
    expect(() => wasm.memory.grow(1)).toThrow(UnglueError);
    wasm.table.grow(3);
    expect(() => wasm.table.grow(1)).toThrow(UnglueError);
  });

  it("create: false forbids it, and all are listed", async () => {
    const bytes = await wat(`(module (import "a" "m" (memory 1 3)) (import "a" "t" (table 2 5 funcref)))`);
    const error = await rejectionOf(load(bytes, { create: false }));
    expect(error).toMatchObject({ code: "unresolved-imports", details: { imports: [{ name: "m" }, { name: "t" }] } });
  });

  it("limits cap the initial size, and by default 1 GiB does", async () => {
    const small = await wat(`(module (import "a" "m" (memory 100)))`);
    expect(await rejectionOf(load(small, { limits: { memoryPages: 99 } }))).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "memoryPages", asked: 100, allowed: 99 },
    });
    const huge = await wat(`(module (import "a" "m" (memory 65536)))`);
    expect(await rejectionOf(load(huge))).toMatchObject({ code: "limit-exceeded", details: { allowed: 16384 } });
  });

  it("an explicit limit caps growth too", async () => {
    const wasm = await load(await wat(`(module (import "a" "m" (memory 1)))`), { limits: { memoryPages: 2 } });
    wasm.memory.grow(1);
    expect(thrownBy(() => wasm.memory.grow(1))).toMatchObject({
      code: "limit-exceeded",
      details: { asked: 3, allowed: 2 },
    });
    const { table } = await load(await wat(`(module (import "a" "t" (table 1 funcref)))`), {
      limits: { tableElements: 2 },
    });
    expect(thrownBy(() => table.grow(2))).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "tableElements", asked: 3, allowed: 2 },
    });
  });

  it.each(["trap", "error"] as const)('globals and tags stop the load under "%s"', async (missing) => {
    const bytes = await wat(
      `(module (import "env" "__stack_pointer" (global (mut i32))) (import "env" "oops" (tag (param i32))))`,
    );
    const error = await rejectionOf(load(bytes, { missing }));
    expect(error).toMatchObject({
      code: "unresolved-imports",
      details: { imports: [{ kind: "global" }, { kind: "tag" }] },
    });
  });

  it('globals and tags are created under "zero"', async () => {
    const bytes = await wat(`(module
      (import "env" "g" (global $g (mut i64))) (import "env" "oops" (tag $t (param i32)))
      (func (export "g") (result i64) (global.get $g)))`);
    const wasm = await load<{ g(): bigint }>(bytes, { missing: "zero" });
    expect(wasm.exports.g()).toBe(0n);
    expect(wasm.imports.map(({ provider }) => provider)).toEqual(["created", "created"]);
  });
});

describe("what does not fit", () => {
  const table = `(module (import "env" "x" %))`;
  it.each([
    ["(func)", 5, "(func)", "5"],
    ["(memory 2)", () => new WebAssembly.Memory({ initial: 1 }), "(memory 2)", "1 page"],
    [
      "(table 4 funcref)",
      () => new WebAssembly.Table({ initial: 1, element: "anyfunc" }),
      "(table 4 funcref)",
      "1 element",
    ],
    ["(global i64)", 5, "(global i64)", "5"],
    ["(global (mut i32))", 5, "(global (mut i32))", "5"],
    ["(global (mut i32))", () => new WebAssembly.Global({ value: "i32" }, 1), "(global (mut i32))", ""],
    ["(memory 1)", {}, "(memory 1)", ""],
  ])("is named with both types: %s", async (declared, given, expected, part) => {
    const bytes = await wat(table.replace("%", declared));
    const isMade = typeof given === "function" && !declared.startsWith("(func");
    const error = await rejectionOf(load(bytes, { imports: { env: { x: isMade ? given() : given } } }));
    if (!UnglueError.is(error, "import-mismatch")) throw error;
    expect(error.details).toMatchObject({ module: "env", name: "x", expected });
    expect(error.details.given).toContain(part);
  });

  it.each([
    ["(memory 1 2)", () => new WebAssembly.Memory({ initial: 1 })],
    ["(memory 1 2)", () => new WebAssembly.Memory({ initial: 1, maximum: 9 })],
    ["(table 1 externref)", () => new WebAssembly.Table({ initial: 1, element: "anyfunc" })],
    ["(global f32)", () => new WebAssembly.Global({ value: "f64" }, 1)],
  ])("is found even where JavaScript cannot see it: %s", async (declared, make) => {
    const bytes = await wat(table.replace("%", declared));
    const error = await rejectionOf(load(bytes, { imports: { env: { x: make() } } }));
    expect(error).toMatchObject({ code: "import-mismatch", details: { module: "env", name: "x" } });
    expect((error as Error).cause === undefined || (error as Error).cause instanceof WebAssembly.LinkError).toBe(true);
  });

  it("is found for a function of another WebAssembly type", async () => {
    const other = await load(await wat(`(module (func (export "f") (param f64)))`));
    const bytes = await wat(`(module (import "env" "x" (func (param i32))))`);
    const error = await rejectionOf(load(bytes, { imports: { env: { x: other.exports["f"] as never } } }));
    expect(error).toMatchObject({ code: "import-mismatch", details: { name: "x", expected: "(func (param i32))" } });
  });
});

describe("one name imported several times", () => {
  it("is served with a stub of the right type for each, in order", async () => {
    const bytes = await wat(`(module
      (import "env" "x" (func $a (result i32))) (import "env" "x" (func $b (result i64))) (import "env" "x" (func $c (result externref)))
      (export "a" (func $a)) (export "b" (func $b)) (export "c" (func $c)))`);
    const module = await compile(bytes);
    for (const wasm of [await module.instantiate({ missing: "zero" }), module.instantiateSync({ missing: "zero" })]) {
      expect(["a", "b", "c"].map((name) => wasm.exports[name]?.())).toEqual([0, 0n, null]);
    }
  });

  it("shares one created memory where the types are the same", async () => {
    const bytes = await wat(`(module (import "env" "t" (table 1 funcref)) (import "env" "t" (table 1 funcref)))`);
    expect((await load(bytes)).imports.map(({ provider }) => provider)).toEqual(["created", "created"]);
  });

  it("is a conflict where no single value serves", async () => {
    const tables = await wat(`(module (import "env" "t" (table 1 funcref)) (import "env" "t" (table 2 funcref)))`);
    expect(await rejectionOf(load(tables))).toMatchObject({
      code: "import-conflict",
      details: { module: "env", name: "t", types: ["(table 1 funcref)", "(table 2 funcref)"] },
    });
    const kinds = await wat(`(module (import "env" "x" (func)) (import "env" "x" (memory 1)))`);
    expect(await rejectionOf(load(kinds))).toMatchObject({ code: "import-conflict" });
  });
});

describe("a bare WebAssembly.Module", () => {
  const bare = async (text: string) => WebAssembly.compile(await wat(text));

  it("says that its shape is not complete, and zero is false, right for any one number", async () => {
    const module = await bare(`(module (import "z" "j" (func $j (result i64))) (import "z" "d" (func $d (result f64)))
      (func (export "j") (result i64) (call $j)) (func (export "d") (result f64) (call $d)))`);
    const wasm = await load(module, { missing: "zero" });
    expect(wasm.shape.complete).toBe(false);
    expect([wasm.exports["j"]?.(), wasm.exports["d"]?.()]).toEqual([0n, 0]);
  });

  it.each(["(memory 1)", "(table 1 funcref)"])("cannot have %s created without types", async (declared) => {
    const error = await rejectionOf(load(await bare(`(module (import "env" "x" ${declared}))`)));
    expect(error).toMatchObject({ code: "types-unknown", details: { imports: [{ module: "env", name: "x" }] } });
    expect((error as Error).message).toContain("shape");
  });

  it("is made whole by a shape", async () => {
    const bytes = await wat(logger);
    const { shape } = await compile(bytes);
    const wasm = await load<{ run(): number }>(await WebAssembly.compile(bytes), { shape, missing: "zero" });
    expect([wasm.shape.complete, wasm.exports.run(), wasm.memory.byteLength]).toEqual([true, 0, 65536]);
  });

  it("takes what the user gives", async () => {
    const imports = { env: { log: () => 5, memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }) } };
    const wasm = loadSync<{ run(): number }>(await bare(logger), { imports });
    expect(wasm.exports.run()).toBe(5);
  });
});

describe("trace", () => {
  it("sees arguments with results, and what an import throws", async () => {
    const events: TraceEvent[] = [];
    const failure = new Error("no");
    let fails = false;
    const log = (): number => {
      if (fails) throw failure;
      return 3;
    };
    const wasm = await load<{ run(): number }>(await wat(logger), {
      imports: { env: { log } },
      trace: (event) => events.push(event),
    });
    wasm.exports.run();
    fails = true;
    expect(thrownBy(() => wasm.exports.run())).toBe(failure);
    expect(events).toEqual([
      { module: "env", name: "log", args: [1, 2], result: 3 },
      { module: "env", name: "log", args: [1, 2], error: failure },
    ]);
  });
});

describe("hostile names", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "then", "", "naïve→名前", "a*b"];
  const text = `(module ${names.map((name, i) => `(import ${JSON.stringify(name)} ${JSON.stringify(name)} (func $f${i} (result i32)))`).join("\n")}
    ${names.map((name, i) => `(export ${JSON.stringify(name)} (func $f${i}))`).join("\n")})`;

  it("are stubbed like any other, and nothing is inherited from Object.prototype", async () => {
    const wasm = await load(await wat(text), { missing: "zero", imports: {} });
    expect(wasm.imports.every(({ provider }) => provider === "stub")).toBe(true);
    expect(names.map((name) => wasm.exports[name]?.())).toEqual(names.map(() => 0));
    expect(names.map((name) => wasm.guarded[name]?.())).toEqual(names.map(() => 0));
  });

  it("can be given", async () => {
    const imports = Object.fromEntries(names.map((name, i) => [name, Object.fromEntries([[name, () => i + 1]])]));
    const wasm = await load(await wat(text), { imports, missing: "error" });
    expect(names.map((name) => wasm.exports[name]?.())).toEqual(names.map((_, i) => i + 1));
  });
});
