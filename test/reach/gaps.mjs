// Gaps of a runtime's own engine or host. Any other failure counts, and so does a gap that has closed.

/**
 * @typedef {object} Gap - A gap.
 * @property {string[]} runtimes - The runtimes' names, or their beginnings before a star.
 * @property {string[]} checks - The checks that fail, each as "area: name", or as "area: *".
 * @property {RegExp} [error] - What they fail with, where that is the library's to say.
 * @property {string} reason - Why, in a sentence.
 */

/** The name under which a host's bad end is listed. */
export const badEnd = "the host's own end";

const withUrls = [
  "sources: a data: URL",
  "sources: a URL as text",
  "sources: a URL as an object",
  "sources: a request",
  "sources: a response",
  "sources: a request of another implementation",
  "sources: a module under gzip, without a header that says so",
  "sources: a module under Content-Encoding",
  "sources: a server's refusal is http-status",
  "sources: a page in place of a module is not-wasm",
  "sources: a module that is cut short is truncated",
  "MIME: *",
  "progress: is reported up to the whole size",
  "integrity: lets the right bytes through",
  "integrity: refuses other bytes of a URL",
  "abort: while the server is silent",
];
const filesInMemory = [
  "WASI: a command reads and writes files in memory, which the next run finds",
  "WASI: a reactor writes and reads a file in memory",
];
const absent = /unavailable-here|integrity-unavailable|is not defined|Can't find variable/;

/** @type {Gap[]} */
export const gaps = [
  {
    runtimes: [
      "node20*",
      "node22*",
      "bun*",
      "workerd*",
      "edge",
      "jest-*",
      "vitest-*",
      "chromium-*",
      "firefox-*",
      "webkit-*",
    ],
    checks: ["sources: a module of import source, with a shape"],
    reason: "The runtime, or what the suite is built with there, does not have the syntax `import source`.",
  },
  {
    runtimes: ["bun*"],
    checks: ["traps: list the functions that ran, where the engine tells, and never others"],
    reason: "Bun leaves the module's functions out of an error's stack.",
  },
  {
    runtimes: ["workerd*"],
    checks: [
      "sources: bytes in an array",
      "sources: bytes in a buffer, and in a view of a part of one",
      "sources: bytes that are overwritten after the call",
      "sources: a blob",
      "sources: a stream of pieces",
      "sources: a data: URL",
      "sources: a URL as text",
      "sources: a URL as an object",
      "sources: a request",
      "sources: a response",
      "sources: a response made by hand",
      "sources: a response of another implementation",
      "sources: a request of another implementation",
      "sources: the option fetch",
      "sources: a module under gzip, without a header that says so",
      "sources: a module under Content-Encoding",
      "retry: *",
      "MIME: *",
      "progress: *",
      "integrity: lets the right bytes through",
      "workers: *",
    ],
    error: /compile-forbidden|forbids compiling/,
    reason: "workerd compiles no bytes at run time: modules come compiled with the worker. It has no workers either.",
  },
  {
    runtimes: ["workerd*"],
    checks: ["imports: that are memories are created, or taken and checked"],
    error: /link-failed/,
    reason:
      "Only a helper module tells the maximum of a memory that is given, and workerd compiles none: the engine refuses the memory.",
  },
  {
    runtimes: ["edge", "chromium-service-worker", "firefox-service-worker", "webkit-service-worker", "*-worklet"],
    checks: ["workers: *"],
    error: /unavailable-here|has no Worker|is not defined/,
    reason: "There are no workers to start from here.",
  },
  {
    runtimes: ["firefox-worker", "webkit-worker"],
    checks: ["workers: *"],
    error: /a runtime with workers/,
    reason:
      "Not run: a worker's own event loop stopped, in Firefox each time and in WebKit one time of three, after it had ended workers that were in endless loops. A plain worker that ends twenty plain workers in such loops goes on in both, so the cause is not known. Start workers from the page.",
  },
  {
    runtimes: ["bun*"],
    checks: ["WASI: real directories are served, or refused before the program runs where the host has none"],
    error: /unavailable-here.*has only in part/s,
    reason: "Bun's `node:wasi` cannot be given a module's memory: directories in memory work.",
  },
  {
    runtimes: ["chromium-worker", "firefox-worker", "webkit-worker"],
    checks: filesInMemory,
    error: /peer-missing/,
    reason:
      "The suite is not bundled there, and a worker has no import map, so the name of the peer that serves files in memory leads nowhere.",
  },
  {
    runtimes: ["jest-jsdom", "chromium-worklet", "firefox-worklet"],
    checks: filesInMemory,
    error: /unavailable-here.*TextDecoder/s,
    reason:
      "Jest's jsdom and the audio worklets of Chromium and Firefox have no `TextDecoder`, which the peer that serves files in memory needs. The library's own WASI does without it.",
  },
  {
    runtimes: ["jest-*"],
    checks: filesInMemory,
    error: /peer-missing.*--experimental-vm-modules/s,
    reason: "Jest runs CommonJS, from which it imports no ES module, as the peer that serves files in memory is one.",
  },
  {
    runtimes: ["edge", "jest-happy-dom"],
    checks: ["sources: a module under gzip, without a header that says so"],
    error: /not-wasm/,
    reason: "The edge VM and Jest's happy-dom have no `DecompressionStream`.",
  },
  {
    runtimes: ["jest-jsdom"],
    checks: [
      ...withUrls,
      "sources: a blob",
      "sources: a stream of pieces",
      "sources: a response made by hand",
      "sources: the option fetch",
      "progress: never claims a total below what has come",
      "abort: while a stream is read, which is cancelled",
    ],
    error: /unavailable-here|is not defined|invalid-source/,
    reason: "jsdom has neither `fetch`, `Request`, `Response` nor `ReadableStream`, and its `Blob` cannot be read.",
  },
  {
    runtimes: ["*-worklet"],
    checks: [
      ...withUrls,
      "sources: a blob",
      "sources: a response made by hand",
      "sources: the option fetch",
      "progress: never claims a total below what has come",
      "integrity: refuses other bytes at hand",
      "pools: give up on time, and on a signal",
    ],
    error: absent,
    reason: "An audio worklet has neither `fetch`, `Response`, `Blob`, `crypto.subtle` nor timers.",
  },
  {
    runtimes: ["chromium-worklet"],
    checks: ["abort: before the load", "abort: while a stream is read, which is cancelled"],
    error: absent,
    reason: "Chromium's audio worklets have no `AbortController`.",
  },
];

/**
 * The gap that a check falls into.
 *
 * @param {string} runtime - The runtime's name.
 * @param {string} check - The check's name.
 * @returns {Gap | undefined} The gap.
 */
export function gapOf(runtime, check) {
  return gaps.find(
    (gap) =>
      gap.runtimes.some((pattern) => fits(pattern, runtime)) && gap.checks.some((pattern) => fits(pattern, check)),
  );
}

function fits(pattern, name) {
  if (pattern.startsWith("*")) return name.endsWith(pattern.slice(1));
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
