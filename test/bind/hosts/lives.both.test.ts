import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Imports, load, loadSync, t, type TraceEvent } from "unglue";
import { rejectionOf, thrownBy, wat } from "../../wat.ts";

/** A module whose memory holds the text "hello" at 16, and which passes it to an import. */
const greeter = `(module
  (import "env" "log" (func $log (param i32 i32) (result i32)))
  (import "env" "mark" (func $mark (param i32)))
  (memory (export "memory") 1) (data (i32.const 16) "hello")
  (func (export "greet") (param $length i32) (result i32) (call $log (i32.const 16) (local.get $length)))
  (func (export "mark") (param i32) (call $mark (local.get 0)))
  (func (export "fail") (drop (call $log (i32.const 16) (i32.const 5))) unreachable))`;

interface Greeter {
  greet(length: number): number;
  mark(value: number): void;
  fail(): void;
}

const mark = t.host([t.u8], t.void, () => undefined);

describe("host functions in a load", () => {
  it("count as given, say in the report how they are called, and are traced by their words", async () => {
    const events: TraceEvent[] = [];
    const texts: string[] = [];
    const log = t.host([t.string], t.i32, (text) => texts.push(text));
    const wasm = await load<Greeter>(await wat(greeter), {
      imports: { env: { log, "ma*": mark } },
      missing: "error",
      trace: (event) => events.push(event),
    });
    expect([wasm.guarded.greet(4), wasm.exports.greet(5)]).toEqual([1, 2]);
    expect(texts).toEqual(["hell", "hello"]);
    expect(wasm.imports).toMatchObject([
      { provider: "user", evidence: 'given as "env"."log", declared (string) -> i32 by C\'s convention' },
      { provider: "user", evidence: 'given by the pattern "env"."ma*", declared (u8) -> void by C\'s convention' },
    ]);
    expect(events).toEqual([
      { module: "env", name: "log", args: [16, 4], result: 1 },
      { module: "env", name: "log", args: [16, 5], result: 2 },
    ]);
  });

  it("narrow what arrives", async () => {
    const got: unknown[] = [];
    for (const type of [t.u8, t.i8, t.u16, t.i16, t.u32, t.i32, t.bool]) {
      const wasm = await load<Greeter>(await wat(greeter), {
        imports: { env: { mark: t.host([type], t.void, (value: unknown) => void got.push(value)) } },
      });
      wasm.exports.mark(-2);
    }
    expect(got).toEqual([254, -2, 65534, -2, 2 ** 32 - 2, -2, true]);
  });

  it("work in every way to load, each instance with its own memory", async () => {
    const bytes = await wat(greeter);
    const of = (texts: string[]): Imports => ({
      env: { log: t.host([t.string], t.i32, (text) => texts.push(text)), mark },
    });
    const shared: string[] = [];
    const imports = of(shared);
    const module = await compile(bytes);
    const all = [
      await load<Greeter>(bytes, { imports }),
      loadSync<Greeter>(bytes, { imports }),
      await module.instantiate<Greeter>({ imports }),
      module.instantiateSync<Greeter>({ imports }),
    ];
    for (const [at, wasm] of all.entries()) {
      wasm.memory.u8[16] = 0x61 + at;
      wasm.exports.greet(2);
    }
    expect(shared).toEqual(["ae", "be", "ce", "de"]);
    const pool = module.pool<Greeter>({ max: 2, imports });
    expect(await pool.use((wasm) => wasm.guarded.greet(5))).toBe(5);
    await pool.dispose();
    const logs = [[], []] as string[][];
    const tenants = await Promise.all(logs.map((texts) => load<Greeter>(bytes, { imports: () => of(texts) })));
    for (const [at, wasm] of tenants.entries()) wasm.exports.greet(at + 1);
    expect(logs).toEqual([["h"], ["he"]]);
  });

  it("go on in the next life after a trap, with the memory of that life", async () => {
    for (const isFunction of [true, false]) {
      const texts: string[] = [];
      const env = { log: t.host([t.string], t.i32, (text) => texts.push(text)), mark };
      const wasm = await load<Greeter>(await wat(greeter), {
        imports: isFunction ? () => ({ env }) : { env },
        onTrap: "restart",
      });
      wasm.memory.u8[16] = 0x48;
      expect(thrownBy(() => wasm.guarded.fail())).toMatchObject({ code: "trap" });
      await wasm.ready;
      expect(wasm.guarded.greet(5)).toBe(2);
      expect(texts).toEqual(["Hello", "hello"]);
    }
  });

  it("can appear first in a later life", async () => {
    const texts: string[] = [];
    let lives = 0;
    const wasm = await load<Greeter>(await wat(greeter), {
      imports: () => ({
        env: lives++ === 0 ? { log: () => 0, mark } : { log: t.host([t.string], t.i32, (text) => texts.push(text)) },
      }),
      onTrap: "restart",
    });
    expect(thrownBy(() => wasm.guarded.fail())).toMatchObject({ code: "trap" });
    await wasm.ready;
    wasm.guarded.greet(3);
    expect(texts).toEqual(["hel"]);
  });

  it("have no memory while the start function runs, unless it is imported", async () => {
    const source = (memory: string) => `(module
      (import "env" "log" (func $log (param i32 i32)))
      ${memory}
      (data (i32.const 16) "hello")
      (func $start (call $log (i32.const 16) (i32.const 5))) (start $start))`;
    const texts: unknown[] = [];
    const log = t.host([t.string], t.void, (text) => void texts.push(text));
    const late = await wat(source('(memory (export "memory") 1)'));
    expect(await rejectionOf(load(late, { imports: { env: { log } } }))).toMatchObject({ code: "not-ready" });
    await load(await wat(source('(import "env" "memory" (memory 1))')), { imports: { env: { log } } });
    const numbers = t.host([t.u32, t.u32], t.void, (a, b) => void texts.push(a, b));
    await load(late, { imports: { env: { log: numbers } } });
    expect(texts).toEqual(["hello", 16, 5]);
  });

  it("pass references unchanged", async () => {
    const value = { any: Symbol("value") };
    const wasm = await load<{ pass(value: unknown): unknown }>(
      await wat(`(module (import "env" "same" (func $same (param externref) (result externref)))
        (func (export "pass") (param externref) (result externref) (call $same (local.get 0))))`),
      { imports: { env: { same: t.host([t.js], t.js, (one) => one) } } },
    );
    for (const one of [value, undefined, null, NaN, "text", 1n]) expect(wasm.exports.pass(one)).toBe(one);
  });
});

