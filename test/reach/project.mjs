// The temporary project that has the packed package, the suite and the modules.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { platform } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { closure } from "./modules.mjs";
import { hashOf } from "./server.mjs";
import { cache } from "./tools.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const npm = (args, cwd) => run("npm", args, { cwd, shell: platform === "win32" });

/** The peer that serves files in memory. */
const shim = "@bjorn3/browser_wasi_shim";

/**
 * Makes the project, below the tools, so that it resolves them.
 *
 * @returns {Promise<string>} Its folder.
 */
export async function makeProject() {
  const folder = await mkdtemp(join(cache, "project-"));
  const packed = await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root);
  const [{ filename }] = JSON.parse(packed.stdout);
  const { peerDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const dependencies = { unglue: `file:./${filename}`, [shim]: peerDependencies[shim] };
  const manifest = { private: true, type: "module", dependencies };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await npm(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"], folder);
  const here = fileURLToPath(new URL(".", import.meta.url));
  for (const part of ["suite.mjs", "checks", "hosts"])
    await cp(join(here, part), join(folder, part), { recursive: true });
  return folder;
}

/**
 * Adds what the hosts are given: the modules as files and as text, and the server's address.
 *
 * @param {string} folder - The project's.
 * @param {Record<string, Uint8Array>} modules - The modules by name.
 * @param {string} base - The server's address.
 */
export async function equipProject(folder, modules, base) {
  await mkdir(join(folder, "modules"));
  // Where the syntax is unknown, importing this file fails.
  const syntax = 'import source module from "../modules/c.wasm";\nexport default module;\n';
  await writeFile(join(folder, "hosts", "import-source.mjs"), syntax);
  const given = { base, closure, modules: {}, hashes: {} };
  for (const [name, bytes] of Object.entries(modules)) {
    await writeFile(join(folder, "modules", `${name}.wasm`), bytes);
    given.modules[name] = Buffer.from(bytes).toString("hex");
    given.hashes[name] = hashOf(bytes);
  }
  await writeFile(join(folder, "hosts", "given.mjs"), `export default ${JSON.stringify(given)};\n`);
}
