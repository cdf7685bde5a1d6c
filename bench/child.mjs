/* global WebAssembly, performance -- in Node */
// A process of its own for one contender: `node child.mjs NAME FOLDER` does the work once and prints what it took as JSON. The
// declaration files are in the folder.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cpuUsage } from "node:process";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const library = () => import("../dist/node.js");

/** A package of 197 classes and 50 imports, and the module of another that imports from web-sys. */
const cardano = "@emurgo/cardano-serialization-lib-nodejs";
const cardanoPath = require.resolve(`${cardano}/cardano_serialization_lib_bg.wasm`);
const gluesql = () => readFileSync(require.resolve("gluesql/web/gluesql_js_bg.wasm"));

const contenders = {
  "package: glue": async () => {
    const { BigNum } = require(cardano);
    return BigNum.from_str("42").to_str();
  },
  "package: load": async () => {
    const { load, t } = await library();
    const api = t.api({
      BigNum: t.class({ from_str: t.static([t.string], t.owned("BigNum")), to_str: t.method([], t.string) }),
    });
    const wasm = await load(cardanoPath, { api });
    return wasm.api.BigNum.from_str("42").to_str();
  },
  "package: load, with a declaration file": async (folder) => {
    const [{ load }, { default: declaration }] = await Promise.all([library(), declarationIn(folder, "package")]);
    const wasm = await load(cardanoPath, declaration);
    return wasm.api.BigNum.from_str("42").to_str();
  },
  "module: engine": async () => {
    const bytes = gluesql();
    const imports = {};
    return timed(async () => {
      const module = await WebAssembly.compile(bytes);
      for (const { module: group, name } of WebAssembly.Module.imports(module)) (imports[group] ??= {})[name] = () => 0;
      await WebAssembly.instantiate(module, imports);
    });
  },
  "module: load": async () => {
    const bytes = gluesql();
    const { load } = await library();
    return timed(() => load(bytes));
  },
  "module: load, with a declaration file": async (folder) => {
    const bytes = gluesql();
    const [{ load }, { default: declaration }] = await Promise.all([library(), declarationIn(folder, "module")]);
    return timed(() => load(bytes, declaration));
  },
};

function declarationIn(folder, name) {
  return import(pathToFileURL(join(folder, `${name}.js`)).href);
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const [, , contender, declarations] = process.argv;
const result = await contenders[contender](declarations);
const { user, system } = cpuUsage();
console.log(JSON.stringify({ result, cpu: (user + system) / 1000 }));
