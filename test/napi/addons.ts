/** Published addons, fetched by npm, and what their own JavaScript answers in Node. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { type Reply, reply } from "../packages/route.ts";

const run = promisify(execFile);

/** The packages, by the name of the file that each has. They are for the "processor" wasm32, so npm does not install them here. */
const packages: Readonly<Record<string, string>> = {
  crc32: "@node-rs/crc32-wasm32-wasi@1.10.6",
  bcrypt: "@node-rs/bcrypt-wasm32-wasi@1.10.7",
  xxhash: "@node-rs/xxhash-wasm32-wasi@1.7.6",
};
/** Their JavaScript fails in asynchronous calls with the later versions that npm would choose. */
const overrides = { "@emnapi/core": "1.4.5", "@emnapi/runtime": "1.4.5" };
const folder = join(
  tmpdir(),
  `unglue-addons-${Object.values(packages)
    .join(" ")
    .replaceAll(/[^\w.]+/g, "-")}`,
);

let installing: Promise<void> | undefined;

/**
 * Serves addons and the answers of their own JavaScript: `/addons/<name>.wasm` and `/addons/<name>/expected.json`.
 *
 * @param url - The request's address.
 * @returns The reply; `undefined` for an address of something else.
 */
export async function addonRoute({ pathname }: URL): Promise<Reply | undefined> {
  const [, name = "", what] = /^\/addons\/(\w+)(\.wasm|\/expected\.json)$/.exec(pathname) ?? [];
  if (!Object.hasOwn(packages, name)) return undefined;
  return what === ".wasm"
    ? reply("application/wasm", await addonBytes(name))
    : reply("application/json", await answersOf(name));
}

/**
 * Returns the module of an addon.
 *
 * @param name - As in the route.
 */
export async function addonBytes(name: string): Promise<Uint8Array> {
  await (installing ??= install());
  return readFile(fileOf(name, "wasm32-wasi.wasm"));
}

function fileOf(name: string, ending: string): string {
  const [, at = ""] = /^(.+)@/.exec(packages[name] ?? "") ?? [];
  return join(folder, "node_modules", at, `${name}.${ending}`);
}

async function install(): Promise<void> {
  if (existsSync(join(folder, "node_modules"))) return;
  const part = `${folder}.${process.pid}`;
  await mkdir(part, { recursive: true });
  await writeFile(join(part, "package.json"), JSON.stringify({ overrides }));
  const options = ["--force", "--cpu=wasm32", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  await run("npm", ["install", ...options, ...Object.values(packages)], { cwd: part });
  try {
    await rename(part, folder);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(folder)) throw error;
    await rm(part, { recursive: true });
  }
}

/** Runs a scenario with the package's own JavaScript, in a process of its own: it starts threads. */
async function answersOf(name: string): Promise<string> {
  await (installing ??= install());
  const script = `
    import { createRequire } from "node:module";
    import { scenarios } from ${JSON.stringify(new URL("scenario.mjs", import.meta.url).href)};
    const api = createRequire(import.meta.url)(${JSON.stringify(fileOf(name, "wasi.cjs"))});
    process.stdout.write(JSON.stringify(await scenarios[${JSON.stringify(name)}](api)), () => process.exit(0));`;
  const file = join(folder, `${name}-answers.mjs`);
  await writeFile(file, script);
  const { stdout } = await run(execPath, ["--no-warnings", file], { maxBuffer: 2 ** 24 });
  return stdout;
}
