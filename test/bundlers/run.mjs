// `npm run test:package`: installs the packed tarball in projects of its own, one for each tool that people use it with,
// and in a copy of each program in `examples/`. It prints a line for each way of using it. Arguments select lines by a part
// of their names: `npm run test:package -- example` runs the examples.
/* global fetch, setTimeout */
import { execFile, spawn } from "node:child_process";
import { deepStrictEqual } from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "playwright";
import { freePort, serve } from "../servers/serve.mjs";
import { chromiumArgs, chromiumMissing, findChromium } from "../setup/chromium.mjs";
import { assembleApp, adding } from "./app.mjs";
import { examples } from "./examples.mjs";
import { expected, expectedError } from "./exercise.mjs";
import { checkProject, dependencies, packageManagers } from "./package-managers.mjs";
import { listProjects } from "./projects.mjs";

/** Node's lines, from the npm package `node`. */
const nodes = { 20: "20.20.2", 22: "22.23.3", 24: "24.21.0", 26: "26.10.0" };

/** TypeScript: the oldest that docs/stability.md names, and the newest. */
const typeScripts = ["5.7.2", "7.0.2"];

/** The line of Node that the tools run in. */
const toolsNode = "24";

const tools = {
  "@rollup/plugin-node-resolve": "16.0.3",
  "@rollup/plugin-terser": "1.0.2",
  "@rollup/plugin-url": "8.0.2",
  "@rspack/cli": "2.2.8",
  "@rspack/core": "2.3.3",
  esbuild: "0.28.2",
  jest: "30.5.2",
  "jest-environment-jsdom": "30.5.2",
  jsdom: "31.0.1",
  parcel: "2.16.4",
  prqlc: "0.13.14",
  rolldown: "1.3.2",
  rollup: "4.68.7",
  unplugin: "3.7.0",
  vite: "8.3.8",
  vitest: "5.1.1",
  webpack: "5.112.2",
  "webpack-cli": "7.3.1",
};

const timeout = 180_000;
const root = fileURLToPath(new URL("../..", import.meta.url));
const selected = process.argv.slice(2);
const counts = { passed: 0, failed: 0 };
const results = [];

if (!existsSync(join(root, "dist/node.js"))) throw new Error("There is no build: run `npm run build` first.");
const executablePath = findChromium();
if (!executablePath) throw new Error(chromiumMissing);

const temporary = await mkdtemp(join(tmpdir(), "unglue-package-"));
const browser = await chromium.launch({ executablePath, args: chromiumArgs });
try {
  const tarball = await pack();
  const projects = listProjects({ app: await assembleApp(), adding, nodes: Object.keys(nodes), typeScripts });
  for (const [index, project] of projects.entries()) await runProject(project, join(temporary, String(index)), tarball);
  for (const manager of packageManagers) await runManaged(manager, join(temporary, manager.name), tarball);
  for (const example of examples) await runExample(example, join(temporary, example.name), tarball);
} finally {
  await browser.close();
  await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
const reliability = new URL("../../.reliability/", import.meta.url);
await mkdir(reliability, { recursive: true });
await writeFile(new URL("package.json", reliability), JSON.stringify({ ...counts, nodes, results }));
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

/** Packs the package as it would be published, and returns the tarball's path. */
async function pack() {
  const output = await run(["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", temporary], root);
  return join(temporary, JSON.parse(output.stdout)[0].filename);
}

/** Installs a project's tools beside the package, and runs its lines. */
async function runProject(project, folder, tarball) {
  const lines = project.lines.filter(({ name }) => isSelected(name));
  if (lines.length === 0) return;
  const versions = Object.fromEntries(project.tools.map((name) => [name, tools[name]]));
  const installed = install(folder, { unglue: `file:${tarball}`, ...versions, ...project.versions });
  // Each line fails by itself where the installation did.
  installed.catch(() => undefined);
  for (const line of lines) {
    await check(line.name, async () => {
      await installed;
      return runLine(line, join(folder, line.name.replaceAll(/\W+/g, "-")), folder);
    });
  }
}

function isSelected(name) {
  return selected.every((part) => name.includes(part));
}

async function install(folder, dependencies) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  await npmInstall(folder);
}

/** Installs what a project's `package.json` lists, and the packages given. */
async function npmInstall(folder, ...packages) {
  const options = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run(["npm", "install", ...options, ...packages], folder, await environment(toolsNode));
}

