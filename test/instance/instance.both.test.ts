import { describe, expect, it } from "vitest";
import { compile, compileSync, load, loadSync, UnglueError, type Instance } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const counter = `(module
  (memory (export "memory") 1)
  (global $n (mut i32) (i32.const 0))
  (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "trap") unreachable)
  (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1))))`;

interface Counter {
  next(): number;
  trap(): void;
  deep(): number;
}

describe("initializers", () => {
  const module = (...names: string[]): string => `(module
    (import "env" "called" (func $called (param i32)))
    ${names.map((name, i) => `(func (export "${name}") (call $called (i32.const ${i})))`).join("\n")})`;
  const run = async (...names: string[]): Promise<(string | undefined)[]> => {
    const called: number[] = [];
    await load(await wat(module(...names)), { imports: { env: { called: (i: number) => called.push(i) } } });
    return called.map((i) => names[i]);
  };

  it("_initialize is called", async () => expect(await run("_initialize")).toEqual(["_initialize"]));
  it("__wasm_call_ctors is called", async () => expect(await run("__wasm_call_ctors")).toEqual(["__wasm_call_ctors"]));
  it("never both", async () => expect(await run("__wasm_call_ctors", "_initialize")).toEqual(["_initialize"]));
  it("a command gets neither", async () => expect(await run("_start", "_initialize", "__wasm_call_ctors")).toEqual([]));

  it("a trap in one is named", async () => {
    const bytes = await wat(`(module (func (export "_initialize") unreachable))`);
    expect(await rejectionOf(load(bytes))).toMatchObject({ code: "trap", details: { export: "_initialize" } });
  });

  it("a trap in the start function is named, sync and async", async () => {
    const bytes = await wat(`(module (func $s unreachable) (start $s))`);
    expect(await rejectionOf(load(bytes))).toMatchObject({ code: "trap", details: { export: "(start)" } });
    expect(thrownBy(() => loadSync(bytes))).toMatchObject({ code: "trap", details: { export: "(start)" } });
  });

  it("what an import throws during start passes through as it is", async () => {
    const bytes = await wat(`(module (import "env" "f" (func $f)) (start $f))`);
    const failure = { not: "an error" };
    const throws = () => {
      throw failure;
    };
    expect(await rejectionOf(load(bytes, { imports: { env: { f: throws } } }))).toBe(failure);
  });
});

describe("during the start function", () => {
  const start = (memory: string): string => `(module ${memory} (import "env" "f" (func $f)) (start $f))`;
  const attempt = async (memory: string): Promise<unknown> => {
    let seen: unknown;
    const imports = (instance: Instance) => ({ env: { f: () => (seen = thrownOr(() => instance.memory.byteLength)) } });
    await load(await wat(start(memory)), { imports });
    return seen;
  };
  const thrownOr = (body: () => unknown): unknown => {
    try {
      return body();
    } catch (error) {
      return error;
    }
  };

  it("an imported memory works", async () => expect(await attempt(`(import "env" "memory" (memory 1))`)).toBe(65536));

  it("a memory of the module's own is not ready", async () => {
    const bytes = await wat(`(module (import "env" "f" (func $f)) (memory (export "memory") 1) (start $f))`);
    let seen: unknown;
    const imports = (instance: Instance) => ({ env: { f: () => (seen = thrownOr(() => instance.memory)) } });
    const wasm = await load(bytes, { imports });
    expect(seen).toMatchObject({ code: "not-ready" });
    expect(wasm.memory.byteLength).toBe(65536);
  });
});

