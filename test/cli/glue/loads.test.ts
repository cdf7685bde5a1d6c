import { expect, it } from "vitest";
import { findLoads } from "../../../src/cli/declare/glue/loads.ts";
import { parseText } from "../../../src/cli/declare/parse.ts";

const loadsOf = (text: string) =>
  findLoads(parseText(text, "app.js", "script")).map(({ source, isBare, isPassedOn }) =>
    [source, ...(isBare ? ["bare"] : []), ...(isPassedOn ? ["passed on"] : [])].join(" "),
  );

it.each([
  [`import "./a.js"; import { b } from './b.js'; import * as c from "./c.js";`, ["./a.js bare", "./b.js", "./c.js"]],
  [`export * from "./a.js"; export { b } from "./b.js";`, ["./a.js passed on", "./b.js passed on"]],
  [`require("./a.js"); const b = require("./b.js"); f(require(\`./c.js\`));`, ["./a.js bare", "./b.js", "./c.js"]],
  [`require("./a.js"), void require("./b.js"), f();`, ["./a.js bare", "./b.js bare"]],
  [`await import("./a.js"); const b = await import("./b.js"); export {};`, ["./a.js bare", "./b.js"]],
  [`const text = 'import "./a.js"'; // require("./b.js")`, []],
  ["require(name); require(`./${name}.js`); import(name);", []],
])("finds the files that are loaded by %s", (text, expected) => {
  expect(loadsOf(text)).toEqual(expected);
});
