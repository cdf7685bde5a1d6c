// Replaces a pair of files several times, in a process of its own: the path, the text, and how often.
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const [path, text, count] = process.argv.slice(2);
const folder = await mkdtemp(join(import.meta.dirname, "../../node_modules/.cache-files-"));
try {
  const outfile = join(folder, "files.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "../../src/cli/files.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
  });
  const { replaceFiles } = await import(pathToFileURL(outfile).href);
  process.send("ready");
  await new Promise((done) => process.once("message", done));
  for (let round = 0; round < Number(count); round++) {
    const whole = `${text}${round}\n`.repeat(20_000);
    const files = [`${path}.js`, `${path}.d.ts`].map((one) => [one, whole]);
    await replaceFiles(files, () => undefined);
  }
  process.disconnect();
} finally {
  await rm(folder, { recursive: true });
}
