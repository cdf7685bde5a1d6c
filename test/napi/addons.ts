/** Published addons, fetched by npm, and what their own JavaScript answers in Node. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { type Reply, reply } from "../packages/route.ts";

const run = promisify(execFile);

/** An addon. */
interface Addon {
  /** The package. It is for the "processor" wasm32, so npm does not install it here by itself. */
  readonly package: string;
  readonly version: string;
  /** The file in it, without what follows the name. */
  readonly file: string;
  /** The version of emnapi that its own JavaScript needs, if the one that npm would choose fails. */
  readonly emnapi?: string;
}

/** The addons. The JavaScript of the first four fails in asynchronous calls with later versions of emnapi. */
const addons: Readonly<Record<string, Addon>> = {
  crc32: { package: "@node-rs/crc32-wasm32-wasi", version: "1.10.6", file: "crc32", emnapi: "1.4.5" },
  bcrypt: { package: "@node-rs/bcrypt-wasm32-wasi", version: "1.10.7", file: "bcrypt", emnapi: "1.4.5" },
  xxhash: { package: "@node-rs/xxhash-wasm32-wasi", version: "1.7.6", file: "xxhash", emnapi: "1.4.5" },
  lzma: { package: "@napi-rs/lzma-wasm32-wasi", version: "1.4.5", file: "lzma", emnapi: "1.4.5" },
  oxide: { package: "@tailwindcss/oxide-wasm32-wasi", version: "4.3.5", file: "tailwindcss-oxide" },
  rrule: { package: "@rrule-rust/lib-wasm32-wasi", version: "3.1.1", file: "rrule-rust" },
  // Built for version 2 of emnapi, which is an alpha.
  parser: { package: "@oxc-parser/binding-wasm32-wasi", version: "0.156.0", file: "parser" },
  snappy: { package: "@napi-rs/snappy-wasm32-wasi", version: "7.4.3", file: "snappy" },
};
const installed = new Map<string, Promise<string>>();

/**
 * Serves addons and the answers of their own JavaScript: `/addons/<name>.wasm` and `/addons/<name>/expected.json`.
 *
 * @param url - The request's address.
 * @returns The reply; `undefined` for an address of something else.
 */
export async function addonRoute({ pathname }: URL): Promise<Reply | undefined> {
  const [, name = "", what] = /^\/addons\/(\w+)(\.wasm|\/expected\.json)$/.exec(pathname) ?? [];
  if (!Object.hasOwn(addons, name)) return undefined;
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
  return readFile(await fileOf(name, "wasm32-wasi.wasm"));
}

/** Returns the path of a file of an addon, once its package is installed. */
async function fileOf(name: string, ending: string): Promise<string> {
  const addon = addons[name];
  if (!addon) throw new Error(`There is no addon ${name}.`);
  const coming = installed.get(name) ?? install(addon);
  installed.set(name, coming);
  return join(await coming, "node_modules", addon.package, `${addon.file}.${ending}`);
}

/** Installs a package in a folder of its own, and returns that. */
async function install({ package: wanted, version, file, emnapi }: Addon): Promise<string> {
  const folder = join(tmpdir(), `unglue-addon-${file}-${version}`);
  if (existsSync(join(folder, "node_modules"))) return folder;
  const part = `${folder}.${process.pid}`;
  const overrides = emnapi === undefined ? {} : { "@emnapi/core": emnapi, "@emnapi/runtime": emnapi };
  await mkdir(part, { recursive: true });
  await writeFile(join(part, "package.json"), JSON.stringify({ overrides }));
  const options = ["--force", "--cpu=wasm32", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  await run("npm", ["install", ...options, `${wanted}@${version}`], { cwd: part });
  try {
    await rename(part, folder);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(folder)) throw error;
    await rm(part, { recursive: true });
  }
  return folder;
}

/** Runs a scenario with the package's own JavaScript, in a process of its own: it starts threads. */
async function answersOf(name: string): Promise<string> {
  const own = await fileOf(name, "wasi.cjs");
  const script = `
    import { createRequire } from "node:module";
    import { scenarios } from ${JSON.stringify(new URL("scenario.mjs", import.meta.url).href)};
    const api = createRequire(import.meta.url)(${JSON.stringify(own)});
    process.stdout.write(JSON.stringify(await scenarios[${JSON.stringify(name)}](api)), () => process.exit(0));`;
  const file = join(dirname(own), `${name}-answers.mjs`);
  await writeFile(file, script);
  const { stdout } = await run(execPath, ["--no-warnings", file], { maxBuffer: 2 ** 24 });
  return stdout;
}
