// Run as a program: what the library does where `Object.prototype` has more members, printed as JSON. The names are given.
// The first argument is the entry point, the second the names as JSON, the third what each is set to.
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { reportOf } from "./job.mjs";

const [entry, names, value, modules] = process.argv.slice(2);
const values = { function: () => "polluted", text: "polluted", number: 7, object: {}, true: true };
const { plain, rust, minified } = JSON.parse(modules);
const bytesOf = (text) => Uint8Array.from(Buffer.from(text, "base64"));
const sources = { plain: bytesOf(plain), rust: bytesOf(rust), minified: bytesOf(minified) };

for (const name of JSON.parse(names)) {
  Object.defineProperty(Object.prototype, name, {
    __proto__: null,
    value: values[value],
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

const at = (name) => new URL(`../../dist/${name}`, import.meta.url).href;
const require = createRequire(import.meta.url);
const bring = (name) => (entry === "cjs" ? require(`../../dist/${name}.cjs`) : import(at(`${name}.js`)));

const entryPoints = { ...(await bring(entry === "whole" ? "whole" : "node")), ...(await bring("wasm-bindgen")) };
const report = await reportOf({ ...entryPoints, ...(await bring("ledger")) }, sources);

// Printing is Node's.
for (const name of JSON.parse(names)) Reflect.deleteProperty(Object.prototype, name);
writeSync(1, JSON.stringify(report));
