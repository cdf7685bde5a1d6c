// The projects that use the package, each as its tool's documentation has it. A project has the names of its tools
// (`run.mjs` knows their versions) and its lines: files, commands, and for what makes a page, the page's folder. Programs
// and tests have no page: they fail by themselves.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectedOffload } from "./exercise.mjs";
import { listPluginProjects } from "./plugin.mjs";

/** Writes the types of every module among the installed packages, as `unglue types` and `unglue declare` print them. */
const writeTypesText = (packages) => `import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const packages = ${JSON.stringify(packages)};
const command = join(import.meta.dirname, "../node_modules/unglue/dist/cli/main.js");
const run = (...words) => execFileSync(process.execPath, [command, ...words], { stdio: ["ignore", "ignore", "pipe"] });
const modules = readdirSync(packages, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".wasm") && !name.startsWith(".") && WebAssembly.validate(readFileSync(join(packages, name))))
  .sort();
if (modules.length < 20) throw new Error("There are too few modules: " + modules.length);
for (const [at, name] of modules.entries()) {
  run("types", join(packages, name), "-o", "raw" + at + ".d.ts");
  if (!name.endsWith("_bg.wasm")) continue;
  try {
    run("declare", join(packages, name), "-o", "declared" + at + ".js");
  } catch (error) {
    // 1 tells that the file names members that it leaves out.
    if (error.status !== 1) throw error;
  }
  writeFileSync(
    "use" + at + ".ts",
    'import { load } from "unglue";\\nimport declaration, { type Api } from "./declared' + at + '.js";\\n' +
      'export const api: Api = (await load("./app.wasm", declaration)).api;\\n',
  );
}
`;

const exerciseText = readFileSync(new URL("exercise.mjs", import.meta.url), "utf8");
/** The strictest options, with the library's declarations checked. */
const { compilerOptions } = JSON.parse(
  readFileSync(new URL("../consumer/tsconfig.base.json", import.meta.url), "utf8"),
);
const exerciseAsCommonJs = `${exerciseText.replaceAll(/^export /gm, "")}
module.exports = { exercise, exerciseOffload, fail, expected, expectedError, expectedOffload };
`;

/**
 * @typedef {object} Line - One line of the output.
 * @property {string} name - Its name.
 * @property {string} [node] - The line of Node to run in. Default: the tools'.
 * @property {Record<string, string | Uint8Array>} files - Contents by path.
 * @property {string[][]} commands - What is run, in order.
 * @property {Record<string, string>} [env] - Environment variables for it.
 * @property {string} [page] - The folder with the page.
 * @property {string[]} [serve] - A server of the tool's own, in place of that folder; the port is appended.
 * @property {object} [expected] - What the page's `run` returns. Default: what `exercise` does.
 * @property {"chunks" | "one file"} [scripts] - How the library is to come: the words of an error when there is one, or all
 *   of them.
 */

/**
 * Lists the projects.
 *
 * @param {{ app: Uint8Array, adding: string, nodes: string[], typeScripts: string[] }} facts - The module's bytes, the `data:`
 *   URL, the lines of Node, and the versions of TypeScript.
 * @returns {{ tools: string[], versions?: Record<string, string>, lines: Line[] }[]} The projects. `versions` has tools of which
 *   each project has its own version.
 */
