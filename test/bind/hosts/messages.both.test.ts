import { describe, expect, it } from "vitest";
import { load, t, type UnglueError } from "unglue";
import { thrownBy, wat } from "../../wat.ts";
import { bindgen, heap } from "../bindgen.ts";

/** A module that passes on the words that it is called with, and whose allocator hands out addresses but never writes. */
const source = (params: string, result = "") => `(module
  (import "env" "f" (func $f (param ${params}) ${result && `(result ${result})`}))
  (memory (export "memory") 1)
  (table (export "__indirect_function_table") 4 funcref)
  (global $top (mut i32) (i32.const 4096))
  (global $freed (mut i32) (i32.const 0))
  (func (export "malloc") (param i32) (result i32)
    (if (i32.gt_u (local.get 0) (i32.const 1000)) (then (return (i32.const 0))))
    (global.set $top (i32.add (global.get $top) (i32.const 64)))
    (i32.sub (global.get $top) (i32.const 64)))
  (func (export "free") (param i32) (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
  (func (export "item_new") (result i32) (i32.const 256))
  (func (export "item_id") (param i32) (result i32) (i32.const 7))
  (func (export "item_free") (param i32) (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
  (func (export "freed") (result i32) (global.get $freed))
  (func (export "call") (param ${params}) ${result && `(result ${result})`}
    ${params
      .split(" ")
      .map((_, at) => `(local.get ${at})`)
      .join(" ")} (call $f)))`;

const api = t.api({
  Item: t.class({ new: t.ctor([]), id: t.getter(t.u32) }),
  lend: t.fn([t.object("Item")], t.u32, { export: "item_id" }),
  freed: t.fn([], t.u32),
});

interface Exports {
  call(...words: number[]): number;
}

/** Loads such a module with a host function for its import. */
async function open(params: string, result: string, f: object) {
  return load<Exports, typeof api.members>(await wat(source(params, result)), { api, imports: { env: { f } } });
}

/** The error of a call with words. */
async function failure(params: string, result: string, f: object, ...words: number[]): Promise<UnglueError> {
  const wasm = await open(params, result, f);
  return thrownBy(() => wasm.guarded.call(...words)) as UnglueError;
}

const call = '"env"."f"';
const some = () => undefined;
const far = 70_000;

it("writes a result of two words to the last eight bytes of the memory", async () => {
  const text = t.host([t.u32], t.string, () => "four", { owned: true });
  const wasm = await open("i32 i32", "", text);
  const end = wasm.memory.byteLength;
  wasm.guarded.call(end - 8, 1);
  expect([...wasm.memory.u32.slice(end / 4 - 2)]).toEqual([4096, 4]);
  expect(thrownBy(() => wasm.guarded.call(end - 4, 1))).toMatchObject({ code: "out-of-bounds" });
});

it.each([
  ["one word too few", "i32 i32", [t.buffer(t.u8), t.length(0), t.u32]],
  ["one word too many", "i32 i32 i32", [t.buffer(t.u8), t.length(0)]],
  ["a list of arrays before it", "i32 i32 i32 i32 i32", [t.bytes, t.buffer(t.u8), t.length(1)]],
  ["a length of the wrong width", "i32 i64", [t.buffer(t.u8), t.length(0, t.u32)]],
])("refuses a buffer whose words do not fit: %s", async (_, params, declared) => {
  const f = t.host(declared, t.void, some);
  await expect(open(params, "", f)).rejects.toMatchObject({
    code: "import-mismatch",
    message: expect.stringContaining("buffer(u8)") as string,
  });
});

