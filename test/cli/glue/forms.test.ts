import { describe, expect, it } from "vitest";
import type { GlueFunction, GlueImport, GlueType, Read } from "../../../src/cli/declare/glue/model.ts";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import type { Shape, ValueType } from "../../../src/node.ts";

/** Helpers as a module with a list of handles has them, by names that say nothing. */
const helpers = `
let wasm;
const h = new Array(128).fill(undefined); h.push(undefined, null, true, false);
let next = h.length;
function h1(i) { return h[i]; }
function h2(o) { if (next === h.length) h.push(h.length + 1); const i = next; next = h[i]; h[i] = o; return i; }
function h3(i) { const v = h1(i); if (i < 132) return v; h[i] = next; next = i; return v; }
let top = 128;
function h4(o) { if (top == 1) throw new Error("full"); h[--top] = o; return top; }
let u8 = null; function v1() { if (u8 === null || u8.byteLength === 0) u8 = new Uint8Array(wasm.memory.buffer); return u8; }
let dv = null; function v2() { return dv && dv.buffer === wasm.memory.buffer ? dv : (dv = new DataView(wasm.memory.buffer)); }
let f8 = null; function v3() { return null !== f8 && f8.buffer === wasm.memory.buffer || (f8 = new Float64Array(wasm.memory.buffer)), f8; }
let len = 0;
const enc = new TextEncoder(), dec = new TextDecoder("utf-8", { ignoreBOM: true });
function p1(s, malloc, realloc) { let n = s.length, p = malloc(n, 1) >>> 0, at = 0; for (; at < n; at++) { const c = s.charCodeAt(at); if (c > 127) break; v1()[p + at] = c; } if (at < n) { s = s.slice(at); p = realloc(p, n, n = at + s.length * 3, 1); at += enc.encodeInto(s, v1().subarray(p + at, p + n)).written; } len = at; return p; }
function p2(a, malloc) { const p = malloc(a.length * 8, 8) >>> 0; v3().set(a, p / 8); len = a.length; return p; }
function p3(a, malloc) { const p = malloc(a.length * 4, 4) >>> 0; for (let i = 0; i < a.length; i++) v2().setUint32(p + 4 * i, h2(a[i]), true); len = a.length; return p; }
function s1(p, n) { p = p >>> 0; return dec.decode(v1().subarray(p, p + n)); }
function a1(p, n) { p = p >>> 0; return v3().subarray(p / 8, p / 8 + n); }
function l1(p, n) { const all = []; for (let i = p; i < p + 4 * n; i += 4) all.push(h3(v2().getUint32(i, true))); return all; }
function none(x) { return x === undefined || x === null; }
function check(o, c) { if (!(o instanceof c)) throw new Error("expected instance of " + c.name); }
function caught(f, args) { try { return f.apply(this, args); } catch (e) { wasm.__wbindgen_exn_store(h2(e)); } }
const kinds = ["slow", "fast"];
export class Thing {
  static __wrap(p) { const o = Object.create(Thing.prototype); o.at = p; return o; }
  __destroy_into_raw() { const p = this.at; this.at = 0; return p; }
  free() { wasm.__wbg_thing_free(this.__destroy_into_raw(), 0); }
  early() { const p = this.__destroy_into_raw(); wasm.thing_early(p); }
  late() { return wasm.thing_late(this.at) !== 0; }
}
`;

const read = (text: string) => readGlue(`${helpers}\n${text}`, "test.js");

/** Reads the only parameter of a function with this body. */
function parameter(body: string): GlueType | string {
  const found = read(`export function f(x) { ${body} }`).functions.get("f");
  return found?.kind === "function" ? (found.params[0]?.type ?? "none") : (found?.subject ?? "none");
}

