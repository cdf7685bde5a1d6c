import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const script = fileURLToPath(new URL("group.mjs", import.meta.url));

/**
 * Runs a group in a process of its own.
 *
 * @param {string} name - The group.
 * @param {string} server - The address of the server.
 * @param {number} [rounds] - The most rounds of a race.
 * @returns {Promise<{ title: string, results: import("./race.mjs").Result[] }[]>} Its races.
 */
export async function inNode(name, server, rounds = Infinity) {
  const args = ["--expose-gc", script, name, server, String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}
