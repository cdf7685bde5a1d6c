import { anyFunction, imported, type Toolchain, recognised } from "../toolchain.ts";

/** MoonBit. */
export const moonbit: Toolchain = {
  ...recognised,
  name: "moonbit",
  signs: [[imported(/^(moonbit:ffi|__moonbit_\w+)\./, anyFunction)]],
  advice: [{ code: "own-javascript", all: [], none: undefined, own: true }],
  // Text, arrays and objects are references that the engine's garbage collector owns.
};
