import { anyFunction, exported, imported, type Toolchain, recognised } from "../toolchain.ts";

/** TeaVM, which compiles Java and Kotlin for the JVM. */
export const teavm: Toolchain = {
  ...recognised,
  name: "teavm",
  signs: [[imported(/^teavm(Jso|Console|Date|Math|Async)?\./, anyFunction)], [exported(/^teavm\./, anyFunction)]],
  advice: [{ code: "own-javascript", all: [], none: undefined, own: true }],
  // Text, arrays and objects are references that the engine's garbage collector owns.
};
