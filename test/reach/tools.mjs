// The runtimes and tools that come from the npm registry, each pinned, in a cache folder of their own.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { arch, env, platform } from "node:process";
import { promisify } from "node:util";

/** Versions. Those of browsers are Debian's, which the suite was last run on. */
export const versions = {
  node20: "20.20.2",
  node22: "22.23.3",
  node24: "24.21.0",
  node26: "26.10.0",
  bun: "1.4.5",
  deno: "2.9.6",
  workerd: "1.20261117.1",
  wrangler: "4.164.0",
  "@edge-runtime/vm": "5.0.0",
  esbuild: "0.28.2",
  jest: "30.5.2",
  "jest-environment-jsdom": "30.5.2",
  "@happy-dom/jest-environment": "20.14.5",
  vitest: "5.1.1",
  jsdom: "31.0.1",
  "happy-dom": "21.0.4",
  "puppeteer-core": "25.16.0",
  chromium: "156.0.8078.108",
  firefox: "153.7.0",
  webkit: "2.50.6",
};

const debian = ["chromium", "firefox", "webkit"];

/** Packages that are a program for one platform, under the name of that platform. */
const programs = {
  node: `node-${platform === "win32" ? "win" : platform}-${arch}`,
  bun: `@oven/bun-${platform === "win32" ? "windows" : platform}-${arch === "arm64" ? "aarch64" : arch}`,
};

/** Where the tools are installed: `UNGLUE_REACH_CACHE`, or a folder in the user's cache. */
export const cache = env.UNGLUE_REACH_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "unglue-reach");

/** Installs what the cache lacks. */
export async function installTools() {
  const dependencies = {};
  for (const [name, version] of Object.entries(versions)) {
    if (debian.includes(name)) continue;
    const program = programs[name.replace(/\d+$/, "")];
    dependencies[name] = program ? `npm:${program}@${version}` : version;
  }
  const wanted = JSON.stringify({ private: true, dependencies }, undefined, 2);
  const stamp = join(cache, "installed.json");
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return;
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, "package.json"), wanted);
  console.log(`Installing the runtimes in ${cache} …`);
  // Some of them need a newer Node than the one that installs them, and run in theirs.
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  await promisify(execFile)("npm", args, { cwd: cache, shell: platform === "win32" });
  await writeFile(stamp, wanted);
}

/** The path of an installed file. */
export const toolPath = (...path) => join(cache, "node_modules", ...path);

/** The program of one of Node's lines. */
export const nodeOf = (line) =>
  platform === "win32" ? toolPath(`node${line}`, "bin", "node.exe") : toolPath(`node${line}`, "bin", "node");
