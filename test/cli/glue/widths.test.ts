import { describe, expect, it } from "vitest";
import { findInputs } from "../../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../../src/cli/declare/write.ts";
import { glue, madeBy, packageOf, throwing } from "../small-package.ts";

/**
 * Conversions of single words. One that makes an integer of 32 bits is without effect where the module takes such an integer, and
 * changes the value anywhere else, so that the declared function would return another one.
 */

const likeNone = "function isLikeNone(x) { return x === undefined || x === null; }";

/** Declares `f`, of an export with one function type. */
async function declare(type: string, script: string) {
  const constant = /result (i32|i64|f32|f64)/.exec(type)?.[1];
  const result = constant === undefined ? "" : `(${constant}.const 0)`;
  const externref = type.includes("result externref") ? "(ref.null extern)" : result;
  const bytes = await madeBy(100, `${throwing} (func (export "f") ${type} ${externref})`);
  return declaredOf(bytes, `${glue}\n${likeNone}\n${script}`);
}

async function declaredOf(bytes: Uint8Array, script: string) {
  const folder = packageOf({ "app_bg.wasm": bytes, "app.js": script });
  const options = { withDocs: false, withShape: false, version: "1", command: "x", folder };
  const { declared } = await writeDeclaration(await findInputs(`${folder}/app_bg.wasm`, {}), options);
  const found = declared.members.find((one) => one.name === "f");
  return { holes: declared.holes.map(({ member }) => member), found: JSON.stringify(found) };
}

const given = (word: string, value: string) => declare(`(param ${word})`, `export function f(x) { wasm.f(${value}); }`);
const returned = (word: string, value: string) =>
  declare(`(result ${word})`, `export function f() { const ret = wasm.f(); return ${value}; }`);

const none = "isLikeNone(x) ? 0x100000001 : ";

/** Declares `f`, which writes a result or an error to memory. */
async function stored(method: string, value: string) {
  const size = method.endsWith("64") ? 8 : 4;
  const error = size / 4;
  const bytes = await madeBy(
    100,
    `${throwing} (func (export "f") (param i32)) (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32) (i32.const 0))`,
  );
  const script = `${glue}
const heap = new Array(128).fill(undefined); heap.push(undefined, null, true, false); let heap_next = heap.length;
function getObject(idx) { return heap[idx]; }
function dropObject(idx) { if (idx < 132) return; heap[idx] = heap_next; heap_next = idx; }
function takeObject(idx) { const ret = getObject(idx); dropObject(idx); return ret; }
function view() { return new DataView(wasm.memory.buffer); }
export function f() { try { const retptr = wasm.__wbindgen_add_to_stack_pointer(-16); wasm.f(retptr);
  var ret = view().get${method}(retptr + ${size} * 0, true);
  var r1 = view().getInt32(retptr + 4 * ${error}, true); var r2 = view().getInt32(retptr + 4 * ${error + 1}, true);
  if (r2) { throw takeObject(r1); } return ${value};
} finally { wasm.__wbindgen_add_to_stack_pointer(16); } }`;
  return declaredOf(bytes, script);
}

describe("a parameter that is converted", () => {
  it.each([
    ["i32", "x | 0", "i32"],
    ["i32", "x >> 0", "i32"],
    ["i32", "x >>> 0", "u32"],
    ["i32", "x ? 1 : 0", "bool"],
    ["f32", "Math.fround(x)", "f32"],
    ["f64", `${none}x >>> 0`, "u32"],
    ["f64", `${none}x >> 0`, "i32"],
    ["f64", `${none}Math.fround(x)`, "f32"],
  ])("is read where the word holds what it makes: %s, %s", async (word, value, type) => {
    const { holes, found } = await given(word, value);
    expect(holes).toEqual([]);
    expect(found).toContain(`"type":"${type}"`);
  });

  it.each([
    ...["f32", "f64", "i64", "externref"].flatMap((word) =>
      ["x | 0", "x >> 0", "x >>> 0", "~~x", "x & 0xff", "Math.trunc(x)", "x ? 1 : 0"].map((value) => [word, value]),
    ),
    ...["i32", "f64", "i64"].map((word) => [word, "Math.fround(x)"]),
    ["i64", "+x"],
    ["f64", "BigInt.asIntN(64, x)"],
    ["i64", "BigInt.asUintN(32, x)"],
    ["f64", "!!x"],
    ["f64", "String(x)"],
    ["f64", "x.codePointAt(0)"],
    ["f64", "isLikeNone(x) ? 0xFFFFFF : x ? 1 : 0"],
    ["f64", "isLikeNone(x) ? 0xFFFFFF : x"],
    ["f64", "isLikeNone(x) ? 5 : x"],
    ["i32", `${none}x >>> 0`],
    ["f32", `${none}Math.fround(x)`],
  ])("is a hole where the word holds something else: %s, %s", async (word, value) => {
    expect((await given(word, value)).holes).toEqual(["f"]);
  });
});

describe("a result that is converted", () => {
  it.each([
    ["i32", "ret >>> 0", "u32"],
    ["i32", "ret !== 0", "bool"],
    ["i64", "BigInt.asUintN(64, ret)", "u64"],
  ])("is read where the word holds what it takes: %s, %s", async (word, value, type) => {
    const { holes, found } = await returned(word, value);
    expect(holes).toEqual([]);
    expect(found).toContain(`"type":"${type}"`);
  });

  it.each([
    ...["f32", "f64", "i64", "externref"].flatMap((word) =>
      ["ret | 0", "ret >> 0", "ret >>> 0", "~~ret", "ret & 0xff", "Math.trunc(ret)", "ret !== 0"].map((value) => [
        word,
        value,
      ]),
    ),
    ["i32", "BigInt.asUintN(64, ret)"],
    ["i64", "BigInt.asUintN(32, ret)"],
    ["f64", "Math.fround(ret)"],
    ["f64", "String.fromCodePoint(ret)"],
    ["f64", "ret === 0x100000001 ? undefined : ret >>> 0"],
    ["f64", "ret === 0xFFFFFF ? undefined : ret !== 0"],
    ["f64", "ret === 0xFFFFFF ? undefined : ret"],
    ["i32", "ret === 0x100000001 ? undefined : ret"],
  ])("is a hole where the word holds something else: %s, %s", async (word, value) => {
    expect((await returned(word, value)).holes).toEqual(["f"]);
  });
});

describe("a result that is converted after it is read from memory", () => {
  it.each([
    ["Int32", "ret", "i32"],
    ["Int32", "ret >>> 0", "u32"],
    ["Uint32", "ret", "u32"],
    ["Int32", "ret !== 0", "bool"],
    ["Float64", "ret", "f64"],
    ["BigInt64", "ret", "i64"],
    ["BigUint64", "ret", "u64"],
    ["BigInt64", "BigInt.asUintN(64, ret)", "u64"],
  ])("has the type that it is read as: %s, %s", async (method, value, type) => {
    const { holes, found } = await stored(method, value);
    expect(holes).toEqual([]);
    expect(found).toContain(`"type":"${type}"`);
  });

  it.each([
    ["Float32", "ret >>> 0"],
    ["Float64", "ret >>> 0"],
    ["BigInt64", "ret >>> 0"],
    ["Int32", "BigInt.asUintN(64, ret)"],
    ["Float64", "ret !== 0"],
    ["Float64", "ret | 0"],
    ["Uint8", "ret"],
  ])("is a hole where that is another one: %s, %s", async (method, value) => {
    expect((await stored(method, value)).holes).toEqual(["f"]);
  });
});
