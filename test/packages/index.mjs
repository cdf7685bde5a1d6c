/** Modules of other packages, real input for them, and what each package's own JavaScript returns for that input. */
import { brotliThrowing } from "./brotli/answers.mjs";
import { httpAnswers } from "./llhttp/answers.mjs";
import { sourceMapAnswers } from "./source-map/answers.mjs";
import { sqliteAnswers } from "./sqlite/answers.mjs";
import { xxhashAnswers } from "./xxhash/answers.mjs";

export { inputBytes, inputNames, installed, listModules, moduleBytes } from "./modules.mjs";

const makers = {
  "source-map": sourceMapAnswers,
  llhttp: httpAnswers,
  xxhash: xxhashAnswers,
  "brotli-throwing": brotliThrowing,
  "sql.js": sqliteAnswers,
};
const made = {};

/**
 * The answers of a package's own JavaScript, computed at the first call.
 *
 * @param {string} name - A package that has answers.
 * @returns {Promise<unknown> | undefined} Plain data; `undefined` for another name.
 */
export function answers(name) {
  return Object.hasOwn(makers, name) ? (made[name] ??= makers[name]()) : undefined;
}
