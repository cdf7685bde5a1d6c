// Adds imports to a file of types, in a process of its own: the file, and the names.
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const [path, ...names] = process.argv.slice(2);
const folder = await mkdtemp(join(import.meta.dirname, "../../node_modules/.cache-env-"));
try {
  const outfile = join(folder, "env-file.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "../../src/plugin/env-file.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
  });
  const { EnvFile } = await import(pathToFileURL(outfile).href);
  for (const name of names) {
    const warning = await new EnvFile(path).add(`${name}?unglue`, `${name}.wasm`, {
      origin: `${name}.wasm`,
      types: "export const source: string;\n",
    });
    if (warning !== undefined) throw new Error(warning);
  }
} finally {
  await rm(folder, { recursive: true });
}