describe("a failure in a host function", () => {
  const open = async (log: object) => load<Greeter>(await wat(greeter), { imports: { env: { log } } });
  const error = new Error("thrown by the host");
  const fail = () => {
    throw error;
  };

  it("passes through the module, and leaves the instance live", async () => {
    const wasm = await open(t.host([t.string], t.i32, fail));
    expect(thrownBy(() => wasm.guarded.greet(5))).toBe(error);
    expect([wasm.state, wasm.hostError]).toEqual(["live", undefined]);
  });

  it("follows onHostThrow where no error is stated", async () => {
    const imports = { env: { log: t.host([t.string], t.i32, fail) } };
    const wasm = await load<Greeter>(await wat(greeter), { imports, onHostThrow: "poison" });
    expect(thrownBy(() => wasm.guarded.greet(5))).toBe(error);
    expect(wasm.state).toBe("poisoned");
    const answering = { env: { log: t.host([t.string], t.i32, fail, { error: -1 }) } };
    const calm = await load<Greeter>(await wat(greeter), { imports: answering, onHostThrow: "poison" });
    expect([calm.guarded.greet(5), calm.state]).toEqual([-1, "live"]);
  });

  it("returns the stated value, and the error can be read", async () => {
    const wasm = await open(t.host([t.string], t.i32, fail, { error: -1 }));
    expect([wasm.guarded.greet(5), wasm.hostError]).toEqual([-1, error]);
    const numbered = await open(t.host([t.string], t.i32, fail, { error: (thrown) => (thrown === error ? -5 : -6) }));
    expect([numbered.guarded.greet(5), numbered.hostError]).toEqual([-5, error]);
  });

  it("is the module's too: a range outside the memory, and a result that does not fit", async () => {
    const wasm = await open(t.host([t.string], t.i32, (text) => text as never, { error: -1 }));
    expect([wasm.guarded.greet(-1), wasm.hostError]).toMatchObject([-1, { code: "out-of-bounds" }]);
    expect([wasm.guarded.greet(5), wasm.hostError]).toMatchObject([
      -1,
      { code: "invalid-argument", details: { call: '"env"."log"', argument: "result", received: '"hello"' } },
    ]);
  });

  it("is not answered once the instance has ended", async () => {
    const inner: { wasm?: Awaited<ReturnType<typeof open>> } = {};
    inner.wasm = await open(t.host([t.string], t.i32, () => (inner.wasm?.dispose(), fail()), { error: -1 }));
    expect(thrownBy(() => inner.wasm?.guarded.greet(5))).toBe(error);
  });

  const proxy = Proxy.revocable([], {});
  proxy.revoke();
  const throwing = {
    get x(): number {
      throw error;
    },
    y: 0,
  };
  it.each([
    [t.i32, 0.5],
    [t.i32, 2 ** 31],
    [t.i32, "1"],
    [t.i32, 1n],
    [t.i32, { valueOf: fail }],
    [t.i32, undefined],
    [t.u8, 256],
    [t.u32, -1],
    [t.bool, 1],
    [t.char, "ab"],
    [t.enumeration(["a"]), "b"],
    [t.i32, Promise.resolve(1)],
  ] as const)("refuses the result %# of another type", async (type, value) => {
    const wasm = await open(t.host([t.string], type as typeof t.i32, () => value as never));
    expect(thrownBy(() => wasm.guarded.greet(5))).toMatchObject({
      code: "invalid-argument",
      details: { call: '"env"."log"', argument: "result" },
    });
    expect(wasm.state).toBe("live");
  });

  it("writes nothing of a list that does not fit", async () => {
    const point = t.record({ x: t.f64, y: t.f64 });
    const source = `(module (import "env" "f" (func $f (param i32 i32) (result i32))) (memory (export "memory") 1)
      (func (export "f") (result i32) (call $f (i32.const 16) (i32.const 32))))`;
    const bytes = await wat(source);
    const results = [
      [0, 5, throwing],
      [0, 5, { x: 1 }],
      [0, "5", { x: 1, y: 2 }],
      ["0", 5, { x: 1, y: 2 }],
      [0, 5],
      [0, 5, { x: 1, y: 2 }, 0],
      proxy.proxy,
      undefined,
    ];
    for (const result of results) {
      const f = t.host([t.out(t.i32), t.out(point)], t.i32, () => result as never);
      const wasm = await load<{ f(): number }>(bytes, { imports: { env: { f } } });
      expect(thrownBy(() => wasm.guarded.f())).toMatchObject({ code: "invalid-argument" });
      expect(wasm.memory.u8.subarray(16, 48).every((byte) => byte === 0)).toBe(true);
    }
  });

  it("comes of any hostile value, and never of the library's", async () => {
    const wasm = await open(t.host([t.string], t.i32, () => given as never, { error: -7 }));
    let given: unknown;
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }), (value) => {
        given = value;
        const returned = wasm.guarded.greet(3);
        const isFit = typeof value === "number" && (value | 0) === value;
        expect(returned).toBe(isFit ? value | 0 : -7);
      }),
    );
  });
});

