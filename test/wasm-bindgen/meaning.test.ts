import { describe, expect, it } from "vitest";
import type { Declaration } from "../../src/toolchains/wasm-bindgen/known/index.ts";
import { declarationOf } from "../../src/toolchains/wasm-bindgen/known/item.ts";
import { knownTable } from "../../src/toolchains/wasm-bindgen/known/known-table.ts";
import { webTable } from "../../src/toolchains/wasm-bindgen/known/web-table.ts";
import { deferring } from "../../src/toolchains/wasm-bindgen/deferred.ts";
import type { Runtime } from "../../src/toolchains/wasm-bindgen/runtime.ts";
import { formatMeaning, plainly } from "../../src/toolchains/wasm-bindgen/format-meaning.ts";
import { evaluates, readMeaning } from "../../src/toolchains/wasm-bindgen/meaning.ts";
import { itemsOf } from "../known/lines.ts";

/** The declarations of both tables: string enums became numbers in 0.2.93. */
const declarations = [knownTable, webTable].flatMap((table) =>
  itemsOf(table).flatMap((item) => [92, 130].map((version) => declarationOf(item, version))),
);

const plain: Declaration = {
  crate: "",
  kind: "function",
  path: [],
  name: "f",
  params: [],
  receiver: false,
  result: "",
  catch: false,
  variadic: false,
  closure: undefined,
};

describe("a meaning as text", () => {
  it("states every declaration of the tables exactly, except wasm-bindgen's own", () => {
    const stated = declarations.filter(({ kind }) => kind !== "intrinsic");
    expect(stated.length).toBeGreaterThan(20_000);
    const differing = stated.filter((one) => {
      const text = formatMeaning(one);
      return text === undefined || JSON.stringify(readMeaning(text)) !== JSON.stringify(plainly(one));
    });
    expect(differing).toEqual([]);
    const own = declarations.filter(({ kind }) => kind === "intrinsic");
    expect(own.length).toBeGreaterThan(50);
    expect(own.filter((one) => formatMeaning(one) !== undefined)).toEqual([]);
  });

  const receiver = { ...plain, receiver: true } as const;
  it.each([
    [".move: (u)->H", { ...receiver, kind: "method", name: "move", params: ["u"], result: "H" }],
    ["get .id: ()->s", { ...receiver, kind: "getter", name: "id", result: "s" }],
    ["set .style.width: (s)", { ...receiver, kind: "setter", name: "style.width", params: ["s"] }],
    ["get []: (h)->H", { ...receiver, kind: "index-getter", name: "", params: ["h"], result: "H" }],
    ["delete []: (h)->!b", { ...receiver, kind: "index-deleter", name: "", params: ["h"], result: "b", catch: true }],
    [
      "crypto.subtle.digest: (s,&[u8])->!H",
      { ...plain, path: ["crypto", "subtle"], name: "digest", params: ["s", "&[u8]"], result: "H", catch: true },
    ],
    ["window: ?H", { ...plain, kind: "accessor", name: "window", result: "?H" }],
    ["console.log: (s,...[H)", { ...plain, path: ["console"], name: "log", params: ["s", "[H"], variadic: true }],
    [
      'f: ("a\\"b, c)|d",Mut(H,u)!H,?u8)->?"x|y"',
      { ...plain, params: ['"a"b, c)|d', "Mut(H,u)!H", "?u8"], result: '?"x|y' },
    ],
    ["queueMicrotask: (h) with Mut(H)", { ...plain, name: "queueMicrotask", params: ["h"], closure: "Mut(H)" }],
    [
      "new Intl.Collator: (h)->!H",
      { ...plain, kind: "constructor", path: ["Intl", "Collator"], name: "", params: ["h"], result: "H", catch: true },
    ],
    ["f: ()->!", { ...plain, catch: true }],
  ] as const)("%s", (text, declaration) => {
    expect(readMeaning(text)).toEqual(declaration);
    expect(formatMeaning(declaration as Declaration)).toBe(text);
  });

  it.each([" f : ( u , s ) -> b ", "new Map(): ()->H"])("reads %j, as people write", (text) => {
    expect(readMeaning(text)).toBeDefined();
  });

  it.each([
    "",
    ":",
    "f",
    "f:",
    ": ()",
    "a..b: ()",
    "a.: ()",
    "f: (u",
    "f: u)",
    "f: (u))",
    "f: (,)",
    "f: (...u,u)",
    "f: ()->b c",
    "get f: ()->u",
    "new []: ()",
    "new .x: ()",
    "delete f: ()",
    "a b: ()",
    'a["b"]: ()',
    "f(): ()",
    'f: ("a)',
    'f: ("\\u12")',
    "new A: H",
    "f: ()->()",
    "f: (Mut(Mut()))",
    "f`x`: ()",
  ])("refuses %j", (text) => {
    expect(readMeaning(text)).toBeUndefined();
  });

  it("does not state what it would read otherwise", () => {
    const { name, ...rest } = plain;
    for (const odd of ["a:b", "a b", "", "a(", 'a"', "a[0]"])
      expect(formatMeaning({ ...rest, name: odd })).toBeUndefined();
    expect(formatMeaning({ ...plain, params: ['Mut("a|b)'] })).toBeUndefined();
    // A function of a prototype has the name of a method.
    expect(formatMeaning({ ...plain, path: ["A", "prototype"], name })).toBeUndefined();
    expect(formatMeaning({ ...plain, path: ["A", "prototype", "f"], name: "call" })).toBe("A.prototype.f.call: ()");
  });
});