/** Reads the result of a function with this body. */
function result(body: string): Pick<GlueFunction, "result" | "throws"> | string {
  const whole = body.startsWith(area) ? `try { ${body} } finally { wasm.__wbindgen_add_to_stack_pointer(16) }` : body;
  const found = read(`export function f() { ${whole} }`).functions.get("f");
  return found?.kind === "function" ? { result: found.result, throws: found.throws } : (found?.subject ?? "none");
}

const area = "const r = wasm.__wbindgen_add_to_stack_pointer(-16);";
const js: GlueType = { kind: "js", isLent: false };

describe("a parameter", () => {
  it.each<[string, GlueType]>([
    ["wasm.f(x)", { kind: "plain" }],
    ["wasm.f(h2(x))", js],
    ["try { wasm.f(h4(x)) } finally { h[top++] = undefined }", { kind: "js", isLent: true }],
    ["wasm.f(none(x) ? 0 : h2(x))", { kind: "optional", item: js, none: 0 }],
    ["const p = p1(x, wasm.m, wasm.r), n = len; wasm.f(p, n)", { kind: "string" }],
    [
      "var p = none(x) ? 0 : p1(x, wasm.m, wasm.r); var n = len; wasm.f(p, n)",
      { kind: "optional", item: { kind: "string" } },
    ],
    ["wasm.f(p2(x, wasm.m), len)", { kind: "array", element: "f64", isMutable: false }],
    ["var p = p2(x, wasm.m), n = len; wasm.f(p, n, h2(x))", { kind: "array", element: "f64", isMutable: true }],
    [
      "try { var p = p2(x, wasm.m), n = len; wasm.f(p, n) } finally { x.set(v3().subarray(p / 8, p / 8 + n)); wasm.free(p, n * 8) }",
      { kind: "array", element: "f64", isMutable: true },
    ],
    ["const p = p3(x, wasm.m), n = len; wasm.f(p, n)", { kind: "list", item: js }],
    ["check(x, Thing); wasm.f(x.at)", { kind: "object", class: "Thing", isMoved: false }],
    ["check(x, Thing); var p = x.__destroy_into_raw(); wasm.f(p)", { kind: "object", class: "Thing", isMoved: true }],
    ["check(x, Thing); var p = x.at; x.at = 0; wasm.f(p)", { kind: "object", class: "Thing", isMoved: true }],
    [
      "let p = 0; if (!none(x)) { check(x, Thing); p = x.__destroy_into_raw() } wasm.f(p)",
      { kind: "optional", item: { kind: "object", class: "Thing", isMoved: true }, none: 0 },
    ],
    ["wasm.f(x.codePointAt(0))", { kind: "char" }],
    ["wasm.f(none(x) ? 0xFFFFFF : x ? 1 : 0)", { kind: "optional", item: { kind: "bool" }, none: 0xffffff }],
    ["wasm.f(none(x) ? 0xFFFFFF : x)", { kind: "optional", item: { kind: "plain" }, none: 0xffffff }],
    [
      "wasm.f(none(x) ? 0x100000001 : (x) >>> 0)",
      { kind: "optional", item: { kind: "plain", isUnsigned: true, bits: 32 }, none: 0x100000001 },
    ],
    ["wasm.f(!none(x), none(x) ? BigInt(0) : x)", { kind: "optional", item: { kind: "plain" } }],
    ["wasm.f(x, x >> BigInt(64))", { kind: "int128", isUnsigned: false }],
    ["wasm.f((kinds.indexOf(x) + 1 || 3) - 1)", { kind: "text-enum", values: ["slow", "fast"] }],
  ])("in %s", (body, expected) => {
    expect(parameter(body)).toEqual(expected);
  });

  it.each([
    ["wasm.f(x + 1)"],
    ["wasm.f(x.length)"],
    ["wasm.f(p1(x, wasm.m, wasm.r))"],
    ["wasm.f(none(x) ? 1.5 : x, 7)"],
    ["wasm.f(x.at)"],
    ["check(x, Thing); wasm.f(other(x))"],
  ])("in %s is a hole", (body) => {
    expect(parameter(body)).toMatch(/^f, parameter \d$/);
  });
});