describe("instances", () => {
  it("of one module share nothing", async () => {
    const module = await compile(await wat(counter));
    const [a, b] = await Promise.all([module.instantiate<Counter>(), module.instantiate<Counter>()]);
    const c = module.instantiateSync<Counter>();
    a.memory.u8[0] = 9;
    expect([a.exports.next(), a.exports.next(), b.exports.next(), c.exports.next()]).toEqual([1, 2, 1, 1]);
    expect([b.memory.u8[0], c.memory.u8[0]]).toEqual([0, 0]);
    expect(a.memory).toBe(a.memories["memory"]);
  });

  it("leave the exports as the engine made them", async () => {
    const bytes = await wat(counter);
    const raw = new WebAssembly.Module(bytes);
    const wasm = loadSync<Counter>(raw);
    expect(Object.isFrozen(wasm.exports)).toBe(true);
    expect(Object.getPrototypeOf(wasm.exports)).toBe(null);
    expect(wasm.exports.next).toBe(wasm.exports.next);
    expect(wasm.exports.next.name).toMatch(/^\d+$/);
  });

  it("have no memory or table if the module has none, and say how to get one", async () => {
    const wasm = await load(await wat(`(module (func (export "f")))`));
    expect(thrownBy(() => wasm.memory)).toMatchObject({ code: "no-memory" });
    expect(thrownBy(() => wasm.table)).toMatchObject({ code: "no-table" });
    expect((thrownBy(() => wasm.table) as Error).message).toContain("--export-table");
    expect([wasm.memories, wasm.tables].map((parts) => Object.keys(parts))).toEqual([[], []]);
  });

  it("know an imported memory by the name it is exported under", async () => {
    const wasm = await load(await wat(`(module (import "env" "mem" (memory 1)) (export "memory" (memory 0)))`));
    expect(Object.keys(wasm.memories)).toEqual(["memory"]);
  });

  it("keep apart the tables whose names come out the same, and the first has the plain one", async () => {
    const bytes = await wat(`(module
      (import "a" "b.c" (table 1 funcref)) (import "a.b" "c" (table 2 funcref)) (import "a" "__proto__" (table 3 funcref))
      (table (export "a.b.c") 4 funcref) (table (export "a.b.c#1") 5 funcref))`);
    for (const source of [bytes, new WebAssembly.Module(bytes)]) {
      const table = (initial: number) => new WebAssembly.Table({ initial, element: "anyfunc" });
      const imports = { a: { "b.c": table(1), ["__proto__"]: table(3) }, "a.b": { c: table(2) } };
      const { tables } = await load(source, { imports });
      expect(Object.entries(tables).map(([key, { length }]) => [key, length])).toEqual([
        ["a.b.c", 1],
        ["a.b.c#1", 2],
        ["a.__proto__", 3],
        ["a.b.c#3", 4],
        ["a.b.c#1#4", 5],
      ]);
    }
  });
});

describe("guarded exports", () => {
  it("pass numbers, results and what imports throw", async () => {
    const bytes = await wat(`(module (import "env" "f" (func $f)) (func (export "add") (param i32 i32) (result i32)
      (i32.add (local.get 0) (local.get 1))) (func (export "call") (call $f)))`);
    const failure = new Error("mine");
    const wasm = await load<{ add(a: number, b: number): number; call(): void }>(bytes, {
      imports: {
        env: {
          f: () => {
            throw failure;
          },
        },
      },
    });
    expect(wasm.guarded.add(1, 2)).toBe(3);
    expect(thrownBy(() => wasm.guarded.call())).toBe(failure);
    expect(wasm.state).toBe("live");
  });

  it("poison the instance after a trap, and carry the first cause", async () => {
    const wasm = await load<Counter>(await wat(counter));
    const trap = thrownBy(() => wasm.guarded.trap());
    expect(trap).toMatchObject({ code: "trap", details: { export: "trap" } });
    expect((trap as Error).cause).toBeInstanceOf(WebAssembly.RuntimeError);
    const refused = thrownBy(() => wasm.guarded.next());
    expect(refused).toMatchObject({ code: "poisoned", details: { export: "next" }, cause: trap });
    expect(wasm.state).toBe("poisoned");
    expect(wasm.exports.next()).toBe(1);
  });

  it('go on under onTrap: "throw"', async () => {
    const wasm = await load<Counter>(await wat(counter), { onTrap: "throw" });
    expect(() => wasm.guarded.trap()).toThrow(UnglueError);
    expect(wasm.guarded.next()).toBe(1);
    expect(wasm.state).toBe("live");
  });

  it("take the exhaustion of the stack for a trap", async () => {
    const wasm = await load<Counter>(await wat(counter));
    expect(thrownBy(() => wasm.guarded.deep())).toMatchObject({ code: "trap", details: { export: "deep" } });
    expect(wasm.state).toBe("poisoned");
  });

  it("poison one instance and not its neighbour", async () => {
    const module = await compile(await wat(counter));
    const [a, b] = [module.instantiateSync<Counter>(), module.instantiateSync<Counter>()];
    expect(() => a.guarded.trap()).toThrow();
    expect([a.state, b.state, b.guarded.next()]).toEqual(["poisoned", "live", 1]);
  });
});

