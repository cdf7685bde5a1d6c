import { describe, expect, it } from "vitest";
import { inspect } from "../../../src/node.ts";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { glue, madeBy, throwing } from "../small-package.ts";
import { wat } from "../../wat.ts";

/** A function must leave no view of memory that it frees, and no value lent. */

const free = '(func (export "__wbindgen_free") (param i32 i32 i32))';

describe("an array that a function returns", () => {
  const read = async (body: string) => {
    const bytes = await madeBy(
      100,
      `${throwing} ${free} (func (export "f") (result i32 i32) (i32.const 0) (i32.const 0))`,
    );
    const script = `${glue}
function getArrayU8FromWasm0(ptr, len) { ptr = ptr >>> 0; return getUint8Memory0().subarray(ptr / 1, ptr / 1 + len); }
export function f() { const ret = wasm.f(); ${body} }`;
    return readGlue(script, "app.js", { shape: inspect(bytes) }).functions.get("f");
  };
  const made = "getArrayU8FromWasm0(ret[0], ret[1])";
  const freed = "wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);";

  it("is read if it is a copy", async () => {
    const array = { kind: "array", element: "u8" };
    expect(await read(`var v1 = ${made}.slice(); ${freed} return v1;`)).toMatchObject({ result: array });
    expect(await read(`let v1; if (ret[0] !== 0) { v1 = ${made}.slice(); ${freed} } return v1;`)).toMatchObject({
      result: { kind: "optional", item: array },
    });
  });

  it.each([
    `var v1 = ${made}; ${freed} return v1;`,
    `var v1 = ${made}.subarray(); ${freed} return v1;`,
    `let v1; if (ret[0] !== 0) { v1 = ${made}; ${freed} } return v1;`,
  ])("is a hole if it is a view of memory that is freed: %s", async (body) => {
    expect(await read(body)).toMatchObject({ kind: "hole" });
  });
});

describe("an array that an import is given with its memory", () => {
  const read = async (value: string) => {
    const bytes =
      await wat(`(module ${throwing} (import "wbg" "__wbg_log_0123456789abcdef" (func (param i32 i32))) ${free}
      (memory (export "memory") 1) (func (export "add") (param i32 i32) (result i32) (i32.const 0)))`);
    const script = `${glue}
function getArrayU8FromWasm0(ptr, len) { ptr = ptr >>> 0; return getUint8Memory0().subarray(ptr / 1, ptr / 1 + len); }
imports.wbg.__wbg_log_0123456789abcdef = (arg0, arg1) => { var v0 = ${value}; wasm.__wbindgen_free(arg0, arg1 * 1, 1); console.log(v0); };`;
    return readGlue(script, "app.js", { shape: inspect(bytes) }).imports.get("__wbg_log_0123456789abcdef");
  };

  it("is read if it is a copy", async () => {
    expect(await read("getArrayU8FromWasm0(arg0, arg1).slice()")).toMatchObject({ kind: "meaning" });
  });

  it("is a hole if it is a view", async () => {
    expect(await read("getArrayU8FromWasm0(arg0, arg1)")).toMatchObject({ kind: "hole" });
  });
});

describe("a value that is lent", () => {
  const read = async (body: string, borrow = "heap[--stack_pointer] = obj; return stack_pointer;") => {
    const bytes = await madeBy(80, `${throwing} (func (export "f") (param i32))`);
    const script = `${glue}
const heap = new Array(128).fill(undefined); heap.push(undefined, null, true, false); let heap_next = heap.length;
let stack_pointer = 128;
function addBorrowedObject(obj) { if (stack_pointer == 1) throw new Error("out of js stack"); ${borrow} }
export function f(x) { ${body} }`;
    return readGlue(script, "app.js", { shape: inspect(bytes) }).functions.get("f");
  };
  const pop = "heap[stack_pointer++] = undefined;";

  it("is read if its place is free after the call", async () => {
    const lent = { params: [{ name: "x", type: { kind: "js", isLent: true } }] };
    expect(await read(`try { wasm.f(addBorrowedObject(x)); } finally { ${pop} }`)).toMatchObject(lent);
  });

  it.each([
    "wasm.f(addBorrowedObject(x));",
    "try { wasm.f(addBorrowedObject(x)); } finally { }",
    `try { wasm.f(addBorrowedObject(x)); } finally { ${pop} ${pop} }`,
    `try { wasm.f(addBorrowedObject(x)); } finally { if (x) { ${pop} } }`,
    `const at = addBorrowedObject(x); ${pop} wasm.f(at);`,
    "try { wasm.f(addBorrowedObject(x)); } finally { heap[stack_pointer] = undefined; }",
    "try { wasm.f(addBorrowedObject(x)); } finally { heap[stack_pointer--] = undefined; }",
    "try { wasm.f(addBorrowedObject(x)); } finally { heap[++stack_pointer] = undefined; }",
    `try { wasm.f(x); } finally { ${pop} }`,
  ])("is a hole if its place is not free after the call, or another one is: %s", async (body) => {
    expect(await read(body)).toMatchObject({ kind: "hole" });
  });
});
