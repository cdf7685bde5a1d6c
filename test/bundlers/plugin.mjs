// The projects that import modules by the plugin, with each bundler: a program for Node and a page. Both call a package, and
// answer as its own JavaScript does.
import { createRequire } from "node:module";

const { compile } = createRequire(import.meta.url)("prqlc/dist/node/prqlc_js.js");
const text = "from employees | filter age > 30 | take 3";
const expected = { sql: compile(text), sum: 5 };
const tools = ["prqlc", "unplugin"];

const files = (adding, exerciseText) => ({
  "package.json": `{ "private": true, "type": "module" }`,
  "a b#c/add.wasm": Buffer.from(adding.split(",")[1], "base64"),
  "exercise.mjs": exerciseText,
  "use.js": `import { load } from "unglue";
import add, { source as addSource } from "./a b#c/add.wasm?unglue";
import prqlc, { source } from "prqlc?unglue";

export async function answer() {
  const [prql, small] = [await load(source, prqlc), await load(addSource, add)];
  return { sql: prql.api.compile(${JSON.stringify(text)}), sum: small.api.add(2, 3) };
}
`,
  "program.js": `import { deepEqual } from "node:assert/strict";
import { answer } from "./use.js";
deepEqual(await answer(), ${JSON.stringify(expected)});
`,
  "main.js": `import { load, UnglueError } from "unglue";
import { fail } from "./exercise.mjs";
import { answer } from "./use.js";
globalThis.run = answer;
globalThis.fail = () => fail({ load, UnglueError });
`,
});

const html = (src) =>
  `<!doctype html><meta charset="utf-8"><title>unglue</title><link rel="icon" href="data:,"><script type="module" src="${src}"></script>`;

/**
 * Lists the projects.
 *
 * @param {{ adding: string, exerciseText: string, typeScripts: string[], compilerOptions: object }} facts - The `data:` URL of a
 *   module, the common script, and what TypeScript is run with.
 */
export function listPluginProjects({ adding, exerciseText, typeScripts, compilerOptions }) {
  const common = files(adding, exerciseText);
  return [
    {
      tools: [...tools, "vite"],
      lines: [
        {
          name: "plugin, vite",
          files: { ...common, "vite.config.js": viteConfig, "index.html": html("/main.js") },
          commands: [
            ["vite", "build", "--ssr", "program.js", "--outDir", "out"],
            ["node", "out/program.js"],
            ["vite", "build"],
          ],
          page: "dist",
          expected,
        },
        {
          name: "plugin, vite, development server",
          files: { ...common, "vite.config.js": viteConfig, "index.html": html("/main.js") },
          commands: [],
          serve: ["vite", "--strictPort", "--host", "127.0.0.1", "--port"],
          expected,
        },
      ],
    },
    ...typeScripts.map((version) => ({
      tools: [...tools, "vite"],
      versions: { typescript: version },
      lines: [
        {
          name: `plugin, typescript ${version}`,
          files: {
            ...common,
            "vite.config.js": viteConfig,
            "use.ts": common["use.js"].replace(
              "answer()",
              "answer(): Promise<{ sql: string | undefined; sum: number }>",
            ),
            "tsconfig.json": JSON.stringify({
              compilerOptions: { ...compilerOptions, module: "ESNext", moduleResolution: "bundler", lib: ["ES2022"] },
              files: ["use.ts", "unglue-env.d.ts"],
            }),
          },
          commands: [
            ["vite", "build", "--ssr", "use.js"],
            ["tsc", "--project", "."],
          ],
        },
      ],
    })),
    {
      tools: [...tools, "rollup", "@rollup/plugin-node-resolve"],
      lines: [
        {
          name: "plugin, rollup",
          files: { ...common, "rollup.config.js": rollupConfig, "dist/index.html": html("main.js") },
          commands: [
            ["rollup", "--config"],
            ["node", "out/program.js"],
          ],
          page: "dist",
          expected,
        },
      ],
    },
    {
      tools: [...tools, "rolldown"],
      lines: [
        {
          name: "plugin, rolldown",
          files: { ...common, "rolldown.config.js": rolldownConfig, "dist/index.html": html("main.js") },
          commands: [
            ["rolldown", "--config"],
            ["node", "out/program.js"],
          ],
          page: "dist",
          expected,
        },
      ],
    },
    {
      tools: [...tools, "webpack", "webpack-cli"],
      lines: [
        {
          name: "plugin, webpack",
          files: { ...common, "webpack.config.cjs": webpackConfig("webpack"), "dist/index.html": html("main.js") },
          commands: [
            ["webpack", "--fail-on-warnings"],
            ["node", "out/main.mjs"],
          ],
          page: "dist",
          expected,
        },
      ],
    },
    {
      tools: [...tools, "@rspack/core", "@rspack/cli"],
      lines: [
        {
          name: "plugin, rspack",
          files: { ...common, "rspack.config.cjs": webpackConfig("rspack"), "dist/index.html": html("main.js") },
          commands: [
            ["rspack", "build"],
            ["node", "out/main.mjs"],
          ],
          page: "dist",
          expected,
        },
      ],
    },
    {
      tools: [...tools, "esbuild"],
      lines: [
        {
          name: "plugin, esbuild",
          files: { ...common, "build.js": esbuildProgram, "dist/index.html": html("main.js") },
          commands: [
            ["node", "build.js"],
            ["node", "out/program.js"],
            ["node", "out/program.cjs"],
          ],
          page: "dist",
          expected,
        },
      ],
    },
  ];
}