describe("a continuation of a promise", () => {
  it.each([
    ["Promise.prototype.then: (h,h)->H", true],
    [".then: (h,h)->H", true],
    [".catch: (h)->H", true],
    ["Game.prototype.then: (h)->H", false],
    [".move: (h)->H", false],
    ["queueMicrotask: (h)", true],
  ])("%s runs by way of the instance, which may have ended by then: %s", (text, isDeferred) => {
    const read = readMeaning(text);
    if (!read) throw new Error(`${text} cannot be read.`);
    const called: unknown[] = [];
    const runtime = { continuation: () => () => called.push("by the instance") } as unknown as Runtime;
    const action = deferring(read, (_, args) => {
      for (const one of args) if (typeof one === "function") (one as (value: unknown) => void)("late");
    });
    action(runtime, [...(read.receiver ? [{}] : []), (value: unknown) => called.push(value)]);
    expect(called).toEqual([isDeferred ? "by the instance" : "late"]);
  });
});

describe("a meaning that would run text as code", () => {
  const reads = (text: string, name = "__wbg_x_0123456789abcdef"): boolean => {
    const read = readMeaning(text);
    if (!read) throw new Error(`${text} cannot be read.`);
    return evaluates(read, name);
  };

  it.each([
    "new Function: (s)->H",
    "Function: (s)->H",
    "eval: (s)->H",
    "globalThis.eval: (s)->!H",
    "window.Function.call: (h,s)->H",
    "new globalThis.Function: (s)->H",
    "get .constructor: ()->H",
    "get Object.prototype.constructor: ()->H",
    ".constructor: (s)->H",
    ".constructor.constructor: (s)->H",
    "Map.constructor: (s)->H",
    "Object.prototype.constructor.constructor: (s)->H",
    "get Map.constructor: ()->H",
    "new Map.constructor: (s)->H",
    "get .__proto__: ()->H",
    "set .__proto__: (h)",
    "get Map.__proto__: ()->H",
    "eval: H",
    "Function: H",
    "a.Function: ?H",
    ".eval: (s)->H",
    "get .Function: ()->H",
    "setTimeout: (s,i)->i",
    ".setTimeout: (S)->!i",
    "window.setInterval: (?s,i)->i",
  ])("%s", (text) => {
    expect(reads(text)).toBe(true);
  });

  it.each([
    "Function.prototype.call: (h,h)->!H",
    "get Function.prototype.name: ()->h",
    "instanceof Function: ()->b",
    ".apply: (h,h)->!H",
    "setTimeout: (h,i)->!i",
    "Reflect.get: (h,h)->!H",
    "Document.prototype.evaluate: (s,h)->!H",
    "get []: (h)->H",
  ])("%s does not", (text) => {
    expect(reads(text)).toBe(false);
  });

  it("may be stated of an import whose own name says the same", () => {
    expect(reads("new Function: (s)->H", "__wbg_newnoargs_0123456789abcdef")).toBe(false);
    expect(reads("new Function: (s)->H", "__wbg_new_no_args_0123456789abcdef")).toBe(false);
    expect(reads("eval: (s)->!H", "__wbg_eval_0123456789abcdef")).toBe(false);
    expect(reads("get Object.prototype.constructor: ()->H", "__wbg_constructor_0123456789abcdef")).toBe(false);
    expect(reads("get .constructor: ()->H", "__wbg_constructor_0123456789abcdef")).toBe(false);
    expect(reads(".constructor: (s)->H", "__wbg_constructor_0123456789abcdef")).toBe(true);
    expect(reads("eval: (s)->!H", "__wbg_newnoargs_0123456789abcdef")).toBe(true);
    expect(reads("new globalThis.Function: (s)->H", "__wbg_newnoargs_0123456789abcdef")).toBe(true);
  });
});
