import { describe, expect, it } from "vitest";
import { inspect } from "../../../src/node.ts";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { findInputs } from "../../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../../src/cli/declare/write.ts";
import { glue, madeBy, packageOf, throwing } from "../small-package.ts";

const passing = `const encoder = new TextEncoder(); let WASM_VECTOR_LEN = 0;
function isLikeNone(x) { return x === undefined || x === null; }
function passStringToWasm0(arg, malloc) { const buf = encoder.encode(arg); const ptr = malloc(buf.length, 1) >>> 0;
  getUint8Memory0().subarray(ptr, ptr + buf.length).set(buf); WASM_VECTOR_LEN = buf.length; return ptr; }`;

/** Reads `f(text, x)` that converts its second value before it passes the text, as versions since 0.2.130 do. */
async function read(word: string, converted: string) {
  const bytes = await madeBy(130, `${throwing} (func (export "f") (param i32 i32 ${word}))`);
  const text = `${glue}\n${passing}
export function f(text, x) { const val1 = ${converted};
  const ptr0 = passStringToWasm0(text, wasm.__wbindgen_malloc); const len0 = WASM_VECTOR_LEN; wasm.f(ptr0, len0, val1); }`;
  return readGlue(text, "app.js", { shape: inspect(bytes) }).functions.get("f");
}

describe("a value that is converted before a text is passed", () => {
  it.each([
    ["a number", "i32", "+x", { kind: "plain" }],
    ["an unsigned number", "i32", "+(x >>> 0)", { kind: "plain", isUnsigned: true }],
    ["a float", "f32", "+x", { kind: "plain" }],
    ["a double", "f64", "+x", { kind: "plain" }],
    ["a long", "i64", "BigInt.asIntN(64, x)", { kind: "plain" }],
    ["a boolean", "i32", "+(x ? 1 : 0)", { kind: "bool" }],
    [
      "a boolean or none",
      "i32",
      "+(isLikeNone(x) ? 0xFFFFFF : x ? 1 : 0)",
      { kind: "optional", item: { kind: "bool" }, none: 0xff_ff_ff },
    ],
    ["a character", "i32", "+(x.codePointAt(0))", { kind: "char" }],
  ])("is read as %s", async (_, word, converted, type) => {
    expect(await read(word, converted)).toMatchObject({
      kind: "function",
      params: [{ type: { kind: "string" } }, { name: "x", type }],
    });
  });

  it("is no reference", async () => {
    const bytes = await madeBy(130, `${throwing} (func (export "f") (param externref))`);
    const script = `${glue}\nexport function f(x) { const val1 = +x; wasm.f(val1); }`;
    const folder = packageOf({ "app_bg.wasm": bytes, "app.js": script });
    const options = { withDocs: true, withShape: false, version: "1", command: "x", folder };
    const { declared } = await writeDeclaration(await findInputs(`${folder}/app_bg.wasm`, {}), options);
    expect(declared.holes).toEqual([{ member: "f", reason: "its parameter x: a number is passed as a reference" }]);
  });

  it.each([
    ["i32", "-x"],
    ["i32", "+x + 1"],
    ["i64", "BigInt.asIntN(32, x)"],
    ["i64", "BigInt.asUintN(8, x)"],
  ])("is a hole with another conversion: %s %s", async (word, converted) => {
    expect(await read(word, converted)).toMatchObject({ kind: "hole" });
  });
});
