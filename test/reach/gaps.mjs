// What a runtime's own engine or host cannot do. Any other failure is one, and so is a gap that has closed.

/**
 * @typedef {object} Gap - A gap.
 * @property {string[]} runtimes - The runtimes' names.
 * @property {(name: string, area: string) => boolean} holds - Which checks fail.
 * @property {RegExp} [error] - What they fail with, where that is the library's to say.
 * @property {string} reason - Why, in a sentence.
 */

const one = (name) => (check) => check === name;

/** @type {Gap[]} */
export const gaps = [
  {
    runtimes: ["node20", "node20-worker", "node22", "node22-worker", "bun", "bun-worker"],
    holds: one("sources: a module of import source, with a shape"),
    reason: "The runtime does not have the syntax `import source`.",
  },
  {
    runtimes: ["bun", "bun-worker"],
    holds: one("traps: list the functions that ran, where the engine tells, and never others"),
    reason: "Bun leaves the module's functions out of an error's stack.",
  },
];