describe("a helper that passes something else than its argument", () => {
  it.each([
    ["text in lower case", "p1", "s.charCodeAt(at)", "s.toLowerCase().charCodeAt(at)"],
    ["codes that are changed", "p1", "[p + at] = c;", "[p + at] = c ^ 32;"],
    ["the first part of a text", "p1", "let n = s.length", "s = s.slice(0, 5); let n = s.length"],
    ["text that is trimmed", "p1", "let n = s.length", "s = s.trim(); let n = s.length"],
    ["text of an object", "p1", "let n = s.length", "s = s.name; let n = s.length"],
    ["members of the elements of a list", "p3", "h2(a[i])", "h2(a[i].name)"],
    ["results of calls with the elements", "p3", "h2(a[i])", "h2(String(a[i]))"],
    ["elements of another list", "p3", "h2(a[i])", "h2(a.reverse()[i])"],
    ["numbers that are doubled", "p2", "v3().set(a, p / 8)", "v3().set(a.map((x) => 2 * x), p / 8)"],
    ["part of the numbers", "p2", "v3().set(a, p / 8)", "v3().set(a.slice(1), p / 8)"],
  ])("is a hole: %s", (_, helper, from, to) => {
    const changed = helpers.replace(from, to);
    expect(changed).not.toBe(helpers);
    const body = `const p = ${helper}(x, wasm.m, wasm.r), n = len; wasm.f(p, n)`;
    const found = readGlue(`${changed}\nexport function f(x) { ${body} }`, "test.js").functions.get("f");
    expect(found?.kind).toBe("hole");
  });
});

describe("a result", () => {
  it.each<[string, GlueType, boolean?]>([
    ["wasm.f()", { kind: "void" }],
    ["return wasm.f() >>> 0", { kind: "plain", isUnsigned: true, bits: 32 }],
    ["return BigInt.asUintN(64, wasm.f())", { kind: "plain", isUnsigned: true, bits: 64 }],
    ["return wasm.f() !== 0", { kind: "bool" }],
    ["return String.fromCodePoint(wasm.f())", { kind: "char" }],
    ["return h3(wasm.f())", js],
    [
      "const r = wasm.f(); return r === 0 ? undefined : Thing.__wrap(r)",
      { kind: "optional", item: { kind: "object", class: "Thing", isMoved: true }, none: 0 },
    ],
    [
      "const r = wasm.f(); return r === 0xFFFFFF ? undefined : r !== 0",
      { kind: "optional", item: { kind: "bool" }, none: 0xffffff },
    ],
    ["const r = wasm.f(); return kinds[r]", { kind: "text-enum", values: ["slow", "fast"] }],
    ["const r = wasm.f(); const t = s1(r[0], r[1]); wasm.free(r[0], r[1], 1); return t", { kind: "string" }],
    [
      `${area} wasm.f(r); const p = v2().getInt32(r + 4 * 0, true), n = v2().getInt32(r + 4, true); const a = l1(p, n).slice(); wasm.free(p, n * 4, 4); return a`,
      { kind: "list", item: js },
    ],
    [
      `${area} wasm.f(r); const p = v2().getInt32(r, true), n = v2().getInt32(r + 4 * 1, true); let v; if (p !== 0) { v = a1(p, n).slice(); wasm.free(p, n * 8, 8) } return v`,
      { kind: "optional", item: { kind: "array", element: "f64", isMutable: false } },
    ],
    [
      `${area} wasm.f(r); return v2().getInt32(r, true) === 0 ? undefined : v3()[r / 8 + 1]`,
      { kind: "optional", item: { kind: "plain", inMemory: "f64" } },
    ],
    ["const r = wasm.f(); if (r[1]) throw h3(r[0])", { kind: "void" }, true],
    [
      "const r = wasm.f(); if (r[2]) { throw h3(r[1]) } return Thing.__wrap(r[0])",
      { kind: "object", class: "Thing", isMoved: true },
      true,
    ],
    [
      "const r = wasm.f(); return BigInt.asUintN(64, r[0]) | (BigInt.asUintN(64, r[1]) << BigInt(64))",
      { kind: "int128", isUnsigned: true },
    ],
  ])("in %s", (body, expected, throws = false) => {
    expect(result(body)).toEqual({ result: expected, throws });
  });

  it.each([
    ["return wasm.f() + 1", "the result of f"],
    ["return other(wasm.f())", "the result of f"],
    ["return [wasm.f()]", "the result of f"],
    ["const r = wasm.f(); if (r[1]) throw new Error('failed')", "the errors of f"],
    ["switch (wasm.f()) { case 1: return 2 }", "f"],
  ])("in %s is a hole", (body, subject) => {
    expect(result(body)).toBe(subject);
  });
});

