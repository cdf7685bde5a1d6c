// The suite that every runtime runs: the same checks, in the same order.
/* global clearTimeout, setTimeout */
import { instances } from "./checks/instances.mjs";
import { interfaces } from "./checks/interfaces.mjs";
import { nodes } from "./checks/nodes.mjs";
import { pages } from "./checks/pages.mjs";
import { sources } from "./checks/sources.mjs";
import { wasi } from "./checks/wasi.mjs";
import { workers } from "./checks/workers.mjs";

/** No check takes so long, also on a busy machine. */
const ceiling = 60_000;

/** All checks. */
export const checks = [
  ...[...sources, ...instances, ...interfaces, ...wasi, ...workers].map(([area, name, run]) => ({ area, name, run })),
  ...pages.map(([area, name, run]) => ({ area, name, run, isPage: true })),
  ...nodes.map(([area, name, run]) => ({ area, name, run, isNode: true })),
];

/** The checks that a runtime runs. */
export const checksOf = ({ isPage, isNode }) =>
  checks.filter((check) => (isPage || !check.isPage) && (isNode || !check.isNode));

/** The name of a check, which is unique. */
export const nameOf = ({ area, name }) => `${area}: ${name}`;

/**
 * Runs the suite.
 *
 * @param {import("./checks/kit.mjs").Env} env - The runtime.
 * @param {(result: { check?: string, error?: string, unhandled?: string, done?: number }) => void} report - Gets a result
 *   for each check, and how many there were.
 */
export async function runSuite(env, report) {
  for (const check of checksOf({ isPage: env.frame !== undefined, isNode: env.jitless !== undefined })) {
    const name = nameOf(check);
    try {
      await inTime(check.run(env));
      report({ check: name });
    } catch (error) {
      report({ check: name, error: describe(error) });
    }
  }
  // A rejection that nobody handles is told a task or two later.
  for (let task = 0; task < 3; task++) await env.tick();
  report({ done: checks.length });
}

/** The error's text, with the first frames of its stack. */
export function describe(error) {
  const { code, message, stack } = Object(error);
  const text = stack?.includes?.(message) ? stack : `${message ?? error}\n${stack ?? ""}`;
  const lines = `${code ? `${code}: ` : ""}${text}`.split("\n");
  return lines.filter(Boolean).slice(0, 4).join("\n").slice(0, 1000);
}

function inTime(work) {
  if (typeof work?.then !== "function" || typeof setTimeout !== "function") return work;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done after ${ceiling} ms.`)), ceiling);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
