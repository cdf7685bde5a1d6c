import { describe, expect, it } from "vitest";
import { inputsOf, remarksWith } from "./edits.ts";

/** Generated JavaScript of which a name gets another value where no assignment stands: the command has to say so. */
const inputs = await inputsOf("node_modules/prqlc/dist/node/prqlc_js_bg.wasm");

const names = ["getStringFromWasm0", "passStringToWasm0", "decodeText", "pl_to_rq", "CompileOptions"];
const heads: readonly (readonly [name: string, code: (name: string) => string])[] = [
  ["of a loop over values", (name) => `for (${name} of [() => "x"]);`],
  ["of a loop over keys", (name) => `for (${name} in { x: 1 });`],
  ["of a loop with a pattern of properties", (name) => `for ({ a: ${name} } of [{ a: () => "x" }]);`],
  ["of a loop with a default", (name) => `for ({ a: ${name} = () => "x" } of [{}]);`],
  ["of a loop with a pattern of elements", (name) => `for ([${name}] of [[() => "x"]]);`],
  ["of a loop with the rest", (name) => `for ([...${name}] of [[() => "x"]]);`],
  ["of a loop in a function", (name) => `(() => { for (${name} of [() => "x"]); })();`],
];
const declared: readonly (readonly [name: string, code: (name: string) => string])[] = [
  ["var in a loop over values", (name) => `for (var ${name} of [() => "x"]);`],
  ["var in a loop over keys", (name) => `for (var ${name} in { x: 1 });`],
  ["a function in a block", (name) => `{ function ${name}() { return "x"; } }`],
  ["a function under a condition", (name) => `if (process.versions.node) { function ${name}() { return "x"; } }`],
  ["a function after a condition", (name) => `if (process.versions.node) function ${name}() { return "x"; }`],
  ["a function in try", (name) => `try { function ${name}() { return "x"; } } catch {}`],
  ["a function in a loop", (name) => `for (const _ of [1]) { function ${name}() { return "x"; } }`],
  ["a function in a switch", (name) => `switch (1) { case 1: function ${name}() { return "x"; } }`],
  ["a function in two blocks", (name) => `{ { function ${name}() { return "x"; } } }`],
];
const rows = [...heads, ["an update", (name: string) => `${name}++;`] as const].flatMap(([how, code]) =>
  names.map((name) => [name, how, code(name)] as const),
);
const functions = declared.flatMap(([how, code]) => names.slice(0, 4).map((name) => [name, how, code(name)] as const));

describe("a generated name that gets another value is remarked on", () => {
  it.each([...rows, ...functions])("%s by %s", async (_, __, code) => {
    expect(await remarksWith(inputs, (text) => `${text}\n${code}\n`)).not.toEqual([]);
  });

  it.each([
    ["the exports of the module", "for (wasm of [{ ...wasm, compile() { return [0, 0]; } }]);"],
    ["the exports of the module in a pattern", "for ({ a: wasm } of [{ a: { ...wasm } }]);"],
    ["the decoder", "for (cachedTextDecoder of [{ decode: () => 'x' }]);"],
    ["the memory", "for (getUint8ArrayMemory0 of [() => new Uint8Array(9)]);"],
  ])("%s in the head of a loop", async (_, code) => {
    expect(await remarksWith(inputs, (text) => `${text}\n${code}\n`)).not.toEqual([]);
  });

  it.each([
    ["a function of its own in a strict block", "(() => { 'use strict'; { function getStringFromWasm0() {} } })();"],
    ["a function in a block of another function", "(() => { { function getStringFromWasm0() {} } })();"],
    ["an asynchronous function in a block", "{ async function getStringFromWasm0() {} }"],
    ["a function in a block with the name", "{ let getStringFromWasm0; { function getStringFromWasm0() {} } }"],
    ["a loop's own name", "for (const getStringFromWasm0 of [1]);"],
    ["a caught exception", "try { } catch (getStringFromWasm0) { getStringFromWasm0 = 5; }"],
  ])("but not %s", async (_, code) => {
    expect(await remarksWith(inputs, (text) => `${text}\n${code}\n`)).toEqual([]);
  });
});
