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
  "imported string constants": engines.slice(2),
  JSPI: engines.slice(2),
  "custom page sizes": engines.slice(engines.length),
};

/**
 * The first version that has a feature, where earlier ones of the same line lack it.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const firstVersions = {
  "64-bit memory": { "Node 22": "22.19" },
  "exceptions with `exnref`": { "Node 22": "22.19", "Node 24": "24.15" },
  "string builtins (`js-string`)": { "Node 22": "22.19" },
  JSPI: { "Node 24": "24.20" },
};

/**
 * The cell of the table for a feature and an engine.
 *
 * @param {keyof typeof features} feature - The feature.
 * @param {string} engine - The engine.
 * @returns {string} The first version of the line, "yes" for all of them, or a dash.
 */
export function cellOf(feature, engine) {
  return features[feature].includes(engine) ? (firstVersions[feature]?.[engine] ?? "yes") : "–";
}
