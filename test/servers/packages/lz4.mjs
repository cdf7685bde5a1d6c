/* global WebAssembly */
/** What `lz4-wasm` itself returns for real files. */
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { inputBytes, inputNames, moduleBytes, packageFile } from "./modules.mjs";

/**
 * The compressed form of every input file, and what decompressing damaged data throws.
 *
 * @returns {Promise<object>} Base64 by file name, and the messages of `invalid` inputs.
 */
export async function lz4Answers() {
  const { compress, decompress } = await loadLz4();
  const compressed = {};
  for (const file of inputNames) compressed[file] = Buffer.from(compress(await inputBytes(file))).toString("base64");
  const invalid = [[], [1, 2, 3], [10, 0, 0, 0, 16, 1, 0, 0, 0], [4, 0, 0, 0, 255, 255, 255]].map((bytes) => ({
    bytes,
    thrown: thrownBy(() => decompress(Uint8Array.from(bytes))),
  }));
  return { compressed, invalid };
}

/**
 * The package is made for bundlers: its JavaScript imports the module as if that were JavaScript too. Only this import is
 * replaced.
 *
 * @returns {Promise<object>} What the package exports.
 */
export async function loadLz4() {
  const text = await readFile(packageFile("lz4-wasm/lz4_wasm_bg.js"), "utf8");
  const bundled = text.replace(
    /import \* as wasm from '.*';/,
    "let wasm; export function bundle(exports) { wasm = exports; }",
  );
  const glue = await import(`data:text/javascript,${encodeURIComponent(bundled)}`);
  const { instance } = await WebAssembly.instantiate(await moduleBytes("lz4"), { "./lz4_wasm_bg.js": glue });
  glue.bundle(instance.exports);
  return glue;
}

function thrownBy(run) {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  throw new Error("The package accepted damaged data.");
}
