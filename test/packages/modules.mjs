/**
 * The packages that the tests use, all of them from `list.json`: `installed` came with the development dependencies, and
 * each row is a module of one; `surveyed` and `surveyedSince` are fetched by `fetch.mjs`. A module that a package carries
 * inside its JavaScript is cut out of the text; none of that JavaScript is run.
 */
import { Buffer } from "node:buffer";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const packages = new URL("../../node_modules/", import.meta.url);
const list = JSON.parse(await readFile(new URL("list.json", import.meta.url), "utf8"));

/** The modules of installed packages: package, version, the path below node_modules, the toolchain, perhaps a short name. */
export const installed = list.installed.map(({ package: id, file, ...rest }) => {
  const at = id.lastIndexOf("@");
  return { ...rest, package: id.slice(0, at), version: id.slice(at + 1), path: `${id.slice(0, at)}/${file}` };
});

const named = Object.fromEntries(installed.flatMap(({ name, path }) => (name ? [[name, path]] : [])));

/** Real files to compress and to hash. `size` cuts a large one. */
const inputs = {
  "package.json": { path: "../package.json" },
  "lz4_wasm_bg.wasm": { path: named.lz4 },
  "README.md": { path: "source-map/README.md" },
  "source.map": { path: "markdown-it/dist/markdown-it.js.map" },
  "typescript.js": { path: "typescript/lib/typescript.js", size: 1 << 20 },
  empty: { path: "typescript/lib/typescript.js", size: 0 },
};

/** The names of all input files. */
export const inputNames = Object.keys(inputs);

/**
 * The bytes of a module.
 *
 * @param {string} name - A short name, or a path below node_modules.
 * @returns {Promise<Uint8Array>} The bytes.
 */
export async function moduleBytes(name) {
  const path = Object.hasOwn(named, name) ? named[name] : name;
  const content = await readFile(new URL(path, packages));
  return path.endsWith(".wasm") ? content : cutModule(path, content.toString("latin1"));
}

/**
 * The paths, below node_modules, of everything that holds a module.
 *
 * @returns {Promise<string[]>} The paths, sorted.
 */
export async function listModules() {
  const files = await readdir(packages, { recursive: true });
  const paths = files.map((path) => path.replaceAll("\\", "/")).filter((path) => path.endsWith(".wasm"));
  const carriers = installed.map(({ path }) => path).filter((path) => !path.endsWith(".wasm"));
  return [...paths, ...carriers].filter((path) => !path.startsWith(".")).sort();
}

/**
 * The bytes of an input file.
 *
 * @param {string} name - One of `inputNames`.
 * @returns {Promise<Uint8Array>} The bytes.
 */
export async function inputBytes(name) {
  const { path, size } = inputs[name];
  return (await readFile(new URL(path, packages))).subarray(0, size);
}

/**
 * The location of a file of a package.
 *
 * @param {string} path - A path below node_modules.
 * @returns {URL} The location.
 */
export function packageFile(path) {
  return new URL(path, packages);
}

/** Loads a CommonJS package as its users do. */
export const requirePackage = createRequire(new URL("package.json", new URL("../", packages)));

function cutModule(path, text) {
  const base64 = /AGFzbQ[\w+/]+=*/.exec(text);
  if (base64) return Buffer.from(base64[0], "base64");
  const numbers = /\[(0,97,115,109,[\d,]+)\]/.exec(text);
  if (numbers) return Uint8Array.from(numbers[1].split(","), Number);
  throw new Error(`No WebAssembly module in ${path}: the package keeps it elsewhere now; correct the path.`);
}
