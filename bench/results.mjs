// The saved figures of `npm run bench -- --save`: bench/results.json, one entry for each runtime.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

const file = new URL("results.json", import.meta.url);

/**
 * The races of one runtime. Times are milliseconds.
 *
 * @typedef {object} Races
 * @property {string} runtime Its name and version.
 * @property {string} [date] The day of the run.
 * @property {string} [machine] The processor, and how many of its cores.
 * @property {{ title: string, results: import("./race.mjs").Result[] }[]} rows
 */

/**
 * Everything that a run finds.
 *
 * @typedef {object} Results
 * @property {Races[]} races
 * @property {{ runtime: string, rows: { title: string, results: { name: string, bytes: number }[] }[] }} [memory]
 * @property {{ runtime: string, rows: { title: string, requests: number, brotli: number, gzip: number,
 *   glue?: { brotli: number, gzip: number } }[] }} [pages]
 */

/** @returns {Results} The saved figures. */
export function readResults() {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { races: [] };
}

/**
 * Saves what a run has found in place of the figures of the same rows and runtimes; other figures stay.
 *
 * @param {Results} found - The figures of one run.
 */
export function saveResults(found) {
  const saved = readResults();
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores`;
  const races = new Map(saved.races.map((race) => [majorOf(race.runtime), race]));
  for (const { runtime, rows } of found.races) {
    const merged = new Map(races.get(majorOf(runtime))?.rows.map((row) => [row.title, row]));
    for (const row of rows) merged.set(row.title, row);
    races.set(majorOf(runtime), { runtime, date, machine, rows: [...merged.values()] });
  }
  const { memory = saved.memory, pages = saved.pages } = found;
  const text = JSON.stringify({ races: [...races.values()], memory, pages }, rounded, 1);
  writeFileSync(file, `${text}\n`);
}

/**
 * The name of a runtime and its major version, which tells its figures from others'.
 *
 * @param {string} runtime - As in "Node 20.20.2".
 * @returns {string} As in "Node 20".
 */
export function majorOf(runtime) {
  return runtime.split(".")[0];
}

/** A measurement has no more than four digits. */
function rounded(_, value) {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}

/**
 * Compares a ratio with its aim.
 *
 * @param {{ low: number, median: number }} ratio - The ratio.
 * @param {number} target - What it shall be at the most.
 * @returns {"reached" | "within the spread" | "missed"} Two digits count; within the spread, a quarter of the rounds reached it.
 */
export function verdictOn({ low, median }, target) {
  if (Number(median.toFixed(2)) <= target) return "reached";
  return low <= target ? "within the spread" : "missed";
}

/**
 * The highest ratio that the guard allows: far from the saved one, since machines differ, and never below what the first contender
 * takes.
 *
 * @param {number} saved - The saved median.
 * @returns {number} The ratio.
 */
export function guardLimit(saved) {
  return Math.max(1.5, 3 * saved);
}

/**
 * Formats a size.
 *
 * @param {number} [bytes] - The size; nothing is nothing.
 * @returns {string} As in "14.5 kB".
 */
export function kilobytes(bytes) {
  return bytes === undefined ? "" : `${(bytes / 1000).toFixed(1)} kB`;
}
