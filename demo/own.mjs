/* global WebAssembly */
// Runs the packages' own JavaScript on the scenarios, in Node. Nothing else runs any of it.
import { readFile } from "node:fs/promises";
import { answers } from "../test/packages/index.mjs";
import { packageFile, requirePackage } from "../test/packages/modules.mjs";
import { bytes } from "./scenarios.mjs";
import { bytesOf } from "./server.mjs";

const packages = {
  resvg: loadResvg,
  tiktoken: () => requirePackage("tiktoken"),
  brotli: () => requirePackage("brotli-wasm"),
  lz4: loadLz4,
  prqlc: () => requirePackage("prqlc"),
  ywasm: () => requirePackage("ywasm"),
  oxc: () => requirePackage("@oxc-parser/wasm"),
};

/**
 * The answer of a package's own JavaScript.
 *
 * @param {object} scenario - One of the scenarios.
 * @param {string} modules - The address of the folder with the input.
 * @returns {Promise<unknown>} Plain data.
 */
export async function ownAnswer({ name, own, use }, modules) {
  if (own) return own(await answers(name.replace("-debug", "")));
  const package_ = await packages[name]();
  return use(package_, { another: package_, read: (file) => bytes(modules, `files/${file}`) });
}

/** The package's class takes options as an object, with the fonts in it. */
async function loadResvg() {
  const { initWasm, Resvg } = requirePackage("@resvg/resvg-wasm");
  await initWasm(await bytesOf("resvg"));
  return {
    Resvg: class extends Resvg {
      constructor(svg, options, fontBuffers) {
        const { font } = JSON.parse(options);
        super(svg, { font: { ...font, fontBuffers } });
      }
    },
  };
}

/** The package is made for bundlers: its JavaScript imports the module as if that were JavaScript too. Only this import is replaced. */
async function loadLz4() {
  const text = await readFile(packageFile("lz4-wasm/lz4_wasm_bg.js"), "utf8");
  const bundled = text.replace(
    /import \* as wasm from '.*';/,
    "let wasm; export function bundle(exports) { wasm = exports; }",
  );
  const glue = await import(`data:text/javascript,${encodeURIComponent(bundled)}`);
  const { instance } = await WebAssembly.instantiate(await bytesOf("lz4"), { "./lz4_wasm_bg.js": glue });
  glue.bundle(instance.exports);
  return glue;
}
