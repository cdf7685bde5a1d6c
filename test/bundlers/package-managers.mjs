// Projects that are installed by other package managers, with other layouts than npm's: pnpm has links, and Yarn's Plug'n'Play
// no folder of packages at all. The command is run there, and so are the lines that it prints.
import { deepStrictEqual } from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A package whose module anyone may import, and one whose `exports` hide it. */
const modules = [
  {
    file: "prqlc/dist/node/prqlc_js_bg.wasm",
    version: "0.13.14",
    use: 'wasm.api.compile("from employees | take 3").includes("employees")',
    edit: ["pl_to_prql:", "mine:", "pl_to_prql is missing"],
  },
  {
    file: "brotli-wasm/pkg.web/brotli_wasm_bg.wasm",
    version: "3.0.1",
    use: "wasm.api.decompress(wasm.api.compress(new Uint8Array(1000))).length === 1000",
    edit: ["compress:", "mine:", "compress is missing"],
  },
];

/**
 * The package managers: the npm package that has each, its script, the files that set it up, and how it runs Node and a command.
 */
export const packageManagers = [
  {
    name: "pnpm",
    tool: { pnpm: "12.21.0" },
    script: "pnpm/bin/pnpm.mjs",
    files: {},
    install: ["install", "--prefer-offline", "--ignore-scripts", "--no-frozen-lockfile"],
    node: ["exec", "node"],
    unglue: ["exec", "unglue"],
  },
  {
    name: "Yarn Plug'n'Play",
    tool: { "@yarnpkg/cli-dist": "4.18.1" },
    script: "@yarnpkg/cli-dist/bin/yarn.js",
    files: {
      ".yarnrc.yml":
        "nodeLinker: pnp\nenableTelemetry: false\nenableScripts: false\nenableImmutableInstalls: false\nenableGlobalCache: false\n",
      // Without it, Yarn takes a folder above for the project.
      "yarn.lock": "",
    },
    install: ["install"],
    node: ["node"],
    unglue: ["run", "unglue"],
  },
];

/** The dependencies of a project besides the library. */
export const dependencies = Object.fromEntries(
  modules.map(({ file, version }) => [file.slice(0, file.indexOf("/")), version]),
);

/**
 * Runs the command in a project, and the program that it prints.
 *
 * @param {object} manager - The package manager.
 * @param {string} folder - The project.
 * @param {{ run: (words: string[]) => Promise<{ stdout: string, stderr: string }>, runFailing: (words: string[]) =>
 *   Promise<string> }} tools - Run the package manager in the project.
 */
export async function checkProject(manager, folder, { run, runFailing }) {
  for (const { file, use, edit } of modules) {
    const unglue = (...words) => [...manager.unglue, ...words];
    const output = `${file.slice(0, file.indexOf("/"))}.js`;
    expect((await run(unglue("inspect", file))).stdout, "made by wasm-bindgen");
    expect((await run(unglue("types", file))).stdout, "export interface Exports {");
    const { stdout } = await run(unglue("declare", file, "-o", output));
    const [, after = ""] = stdout.split("Now load it:\n");
    // The lines of the program are indented.
    const lines = after
      .split("\n")
      .filter((line) => /^( {2}|$)/.test(line))
      .join("\n");
    if (/\.yarn|\.pnpm|\.zip/.test(lines)) throw new Error(`A path of this machine is printed:\n${lines}`);
    await writeFile(join(folder, "main.mjs"), `${lines}\nconsole.log(${use});\n`);
    deepStrictEqual((await run([...manager.node, "main.mjs"])).stdout, "true\n");
    const check = unglue("declare", file, "-o", output, "--check");
    expect((await run(check)).stdout, "is what would be written now");
    const text = await readFile(join(folder, output), "utf8");
    await writeFile(join(folder, output), text.replace(edit[0], edit[1]));
    expect(await runFailing(check), edit[2]);
  }
}

function expect(text, part) {
  if (!text.includes(part)) throw new Error(`${JSON.stringify(part)} is missing in:\n${text}`);
}
