// Every runtime: its name, what it is, and how the suite is run in it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { browserRuntimes } from "./browsers.mjs";
import { askWorkerd, bundle, bundleByWrangler, listChunks } from "./prepare.mjs";
import { nodeOf, toolPath, versions } from "./tools.mjs";

/**
 * @typedef {object} Context - What a runtime is run with.
 * @property {string} folder - The project's folder.
 * @property {string} url - The server's address.
 * @property {(command: string, args: string[], options?: object) => Promise<void>} spawn - Runs a program in the project, and
 *   takes the results from its output.
 * @property {(result: object) => void} receive - Takes one result.
 * @property {(failed: () => unknown) => Promise<void>} until - Waits for results that come by the server, or for a failure.
 */

/**
 * @typedef {object} Runtime - A runtime.
 * @property {string} name - Its name on the command line, and in the list of gaps.
 * @property {string} title - Its name in the table.
 * @property {"npm" | "chromium" | "firefox" | "webkit"} needs - Where it comes from.
 * @property {() => string} [missing] - What is not installed, where something may not be.
 * @property {boolean} [isPage] - Whether it is a page, which runs more checks.
 * @property {boolean} [isNode] - Whether it is Node, whose flags are checked too.
 * @property {(context: Context) => Promise<void>} run - Runs the suite.
 */

const script = (folder) => join(folder, "hosts", "console.mjs");

const nodes = [20, 22, 24, 26].flatMap((line) =>
  ["", "worker"].map((worker) => ({
    name: `node${line}${worker && "-worker"}`,
    title: `Node ${versions[`node${line}`]}${worker && ", worker"}`,
    needs: "npm",
    isNode: true,
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

const workerd = [
  {
    name: "workerd",
    title: `workerd ${versions.workerd}, bundled by wrangler ${versions.wrangler}`,
    needs: "npm",
    run: async (context) => askWorkerd(context, "workerd", await bundleByWrangler(context.folder)),
  },
  {
    name: "workerd-chunks",
    title: `workerd ${versions.workerd}, in chunks`,
    needs: "npm",
    run: async (context) => askWorkerd(context, "workerd-chunks", await listChunks(context.folder)),
  },
];

const edge = {
  name: "edge",
  title: `Edge VM ${versions["@edge-runtime/vm"]}`,
  needs: "npm",
  run: async ({ folder, spawn }) => {
    const bundled = await bundle(folder, "edge", { format: "iife", conditions: ["edge-light"] });
    await spawn(nodeOf(24), ["--expose-gc", join(folder, "hosts", "edge-vm.mjs"), bundled]);
  },
};

const jests = [
  ["node", "node"],
  ["jsdom", "jest-environment-jsdom"],
  ["happy-dom", "@happy-dom/jest-environment"],
].map(([name, testEnvironment]) => ({
  name: `jest-${name}`,
  title: `Jest ${versions.jest}, ${name}`,
  needs: "npm",
  run: async ({ folder, url, spawn }) => {
    const external = ["unglue", "unglue/*"];
    const test = await bundle(folder, "test-runner", {
      name: `jest-${name}`,
      format: "cjs",
      platform: "node",
      external,
    });
    const config = join(folder, `jest-${name}.config.cjs`);
    const settings = {
      testEnvironment,
      testMatch: [test],
      transform: {},
      rootDir: folder,
      testEnvironmentOptions: name === "node" ? {} : { url },
    };
    await writeFile(config, `module.exports = ${JSON.stringify(settings)};\n`);
    const env = { UNGLUE_REACH_FOLDER: join(folder, "modules/") };
    await spawn(nodeOf(24), ["--expose-gc", toolPath("jest", "bin", "jest.js"), "--config", config, "--runInBand"], {
      env,
    });
  },
}));

const vitests = ["node", "jsdom", "happy-dom"].map((name) => ({
  name: `vitest-${name}`,
  title: `Vitest ${versions.vitest}, ${name}`,
  needs: "npm",
  run: async ({ folder, url, spawn }) => {
    const config = join(folder, `vitest-${name}.config.mjs`);
    const test = {
      environment: name,
      environmentOptions: { happyDOM: { url }, jsdom: { url } },
      include: ["hosts/test-runner.mjs"],
      globals: true,
      root: folder,
      disableConsoleIntercept: true,
    };
    await writeFile(
      config,
      `export default ${JSON.stringify({ test: { ...test, pool: "forks", execArgv: ["--expose-gc"] } })};\n`,
    );
    const env = { UNGLUE_REACH_FOLDER: join(folder, "modules/") };
    await spawn(nodeOf(24), [toolPath("vitest", "vitest.mjs"), "run", "--config", config], { env });
  },
}));

/** @type {Runtime[]} */
export const runtimes = [...nodes, ...others, ...workerd, edge, ...jests, ...vitests, ...browserRuntimes];