export function listProjects({ app, adding, nodes, typeScripts }) {
  const modules = { "app.wasm": app, "exercise.mjs": exerciseText, "exercise.cjs": exerciseAsCommonJs };
  const sources = (source) => `{ app: ${source}, adding: ${JSON.stringify(adding)} }`;

  const esmLibrary = `import { load, UnglueError } from "unglue";
import { exercise, expected, expectedError, fail } from "./exercise.mjs";
`;
  const cjsLibrary = `const { load, UnglueError } = require("unglue");
const { exercise, expected, expectedError, fail } = require("./exercise.cjs");
`;
  const byUrl = `new URL("./app.wasm", import.meta.url)`;
  const byPath = `require("node:path").join(__dirname, "app.wasm")`;
  const byBytes = `require("node:fs").readFileSync(${byPath})`;

  /** A program's end. */
  const asserts = (source) => `
(async () => {
  deepEqual(await exercise({ load }, ${sources(source)}), expected);
  deepEqual(await fail({ load, UnglueError }), expectedError);
})();
`;
  /** A test file's end. */
  const tests = (source) => `
test("loads, calls, is called back", async () => {
  expect(await exercise({ load }, ${sources(source)})).toEqual(expected);
});
test("explains", async () => {
  expect(await fail({ load, UnglueError })).toEqual(expectedError);
});
`;
  /** A page's script. */
  const script = (source, library = esmLibrary) => `${library}
globalThis.run = () => exercise({ load }, ${sources(source)});
globalThis.fail = () => fail({ load, UnglueError });
`;
  const esmOffload = `import { t, UnglueError } from "unglue";
import { offload } from "unglue/offload";
import { exerciseOffload, expectedError, expectedOffload, fail } from "./exercise.mjs";
`;
  const cjsOffload = `const { t, UnglueError } = require("unglue");
const { offload } = require("unglue/offload");
const { exerciseOffload, expectedError, expectedOffload, fail } = require("./exercise.cjs");
`;
  /** A program's end, for workers. */
  const offloadAsserts = (source) => `
(async () => {
  deepEqual(await exerciseOffload({ offload, t }, ${sources(source)}), expectedOffload);
  deepEqual(await fail({ load: offload, UnglueError }), expectedError);
})();
`;
  /** A page's script, for workers. */
  const offloadScript = (source) => `${esmOffload}
globalThis.run = () => exerciseOffload({ offload, t }, ${sources(source)});
globalThis.fail = () => fail({ load: offload, UnglueError });
`;
  const html = (src, type = `type="module"`) =>
    `<!doctype html><meta charset="utf-8"><title>unglue</title><link rel="icon" href="data:,"><script ${type} src="${src}"></script>`;
  const importUrl = (specifier) => `import url from "${specifier}";\n${script("url")}`;

  return [
    {
      tools: [],
      lines: nodes.flatMap((node) => [
        {
          name: `node ${node}, import`,
          node,
          files: {
            ...modules,
            "main.mjs": `import { deepEqual } from "node:assert/strict";\n${esmLibrary}${asserts(byUrl)}`,
          },
          commands: [["node", "main.mjs"]],
        },
        {
          name: `node ${node}, require`,
          node,
          files: {
            ...modules,
            "main.cjs": `const { deepEqual } = require("node:assert/strict");\n${cjsLibrary}${asserts(byPath)}`,
          },
          commands: [["node", "main.cjs"]],
        },
        {
          name: `node ${node}, errors of one copy in the other`,
          node,
          files: { "copies.mjs": copies },
          commands: [["node", "copies.mjs"]],
        },
      ]),
    },
    {
      tools: [],
      lines: nodes.flatMap((node) => [
        {
          name: `node ${node}, offload, import`,
          node,
          files: {
            ...modules,
            "main.mjs": `import { deepEqual } from "node:assert/strict";\n${esmOffload}${offloadAsserts(byUrl)}`,
          },
          commands: [["node", "main.mjs"]],
        },
        {
          name: `node ${node}, offload, require`,
          node,
          files: {
            ...modules,
            "main.cjs": `const { deepEqual } = require("node:assert/strict");\n${cjsOffload}${offloadAsserts(byPath)}`,
          },
          commands: [["node", "main.cjs"]],
        },
      ]),
    },
    ...typeScripts.map((version) => ({
      tools: [],
      versions: { typescript: version, "@types/node": "^20" },
      lines: [
        {
          name: `typescript ${version}, types that the command writes`,
          files: {
            "package.json": JSON.stringify({ type: "module" }),
            "tsconfig.json": JSON.stringify({
              compilerOptions: { ...compilerOptions, lib: ["ESNext", "DOM", "DOM.Iterable"], types: ["node"] },
            }),
            "write.mjs": writeTypesText(fileURLToPath(new URL("../../node_modules", import.meta.url))),
          },
          commands: [
            ["node", "write.mjs"],
            ["tsc", "--project", "."],
          ],
        },
        ...[
          ["es2022", ["ES2020"]],
          ["dom", ["ES2022", "DOM"]],
        ].map(([consumer, lib]) => ({
          name: `typescript ${version}, lib ${lib.join(" and ")}`,
          files: {
            "package.json": JSON.stringify({ type: "module" }),
            "tsconfig.json": JSON.stringify({ compilerOptions: { ...compilerOptions, lib } }),
            "main.ts": readFileSync(new URL(`../consumer/${consumer}/main.ts`, import.meta.url)),
          },
          commands: [["tsc", "--project", "."]],
        })),
      ],
    })),
    {
      tools: ["jest", "jest-environment-jsdom"],
      lines: [
        {
          name: "jest, node",
          files: {
            ...modules,
            "jest.config.cjs": `module.exports = { testEnvironment: "node", transform: {} };`,
            "app.test.js": `${cjsLibrary}${tests(byPath)}`,
          },
          commands: [["jest"]],
        },
        {
          name: "jest, node, ES modules",
          files: {
            ...modules,
            "jest.config.cjs": `module.exports = { testEnvironment: "node", transform: {}, testMatch: ["**/*.test.mjs"] };`,
            "app.test.mjs": `${esmLibrary}${tests(byUrl)}`,
          },
          commands: [["jest"]],
          env: { NODE_OPTIONS: "--experimental-vm-modules" },
        },
        {
          name: "jest, jsdom",
          files: {
            ...modules,
            "jest.config.cjs": `module.exports = { testEnvironment: "jsdom", transform: {} };`,
            "app.test.js": `${cjsLibrary}${tests(byBytes)}`,
          },
          commands: [["jest"]],
        },
      ],
    },
    {
      tools: ["vitest", "jsdom"],
      lines: [
        {
          name: "vitest, node",
          files: {
            ...modules,
            "app.test.js": `import { expect, test } from "vitest";\n${esmLibrary}${tests(byUrl)}`,
          },
          commands: [["vitest", "run"]],
        },
        {
          name: "vitest, jsdom",
          files: {
            ...modules,
            "app.test.js": `import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
${esmLibrary}${tests(`readFileSync("app.wasm")`)}`,
          },
          commands: [["vitest", "run", "--environment", "jsdom"]],
        },
      ],
    },
    {
      tools: ["vite"],
      lines: [
        {
          name: "vite, new URL",
          files: { ...modules, "main.js": script(byUrl), "index.html": html("/main.js") },
          commands: [["vite", "build"]],
          page: "dist",
          scripts: "chunks",
        },
        {
          name: "vite, ?url",
          files: { ...modules, "main.js": importUrl("./app.wasm?url"), "index.html": html("/main.js") },
          commands: [["vite", "build"]],
          page: "dist",
          scripts: "chunks",
        },
        {
          name: "vite, development server",
          files: { ...modules, "main.js": script(byUrl), "index.html": html("/main.js") },
          commands: [],
          serve: ["vite", "--strictPort", "--host", "127.0.0.1", "--port"],
        },
        {
          name: "vite, offload",
          files: { ...modules, "main.js": offloadScript(byUrl), "index.html": html("/main.js") },
          commands: [["vite", "build"]],
          page: "dist",
          expected: expectedOffload,
        },
        {
          name: "vite, offload, development server",
          files: { ...modules, "main.js": offloadScript(byUrl), "index.html": html("/main.js") },
          commands: [],
          serve: ["vite", "--strictPort", "--host", "127.0.0.1", "--port"],
          expected: expectedOffload,
        },
      ],
    },
    {
      tools: ["webpack", "webpack-cli"],
      lines: [
        {
          name: "webpack, new URL",
          files: { ...modules, "main.js": script(byUrl), "dist/index.html": html("main.js", "defer") },
          commands: [webpack],
          page: "dist",
          scripts: "chunks",
        },
        {
          name: "webpack, asset/resource",
          files: {
            ...modules,
            "webpack.config.js": `module.exports = { module: { rules: [{ test: /\\.wasm$/, type: "asset/resource" }] } };`,
            "main.js": importUrl("./app.wasm"),
            "dist/index.html": html("main.js", "defer"),
          },
          commands: [webpack],
          page: "dist",
          scripts: "chunks",
        },
        {
          name: "webpack, offload",
          files: { ...modules, "main.js": offloadScript(byUrl), "dist/index.html": html("main.js", "defer") },
          commands: [webpack],
          page: "dist",
          expected: expectedOffload,
        },
        {
          name: "webpack, require",
          files: {
            ...modules,
            // All in one file is more than webpack recommends; docs/bundlers.md says so.
            "webpack.config.js": `module.exports = {
              module: { rules: [{ test: /\\.wasm$/, type: "asset/resource" }] },
              performance: { maxAssetSize: 400_000, maxEntrypointSize: 400_000 },
            };`,
            "main.js": script(`require("./app.wasm")`, cjsLibrary),
            "dist/index.html": html("main.js", "defer"),
          },
          commands: [webpack],
          page: "dist",
          scripts: "one file",
        },
      ],
    },
    {
      tools: ["rollup", "@rollup/plugin-node-resolve", "@rollup/plugin-terser", "@rollup/plugin-url"],
      lines: [
        {
          name: "rollup, new URL and a copied file",
          files: {
            ...modules,
            "main.js": script(byUrl),
            "dist/index.html": html("main.js"),
            "dist/app.wasm": app,
          },
          commands: [
            ["rollup", "main.js", "--dir", "dist", "-p", "node-resolve", "-p", "terser", "--failAfterWarnings"],
          ],
          page: "dist",
          scripts: "chunks",
        },
        {
          name: "rollup, offload",
          files: {
            ...modules,
            "main.js": offloadScript(byUrl),
            "dist/index.html": html("main.js"),
            "dist/app.wasm": app,
          },
          commands: [
            [
              "rollup",
              "main.js",
              workerScript,
              "--dir",
              "dist",
              "-p",
              "node-resolve",
              "-p",
              "terser",
              "--failAfterWarnings",
            ],
          ],
          page: "dist",
          expected: expectedOffload,
        },
        {
          name: "rollup, @rollup/plugin-url",
          files: {
            ...modules,
            "main.js": importUrl("./app.wasm"),
            "rollup.config.mjs": `import { nodeResolve } from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import url from "@rollup/plugin-url";
export default {
  input: "main.js",
  output: { dir: "dist" },
  plugins: [nodeResolve(), url({ include: "**/*.wasm", limit: 0 }), terser()],
};`,
            "dist/index.html": html("main.js"),
          },
          commands: [["rollup", "--config", "--failAfterWarnings"]],
          page: "dist",
          scripts: "chunks",
        },
      ],
    },
    {
      tools: ["esbuild"],
      lines: [
        {
          name: "esbuild, --splitting",
          files: { ...modules, "main.js": importUrl("./app.wasm"), "dist/index.html": html("main.js") },
          commands: [[...esbuild, "main.js", "--format=esm", "--splitting"]],
          page: "dist",
          scripts: "chunks",
        },
        {
          name: "esbuild, one file",
          files: { ...modules, "main.js": importUrl("./app.wasm"), "dist/index.html": html("main.js", "defer") },
          commands: [[...esbuild, "main.js"]],
          page: "dist",
          scripts: "one file",
        },
        {
          name: "esbuild, new URL and a copied file",
          files: {
            ...modules,
            "main.js": script(byUrl),
            "dist/index.html": html("main.js"),
            "dist/app.wasm": app,
          },
          commands: [[...esbuild, "main.js", "--format=esm"]],
          page: "dist",
          scripts: "one file",
        },
        {
          name: "esbuild, offload",
          files: {
            ...modules,
            "main.js": offloadScript(byUrl),
            "dist/index.html": html("main.js"),
            "dist/app.wasm": app,
          },
          commands: [[...esbuild, "main.js", workerScript, "--format=esm", "--splitting", "--entry-names=[name]"]],
          page: "dist",
          expected: expectedOffload,
        },
        {
          name: "esbuild, require",
          files: {
            ...modules,
            "main.js": script(`require("./app.wasm")`, cjsLibrary),
            "dist/index.html": html("main.js", "defer"),
          },
          commands: [[...esbuild, "main.js"]],
          page: "dist",
          scripts: "one file",
        },
        {
          name: "esbuild, one file in a service worker",
          files: {
            ...modules,
            "page.js": askWorker(`"worker.js"`),
            "worker.js": `import url from "./app.wasm";\n${script("url")}${answerPage}`,
            "dist/index.html": html("page.js", "defer"),
          },
          commands: [[...esbuild, "page.js", "worker.js"]],
          page: "dist",
        },
      ],
    },
    {
      tools: ["parcel"],
      lines: [
        {
          name: "parcel, new URL",
          files: { ...modules, "main.js": script(byUrl), "index.html": html("main.js") },
          commands: [["parcel", "build", "index.html", "--dist-dir", "dist"]],
          page: "dist",
          scripts: "chunks",
        },
        {
          name: "parcel, offload",
          files: {
            ...modules,
            // A lock file makes this folder the project, whose package.json counts.
            "yarn.lock": "",
            "package.json": JSON.stringify({ "@parcel/resolver-default": { packageExports: true } }),
            "main.js": offloadScript(byUrl),
            "index.html": html("main.js"),
          },
          commands: [["parcel", "build", "index.html", "--dist-dir", "dist", "--no-scope-hoist"]],
          page: "dist",
          expected: expectedOffload,
        },
        {
          name: "parcel, url:",
          files: { ...modules, "main.js": importUrl("url:./app.wasm"), "index.html": html("main.js") },
          commands: [["parcel", "build", "index.html", "--dist-dir", "dist"]],
          page: "dist",
          scripts: "chunks",
        },
      ],
    },
    ...listPluginProjects({ adding, exerciseText, typeScripts, compilerOptions }),
  ];
}

