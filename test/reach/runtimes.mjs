// Every runtime: its name, what it is, and how the suite is run in it.
import { join } from "node:path";
import { nodeOf, toolPath, versions } from "./tools.mjs";

/**
 * @typedef {object} Context - What a runtime is run with.
 * @property {string} folder - The project's folder.
 * @property {string} url - The server's address.
 * @property {(command: string, args: string[], options?: object) => Promise<void>} spawn - Runs a program in the project, and
 *   takes the results from its output.
 * @property {(result: object) => void} receive - Takes one result.
 */

/**
 * @typedef {object} Runtime - A runtime.
 * @property {string} name - Its name on the command line, and in the list of gaps.
 * @property {string} title - Its name in the table.
 * @property {"npm" | "chromium" | "firefox" | "webkit"} needs - Where it comes from.
 * @property {(context: Context) => Promise<void>} run - Runs the suite.
 */

const script = (folder) => join(folder, "hosts", "console.mjs");

const nodes = [20, 22, 24, 26].flatMap((line) =>
  ["", "worker"].map((worker) => ({
    name: `node${line}${worker && "-worker"}`,
    title: `Node ${versions[`node${line}`]}${worker && ", worker"}`,
    needs: "npm",
    run: ({ folder, spawn }) => spawn(nodeOf(line), ["--expose-gc", script(folder), worker]),
  })),
);

const others = ["", "worker"].flatMap((worker) => [
  {
    name: `bun${worker && "-worker"}`,
    title: `Bun ${versions.bun}${worker && ", worker"}`,
    needs: "npm",
    run: ({ folder, spawn }) => spawn(toolPath("bun", "bin", "bun"), [script(folder), worker]),
  },
  {
    name: `deno${worker && "-worker"}`,
    title: `Deno ${versions.deno}${worker && ", worker"}`,
    needs: "npm",
    run: ({ folder, spawn }) =>
      spawn(nodeOf(24), [toolPath("deno", "bin.cjs"), "run", "-A", "--v8-flags=--expose-gc", script(folder), worker]),
  },
]);

/** @type {Runtime[]} */
export const runtimes = [...nodes, ...others];