describe("a class", () => {
  it("has members that lend its object or give it away", () => {
    const thing = read("").classes.get("Thing");
    expect(thing?.free).toBe("__wbg_thing_free");
    expect([...(thing?.methods.keys() ?? [])]).toEqual(["early", "late"]);
    expect(thing?.methods.get("early")).toMatchObject({ self: "moved" });
    expect(thing?.methods.get("late")).toMatchObject({ self: "lent", result: { kind: "bool" } });
  });

  it("may be a function with a prototype, as older JavaScript has it", () => {
    const { classes } = read(`export var Old = (function () {
      function Old(x) { return Old.wrap(wasm.old_new(h2(x))); }
      Old.wrap = function (p) { var o = Object.create(Old.prototype); o.at = p; return o; };
      Old.prototype.free = function () { var p = this.at; this.at = 0; wasm.__wbg_old_free(p); };
      Old.prototype.same = function (other) { check(other, Old); return wasm.old_same(this.at, other.at) !== 0; };
      Object.defineProperty(Old.prototype, "size", { get: function () { return wasm.old_size(this.at) >>> 0; }, enumerable: false });
      return Old;
    }())`);
    const old = classes.get("Old");
    expect(old?.free).toBe("__wbg_old_free");
    expect(old?.construct).toMatchObject({ params: [{ type: js }], result: { kind: "object", class: "Old" } });
    expect(old?.methods.get("same")).toMatchObject({
      self: "lent",
      params: [{ name: "other", type: { kind: "object", class: "Old", isMoved: false } }],
      result: { kind: "bool" },
    });
    expect(old?.getters.get("size")).toMatchObject({ export: "old_size", result: { kind: "plain", isUnsigned: true } });
  });

  it("has the name that it is exported by", () => {
    const { classes, functions } = read(
      "class a { static w(p) { const o = Object.create(a.prototype); o.p = p; return o; } free() { wasm.x_free(this.p) } } function b() { return a.w(wasm.y()) } export { a as Box, b as make }",
    );
    expect([...classes.keys()]).toEqual(["Thing", "Box"]);
    expect(functions.get("make")).toMatchObject({ result: { kind: "object", class: "Box" } });
  });
});

/** Reads the import of a module with this type. */
function imported(
  definition: string,
  params: readonly ValueType[],
  results: readonly ValueType[] = [],
  name = "__wbg_it_0123456789abcdef",
): Read<GlueImport> | undefined {
  const shape = {
    imports: [{ kind: "function", module: "wbg", name, type: { params, results } }],
    exports: [
      { kind: "memory", name: "memory" },
      { kind: "table", name: "table", type: { element: "funcref" } },
      { kind: "function", name: "__wbindgen_exn_store", type: { params: ["i32"], results: [] } },
      { kind: "function", name: "run", type: { params: ["i32", "i32", "i32"], results: ["i32"] } },
      ...["early", "late"].map((one) => ({
        kind: "function",
        name: `thing_${one}`,
        type: { params: ["i32"], results: ["i32"] },
      })),
    ],
  } as unknown as Shape;
  const text = `${helpers} const imports = { wbg: {} }; imports.wbg.${name} = ${definition};`;
  return readGlue(text, "test.js", { shape }).imports.get(name);
}