describe("an error of a host function names the import and the parameter", () => {
  it.each([
    [
      "text outside the memory",
      () => failure("i32 i32 i32", "", t.host([t.u32, t.string], t.void, some), 1, far, 5),
      "out-of-bounds",
      'Parameter 2 of the import "env"."f": ',
      { call, argument: "parameter 2", address: far, length: 5, size: 65_536 },
    ],
    [
      "a declared name",
      () => failure("i32 i32", "", t.host([t.param("key", t.bytes)], t.void, some), far, 5),
      "out-of-bounds",
      'The parameter "key" of the import "env"."f": ',
      { call, argument: "key" },
    ],
    [
      "a struct at null",
      () => failure("i32", "", t.host([t.record({ a: t.u8, b: t.u8 })], t.void, some), 0),
      "null-pointer",
      'Parameter 1 of the import "env"."f" is a null pointer',
      { call, argument: "parameter 1" },
    ],
    [
      "an output at null, before the function runs",
      () =>
        failure(
          "i32 i32",
          "",
          t.host([t.u8, t.out(t.i32)], t.void, () => {
            throw new Error("It must not run.");
          }),
          1,
          0,
        ),
      "null-pointer",
      'Parameter 2 of the import "env"."f" is a null pointer where i32 is declared. If that is an answer and not a failure of ' +
        "the module, declare the parameter t.size, which is the address, and write there with wasm.memory.",
      { call, argument: "parameter 2", declared: "i32" },
    ],
    [
      "an in-out parameter at null",
      () =>
        failure(
          "i32",
          "",
          t.host([t.param("seed", t.inout(t.u32))], t.void, (seed) => seed),
          0,
        ),
      "null-pointer",
      'The parameter "seed" of the import "env"."f" is a null pointer',
      { call, argument: "seed" },
    ],
    [
      "an output outside the memory",
      () =>
        failure(
          "i32",
          "",
          t.host([t.out(t.f64)], t.void, () => 5),
          65_532,
        ),
      "out-of-bounds",
      'Parameter 1 of the import "env"."f": ',
      { call, argument: "parameter 1", address: 65_532 },
    ],
    [
      "an object's address outside the memory",
      () => failure("i32", "", t.host([t.object("Item")], t.void, some), far),
      "out-of-bounds",
      'Parameter 1 of the import "env"."f": ',
      { call, argument: "parameter 1" },
    ],
    [
      "an enumeration's number",
      () =>
        failure(
          "i32 i32",
          "",
          t.host([t.u8, t.param("color", t.enumeration({ Red: 3, Green: 4 }))], t.void, some),
          1,
          5,
        ),
      "invalid-value",
      'The parameter "color" of the import "env"."f": the module gave 5 where t.enumeration is declared',
      { call, argument: "color", received: "5" },
    ],
    [
      "a character",
      () =>
        failure(
          "i32",
          "i32",
          t.host([t.char], t.u8, () => 5),
          0xd800,
        ),
      "invalid-value",
      'Parameter 1 of the import "env"."f": the module gave',
      { call, argument: "parameter 1" },
    ],
    [
      "a negative length",
      () => failure("i32 i32", "", t.host([t.bytes, t.length(0, t.i32)], t.void, some), 16, -1),
      "invalid-value",
      'Parameter 2 of the import "env"."f": the module gave -1 where a length is declared',
      { call, argument: "parameter 2" },
    ],
    [
      "a buffer outside the memory",
      () =>
        failure(
          "i32 i32",
          "",
          t.host([t.buffer(t.u8), t.length(0)], t.void, (n) => new Uint8Array(n)),
          far,
          4,
        ),
      "out-of-bounds",
      'Parameter 1 of the import "env"."f": ',
      { call, argument: "parameter 1", address: far },
    ],
    [
      "a buffer that is too small",
      () =>
        failure(
          "i32 i32",
          "",
          t.host([t.param("to", t.buffer(t.u8)), t.length(0)], t.void, () => new Uint8Array(9)),
          256,
          4,
        ),
      "buffer-too-small",
      'The parameter "to" of the import "env"."f" is a buffer with room for 4, and 9 are needed',
      { call, argument: "to", name: call, capacity: 4, length: 9 },
    ],
    [
      "where a length is told, outside the memory",
      () =>
        failure(
          "i32 i32",
          "",
          t.host([t.buffer(t.u8), t.inout(t.length(0))], t.void, () => new Uint8Array(1)),
          256,
          far,
        ),
      "out-of-bounds",
      'Parameter 2 of the import "env"."f": ',
      { call, argument: "parameter 2" },
    ],
    [
      "where a length is told, at null",
      () =>
        failure(
          "i32 i32",
          "",
          t.host([t.buffer(t.u8), t.inout(t.length(0))], t.void, () => new Uint8Array(1)),
          256,
          0,
        ),
      "null-pointer",
      'Parameter 2 of the import "env"."f" is a null pointer',
      { call, argument: "parameter 2" },
    ],
    [
      "where a length is only written, at null",
      () =>
        failure(
          "i32 i32 i32",
          "",
          t.host([t.buffer(t.u8), t.length(0), t.out(t.length(0))], t.void, () => new Uint8Array(1)),
          256,
          4,
          0,
        ),
      "null-pointer",
      'Parameter 3 of the import "env"."f" is a null pointer',
      { call, argument: "parameter 3" },
    ],
    [
      "a length that its type cannot tell",
      () =>
        failure(
          "i32 i32 i32",
          "",
          t.host([t.buffer(t.u8), t.length(0), t.out(t.length(0, t.u8))], t.void, () => new Uint8Array(300)),
          256,
          400,
          128,
        ),
      "invalid-argument",
      'The host function "env"."f" must return a length that t.u8 can tell, by parameter 3, got 300 elements',
      { call, argument: "parameter 3" },
    ],
    [
      "an array that was transferred while it was to be changed",
      () =>
        failure(
          "i32 i32",
          "",
          t.host(
            [t.array(t.u8, { mutable: true })],
            t.void,
            (bytes) => void structuredClone(bytes, { transfer: [bytes.buffer] }),
          ),
          256,
          4,
        ),
      "array-detached",
      'Parameter 1 of the import "env"."f": the array of 4 bytes that the function received to change was transferred away',
      { call, argument: "parameter 1", size: 4 },
    ],
    [
      "the address of the result",
      () =>
        failure(
          "i32",
          "",
          t.host([], t.record({ a: t.u32, b: t.u32 }), () => ({ a: 1, b: 2 })),
          far,
        ),
      "out-of-bounds",
      'The result of the import "env"."f": ',
      { call, argument: "result" },
    ],
    [
      "no memory for the result",
      () =>
        failure(
          "i32",
          "i32",
          t.host([t.u8], t.cstring, () => "x".repeat(2000), { owned: true }),
          0,
        ),
      "allocation-failed",
      'The result of the import "env"."f": ',
      { call, argument: "result" },
    ],
    [
      "the part of a record that is wrong",
      () =>
        failure(
          "i32",
          "",
          t.host([t.out(t.record({ at: t.record({ x: t.u8 }) }))], t.void, () => ({ at: { x: 300 } })),
          64,
        ),
      "invalid-argument",
      'The host function "env"."f" must return as output 1',
      { call, argument: "output 1", received: "an object (Object) whose at.x is 300" },
    ],
  ] as const)("%s", async (_, fail, code, message, details) => {
    const error = await fail();
    expect(error).toMatchObject({ code, details });
    expect(error.message.slice(0, message.length)).toBe(message);
  });

  it("in wasm-bindgen's convention, too", async () => {
    const name = "__wbg_pass_0011223344556677";
    const bytes = await bindgen(
      '(func (export "call") (call $pass (i32.const 200000) (i32.const 5)))',
      heap,
      `(import "wbg" "${name}" (func $pass (param i32 i32)))`,
    );
    const pass = t.host([t.param("line", t.string)], t.void, some, { consumes: false });
    const wasm = await load<Exports>(bytes, { imports: { wbg: { [name]: pass } } });
    const error = thrownBy(() => wasm.guarded.call()) as UnglueError;
    expect(error).toMatchObject({
      code: "out-of-bounds",
      details: { call: `"wbg"."${name}"`, argument: "line", address: 200_000 },
    });
    expect(error.message).toContain(`The parameter "line" of the import "wbg"."${name}": `);
  });

  it("leaves the errors of the function itself alone", async () => {
    const wasm = await load<Exports>(await wat(source("i32")), {
      imports: (instance) => ({ env: { f: t.host([t.u32], t.void, (at) => void instance.memory.read(at, 5)) } }),
    });
    expect(thrownBy(() => wasm.guarded.call(far))).toMatchObject({
      code: "out-of-bounds",
      details: { address: far, length: 5, size: 65_536 },
      message: expect.stringMatching(/^memory\.read: /) as string,
    });
  });

  it("and takes t.param as functions of the module do, but no t.rest", async () => {
    const rest = { member: "host", params: [t.rest(t.list(t.u8))], result: t.void, call: some };
    await expect(open("i32", "", rest)).rejects.toMatchObject({
      code: "import-mismatch",
      message: expect.stringContaining("t.rest has nothing to collect") as string,
    });
  });
});