/** Installs a project by another package manager, and runs the command in it. */
async function runManaged(manager, folder, tarball) {
  const line = `command, ${manager.name}`;
  if (!isSelected(line)) return;
  await check(line, async () => {
    const tools = `${folder}-tools`;
    await install(tools, manager.tool);
    await mkdir(folder, { recursive: true });
    const own = { private: true, type: "module", dependencies: { unglue: `file:${tarball}`, ...dependencies } };
    const files = { ...manager.files, "package.json": JSON.stringify(own) };
    for (const [path, contents] of Object.entries(files)) await writeFile(join(folder, path), contents);
    const env = await environment(toolsNode);
    const command = ["node", join(tools, "node_modules", manager.script)];
    await run([...command, ...manager.install], folder, env);
    return checkProject(manager, folder, {
      run: (words) => run([...command, ...words], folder, env),
      runFailing: (words) => runFailing([...command, ...words], folder, env),
    });
  });
}

/** Copies an example, installs it with the tarball as its `unglue`, and runs it. */
async function runExample({ name, check: body }, folder, tarball) {
  const line = `example ${name}`;
  if (!isSelected(line)) return;
  await check(line, async () => {
    await cp(join(root, "examples", name), folder, {
      recursive: true,
      filter: (path) => !["node_modules", "dist", ".next", ".wrangler"].includes(basename(path)),
    });
    await npmInstall(folder, tarball);
    const quiet = { NEXT_TELEMETRY_DISABLED: "1", WRANGLER_SEND_METRICS: "false" };
    const env = { ...(await environment(toolsNode, folder)), ...quiet };
    return body({
      run: (command) => run(command, folder, env),
      runFailing: (command) => runFailing(command, folder, env),
      withServer: (command, visitor) => withServer(command, folder, env, visitor),
      get,
      read,
      browse,
    });
  });
}

/** Runs a line in a folder of its own, below what its project has installed. Returns what there is to say of it. */
async function runLine(
  { node = toolsNode, files, commands, env, page, serve: server, scripts, ...line },
  folder,
  project,
) {
  for (const [path, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), contents);
  }
  const variables = { ...(await environment(node, project)), ...env };
  for (const command of commands) await run(command, folder, variables);
  if (server) return withServer(server, folder, variables, async (url) => void (await visit(url, line)));
  if (!page) return "";
  await refuseBuiltins(join(folder, page));
  const site = await serveFolder(join(folder, page));
  try {
    const fetched = await visit(site.url, line);
    return scripts && (await describeSizes(fetched, scripts));
  } finally {
    site.close();
  }
}

/** Runs and prints one line. */
async function check(name, body) {
  try {
    const note = await body();
    counts.passed++;
    results.push([name, note || "works"]);
    console.log(`ok   ${name}${note ? `: ${note}` : ""}`);
  } catch (error) {
    counts.failed++;
    results.push([name, "FAILED"]);
    console.log(`FAIL ${name}`);
    const { message, stdout, stderr } = error;
    const text =
      stdout === undefined ? (error.stack ?? message) : `${message.split("\n")[0]}\n${stdout}\n${stderr ?? ""}`;
    console.log(text.trim().slice(0, 4000).replaceAll(/^/gm, "     "));
  }
}

/** Opens a page in Chromium and has it run. Returns the scripts that had come at each stage. */
async function visit(url, { expected: whatRuns = expected }) {
  const context = await browser.newContext();
  const scripts = [];
  try {
    const page = await context.newPage();
    const broken = new Promise((_, reject) => page.once("pageerror", reject));
    broken.catch(() => undefined);
    page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.push(request.url());
    });
    await page.goto(url);
    await Promise.race([page.waitForFunction("globalThis.run && globalThis.fail", { timeout: 30_000 }), broken]);
    const atFirst = [...scripts];
    deepStrictEqual(await Promise.race([page.evaluate("run()"), broken]), whatRuns);
    const whenRun = [...scripts];
    deepStrictEqual(await Promise.race([page.evaluate("fail()"), broken]), expectedError);
    return { atFirst, whenRun, atLast: scripts };
  } finally {
    await context.close();
  }
}

/** Opens a page in Chromium, waits for an element with a text, and returns the text. */
async function read(url, text) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await page.getByText(text, { exact: true }).textContent({ timeout: 30_000 });
  } finally {
    await context.close();
  }
}

/** Opens a page in Chromium and hands it on. An error that nothing catches in the page fails the example. */
async function browse(url, body) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  try {
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(url);
    const answer = await body(page);
    deepStrictEqual(errors, []);
    return answer;
  } finally {
    await context.close();
  }
}

