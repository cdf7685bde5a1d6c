import type { Format, Plugin } from "esbuild";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { inspect } from "../../../src/node.ts";
import { wat } from "../../wat.ts";
import { bundleText } from "./bundle.ts";

const names = ["createSetup", "finishClientLogin", "startClientLogin", "startServerLogin"];
const shape = inspect(
  await wat(`(module (memory (export "memory") 1)
    ${names.map((name) => `(func (export "${name}") (param i32) (result i32) i32.const 0)`).join("\n")})`),
);
const generated = `let wasm;
${names.map((name) => `function ${name}(value) { const ret = wasm.${name}(value); return ret >>> 0; }`).join("\n")}
function initSync(module) { wasm = new WebAssembly.Instance(module, {}).exports; }`;

/** Two objects that give different functions one name, in the forms of several bundlers. */
const objects: readonly (readonly [form: string, text: string])[] = [
  [
    "as frozen objects",
    `var client = Object.freeze({ __proto__: null, startLogin: startClientLogin, finishLogin: finishClientLogin });
     var server = Object.freeze({ __proto__: null, createSetup, startLogin: startServerLogin });`,
  ],
  [
    "as objects with getters",
    `var client = { get startLogin() { return startClientLogin; }, get finishLogin() { return finishClientLogin; } };
     var server = { createSetup, get startLogin() { return startServerLogin; } };`,
  ],
];

/** Reads a bundle of two modules that give different functions one name. */
async function readNamespaces(script: string, format: Format, minify: boolean) {
  const files: Readonly<Record<string, string>> = {
    "./own": `${generated} export { ${names.join(", ")}, initSync };`,
    "./client": `export { startClientLogin as startLogin, finishClientLogin as finishLogin } from "./own";`,
    "./server": `export { createSetup, startServerLogin as startLogin } from "./own";`,
  };
  const plugins: Plugin[] = [
    {
      name: "files",
      setup(builder) {
        builder.onResolve({ filter: /./ }, ({ path }) => ({ path, namespace: "files" }));
        builder.onLoad({ filter: /./, namespace: "files" }, ({ path }) => ({ contents: files[path] ?? "" }));
      },
    },
  ];
  const bundle = await bundleText({ format, minify, globalName: "own" }, { stdin: { contents: script }, plugins });
  return readGlue(bundle, "bundle.js", { shape });
}

/** The export behind each function. */
function callsOf({ functions }: ReturnType<typeof readGlue>) {
  return Object.fromEntries(
    [...functions]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, one.kind === "hole" ? "" : one.export]),
  );
}

const own = Object.fromEntries(names.map((name) => [name, name]));

describe("objects that give different functions one name", () => {
  it.each(objects)("leave each function its own one in CommonJS %s", (_, text) => {
    const script = `${generated} ${text} exports.client = client; exports.server = server;`;
    expect(callsOf(readGlue(script, "bundle.js", { shape }))).toEqual(own);
  });

  it.each(objects)("leave each function its own one in ECMAScript %s", (_, text) => {
    const script = `${generated} ${text} export { client, server };`;
    expect(callsOf(readGlue(script, "bundle.js", { shape }))).toEqual(own);
  });

  it.each((["esm", "cjs", "iife"] as const).flatMap((format) => [[format, false] as const, [format, true] as const]))(
    "leave each function its own one in a bundle as %s (minified: %s)",
    async (format, minify) => {
      const script = `export * as client from "./client"; export * as server from "./server"; export { initSync } from "./own";`;
      expect(callsOf(await readNamespaces(script, format, minify))).toEqual(own);
    },
  );

  it("leave the names of functions that are exported by themselves", () => {
    const script = `${generated} ${objects[0]?.[1]} export { client, server, startServerLogin as start };`;
    const { startServerLogin, ...others } = own;
    expect(callsOf(readGlue(script, "bundle.js", { shape }))).toEqual({ ...others, start: startServerLogin });
  });
});

describe("a name that two functions cannot share", () => {
  it("is a hole if both call one export", () => {
    const again = "function other(value) { const ret = wasm.createSetup(value); return ret >>> 0; }";
    const text = `${generated} ${again} var all = { make: createSetup }, more = { make: other }; export { all, more };`;
    expect(callsOf(readGlue(text, "bundle.js", { shape }))).toEqual({ ...own, createSetup: "" });
  });

  it("leaves a hole for the function that has none", () => {
    const text = `${generated} export { createSetup as startClientLogin, finishClientLogin, startServerLogin }; globalThis.keep(startClientLogin);`;
    const { functions, unnamed } = readGlue(text, "bundle.js", { shape });
    expect(functions.get("startClientLogin")).toMatchObject({ export: "createSetup" });
    expect([...(unnamed?.keys() ?? [])]).toEqual(["startClientLogin"]);
  });
});

describe("enumerations", () => {
  const kinds = "const F = Object.freeze({ A: 0, B: 1 }), G = Object.freeze({ C: 0, D: 1 });";

  it("have the names that they are exported by", () => {
    const { enums } = readGlue(`${generated} ${kinds} export { F as Kind, G as Form };`, "bundle.js", { shape });
    expect([...enums.keys()].sort()).toEqual(["Form", "Kind"]);
  });

  it("keep their own names if two objects give them one", () => {
    const text = `${generated} ${kinds} var client = { Kind: F }, server = { Kind: G }; export { client, server };`;
    const { enums } = readGlue(text, "bundle.js", { shape });
    expect([...enums]).toEqual([
      [
        "F",
        new Map([
          ["A", 0],
          ["B", 1],
        ]),
      ],
      [
        "G",
        new Map([
          ["C", 0],
          ["D", 1],
        ]),
      ],
    ]);
  });
});

describe("functions that JavaScript for Node assigns to its exports", () => {
  const assigned = (...of: readonly (readonly [name: string, calls: string])[]) =>
    `let wasm;
    ${of.map(([name, call]) => `module.exports.${name} = function(value) { const ret = wasm.${call}(value); return ret >>> 0; };`).join("\n")}
    wasm = new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports;`;
  const text = assigned(["start", "startClientLogin"], ["finish", "finishClientLogin"]);
  const read = (more: string) => callsOf(readGlue(`${text}\n${more}`, "own.js", { shape }));
  const both = { start: "startClientLogin", finish: "finishClientLogin" };

  it.each([
    ["nothing", ""],
    ["an arrow function that calls the same", "const again = (value) => wasm.startClientLogin(value) >>> 0;"],
    [
      "a function that calls the same",
      "function again(value) { const ret = wasm.startClientLogin(value); return ret >>> 0; }",
    ],
    [
      "a function that calls both",
      "function both(value) { wasm.startClientLogin(value); wasm.finishClientLogin(value); }",
    ],
  ])("have their names, with %s beside them", (_, more) => {
    expect(read(more)).toEqual(both);
  });

  it("have their names beside a function of another export, which has that export's", () => {
    const more = "function other(value) { const ret = wasm.createSetup(value); return ret >>> 0; }";
    expect(read(more)).toEqual({ ...both, createSetup: "createSetup" });
  });

  it("have their names where one is exported from a variable", () => {
    const more =
      "function third(value) { const ret = wasm.createSetup(value); return ret >>> 0; }\nmodule.exports.third = third;";
    expect(read(`${more}\nconst again = (value) => wasm.startClientLogin(value) >>> 0;`)).toEqual({
      ...both,
      third: "createSetup",
    });
  });
});