describe("an object that a host function gives", () => {
  const given = (f: (make: () => object) => unknown) => {
    let make: () => object = () => ({});
    const host = t.host([t.out(t.owned("Item")), t.out(t.i32)], t.void, () => f(() => make()) as never);
    return {
      host,
      made: (one: () => object) => {
        make = one;
      },
    };
  };

  it("stays its giver's if another output cannot be written", async () => {
    const { host, made } = given((make) => [make(), 5]);
    const wasm = await open("i32 i32", "", host);
    const item = new wasm.api.Item();
    made(() => item);
    expect(thrownBy(() => wasm.guarded.call(512, far))).toMatchObject({ code: "out-of-bounds" });
    expect(item.id).toBe(7);
    wasm.guarded.call(512, 520);
    expect(wasm.memory.u32[128]).toBe(256);
    expect(thrownBy(() => item.id)).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
  });

  it("is given in one place", async () => {
    const twice = t.host([t.out(t.owned("Item")), t.out(t.object("Item"))], t.owned("Item"), () => [item, other, item]);
    const wasm = await open("i32 i32", "i32", twice);
    const [item, other] = [new wasm.api.Item(), new wasm.api.Item()];
    expect(thrownBy(() => wasm.guarded.call(512, 520))).toMatchObject({
      code: "object-unusable",
      details: { class: "Item", reason: "given-twice", call, argument: "result" },
    });
    expect([item.id, wasm.memory.u32[128]]).toEqual([7, 0]);
  });

  it("has to be of the class, which the message names", async () => {
    const wasm = await open(
      "i32",
      "i32",
      t.host([t.u8], t.object("Item"), () => ({}) as never),
    );
    expect(thrownBy(() => wasm.guarded.call(1))).toMatchObject({
      code: "invalid-argument",
      details: { expected: "an object of the class Item", received: "an object (Object)" },
    });
  });
});