/** Says what was fetched when, minified and compressed with Brotli. */
async function describeSizes({ atFirst, whenRun, atLast }, scripts) {
  if (scripts === "one file") {
    deepStrictEqual(atLast, atFirst, "More scripts were fetched than the one.");
    return `${await sizeOf(atFirst)} in one file`;
  }
  if (whenRun.length === atFirst.length) throw new Error("The parts of the library came at once, and not as chunks.");
  if (atLast.length === whenRun.length) throw new Error("The words for errors came before there was an error.");
  const later = (all, before) => all.slice(before.length);
  return (
    `${await sizeOf(atFirst)} at first, ${await sizeOf(later(whenRun, atFirst))} for the modules, ` +
    `${await sizeOf(later(atLast, whenRun))} for the error, in ${atLast.length} files`
  );
}

async function sizeOf(urls) {
  const scripts = await Promise.all(urls.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())));
  const size = scripts.reduce((sum, script) => sum + brotliCompressSync(script).length, 0);
  return `${(size / 1000).toFixed(1)} kB`;
}

/** Fails where a script for browsers asks for a Node built-in, or has what a bundler puts in the place of one. */
async function refuseBuiltins(folder) {
  const names = builtinModules.join("|").replaceAll(/[/.]/g, "\\$&");
  const traces = [
    /["'`]node:\w+/,
    new RegExp(`(?:\\bfrom|\\bimport|\\b_*require\\d*)\\s*\\(?\\s*["'\`](?:${names})["'\`]`),
    /__vite-browser-external|Dynamic require of|externalized for browser|Cannot find module 'fs/,
  ];
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.[cm]?js$/.test(file));
  if (files.length === 0) throw new Error("There is no script in the bundle.");
  for (const file of files) {
    const text = await readFile(join(folder, file), "utf8");
    for (const trace of traces) {
      const [found] = trace.exec(text) ?? [];
      if (found) throw new Error(`${file} asks for a Node built-in: ${found}`);
    }
  }
}

function serveFolder(folder) {
  const types = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
  };
  return serve(async ({ pathname }) => {
    const path = pathname === "/" ? "/index.html" : decodeURIComponent(pathname);
    return [types[extname(path)] ?? "application/octet-stream", await readFile(join(folder, path))];
  });
}

/** Runs a server of a tool's own while a page is visited. */
async function withServer([command, ...args], folder, env, body) {
  const port = await freePort();
  const options = { cwd: folder, env: { ...env, PORT: String(port) }, shell: process.platform === "win32" };
  const server = spawn(command, [...args, String(port)], options);
  const gone = once(server, "exit");
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => (output += text));
  try {
    const url = `http://127.0.0.1:${port}/`;
    for (const end = Date.now() + 30_000; !(await answers(url)); await new Promise((done) => setTimeout(done, 100))) {
      if (server.exitCode !== null || Date.now() > end) throw new Error(`${command} does not answer.`);
    }
    return await body(url);
  } catch (error) {
    throw Object.assign(error, { stdout: output });
  } finally {
    server.kill();
    await gone;
  }
}

async function answers(url) {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}

async function get(url, path) {
  const response = await fetch(new URL(path, url));
  return [response.status, await response.text()];
}

/** The environment for a program: that line of Node first, and the tools of a project. */
async function environment(line, project) {
  const folders = [await folderOfNode(line), process.env.PATH];
  if (project) folders.unshift(join(project, "node_modules/.bin"));
  return { ...process.env, PATH: folders.join(delimiter), CI: "1", NO_COLOR: "1" };
}

/** The folder with the `node` of a line. npm installs it once, in its cache. */
async function folderOfNode(line) {
  const version = nodes[line];
  const print = "console.log(JSON.stringify([process.version, process.execPath]))";
  const command = ["npm", "exec", "--yes", "--prefer-offline", `--package=node@${version}`, "--", "node", "-e", print];
  const { stdout } = await run(command, temporary);
  const [found, path] = JSON.parse(stdout);
  if (found !== `v${version}`) throw new Error(`Node ${found} ran in place of ${version}.`);
  return dirname(path);
}

/** Runs a program to its end. */
function run([command, ...args], cwd, env = process.env) {
  const shell = process.platform === "win32";
  return promisify(execFile)(command, args, { cwd, env, timeout, shell, maxBuffer: 2 ** 26 });
}

/** Runs a program that must fail, and returns what it printed. */
async function runFailing(command, cwd, env) {
  const { stdout, stderr } = await run(command, cwd, env).then(
    () => {
      throw new Error(`${command.join(" ")} succeeded.`);
    },
    (error) => {
      if (typeof error.code !== "number") throw error;
      return error;
    },
  );
  return stdout + stderr;
}
