// The published sources of crates, fetched by cargo, and what they declare.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");

/**
 * The versions of a crate that are published and not yanked, oldest first; pre-releases are left out.
 *
 * @param {string} name
 * @returns {string[]}
 */
export function published(name) {
  const path = join(name.slice(0, 2), name.slice(2, 4), name);
  const index = join(cargoHome, "registry/index");
  // Asking for the newest version brings the list of all.
  execFileSync("cargo", ["info", "-q", name], { stdio: ["ignore", "ignore", "inherit"] });
  const file = readdirSync(index)
    .map((registry) => join(index, registry, ".cache", path))
    .find((candidate) => existsSync(candidate));
  return [...readFileSync(file, "latin1").matchAll(/\{"name":.*?\}(?=\0|$)/gs)]
    .map(([entry]) => JSON.parse(entry))
    .filter(({ vers, yanked }) => !yanked && !vers.includes("-"))
    .map(({ vers }) => vers)
    .sort(compareVersions);
}

/** Downloads the source of a crate. */
export function download(name, version) {
  execFileSync("cargo", ["info", "-q", `${name}@${version}`], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Where cargo has put a crate's source; undefined if it has not. */
export function directoryOf(name, version) {
  const sources = join(cargoHome, "registry/src");
  return readdirSync(sources)
    .map((registry) => join(sources, registry, `${name}-${version}`))
    .find((directory) => existsSync(directory));
}

/** Lists the declarations of the sources in each directory. */
export function extract(directories) {
  const run = [
    "run",
    "--release",
    "-q",
    "--manifest-path",
    join(import.meta.dirname, "Cargo.toml"),
    "--",
    ...directories,
  ];
  const printed = execFileSync("cargo", run, {
    maxBuffer: 2 ** 30,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return printed
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : left[at] - right[at];
}
