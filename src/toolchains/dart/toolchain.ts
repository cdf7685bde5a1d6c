import { anyFunction, imported, type Toolchain, recognised } from "../toolchain.ts";

/** Dart, compiled by dart2wasm. */
export const dart: Toolchain = {
  ...recognised,
  name: "dart",
  signs: [[imported(/^dart2wasm\./, anyFunction)]],
  advice: [{ code: "own-javascript", all: [], none: undefined, own: true }],
  // Text, arrays and objects are references that the engine's garbage collector owns.
};