const viteConfig = `import { unglue } from "unglue/plugin";
export default { plugins: [unglue.vite()], build: { target: "esnext" } };
`;

const rollupConfig = `import { nodeResolve } from "@rollup/plugin-node-resolve";
import { unglue } from "unglue/plugin";
const external = [/^node:/];
export default [
  { input: "program.js", external, output: { dir: "out" }, plugins: [unglue.rollup(), nodeResolve({ exportConditions: ["node"] })] },
  { input: "main.js", output: { dir: "dist" }, plugins: [unglue.rollup(), nodeResolve({ browser: true })] },
];
`;

const rolldownConfig = `import { unglue } from "unglue/plugin";
export default [
  { input: "program.js", platform: "node", output: { dir: "out" }, plugins: [unglue.rolldown()] },
  { input: "main.js", platform: "browser", output: { dir: "dist" }, plugins: [unglue.rolldown()] },
];
`;

/** The same for both. The local module's function is guessed, which is a warning. */
const webpackConfig = (bundler) => `const { join } = require("node:path");
const { unglue } = require("unglue/plugin");
const ignoreWarnings = [/1 member is guessed/];
module.exports = [
  {
    mode: "production",
    target: "node",
    entry: "./program.js",
    output: { path: join(__dirname, "out"), module: true, filename: "main.mjs" },
    experiments: ${bundler === "webpack" ? "{ outputModule: true }" : "{}"},
    ignoreWarnings,
    plugins: [unglue.${bundler}()],
  },
  {
    mode: "production",
    entry: "./main.js",
    output: { path: join(__dirname, "dist") },
    performance: { hints: false },
    ignoreWarnings,
    plugins: [unglue.${bundler}()],
  },
];
`;

const esbuildProgram = `import { build } from "esbuild";
import { unglue } from "unglue/plugin";
const common = { bundle: true, plugins: [unglue.esbuild()] };
await build({ ...common, entryPoints: ["program.js"], platform: "node", format: "esm", outdir: "out" });
await build({
  ...common,
  stdin: {
    contents: 'import { answer } from "./use.js"; answer().then(({ sum }) => { if (sum !== 5) throw new Error(String(sum)); });',
    resolveDir: ".",
  },
  platform: "node",
  format: "cjs",
  outfile: "out/program.cjs",
});
await build({ ...common, entryPoints: ["main.js"], format: "esm", splitting: true, outdir: "dist" });
`;
