import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { holesIn } from "./same.ts";

const shape = {
  imports: [{ kind: "function", module: "env", name: "log", type: { params: ["i32"], results: [] } }],
  exports: ["f", "g"].map((name) => ({ kind: "function", name, type: { params: ["i32"], results: ["i32"] } })),
} as never;

/** Generated JavaScript that gives its functions the names that a bundler has made short. */
const glue = (e: string, env = "null"): string => `
  const env = ${env};
  let wasm;
  ${e}.aB = function (x) { return wasm.f(x); };
  ${e}.cD = function (x) { return wasm.g(x); };
  ${e}.init = (module) => { wasm = new WebAssembly.Instance(module, { env: env }).exports; };`;

/** The functions with which a bundle loads its modules, and defines what it exports. */
const runtime = `
  const known = {};
  function load(id) {
    const old = known[id];
    if (old !== undefined) return old.exports;
    const made = known[id] = { exports: {} };
    return modules[id](made, made.exports, load), made.exports;
  }
  load.d = (exports, all) => { for (var key in all) Object.defineProperty(exports, key, { enumerable: true, get: all[key] }); };
  load.r = (exports) => { Object.defineProperties(exports, { [Symbol.toStringTag]: { value: "Module" }, __esModule: { value: true } }); };`;

const entry = (all: string): string => `
  let own = {};
  (() => { load.r(own), load.d(own, ${all}); var m = load(159); })(), module.exports = own;`;

const bundle = (modules: string, all: string): string =>
  `(() => { var modules = { ${modules} }; ${runtime} ${entry(all)} })();`;

const read = (text: string) => readGlue(text, "bundle.js", { shape });
const exportsOf = (text: string) =>
  Object.fromEntries([...read(text).functions].map(([name, one]) => [name, one.kind === "hole" ? "hole" : one.export]));

const own = `159(m, e, load) { "use strict"; ${glue("e")} }`;

describe("a bundle with a table of modules", () => {
  it("has the names of its entry point", () => {
    expect(exportsOf(bundle(own, "{ f: () => m.aB, g: () => m.cD }"))).toEqual({ f: "f", g: "g" });
  });

  it("has names that are swapped there", () => {
    expect(exportsOf(bundle(own, "{ f: () => m.cD, g: () => m.aB }"))).toEqual({ f: "g", g: "f" });
  });

  it("has the names of a module that is exported as a whole", () => {
    const text = `(() => { var modules = { 159: (m, e, load) => { ${glue("e")} } }; ${runtime} module.exports = load(159); })();`;
    expect(exportsOf(text)).toEqual({ aB: "f", cD: "g" });
  });

  it("has holes for names of a module that it has twice", () => {
    const twice = `${own}, inner: { 159(m, e) { e.aB = () => 5; } }`;
    expect(exportsOf(bundle(twice, "{ f: () => m.aB, g: () => m.cD }"))).toMatchObject({ f: "hole", g: "hole" });
  });

  it("has holes for what changes the exports later", () => {
    expect(
      exportsOf(
        bundle(own, "{ f: () => m.aB }").replace("module.exports = own;", "change(own), module.exports = own;"),
      ),
    ).toMatchObject({
      f: "hole",
    });
  });

  it("passes a module on that another file has", () => {
    const modules = `7(m) { m.exports = require("env"); }, 159(m, e, load) { ${glue("e", "load(7)")} }`;
    const { imports } = read(bundle(modules, "{ f: () => m.aB }"));
    expect(imports.get("log")).toMatchObject({ kind: "foreign", module: "env" });
  });

  it("does not pass another module on", () => {
    const modules = `7(m) { m.exports = mine(require("env")); }, 159(m, e, load) { ${glue("e", "load(7)")} }`;
    const { imports } = read(bundle(modules, "{ f: () => m.aB }"));
    expect(imports.get("log")?.kind).not.toBe("foreign");
  });
});

describe("a function of another module of a bundle", () => {
  const twice = (name: string) =>
    `${own}, 7(m, e, load) { var own = load(159); e.twice = function (x) { return own.aB(own.aB(x)); }; }`.replace(
      "e.twice",
      `e.${name}`,
    );
  const all = "{ f: () => m.aB, g: () => m.cD, twice: () => load(7).twice }";

  it("is no function of the module if it calls generated ones in its own way", () => {
    const found = read(bundle(twice("twice"), all));
    expect(Object.keys(exportsOf(bundle(twice("twice"), all)))).toEqual(["f", "g"]);
    expect(found.others).toContain("twice");
    expect(holesIn(found)).toEqual([]);
  });

  it("is a hole in the module with the generated functions", () => {
    const inside = own.replace("e.init =", "e.twice = function (x) { return wasm.f(wasm.f(x)); }; e.init =");
    expect(exportsOf(bundle(inside, all.replace("load(7)", "m")))).toEqual({ f: "f", g: "g", twice: "hole" });
  });

  it("is a hole in a text without modules", () => {
    const text = `let wasm; function f(x) { return wasm.f(x); } function twice(x) { return f(f(x)); }
      exports.f = f; exports.twice = twice;
      exports.initSync = (module) => { wasm = new WebAssembly.Instance(module, {}).exports; };`;
    expect(exportsOf(text)).toEqual({ f: "f", twice: "hole" });
  });

  it("is told where it has the name of a generated one", () => {
    const found = read(bundle(twice("g"), "{ f: () => m.aB, g: () => load(7).g }"));
    expect(found.functions.get("g")?.kind === "hole" || found.covered?.has("g")).toBe(true);
  });
});

describe("a module in a function", () => {
  const wrap =
    "var wrap = (all, made) => function () { return made || (0, all[Object.keys(all)[0]])((made = { exports: {} }).exports, made), made.exports; };";

  it("has its names, swapped or not", () => {
    const text = `${wrap} var requireGlue = wrap({ "glue.js"(exports, module) { ${glue("exports")} } });
      var own = requireGlue(); exports.f = own.cD; exports.g = own.aB;`;
    expect(exportsOf(text)).toMatchObject({ f: "g", g: "f" });
  });

  it("is read like one without a function", () => {
    const text = `${wrap} var requireGlue = wrap({ "glue.js"(exports, module) { ${glue("exports")} } }); module.exports = requireGlue();`;
    expect(exportsOf(text)).toEqual(exportsOf(glue("exports")));
    expect(holesIn(read(text))).toEqual([]);
  });
});