describe("an import", () => {
  const meaning = {
    kind: "function",
    path: [],
    params: [],
    receiver: false,
    result: "",
    catch: false,
    variadic: false,
  };

  it.each<[string, ValueType[], ValueType[], object]>([
    ["(a, b) => { console.log(s1(a, b)) }", ["i32", "i32"], [], { path: ["console"], name: "log", params: ["s"] }],
    [
      "(a, b) => { try { console.log(s1(a, b)) } finally { wasm.free(a, b, 1) } }",
      ["i32", "i32"],
      [],
      { path: ["console"], name: "log", params: ["S"] },
    ],
    ["(a) => h2(h1(a).then(h3(a)))", ["i32"], ["i32"], { hole: "the arguments" }],
    [
      "(a, b) => h2(h1(a).then(h3(b)))",
      ["i32", "i32"],
      ["i32"],
      { kind: "method", name: "then", receiver: true, params: ["H"], result: "H" },
    ],
    ["(a) => h1(a).size", ["i32"], ["f64"], { kind: "getter", name: "size", receiver: true, result: "d" }],
    [
      "(a, b) => { h1(a).size = b >>> 0 }",
      ["i32", "i32"],
      [],
      { kind: "setter", name: "size", receiver: true, params: ["u"] },
    ],
    [
      "(a, b) => h2(h1(a)[b >>> 0])",
      ["i32", "i32"],
      ["i32"],
      { kind: "index-getter", name: "", receiver: true, params: ["u"], result: "H" },
    ],
    [
      "(a, b) => { delete h1(a)[h1(b)] }",
      ["i32", "i32"],
      [],
      { kind: "index-deleter", name: "", receiver: true, params: ["h"] },
    ],
    [
      "(a, b) => h2(new Map(h1(a), b !== 0))",
      ["i32", "i32"],
      ["i32"],
      { kind: "constructor", path: ["Map"], name: "", params: ["h", "b"], result: "H" },
    ],
    [
      "(a) => { let r; try { r = h1(a) instanceof Map } catch (_) { r = false } return r }",
      ["i32"],
      ["i32"],
      { kind: "instanceof", path: ["Map"], name: "", receiver: true, result: "b" },
    ],
    [
      "() => { const r = typeof self === 'undefined' ? null : self; return none(r) ? 0 : h2(r) }",
      [],
      ["i32"],
      { kind: "accessor", name: "self", result: "?H" },
    ],
    [
      "function() { return caught(function (a) { return h2(JSON.parse(h1(a))) }, arguments) }",
      ["i32"],
      ["i32"],
      { path: ["JSON"], name: "parse", params: ["h"], result: "H", catch: true },
    ],
    ["(a, b) => { Math.max(...h3(b)) }", ["i32", "i32"], [], { hole: "the arguments" }],
    ["(a) => { Math.max(...h3(a)) }", ["i32"], [], { path: ["Math"], name: "max", params: ["H"], variadic: true }],
    [
      "(a, b) => { const t = h1(b).name; const p = p1(t, wasm.m, wasm.r), n = len; v2().setInt32(a + 4 * 1, n, true); v2().setInt32(a + 4 * 0, p, true) }",
      ["i32", "i32"],
      [],
      { kind: "getter", name: "name", receiver: true, result: "S" },
    ],
    [
      "typeof Math.floor == 'function' ? Math.floor : fail('Math.floor')",
      ["f64"],
      ["f64"],
      { path: ["Math"], name: "floor", params: ["d"], result: "d" },
    ],
    ["(a) => { one(h1(a)); two(h1(a)) }", ["i32"], [], { hole: "the operation" }],
  ])("%s", (definition, params, results, expected) => {
    const found = imported(definition, params, results);
    if ("hole" in expected)
      expect(found).toMatchObject({
        kind: "hole",
        subject: `${String(expected.hole)} of the import __wbg_it_0123456789abcdef`,
      });
    else expect(found).toMatchObject({ kind: "meaning", declaration: { ...meaning, ...expected } });
  });

  const state = "{ a, b, cnt: 1, dtor: 7 }";
  const shared = (inner: string) =>
    `(a, b) => { const s = ${state}; const real = (...args) => { s.cnt++; ${inner} }; real.original = s; return h2(real) }`;

  it("that makes a closure", () => {
    const runs = "const a = s.a; s.a = 0; try { return h3(wasm.run(a, s.b, ...args.map ? [h2(args[0])] : [])) }";
    expect(imported(shared(`${runs} finally {}`), ["i32", "i32"], ["i32"])).toMatchObject({ kind: "hole" });
    const adapter = "const f = (p, q, x) => h3(wasm.run(p, q, h2(x)));";
    const body = `const a = s.a; s.a = 0; try { return f(a, s.b, ...args) } finally { if (--s.cnt === 0) wasm.table.get(s.dtor)(a, s.b); else s.a = a; }`;
    expect(imported(shared(`${adapter} ${body}`), ["i32", "i32"], ["i32"])).toEqual({
      kind: "closure",
      closure: { call: "run", signature: "mut (H)->H", destroy: 7 },
    });
  });

  it("that takes a closure for the time of the call", () => {
    const definition = `(a, b) => { try { var s = { a, b }; var f = (x) => { const a = s.a; s.a = 0; try { return wasm.run(a, s.b, h2(x)) } finally { s.a = a } }; return h2(new Promise(f)) } finally { s.a = s.b = 0 } }`;
    expect(imported(definition, ["i32", "i32"], ["i32"])).toEqual({
      kind: "meaning",
      declaration: {
        ...meaning,
        kind: "constructor",
        path: ["Promise"],
        name: "",
        params: ["Mut(H)i"],
        result: "H",
        closure: undefined,
      },
      closures: [{ call: "run", signature: "mut (H)->i" }],
    });
  });

  it("that casts, wraps or unwraps", () => {
    const cast = "__wbindgen_cast_0123456789abcdef";
    expect(imported("(a, b) => h2(s1(a, b))", ["i32", "i32"], ["i32"], cast)).toEqual({ kind: "cast", type: "s" });
    expect(imported("(a) => h2(BigInt.asUintN(64, a))", ["i64"], ["i32"], cast)).toEqual({ kind: "cast", type: "U" });
    expect(imported("(a, b) => h2(s1(a, b))", ["i32", "i32"], ["i32"])).toMatchObject({ kind: "hole" });
    expect(imported("(a) => h2(Thing.__wrap(a))", ["i32"], ["i32"])).toEqual({ kind: "wrap", class: "Thing" });
    const unwrap = "(a) => { const o = h3(a); if (!(o instanceof Thing)) return 0; return o.__destroy_into_raw() }";
    expect(imported(unwrap, ["i32"], ["i32"])).toEqual({ kind: "unwrap", class: "Thing" });
  });
});

