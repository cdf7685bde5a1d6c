// `npm run bench`: the library against what it stands for, in Node and in headless Chromium, then what pages fetch and
// what instances keep. `npm run bench -- load pages` runs the groups whose names are given; `--save` keeps the figures in
// results.json, from which `npm run bench:docs` writes the tables of the docs; `--node` leaves out what needs a browser.
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import Table from "cli-table3";
import { chromium } from "playwright";
import { chromiumArgs, chromiumMissing, findChromium } from "../test/setup/chromium.mjs";
import { groups } from "./benchmarks.mjs";
import { inNode } from "./in-node.mjs";
import { weighInstances } from "./memory.mjs";
import { countPages } from "./pages.mjs";
import { processGroups } from "./processes.mjs";
import { race } from "./race.mjs";
import { kilobytes, saveResults, verdictOn } from "./results.mjs";

const built = new URL("../dist/node.js", import.meta.url);
if (!existsSync(built)) throw new Error(`${fileURLToPath(built)} is missing: build it with \`npm run build\`.`);
if (typeof globalThis.gc !== "function") throw new Error("Run this with `node --expose-gc`, as `npm run bench` does.");
const { positionals: wanted, values: flags } = parseArgs({
  allowPositionals: true,
  options: { save: { type: "boolean" }, node: { type: "boolean" } },
});
const all = [...Object.keys(groups), ...Object.keys(processGroups), "pages", "memory"];
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) throw new Error(`No group ${unknown.join(", ")}: there are ${all.join(", ")}.`);
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);
const names = Object.keys(groups).filter(isWanted);
const processNames = Object.keys(processGroups).filter(isWanted);
const nodeRuntime = `Node ${process.versions.node}`;
/** @type {import("./results.mjs").Results} */
const found = { races: [] };

const library = await import(built);
const worker = new Worker(new URL("server.mjs", import.meta.url));
const server = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
try {
  await report(nodeRuntime, "", names, (name) => inNode(name, server));
  await report(nodeRuntime, ", a process for each", processNames, runProcesses);
  if (isWanted("memory")) await reportMemory();
  const executablePath = flags.node ? undefined : findChromium();
  if (executablePath) await inChromium(executablePath);
  else if (!flags.node) console.log(`\n${chromiumMissing}`);
} finally {
  await worker.terminate();
}
if (flags.save) saveResults(found);

async function inChromium(executablePath) {
  const browser = await chromium.launch({ executablePath, args: [...chromiumArgs, "--js-flags=--expose-gc"] });
  try {
    await report(`Chromium ${browser.version()}`, "", names, async (name) => {
      // A page for each group: what one leaves behind is not the next one's.
      const page = await browser.newPage();
      await page.goto(server);
      const run = async ({ name, server }) => {
        const { runGroup } = await import("/bench/benchmarks.mjs");
        return runGroup(name, await import("/dist/browser.js"), server, "browser");
      };
      const done = await page.evaluate(run, { name, server });
      await page.close();
      return done;
    });
    if (isWanted("pages")) await reportPages(browser);
  } finally {
    await browser.close();
  }
}

async function runProcesses(name) {
  const done = [];
  for await (const [title, contenders, options] of processGroups[name]()) {
    done.push({ title, results: await race(contenders, options) });
  }
  return done;
}

async function reportPages(browser) {
  const table = createTable(["page, built by Vite", "requests", "Brotli", "gzip", "its glue,\nBrotli", "gzip"]);
  const rows = [];
  for await (const row of countPages(browser)) {
    const { title, requests, brotli, gzip, glue } = row;
    rows.push({ title, requests, brotli, gzip, ...(glue && { glue }) });
    table.push([title, requests, ...[brotli, gzip, glue?.brotli, glue?.gzip].map(kilobytes)]);
  }
  found.pages = { runtime: `Chromium ${browser.version()}`, rows };
  console.log(`\nScripts that a page fetches, in Chromium ${browser.version()}\n\n${table.toString()}`);
}

async function reportMemory() {
  const table = createTable(["one of 1000 instances", "contender", "kept in the heap", "×"]);
  const rows = [];
  for await (const { title, results } of weighInstances(library)) {
    rows.push({ title, results });
    for (const [at, { name, bytes }] of results.entries()) {
      table.push([at ? "" : title, name, kilobytes(bytes), at ? (bytes / results[0].bytes).toFixed(2) : ""]);
    }
  }
  found.memory = { runtime: nodeRuntime, rows };
  console.log(`\n${nodeRuntime}, memory\n\n${table.toString()}`);
}

/** A table with its words to the left and its numbers to the right. */
function createTable(head) {
  const colAligns = head.map((title) => (/^(page|one of|contender|half|target|$)/.test(title) ? "left" : "right"));
  return new Table({ head, colAligns, style: { head: [], border: [], compact: true } });
}

async function report(runtime, remark, names, run) {
  if (names.length === 0) return;
  const rows = [];
  const table = createTable(["", "contender", "median", "extra", "×", "half of the\nrounds", "target", ""]);
  for (const name of names) {
    for (const { title, results } of await run(name)) {
      rows.push({ title, results });
      for (const [at, result] of results.entries()) table.push([at === 0 ? title : "", ...cells(result)]);
    }
  }
  found.races.push({ runtime, rows });
  console.log(`\n${runtime}${remark}, ${cpus()[0]?.model}\n\n${table.toString()}`);
}

/** A missed target stands out. */
function shownVerdict(ratio, target) {
  const verdict = verdictOn(ratio, target);
  return verdict === "missed" ? "MISSED" : verdict;
}

function cells({ name, median, extra, ratio, target }) {
  return [
    name,
    duration(median),
    extra === undefined ? "" : duration(extra),
    ratio ? ratio.median.toFixed(2) : "",
    ratio ? `${ratio.low.toFixed(2)} – ${ratio.high.toFixed(2)}` : "",
    target === undefined ? "" : `≤ ${target.toFixed(2)}`,
    target === undefined ? "" : shownVerdict(ratio, target),
  ];
}

function duration(milliseconds) {
  const size = Math.abs(milliseconds);
  if (size >= 0.1) return `${milliseconds.toFixed(2)} ms`;
  return size >= 1e-3 ? `${(milliseconds * 1e3).toFixed(2)} µs` : `${(milliseconds * 1e6).toFixed(1)} ns`;
}
