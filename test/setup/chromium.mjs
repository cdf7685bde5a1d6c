// @ts-check
// Finds the Chromium that the browser tests and the demo run in.
// As a command it also installs one where it can: `node test/setup/chromium.mjs`.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { argv, env, getuid, platform } from "node:process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Arguments for a Chromium that runs as root, in a container, and talks to nobody but the page's server. */
export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The message where no Chromium is found: how to get one. */
export const chromiumMissing = env.UNGLUE_CHROMIUM
  ? `UNGLUE_CHROMIUM is "${env.UNGLUE_CHROMIUM}", which is not a program. Correct it, or unset it to look elsewhere.`
  : [
      `No Chromium was found: no ${names.join(", ")} on the PATH, and none of Playwright's own.`,
      "Get one with `apt-get install -y chromium` (Debian, as root) or `npx playwright install --with-deps chromium`,",
      "or set UNGLUE_CHROMIUM to the path of one that you have.",
    ].join("\n");

/**
 * Finds an installed Chromium: what UNGLUE_CHROMIUM names and nothing else if that is set; else on the PATH; else
 * Playwright's own.
 *
 * @returns {string | undefined} The path of the executable.
 */
export function findChromium() {
  if (env.UNGLUE_CHROMIUM) return isExecutable(env.UNGLUE_CHROMIUM) ? env.UNGLUE_CHROMIUM : undefined;
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...installed, chromium.executablePath()].find(isExecutable);
}

/**
 * Installs Chromium where that can be done unasked, once.
 *
 * @returns {string | undefined} The path of the executable, if there is one now.
 */
function installChromium() {
  if (env.UNGLUE_CHROMIUM) return undefined;
  if (isDebian() && getuid?.() === 0) {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
  } else {
    run("npx", ["playwright", "install", "chromium"]);
  }
  return findChromium();
}

/** @param {string} path - The file that may be a program. */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Ubuntu is left out: its `chromium` package is only a pointer to a snap. */
function isDebian() {
  return existsSync("/etc/os-release") && /^ID="?debian"?$/m.test(readFileSync("/etc/os-release", "utf8"));
}

/**
 * Runs a program in the open, so that a failed installation explains itself.
 *
 * @param {string} command - The program.
 * @param {string[]} args - Its arguments.
 */
function run(command, args) {
  console.log(`No Chromium yet: ${command} ${args.join(" ")}`);
  spawnSync(command, args, {
    stdio: "inherit",
    shell: platform === "win32",
    env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const path = findChromium() ?? installChromium();
  if (path) console.log(`Chromium: ${path}`);
  else {
    console.error(chromiumMissing);
    process.exitCode = 1;
  }
}
