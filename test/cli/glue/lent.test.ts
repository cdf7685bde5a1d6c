import { describe, expect, it } from "vitest";
import type { GlueImport, Read } from "../../../src/cli/declare/glue/model.ts";
import { type Abi, readPrinted } from "./printed.ts";

/** Closures that an import takes for the time of its call, and the same ones with a change that the module would notice. */

const adapters = `
function __wbg_adapter_1(arg0, arg1, arg2) { wasm.__wbindgen_run(arg0, arg1, PUT(arg2)); }
function __wbg_adapter_2(arg0, arg1, arg2, arg3) { wasm.__wbindgen_run_two(arg0, arg1, PUT(arg2), PUT(arg3)); }
function __wbg_adapter_3(arg0, arg1, arg2) { const ret = wasm.__wbindgen_run_result(arg0, arg1, PUT(arg2)); return ret !== 0; }
`;

const closure = (at: number, first: string, params: string, adapter: number) =>
  `var state${at} = {a: ${first}}; var cb${at} = (${params}) => { const a = state${at}.a; state${at}.a = 0; try { return __wbg_adapter_${adapter}(a, state${at}.b, ${params}); } finally { state${at}.a = a; } };`;

type Case = readonly [name: string, type: string, body: string, stated: readonly string[]];

const executor: Case = [
  "__wbg_new_0123456789abcdef",
  "ii->h",
  `function(arg0, arg1) { try { ${closure(0, "arg0, b: arg1", "arg0, arg1", 2)} const ret = new Promise(cb0); return PUT(ret); } finally { state0.a = state0.b = 0; } }`,
  ["mut (H,H)->"],
];

const each: Case = [
  "__wbg_forEach_0123456789abcdef",
  "hii->",
  `function(arg0, arg1, arg2) { try { ${closure(0, "arg1, b: arg2", "arg0", 1)} GET(arg0).forEach(cb0); } finally { state0.a = 0; } }`,
  ["mut (H)->"],
];

const shared: Case = [
  "__wbg_filter_0123456789abcdef",
  "hii->h",
  "function(arg0, arg1, arg2) { try { var state0 = {a: arg1, b: arg2}; var cb0 = (arg0) => __wbg_adapter_3(state0.a, state0.b, arg0); const ret = GET(arg0).filter(cb0); return PUT(ret); } finally { state0.a = state0.b = 0; } }",
  ["(H)->b"],
];

const two: Case = [
  "__wbg_then_0123456789abcdef",
  "hiiii->h",
  `function(arg0, arg1, arg2, arg3, arg4) { try { ${closure(0, "arg1, b: arg2", "arg0", 1)} ${closure(1, "arg3, b: arg4", "arg0", 1)} const ret = GET(arg0).then(cb0, cb1); return PUT(ret); } finally { state0.a = state0.b = 0; state1.a = state1.b = 0; } }`,
  ["mut (H)->", "mut (H)->"],
];

type Change = readonly [what: string, from: string, to: string];

const call = "return __wbg_adapter_2(a, state0.b, arg0, arg1);";
const callOne = "return __wbg_adapter_1(a, state0.b, arg0);";
const filter = "__wbg_adapter_3(state0.a, state0.b, arg0)";
const dead = "finally { state0.a = state0.b = 0; }";

const changes: readonly (readonly [Case, ...Change[]])[] = [
  [
    executor,
    ["calls under a condition", call, `if (arg0) ${call}`],
    ["calls under a condition on the outside", call, `if (globalThis.mine) ${call}`],
    ["calls twice", call, `__wbg_adapter_2(a, state0.b, arg0, arg1); ${call}`],
    ["exchanges its words", "(a, state0.b, ", "(state0.b, a, "],
    ["exchanges its words from the start", "{a: arg0, b: arg1}", "{a: arg1, b: arg0}"],
    ["does not put its address back", "state0.a = a;", ""],
    ["puts another address back", "state0.a = a;", "state0.a = state0.b;"],
    ["puts its address at another place", "state0.a = a;", "state0.b = a;"],
    ["swallows errors", "finally { state0.a = a;", "catch { } finally { state0.a = a;"],
    ["changes errors", "finally { state0.a = a;", "catch (e) { throw new Error(e); } finally { state0.a = a;"],
    ["runs once", call, `if (state0.used) return; state0.used = true; ${call}`],
    ["runs again and again", call, `while (arg0) ${call}`],
    ["lives after the call", dead, "finally { }"],
    ["loses only its second word after the call", dead, "finally { state0.b = 0; }"],
    ["is dead before the call", "const ret = new", "state0.a = 0; const ret = new"],
    ["lives after a call that succeeds", dead, "catch (e) { state0.a = state0.b = 0; throw e; }"],
    [
      "lives after a call that fails",
      " } finally { state0.a = state0.b = 0; }",
      " state0.a = state0.b = 0; } finally { }",
    ],
    ["is another function", "new Promise(cb0)", "new Promise((x, y) => cb0(y, x))"],
    ["runs later", call, `queueMicrotask(() => { ${call} });`],
  ],
  [
    each,
    ["calls under a condition", callOne, `if (arg0) ${callOne}`],
    ["exchanges its words", "(a, state0.b, ", "(state0.b, a, "],
    ["does not put its address back", "state0.a = a;", ""],
    ["lives after the call", "finally { state0.a = 0; }", "finally { }"],
    ["swallows errors", "finally { state0.a = a;", "catch { } finally { state0.a = a;"],
  ],
  [
    shared,
    ["calls under a condition", filter, `arg0 ? ${filter} : false`],
    ["exchanges its words", filter, "__wbg_adapter_3(state0.b, state0.a, arg0)"],
    ["has another result", filter, `!${filter}`],
    ["lives after the call", dead, "finally { }"],
    ["runs once", filter, `(state0.used ? false : (state0.used = true, ${filter}))`],
  ],
  [
    two,
    ["is passed in another order", "then(cb0, cb1)", "then(cb1, cb0)"],
    ["is passed twice", "then(cb0, cb1)", "then(cb0, cb0)"],
    ["has the words of the other", "(a, state1.b, ", "(a, state0.b, "],
    ["puts the address of the other back", "state1.a = a;", "state0.a = a;"],
    ["lives after the call", " state1.a = state1.b = 0;", ""],
  ],
];

function read(abi: Abi, [name, type]: Case, body: string): Read<GlueImport> | undefined {
  return readPrinted(abi, name, type, body, adapters);
}

describe.each(["heap", "table"] as const)("a closure that is lent for a call, with values in a %s", (abi) => {
  it.each([executor, each, shared, two])("of %s (%s) is stated", (...one) => {
    const found = read(abi, one, one[2]);
    expect(found).toMatchObject({ kind: "meaning" });
    const closures = found?.kind === "meaning" ? found.closures : undefined;
    const visible = ({ signature }: { readonly signature: string }) => signature.replace("->i", "->b");
    expect(closures?.map(visible)).toEqual(one[3]);
  });

  const all = changes.flatMap(([one, ...edits]) =>
    edits.map(([what, from, to]) => ({ what, from, to, one, of: one[0] })),
  );
  it.each(all)("of $of is a hole if it $what", ({ one, from, to }) => {
    const body = one[2].replace(from, () => to);
    expect(body).not.toBe(one[2]);
    expect(read(abi, one, body)).toMatchObject({ kind: "hole" });
  });
});