// A chunk that only some modules need is larger than what webpack advises for one.
const webpack = ["webpack", "--entry", "./main.js", "--mode", "production", "--fail-on-warnings", "--no-performance"];
const esbuild = ["esbuild", "--bundle", "--minify", "--loader:.wasm=file", "--outdir=dist"];

/** The script of a worker, from a line's folder, for bundlers that do not find it by themselves. */
const workerScript = "../node_modules/unglue/dist/offload-worker.js";

/** A program that has both formats of the package, and so two error classes. */
const copies = `import { deepEqual } from "node:assert/strict";
import { createRequire } from "node:module";
import * as esm from "unglue";

const cjs = createRequire(import.meta.url)("unglue");
for (const [own, other] of [[esm, cjs], [cjs, esm]]) {
  const error = await own.load(new Uint8Array(8)).catch((error) => error);
  deepEqual([error instanceof own.UnglueError, error instanceof other.UnglueError], [true, false]);
  deepEqual([own, other].map(({ UnglueError }) => UnglueError.is(error, "not-wasm")), [true, true]);
}
`;

/** A page's script that leaves everything to a service worker. */
const askWorker = (url) => `
const ask = async (what) => {
  await navigator.serviceWorker.register(${url});
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
  active.postMessage(what, [port2]);
  return answer;
};
globalThis.run = () => ask("run");
globalThis.fail = () => ask("fail");
`;

/** The end of that service worker. */
const answerPage = `
addEventListener("message", ({ data, ports: [port] }) => {
  globalThis[data]().then((answer) => port.postMessage(answer), (error) => port.postMessage(error.stack));
});
`;
