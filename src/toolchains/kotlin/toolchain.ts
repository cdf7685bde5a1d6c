import { anyFunction, imported, type Toolchain, recognised } from "../toolchain.ts";

/** Kotlin/Wasm. */
export const kotlin: Toolchain = {
  ...recognised,
  name: "kotlin",
  signs: [[imported(/^js_code\.kotlin\./, anyFunction)]],
  advice: [{ code: "own-javascript", all: [], none: undefined, own: true }],
  // Text, arrays and objects are references that the engine's garbage collector owns.
};
