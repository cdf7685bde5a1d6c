// `npm run bench`: the library against what it stands for, in Node and in headless Chromium. `npm run bench -- load`
// runs the groups whose names are given.
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import Table from "cli-table3";
import { chromium } from "playwright";
import { chromiumArgs, chromiumMissing, findChromium } from "../test/setup/chromium.mjs";
import { groups, runGroup } from "./benchmarks.mjs";

const built = new URL("../dist/node.js", import.meta.url);
if (!existsSync(built)) throw new Error(`${fileURLToPath(built)} is missing: build it with \`npm run build\`.`);
if (typeof globalThis.gc !== "function") throw new Error("Run this with `node --expose-gc`, as `npm run bench` does.");
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in groups));
if (unknown.length > 0) throw new Error(`No group ${unknown.join(", ")}: there are ${Object.keys(groups).join(", ")}.`);
const names = wanted.length > 0 ? wanted : Object.keys(groups);

const library = await import(built);
const worker = new Worker(new URL("server.mjs", import.meta.url));
const server = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
try {
  await report(`Node ${process.versions.node}`, (name) => runGroup(name, library, server, "node"));
  const executablePath = findChromium();
  if (executablePath) await inChromium(executablePath);
  else console.log(`\n${chromiumMissing}`);
} finally {
  await worker.terminate();
}

async function inChromium(executablePath) {
  const browser = await chromium.launch({ executablePath, args: [...chromiumArgs, "--js-flags=--expose-gc"] });
  try {
    await report(`Chromium ${browser.version()}`, async (name) => {
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
  } finally {
    await browser.close();
  }
}

async function report(runtime, run) {
  const table = new Table({
    head: ["", "contender", "median", "extra", "×", "half of the\nrounds", "target", ""],
    colAligns: ["left", "left", "right", "right", "right", "left", "left", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const name of names) {
    for (const { title, results } of await run(name)) {
      for (const [at, result] of results.entries()) table.push([at === 0 ? title : "", ...cells(result)]);
    }
  }
  console.log(`\n${runtime}, ${cpus()[0]?.model}\n\n${table.toString()}`);
}

function cells({ name, median, extra, ratio, target }) {
  return [
    name,
    duration(median),
    extra === undefined ? "" : duration(extra),
    ratio ? ratio.median.toFixed(2) : "",
    ratio ? `${ratio.low.toFixed(2)} – ${ratio.high.toFixed(2)}` : "",
    target === undefined ? "" : `≤ ${target.toFixed(2)}`,
    target === undefined ? "" : verdict(ratio, target),
  ];
}

function verdict({ low, median }, target) {
  if (Number(median.toFixed(2)) <= target) return "reached";
  return low <= target ? "within the spread" : "MISSED";
}

function duration(milliseconds) {
  const size = Math.abs(milliseconds);
  if (size >= 0.1) return `${milliseconds.toFixed(2)} ms`;
  return size >= 1e-3 ? `${(milliseconds * 1e3).toFixed(2)} µs` : `${(milliseconds * 1e6).toFixed(1)} ns`;
}
