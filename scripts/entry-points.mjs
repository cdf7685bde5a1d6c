// The entry points of the package, from entry-points.json, as the tools want them. Those without an `import` are files of
// their own inside the package: a bundler takes or leaves, and splits a page by, whole files.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {object} EntryPoint
 * @property {string} file - The name of the built file, without its extension.
 * @property {string} source - Its source, from the root.
 * @property {string} [import] - What users import.
 * @property {"node" | "browser"} [platform] - Where it is what that name means; everywhere where absent.
 * @property {boolean} [command] - Whether it is built with the command, for Node alone.
 * @property {boolean} [types] - Whether it has types of its own.
 * @property {boolean} [whole] - Whether it is one file without others, with the types of `unglue`.
 * @property {boolean} [documented] - Whether the reference has it. Of two for one name, one is enough.
 */

const root = join(import.meta.dirname, "..");

/** @type {readonly EntryPoint[]} */
export const entryPoints = JSON.parse(readFileSync(join(root, "entry-points.json"), "utf8"));

/**
 * The sources of the entry points on a platform, by what users import.
 *
 * @param {"node" | "browser"} platform - The platform.
 * @returns {Record<string, string>} Paths from the root.
 */
export function sourcesOn(platform) {
  return Object.fromEntries(
    entryPoints
      .filter((one) => one.import && (one.platform ?? platform) === platform)
      .map((one) => [one.import, one.source]),
  );
}
