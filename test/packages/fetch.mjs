// Packages, fetched by npm and unpacked. None of their scripts runs.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { promisify } from "node:util";

const folder = env.UNGLUE_SURVEY ?? join(tmpdir(), "unglue-survey");
const run = promisify(execFile);

/** Where a package is unpacked: `name@version`. */
export function directoryOf(name) {
  return join(folder, name.replace("/", "+"));
}

/**
 * Fetches the packages that are not there yet, three at a time.
 *
 * @param {string[]} names
 * @returns {Promise<string[]>} Those that were not to be had.
 */
export async function fetchPackages(names) {
  const waiting = names.filter((name) => !existsSync(directoryOf(name)));
  const missing = [];
  const work = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      const part = `${directoryOf(name)}.part`;
      mkdirSync(part, { recursive: true });
      try {
        const { stdout } = await run("npm", ["pack", "--silent", "--ignore-scripts", name], { cwd: part });
        await run("tar", ["xzf", stdout.trim()], { cwd: part });
        rmSync(join(part, stdout.trim()));
        renameSync(part, directoryOf(name));
      } catch {
        missing.push(name);
        rmSync(part, { recursive: true, force: true });
      }
    }
  };
  await Promise.all([work(), work(), work()]);
  return missing;
}
