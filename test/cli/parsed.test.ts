import { expect, it } from "vitest";
import { readGlue } from "../../src/cli/declare/glue/read.ts";
import { parseText } from "../../src/cli/declare/parse.ts";

it.each([
  `import source wasm from "./app.wasm";`,
  `import defer * as all from "./app.js";`,
  `import data from "./app.json" with { type: "json" };`,
  `import data from "./app.json" assert { type: "json" };`,
])("A script may have %s", (text) => {
  expect(parseText(text, "app.js", "script").file.program.body[0]?.type).toBe("ImportDeclaration");
});

it.each([
  ["JSX", "export const a = <b />;"],
  ["a decorator", "@made class A {}"],
])("A script with %s is refused as the source of another", (form, text) => {
  expect(() => parseText(text, "app.js", "script")).toThrow(
    new RegExp(`^app\\.js cannot be parsed: it has ${form} that no engine runs, so .* script \\(1:\\d+\\)\\.$`),
  );
});

it("JavaScript that computes a text without end is not called nested", () => {
  const text = `let wasm; function grow() { let s = "x"; for (let i = 0; i < 60; i++) s += s; return s; }
    export function add(a) { return wasm.add(grow(), a); }
    export function free(a) { wasm.__wbg_point_free(a); }`;
  expect(() => readGlue(text, "app.js")).toThrow("app.js cannot be read: it computes a value that is too large.");
});
