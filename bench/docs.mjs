// `npm run bench:docs`: writes the figures of results.json into docs/performance.md and docs/appendix/performance.md, between the
// comments `<!-- figures: name -->` and `<!-- end of figures -->`, and draws the charts. With `--check` it only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { drawCharts } from "./charts.mjs";
import { kilobytes, majorOf, readResults, verdictOn } from "./results.mjs";

const { values: flags } = parseArgs({ options: { check: { type: "boolean" } } });
const results = readResults();
const runtimes = results.races.map(({ runtime }) => majorOf(runtime));

/** The text of each marked region of the docs. */
const regions = {
  origin: writeOrigin,
  summary: () =>
    summaryTable([
      ["load 5 MB over HTTP, streaming", "compileStreaming, instantiate", "load 5 MB, application/wasm", "load"],
      ["load 3 kB over HTTP", "the same", "load 3 kB, application/wasm", "load"],
      ["a call through `wasm.exports`", "the engine's export", "call of a numeric export", "exports"],
      ["a call through `wasm.guarded`", "the same", "call of a numeric export", "guarded"],
      ["a method with a number", "wasm-bindgen's JavaScript", "method: number in", "api"],
      ["a string of 16 characters as argument", "the same", "method: text of 16 ASCII characters in", "api"],
      ["a string of 4096 characters as argument", "the same", "method: text of 4096 ASCII characters in", "api"],
      [
        "CPU of a whole process: load a package of 197 classes, call it once",
        "the package's JavaScript",
        "whole process, 197 classes: CPU",
        "load, with api",
      ],
      [
        "the same, with a declaration file",
        "the same",
        "whole process, 197 classes: CPU",
        "load, with a declaration file",
      ],
    ]),
  "pages in short": () =>
    table(
      ["page built by Vite", "requests", "Brotli"],
      results.pages.rows.map(({ title, requests, brotli }) => [title, requests, kilobytes(brotli)]),
    ),
  pages: () =>
    table(
      ["", "requests", "Brotli", "gzip", "its JavaScript, Brotli"],
      results.pages.rows.map(({ title, requests, brotli, gzip, glue }) => [
        title,
        requests,
        ...[brotli, gzip, glue?.brotli].map(kilobytes),
      ]),
    ),
  memory: () =>
    table(
      ["", ...results.memory.rows[0].results.map(({ name }) => `\`${name}\``)],
      results.memory.rows.map(({ title, results: kept }) => [title, ...kept.map(({ bytes }) => kilobytes(bytes))]),
    ),
  processes: () => raceTable(/^whole process|^first load/),
  loading: () => raceTable(/^load .*application/),
  bytes: () => raceTable(/^load .* from bytes/),
  calls: () => raceTable(/^call of|^instance with|^callback/),
  interfaces: () => raceTable(/^new instance|^method|^new object/),
  pools: () => raceTable(/^pool/),
  text: () => raceTable(/^text of/),
  reading: () => raceTable(/^inspect/),
};

/** The names of the regions that the pages have. */
const filled = new Set();
const charts = await drawCharts(results);
const written = new Map(Object.entries(charts).map(([name, svg]) => [`docs/images/${name}.svg`, svg]));
for (const page of ["docs/performance.md", "docs/appendix/performance.md"]) {
  written.set(page, await fill(page, readFileSync(pathOf(page), "utf8")));
}
const missing = Object.keys(regions).filter((name) => !filled.has(name));
if (missing.length > 0) throw new Error(`No page has a place for the figures ${missing.join(", ")}.`);
const changed = [...written].filter(([path, text]) => readOptional(path) !== text);
if (flags.check && changed.length > 0) {
  console.error(`These do not say what bench/results.json says: ${changed.map(([path]) => path).join(", ")}.`);
  console.error("Write them with `npm run bench:docs`.");
  process.exitCode = 1;
} else {
  for (const [path, text] of changed) writeFileSync(pathOf(path), text);
}

async function fill(page, text) {
  const written = text.replace(/(<!-- figures: (.+?) -->\n)[^]*?(<!-- end of figures -->)/g, (_, begin, name, end) => {
    filled.add(name);
    return `${begin}\n${regions[name]()}\n\n${end}`;
  });
  return format(written, { ...(await resolveConfig(pathOf(page))), parser: "markdown" });
}

function writeOrigin() {
  const sentences = results.races.map(({ runtime, date, machine }) => `${runtime} on ${date} (${machine})`);
  const list = new Intl.ListFormat("en").format(sentences);
  return `Medians of one run of each: ${list}. They are observations, not promises: run the benchmarks on your own machine.`;
}

/** One ratio a runtime, without its spread. */
function summaryTable(lines) {
  return table(
    ["what", "against", ...runtimes],
    lines.map(([what, against, title, contender]) => [
      what,
      against,
      ...results.races.map((race) => {
        const ratio = find(race, title)?.results.find(({ name }) => name === contender)?.ratio;
        return ratio ? `${ratio.median.toFixed(2)} ×` : "";
      }),
    ]),
  );
}

/** Every contender but the first: the ratio to the first, its spread, the time beyond it, and the aim. */
function raceTable(pattern) {
  const rows = [];
  const titles = new Set(results.races.flatMap(({ rows }) => rows.map(({ title }) => title)));
  for (const title of titles) {
    if (!pattern.test(title)) continue;
    const sides = results.races.map((race) => find(race, title));
    const [first, ...others] = sides.find((side) => side).results;
    for (const [at, { name }] of others.entries()) {
      const each = sides.map((side) => side?.results.find((one) => one.name === name));
      rows.push([at ? "…" : title, first.name, name, ...each.map(raceCell), aimCell(each)]);
    }
  }
  const hasAims = rows.some((row) => row.at(-1) !== "");
  const head = ["", "against", "contender", ...runtimes, "aim"];
  return hasAims
    ? table(head, rows)
    : table(
        head.slice(0, -1),
        rows.map((row) => row.slice(0, -1)),
      );
}

function raceCell(result) {
  if (!result) return "";
  const { ratio, extra } = result;
  return `${ratio.median.toFixed(2)} × (${ratio.low.toFixed(2)} – ${ratio.high.toFixed(2)}), ${duration(extra)}`;
}

/** The aims, equal ones once, each with the runtimes that miss it. */
function aimCell(each) {
  const aims = new Map();
  for (const [at, result] of each.entries()) {
    if (result?.target === undefined) continue;
    const { ratio, target } = result;
    const remarks = aims.get(target) ?? [];
    const verdict = verdictOn(ratio, target);
    if (verdict !== "reached") remarks.push(`${verdict === "missed" ? "**missed**" : verdict} in ${runtimes[at]}`);
    aims.set(target, remarks);
  }
  return [...aims].map(([aim, remarks]) => [aim, ...remarks].join(", ")).join("; ");
}

function find({ rows }, title) {
  return rows.find((row) => row.title === title);
}

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function duration(milliseconds) {
  const sign = milliseconds < 0 ? "−" : "+";
  const size = Math.abs(milliseconds);
  if (size >= 1) return `${sign}${size.toFixed(1)} ms`;
  return size >= 1e-3 ? `${sign}${(size * 1e3).toFixed(1)} µs` : `${sign}${(size * 1e6).toFixed(1)} ns`;
}

function pathOf(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

function readOptional(path) {
  try {
    return readFileSync(pathOf(path), "utf8");
  } catch {
    return undefined;
  }
}