describe("the address 0 of an argument", () => {
  const types = [t.string, t.bytes, t.array(t.f32), t.array(t.u16, { mutable: true })] as const;

  it.each(types.map((type, at) => [at, type] as const))(
    "is none with a length by C's convention: %i",
    async (_, type) => {
      const got: unknown[] = [];
      const note = (value: unknown) => void got.push(value);
      const wasm = await open("i32 i32", "", t.host([t.param("key", type)], t.void, note));
      expect(thrownBy(() => wasm.guarded.call(0, 5))).toMatchObject({
        code: "null-pointer",
        message: expect.stringContaining('The parameter "key" of the import "env"."f" is a null pointer') as string,
        details: { call, argument: "key" },
      });
      expect(got).toEqual([]);
      wasm.guarded.call(0, 0);
      expect([got.length, (got[0] as string).length]).toEqual([1, 0]);
      const maybe = await open("i32 i32", "", t.host([t.optional(type)], t.void, note));
      maybe.guarded.call(0, 5);
      expect(got[1]).toBeUndefined();
    },
  );

  it("is none where the length is another parameter", async () => {
    const got: unknown[] = [];
    const note = (value: unknown) => void got.push(value);
    const host = t.host([t.length(1), t.bytes], t.void, note);
    const wasm = await open("i32 i32", "", host);
    expect(thrownBy(() => wasm.guarded.call(5, 0))).toMatchObject({
      code: "null-pointer",
      details: { call, argument: "parameter 2" },
    });
    wasm.guarded.call(0, 0);
    expect(got).toEqual([new Uint8Array()]);
  });

  it.each([false, true])("is none with a length by wasm-bindgen's convention, given away: %s", async (consumes) => {
    for (const type of [...types.slice(0, 3), t.list(t.js)]) {
      const name = "__wbg_pass_0011223344556677";
      const bytes = await bindgen(
        '(func (export "call") (param i32 i32) (call $pass (local.get 0) (local.get 1)))',
        heap,
        `(import "wbg" "${name}" (func $pass (param i32 i32)))`,
      );
      const got: unknown[] = [];
      const host = t.host([type], t.void, (value: unknown) => void got.push(value), { consumes });
      const wasm = await load<Exports>(bytes, { imports: { wbg: { [name]: host } } });
      const place = { call: `"wbg"."${name}"`, argument: "parameter 1" };
      if (type.type !== "string" || consumes)
        expect(thrownBy(() => wasm.guarded.call(0, 5))).toMatchObject({ code: "null-pointer", details: place });
      else {
        wasm.guarded.call(0, wasm.handles.add("interned"));
        expect(got.splice(0)).toEqual(["interned"]);
        const number = wasm.handles.add(7);
        expect(thrownBy(() => wasm.guarded.call(0, number))).toMatchObject({ code: "invalid-value", details: place });
      }
      wasm.guarded.call(0, 0);
      expect([got.length, (got[0] as string).length]).toEqual([1, 0]);
    }
  });
});
