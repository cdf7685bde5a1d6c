// @ts-check
// The features of engines that docs/runtimes.md lists. test/features/engines.both.test.ts compares them with the engine that it
// runs in, and test/toolchains.test.ts compares the page with them.

/** The engines that run the tests. */
export const engines = ["Node 20", "Node 22", "Node 24", "Node 26", "Chromium"];

const since22 = engines.slice(1);

/** The engines that have each feature, without a flag. */
export const features = {
  SIMD: engines,
  "relaxed SIMD": since22,
  "shared memory": engines,
  "64-bit memory": since22,
  "several memories": since22,
  "exceptions, the legacy form": engines,
  "exceptions with `exnref`": since22,
  "exceptions of JavaScript (`JSTag`)": since22,
  WasmGC: since22,
  "string builtins (`js-string`)": since22,
  JSPI: engines.slice(2),
  "custom page sizes": engines.slice(engines.length),
};
