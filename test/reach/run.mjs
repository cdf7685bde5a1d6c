// `npm run reach`: packs the package, runs one suite in every runtime that is here, and writes docs/runtimes.md.
// Arguments name runtimes; `--all` means all, and fails for those that are not installed.
/* global clearTimeout, performance, setTimeout */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import process, { argv, kill, platform } from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { prepareBrowsers } from "./browsers.mjs";
import { badEnd, gapOf } from "./gaps.mjs";
import { makeModules } from "./modules.mjs";
import { equipProject, makeProject } from "./project.mjs";
import { runtimes } from "./runtimes.mjs";
import { startServer } from "./server.mjs";
import { checksOf, nameOf } from "./suite.mjs";
import { writeTable } from "./table.mjs";
import { installTools } from "./tools.mjs";

/** No runtime takes so long, also on a busy machine. */
const ceiling = 180_000;
/** No check takes so long that nothing comes in between. */
const patience = 90_000;
const atOnce = 2;

const names = argv.slice(2).filter((argument) => argument !== "--all");
const unknown = names.filter((name) => !runtimes.some((runtime) => runtime.name.startsWith(name)));
if (unknown.length)
  throw new Error(
    `No runtime is called ${unknown.join(", ")}. There are: ${runtimes.map(({ name }) => name).join(", ")}.`,
  );
const chosen = names.length
  ? runtimes.filter((runtime) => names.some((name) => runtime.name.startsWith(name)))
  : runtimes;

await installTools();
const modules = await makeModules();
const inboxes = new Map();
const folder = await makeProject();

const server = await startServer(modules, pathToFileURL(join(folder, "/")), (name, result) =>
  inboxes.get(name)?.(result),
);
let failed = 0;
let passed = 0;
try {
  await equipProject(folder, modules, server.url);
  await prepareBrowsers(folder);
  const waiting = [...chosen];
  const work = async () => {
    for (let runtime; (runtime = waiting.shift());) await prove(runtime);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
} finally {
  server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
if (failed === 0) await writeTable(runtimes);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** Runs the suite in one runtime, and prints a line with what came of it. */
async function prove(runtime) {
  const { title } = runtime;
  const missing = runtime.missing?.();
  if (missing && !argv.includes("--all") && !names.length) return console.log(`--   ${title}: ${missing}`);
  const began = performance.now();
  const { results, output, ending } = missing ? { results: [], output: [], ending: missing } : await runOnce(runtime);
  const { faults, count, known } = judge(runtime, results, ending);
  passed += count;
  failed += faults.length;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const gap = known ? `, ${known} known gaps` : "";
  console.log(
    `${faults.length ? "FAIL" : "ok  "} ${title}: ${count} of ${checksOf(runtime).length} passed${gap} (${seconds} s)`,
  );
  for (const fault of faults) console.log(fault.replaceAll(/^/gm, "       "));
  if (ending && output.length) console.log(output.slice(-30).join("\n").replaceAll(/^/gm, "     | "));
}

/** Runs the suite in one runtime. */
async function runOnce(runtime) {
  const { name } = runtime;
  const results = [];
  const output = [];
  const receive = (result) => results.push(result);
  inboxes.set(name, receive);
  let ending;
  try {
    const context = { name, folder, url: server.url, receive, spawn: spawner(receive, output) };
    await runtime.run({ ...context, until: (failed) => untilDone(results, failed) });
  } catch (error) {
    ending = error.stack;
  }
  inboxes.delete(name);
  return { results, output, ending };
}

/** Waits for the end of results that come from elsewhere, or for a failure. */
async function untilDone(results, failed) {
  let count = 0;
  let since = performance.now();
  while (!results.some(({ done }) => done !== undefined)) {
    const failure = failed();
    if (failure) throw failure;
    if (results.length > count) [count, since] = [results.length, performance.now()];
    if (performance.now() - since > patience) throw new Error(`Nothing came for ${patience} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Compares results with what is expected: every check once, passed, or failed as the list of gaps has it. */
function judge(runtime, results, ending) {
  const faults = [];
  const absent = [];
  let count = 0;
  let known = 0;
  const fails = (name, error) => {
    const gap = gapOf(runtime.name, name);
    if (gap && (gap.error === undefined || gap.error.test(error))) known++;
    else faults.push(`${name}: ${error}`);
  };
  if (ending) fails(badEnd, ending);
  for (const check of checksOf(runtime)) {
    const name = nameOf(check);
    const found = results.filter((result) => result.check === name);
    if (found.length === 0) absent.push(name);
    else if (found.length > 1) faults.push(`${name}: ran ${found.length} times`);
    else if (found[0].error !== undefined) fails(name, found[0].error);
    else if (gapOf(runtime.name, name)) faults.push(`${name}: passes, so strike it from gaps.mjs`);
    else count++;
  }
  if (absent.length) faults.push(`${absent.length} checks did not run, from "${absent[0]}" on`);
  if (!results.some(({ done }) => done > 0)) faults.push("The suite did not end");
  for (const { unhandled } of results) if (unhandled) faults.push(`An unhandled rejection: ${unhandled}`);
  return { faults, count, known };
}

/** Makes what runs a program of the project until it ends. */
function spawner(receive, output) {
  return (command, args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args.filter(Boolean), {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
        detached: platform !== "win32",
        env: { ...process.env, NO_COLOR: "1", ...options.env },
      });
      const end = () => {
        try {
          kill(platform === "win32" ? child.pid : -child.pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      };
      const timer = setTimeout(() => {
        output.push(`Ended after ${ceiling} ms.`);
        end();
      }, ceiling);
      options.signal?.addEventListener("abort", end);
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          const at = line.indexOf("reach {");
          if (at < 0) output.push(line);
          else receive(JSON.parse(line.slice(at + "reach ".length)));
        });
      }
      child.on("error", reject);
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        if (code === 0) resolve();
        else reject(new Error(`It ended with ${signal ?? `code ${code}`}.`));
      });
    });
}
