// What the packages' own JavaScript makes of the scenarios, in Node: here alone is any of it run.
import { loadLz4 } from "../test/servers/packages/lz4.mjs";
import { answers, moduleBytes } from "../test/servers/packages/index.mjs";
import { requirePackage } from "../test/servers/packages/modules.mjs";
import { bytes } from "./scenarios.mjs";

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
  await initWasm(await moduleBytes("@resvg/resvg-wasm/index_bg.wasm"));
  return {
    Resvg: class extends Resvg {
      constructor(svg, options, fontBuffers) {
        const { font } = JSON.parse(options);
        super(svg, { font: { ...font, fontBuffers } });
      }
    },
  };
}
