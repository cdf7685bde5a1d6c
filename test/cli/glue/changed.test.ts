import { describe, expect, it } from "vitest";
import { CommandError } from "../../../src/cli/command-error.ts";
import { findInputs } from "../../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../../src/cli/declare/write.ts";

/** Each edit of generated JavaScript changes what the package does. The file must not state what the package did before. */
type Edit = readonly [name: string, old: string, now: string];

const packages = {
  voy: await findInputs("node_modules/voy-search/voy_search_bg.wasm", {}),
  prqlc: await findInputs("node_modules/prqlc/dist/node/prqlc_js_bg.wasm", {}),
};

const write = (inputs: (typeof packages)["voy"]) =>
  writeDeclaration(inputs, { withDocs: false, withShape: false, version: "1", command: "npx unglue declare" });

/** The remarks of a file that is written for edited JavaScript, or the message with which nothing is written. */
async function remarks(name: keyof typeof packages, old: string, now: string): Promise<readonly string[] | string> {
  const inputs = packages[name];
  const { glue } = inputs;
  if (!glue) throw new Error("The package has no JavaScript.");
  const text = old === "" ? `${glue.text}\n${now}\n` : glue.text.replace(old, () => now);
  expect(text).not.toBe(glue.text);
  try {
    const { declared } = await write({ ...inputs, glue: { ...glue, text } });
    return [...declared.holes, ...declared.guesses, ...declared.differences].map(
      ({ member, reason }) => `${member}: ${reason}`,
    );
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

const search = "export function search(index, query, k) {";

const voy: readonly Edit[] = [
  ["a method is replaced", "", "Voy.prototype.size = function () { return 42; };"],
  ["a method is replaced by another name", "", "const P = Voy.prototype; P['size'] = () => 42;"],
  ["a method is defined", "", "Object.defineProperty(Voy.prototype, 'size', { value() { return 42; } });"],
  ["methods are assigned", "", "Object.assign(Voy.prototype, { size() { return 42; } });"],
  ["a method is added", "", "Voy.prototype.mine = function () { return 42; };"],
  ["a static method is replaced", "", "Voy.deserialize = (x) => new Voy();"],
  ["the way to wrap objects is replaced", "", "Voy.__wrap = (x) => x;"],
  ["a class gets another prototype", "", "Object.setPrototypeOf(Voy.prototype, { size: () => 42 });"],
  ["a helper is replaced", "", "getStringFromWasm0 = () => 'x';"],
  ["a parameter has a default value", search, "export function search(index, query, k = 10) {"],
  ["arguments are checked", search, `${search}\n  if (query.length > 10) throw new Error('x');`],
  ["something else is called", search, `${search}\n  console.log(query);`],
  ["an argument is changed", search, `${search}\n  query.length = 2;`],
  [
    "the call happens twice",
    "wasm.voy_clear(this.__wbg_ptr);",
    "wasm.voy_clear(this.__wbg_ptr); wasm.voy_clear(this.__wbg_ptr);",
  ],
  [
    "another export is called too",
    "wasm.voy_clear(this.__wbg_ptr);",
    "wasm.voy_clear(this.__wbg_ptr); wasm.voy_size(this.__wbg_ptr);",
  ],
  ["a result is not taken over", "return takeObject(ret);", "return getObject(ret);"],
  ["a text is not freed", "wasm.__wbindgen_free(deferred1_0, deferred1_1);", ""],
  ["the words of a text are exchanged", "return getStringFromWasm0(r0, r1);", "return getStringFromWasm0(r1, r0);"],
  [
    "a word is read at another place",
    "var r0 = getInt32Memory0()[retptr / 4 + 0];",
    "var r0 = getInt32Memory0()[retptr / 4 + 1];",
  ],
  [
    "no value is another number",
    "isLikeNone(resource) ? 0 : addHeapObject(resource)",
    "isLikeNone(resource) ? 1 : addHeapObject(resource)",
  ],
  ["an object gets more members", "obj.__wbg_ptr = ptr;", "obj.__wbg_ptr = ptr; obj.mine = 1;"],
  ["the exports are others", "wasm = val;", "wasm = { ...val, voy_size: () => 42 };"],
  [
    "texts are in another encoding",
    "new lTextDecoder('utf-8', { ignoreBOM: true, fatal: true })",
    "new lTextDecoder('latin1')",
  ],
  ["texts lose a mark", "{ ignoreBOM: true, fatal: true }", "{ ignoreBOM: false, fatal: true }"],
  ["texts are written in another encoding", "if (code > 0x7F) break;", "if (code > 0xFF) break;"],
  [
    "an array has another length",
    "    getFloat32Memory0().set(arg, ptr / 4);\n    WASM_VECTOR_LEN = arg.length;",
    "    getFloat32Memory0().set(arg, ptr / 4);\n    WASM_VECTOR_LEN = arg.length * 4;",
  ],
  ["errors are swallowed", "wasm.__wbindgen_exn_store(addHeapObject(e));", "console.warn(e);"],
  ["errors are lost", "wasm.__wbindgen_exn_store(addHeapObject(e));", ""],
  [
    "errors are others",
    "wasm.__wbindgen_exn_store(addHeapObject(e));",
    "wasm.__wbindgen_exn_store(addHeapObject(e.message));",
  ],
  [
    "an error of the module is another",
    "throw new Error(getStringFromWasm0(arg0, arg1));",
    "throw new RangeError(getStringFromWasm0(arg0, arg1));",
  ],
  [
    "an error of the module is a text",
    "throw new Error(getStringFromWasm0(arg0, arg1));",
    "throw getStringFromWasm0(arg0, arg1);",
  ],
  ["an error of the module is lost", "throw new Error(getStringFromWasm0(arg0, arg1));", ""],
  [
    "a test of undefined takes null",
    "const ret = getObject(arg0) === undefined;",
    "const ret = getObject(arg0) == undefined;",
  ],
  [
    "a test of undefined is the opposite",
    "const ret = getObject(arg0) === undefined;",
    "const ret = getObject(arg0) !== undefined;",
  ],
  ["any value is a text", "const ret = typeof(obj) === 'string' ? obj : undefined;", "const ret = String(obj);"],
  [
    "a value is copied",
    "    const ret = getObject(arg0);\n    return addHeapObject(ret);",
    "    const ret = structuredClone(getObject(arg0));\n    return addHeapObject(ret);",
  ],
  ["a value is kept", "    takeObject(arg0);\n", "    getObject(arg0);\n"],
];

const prqlc: readonly Edit[] = [
  [
    "an object is changed after the constructor's call",
    "this.__wbg_ptr = ret >>> 0;",
    "this.__wbg_ptr = ret >>> 0;\n this.format = false;",
  ],
  [
    "the constructor calls another export",
    "this.__wbg_ptr = ret >>> 0;",
    "this.__wbg_ptr = ret >>> 0;\n wasm.__wbg_set_compileoptions_format(ret, false);",
  ],
  [
    "a function is exported in its place",
    "exports.compile = compile;",
    "exports.compile = (q, o) => compile(q + '\\n', o);",
  ],
  ["a function is exported over it", "", "exports.compile = function (q) { return q; };"],
  ["the table begins with other values", "table.set(offset + 2, true);", "table.set(offset + 2, false);"],
];

describe("generated JavaScript that was changed by hand", () => {
  it("is remarked on, and what is not changed is not", async () => {
    for (const inputs of Object.values(packages)) {
      const { declared } = await write(inputs);
      expect([declared.holes, declared.guesses, declared.differences]).toEqual([[], [], []]);
    }
  });

  it.each(voy)("is remarked on where %s", async (_, old, now) => {
    expect((await remarks("voy", old, now)).length).toBeGreaterThan(0);
  });

  it.each(prqlc)("is remarked on where %s, of another target", async (_, old, now) => {
    expect((await remarks("prqlc", old, now)).length).toBeGreaterThan(0);
  });

  it("is named with its place", async () => {
    expect(await remarks("voy", "", "Voy.prototype.size = () => 42;")).toEqual([
      expect.stringMatching(
        /^Voy\.size: .* is changed after the class, .*voy_search_bg\.js:\d+:1: `Voy\.prototype\.size = /,
      ),
    ]);
  });
});