describe("a host function that does not fit", () => {
  const refusal = async (host: object, type: string) => {
    const bytes = await wat(`(module (import "env" "f" (func ${type})) (memory (export "memory") 1))`);
    return rejectionOf(load(bytes, { imports: { env: { f: host } } }));
  };
  const some = () => undefined as never;

  it.each([
    [
      t.host([t.string], t.void, some),
      "(param i32)",
      "takes the words (i32, i32) -> () by C's convention",
      "Would fit: (cstring) -> void",
    ],
    [t.host([t.i32], t.void, some), "(param i64)", "(func (param i64))", "Would fit: (i64) -> void"],
    [t.host([t.i32], t.void, some), "(param i32) (result i32)", "(i32) -> ()", "Would fit: (i32) -> i32"],
    [t.host([t.i32, t.i32], t.void, some), "(param i32)", "(i32, i32) -> ()", "Would fit: (i32) -> void"],
    [
      t.host([], t.string, some),
      "(result i32)",
      "The result: it returns memory, so say who frees it",
      "{ owned: true }",
    ],
    [t.host([], t.i32, some, { owned: true }), "(result i32)", "owned is for a result in memory", "leave it out"],
    [t.host([], t.void, some, { error: 5 as never }), "", "returns nothing", "leave it out"],
    [t.host([], t.i32, some, { catch: true }), "(result i32)", "option catch", "use the option error"],
    [t.host([t.object("Counter")], t.void, some), "(param i32)", "declares no class Counter", "option api"],
    [
      t.host([t.promise(t.u8)], t.void, some),
      "(param i32)",
      "C's convention has no way to pass promise",
      "Parameter 1",
    ],
    [t.host([t.list(t.u8)], t.void, some), "(param i32)", "C's convention has no way to pass list", "Parameter 1"],
    [t.host([], t.list(t.u8), some), "(result i32)", "The result", "no way to return list"],
    [
      t.host([t.buffer(t.u8)], t.void, some),
      "(param i32)",
      "nothing tells how much room the buffer has",
      "t.length(0)",
    ],
    [t.host([t.out(t.cstring)], t.void, some), "(param i32)", "nothing would free the memory", "t.buffer"],
    [t.host([t.length(3)], t.void, some), "(param i32)", "is of no parameter", "length(3, size)"],
    [
      t.host([t.record({ only: t.u32 })], t.void, some),
      "(param i32)",
      "It fits in more than one way: a struct of one field is passed by value",
      "a struct of one field",
    ],
    [
      t.host([t.array(t.u8, { mutable: true })], t.void, some, { consumes: true }),
      "(param i32 i32)",
      "cannot be written back",
      "leave out",
    ],
    [
      t.host([t.u8], t.void, some, { consumes: [true, false] }),
      "(param i32)",
      "consumes must be a boolean, or a list",
      "one boolean",
    ],
    [t.host([t.u8], t.void, 5 as never), "(param i32)", "must be a function, got 5", "cannot be used"],
    [t.host([t.u8], t.void, some, { eror: 5 } as never), "(param i32)", 'no option "eror"', "did you mean error?"],
    [t.host([undefined as never], t.void, some), "(param i32)", "parameter 1 is undefined", "cannot be used"],
    [t.host([t.u8], 5 as never, some), "(param i32)", "the result is none of t's types", "cannot be used"],
    [t.host(5 as never, t.void, some), "(param i32)", "its parameters are no list", "cannot be used"],
    [
      t.host([], t.void, some, { api: t.api({}) }),
      "",
      "is not the interface that was given to the load",
      "give both the same",
    ],
  ])("is refused at load, in words: %#", async (host, type, ...texts) => {
    const error = await refusal(host, type);
    expect(error).toMatchObject({ code: "import-mismatch", details: { module: "env", name: "f" } });
    for (const text of texts) expect((error as Error).message).toContain(text);
  });

  it("needs the module's types, and an allocator for memory that it returns", async () => {
    const bytes = await wat('(module (import "env" "f" (func (result i32))) (memory (export "memory") 1))');
    const number = { env: { f: t.host([], t.i32, () => 5) } };
    expect(await rejectionOf(load(new WebAssembly.Module(bytes), { imports: number }))).toMatchObject({
      code: "needs-bytes",
      details: { option: "imports" },
    });
    const text = { env: { f: t.host([], t.cstring, () => "text", { owned: true }) } };
    expect(await rejectionOf(load(bytes, { imports: text }))).toMatchObject({
      code: "no-allocator",
      message: expect.stringContaining('"env"."f" needs memory') as string,
    });
    expect((await load(bytes, { imports: text, allocator: "grow" })).state).toBe("live");
  });

  it("states an error value of its type", async () => {
    const error = await refusal(t.host([], t.u8, some, { error: -1 }), "(result i32)");
    expect(error).toMatchObject({
      code: "invalid-argument",
      details: { call: '"env"."f"', argument: "error", expected: "a whole number from 0 to 255", received: "-1" },
    });
  });

  it("is no value for a memory, and no value that is only like one", async () => {
    const bytes = await wat('(module (import "env" "m" (memory 1)))');
    const imports = { env: { m: t.host([], t.void, some) } };
    expect(await rejectionOf(load(bytes, { imports }))).toMatchObject({ code: "import-mismatch" });
    for (const like of [{ member: "function" }, Object.create({ member: "host" }), {}, [], null, 5] as unknown[]) {
      expect(await refusal(like as object, "")).toMatchObject({ code: "import-mismatch" });
    }
  });

  it("has a convention that is known here", async () => {
    expect(await refusal(t.host([], t.void, some, { convention: "rust" }), "")).toMatchObject({
      code: "invalid-option",
      details: { call: `t.host for the import "env"."f"`, option: "convention", received: '"rust"' },
    });
    const dart = await wat(`(module (import "env" "f" (func (param i32 i32))) (import "dart2wasm" "_1" (func))
      (memory (export "memory") 1))`);
    const text = (options: object) => ({ env: { f: t.host([t.string], t.void, some, options) } });
    expect(await rejectionOf(load(dart, { imports: text({}) }))).toMatchObject({
      code: "convention-unavailable",
      message: expect.stringContaining('{ convention: "c" }') as string,
    });
    expect((await load(dart, { imports: text({ convention: "c" }) })).state).toBe("live");
  });
});