describe("an import that is defined several times", () => {
  const name = "__wbg_log_0011223344556677";
  const shape = {
    imports: [{ kind: "function", module: "wbg", name, type: { params: ["i32"], results: [] } }],
    exports: [
      { kind: "memory", name: "memory" },
      { kind: "function", name: "thing_early", type: { params: ["i32"], results: [] } },
      { kind: "function", name: "thing_late", type: { params: ["i32"], results: ["i32"] } },
    ],
  } as unknown as Shape;
  const readTwice = (first: string, second: string) =>
    readGlue(
      `${helpers} const imports = { wbg: { ${name}: (a) => ${first}, ${name}: (a) => ${second} } };`,
      "test.js",
      {
        shape,
      },
    ).imports.get(name);

  it("is the one that all of them state", () => {
    expect(readTwice("{ console.log(h3(a)); }", "{ const value = h3(a); console.log(value); }")).toMatchObject({
      kind: "meaning",
    });
  });

  it("is a hole if they differ, whichever comes first", () => {
    for (const [first, second] of [
      ["log", "warn"],
      ["warn", "log"],
    ]) {
      expect(readTwice(`console.${first}(h3(a))`, `console.${second}(h3(a))`)).toMatchObject({ kind: "hole" });
    }
  });
});

describe("what only some builds print", () => {
  // A module with a table of values.
  const table = `
let wasm;
let u8 = null; function v1() { if (u8 === null || u8.byteLength === 0) u8 = new Uint8Array(wasm.memory.buffer); return u8; }
let dv = null; function v2() { return dv && dv.buffer === wasm.memory.buffer ? dv : (dv = new DataView(wasm.memory.buffer)); }
let i32 = null; function v4() { if (i32 === null || i32.byteLength === 0) i32 = new Int32Array(wasm.memory.buffer); return i32; }
function view(p, n) { p = p >>> 0; const m = v2(); const all = []; for (let i = p; i < p + 4 * n; i += 4) all.push(wasm.__wbindgen_externrefs.get(m.getUint32(i, true))); return all; }
function owned(p, n) { p = p >>> 0; const m = v2(); const all = []; for (let i = p; i < p + 4 * n; i += 4) all.push(wasm.__wbindgen_externrefs.get(m.getUint32(i, true))); wasm.__externref_drop_slice(p, n); return all; }
`;
  const readFrom = (text: string, shape?: Shape) => readGlue(`${table}\n${text}`, "test.js", shape && { shape });

  it.each([
    ["a.show(view(p, n));", "&[h"],
    ["var all = owned(p, n).slice(); wasm.__wbindgen_free(p, n * 4, 4); a.show(all);", "[H"],
  ])("may be a list whose values the table keeps, or not: %s", (body, code) => {
    const name = "__wbg_show_0011223344556677";
    const shape = {
      imports: [{ kind: "function", module: "wbg", name, type: { params: ["externref", "i32", "i32"], results: [] } }],
      exports: [
        { kind: "memory", name: "memory" },
        { kind: "table", name: "__wbindgen_externrefs" },
        { kind: "function", name: "__wbindgen_free", type: { params: ["i32", "i32", "i32"], results: [] } },
        { kind: "function", name: "__externref_drop_slice", type: { params: ["i32", "i32"], results: [] } },
      ],
    } as unknown as Shape;
    const found = readFrom(
      `const imports = { wbg: {} }; imports.wbg.${name} = (a, p, n) => { ${body} };`,
      shape,
    ).imports.get(name);
    expect(found).toMatchObject({ kind: "meaning", declaration: { name: "show", params: [code] } });
  });

  it("may be a function of one number, which is no helper that gives a handle back", () => {
    const { functions } = readFrom("export function setLevel(level) { wasm.setLevel(level); }");
    expect(functions.get("setLevel")).toMatchObject({ kind: "function", export: "setLevel" });
  });

  it("may be an exception of Rust that unwinds, and the mark of its end", () => {
    const { functions } = readFrom(`
const tag = new WebAssembly.Tag({ parameters: ["externref"] });
let place, isOver = false;
function hook() { isOver = true; try { const i = v4()[wasm.__abort_handler.value / 4]; if (i) wasm.__wbindgen_export.get(i)(); } catch (_) {} }
function handle(e) { if (e instanceof WebAssembly.Exception && e.is(tag)) { throw e.getArg(tag, 0); } v4()[place] = 1; hook(); throw e; }
export function f(x) { try { return wasm.f(x) >>> 0; } catch (e) { handle(e); } }`);
    expect(functions.get("f")).toMatchObject({ kind: "function", export: "f" });
  });
});