describe("dispose", () => {
  it("ends everything, once, and says so afterwards", async () => {
    const wasm = await load<Counter>(await wat(counter));
    const { next } = wasm.guarded;
    wasm.dispose();
    wasm.dispose();
    expect(wasm.state).toBe("disposed");
    for (const use of [
      () => wasm.exports,
      () => wasm.guarded,
      () => wasm.memory,
      () => wasm.memories,
      () => wasm.table,
      () => next(),
    ]) {
      expect(thrownBy(use)).toMatchObject({ code: "disposed" });
    }
    expect(wasm.imports).toEqual([]);
  });

  it("refuses what was taken from the instance before, except the engine's own objects", async () => {
    const wasm = await load(
      await wat(`(module (memory (export "memory") 1) (table (export "t") 1 funcref) (global $at (mut i32) (i32.const 8))
        (func (export "malloc") (param i32) (result i32)
          (global.set $at (i32.add (global.get $at) (i32.const 64))) (global.get $at))
        (func (export "free") (param i32)))`),
    );
    const { memory, memories, table, tables } = wasm;
    const arena = memory.arena();
    const { u8 } = memory;
    memory.write(arena.alloc(2), Uint8Array.of(1, 2));
    wasm.dispose();
    for (const [use, intent] of [
      [() => memory.u8, "use the memory"],
      [() => memory.buffer, "use the memory"],
      [() => memory.byteLength, "use the memory"],
      [() => memory.read(0, 1), "use the memory"],
      [() => memory.write(0, Uint8Array.of(1)), "use the memory"],
      [() => memory.readString(0), "use the memory"],
      [() => memory.writeString(0, "x", 9), "use the memory"],
      [() => memory.alloc(1), "use the memory"],
      [() => memory.free(72), "use the memory"],
      [() => memory.adopt(72, 8), "use the memory"],
      [() => memory.release(72), "use the memory"],
      [() => memory.grow(1), "use the memory"],
      [() => memory.arena(), "use the memory"],
      [() => memories["memory"]?.u8, "use the memory"],
      [() => arena.alloc(1), "use the memory"],
      [() => arena.bytes(Uint8Array.of(1)), "use the memory"],
      [() => arena.string("x"), "use the memory"],
      [() => arena.release(72), "use the memory"],
      [() => table.length, "use the table"],
      [() => table.get(0), "use the table"],
      [() => table.set(0, null), "use the table"],
      [() => table.grow(1), "use the table"],
      [() => tables["t"]?.length, "use the table"],
    ] as const) {
      expect(thrownBy(use)).toMatchObject({
        code: "disposed",
        message: expect.stringContaining(`Cannot ${intent}: the instance has been disposed`),
      });
    }
    // Nothing is left to free, so disposing of the arena does nothing.
    expect(arena.dispose()).toBeUndefined();
    expect([u8[72], memory.raw.buffer.byteLength, table.raw.length]).toEqual([1, 65536, 1]);
  });

  it("is there for using, where the symbol exists", async () => {
    const wasm = await load(await wat(counter));
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
    if (Symbol.dispose) wasm[Symbol.dispose]();
    else wasm.dispose();
    expect(wasm.state).toBe("disposed");
  });

  it("takes the callbacks out of their table", async () => {
    const wasm = await load(await wat(`(module (table (export "t") 1 funcref))`));
    const { table } = wasm;
    const index = wasm.callback("->", () => undefined);
    expect(table.get(index)).toBeTypeOf("function");
    wasm.dispose();
    expect(table.raw.get(index)).toBe(null);
    expect(thrownBy(() => wasm.callback("->", () => undefined))).toMatchObject({ code: "disposed" });
  });
});

describe("options", () => {
  it("of unknown name are refused by name, with the nearest", async () => {
    const bytes = await wat("(module)");
    expect(await rejectionOf(load(bytes, { import: {} } as never))).toMatchObject({
      code: "unknown-option",
      details: { call: "load", option: "import", nearest: "imports" },
    });
    expect(thrownBy(() => loadSync(bytes, { signal: new AbortController().signal } as never))).toMatchObject({
      code: "unknown-option",
    });
    expect(thrownBy(() => compileSync(bytes, { imports: {} } as never))).toMatchObject({ code: "unknown-option" });
    const module = await compile(bytes);
    expect(await rejectionOf(module.instantiate({ integrity: "x" } as never))).toMatchObject({
      code: "unknown-option",
    });
  });

  it.each([
    ["imports", 5],
    ["missing", "tarp"],
    ["create", 1],
    ["onTrap", "explode"],
    ["onRestart", {}],
    ["initialize", {}],
    ["trace", {}],
    ["limits", { memoryPages: -1 }],
    ["integrity", 5],
    ["onProgress", "yes"],
    ["fetch", {}],
    ["signal", {}],
    ["shape", 1],
    ["adapters", {}],
    ["trampolines", null],
    ["allocator", { alloc: 1 }],
    ["allocator", { free: "free" }],
    ["warn", 1],
  ])("of wrong type are refused: %s = %j", async (option, value) => {
    const error = await rejectionOf(load(await wat("(module)"), { [option]: value }));
    expect(error).toMatchObject({ code: "invalid-option", details: { call: "load", option } });
  });

  it("that are undefined are absent", async () => {
    const wasm = await load(await wat("(module)"), { imports: undefined, onTrap: undefined } as never);
    expect(wasm.state).toBe("live");
  });

  it("must be an object", async () => {
    expect(await rejectionOf(load(await wat("(module)"), "error" as never))).toMatchObject({ code: "invalid-option" });
  });

  it("imports may not come as a promise", async () => {
    const imports = (() => Promise.resolve({})) as never;
    expect(await rejectionOf(load(await wat("(module)"), { imports }))).toMatchObject({ code: "invalid-option" });
  });
});
