/**
 * Loads a module that `import source` compiled. For Node 24 or later, and Deno: `node test/source/import-source.mjs` after
 * `npm run build`. Prints what it found, as JSON. The script with the import is written when this runs, since the tools of
 * this project do not parse it yet.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const library = new URL("../../dist/node.js", import.meta.url).href;
// It exports "answer", a function that returns 42.
const module = Buffer.from("AGFzbQEAAAABBQFgAAF/AwIBAAcKAQZhbnN3ZXIAAAoGAQQAQSoL", "base64");
const script = `
import source app from "./app.wasm";
import { readFileSync } from "node:fs";
import { compile, inspect, load, loadSync } from ${JSON.stringify(library)};
const shape = inspect(readFileSync(new URL("./app.wasm", import.meta.url)));
const wasm = await load(app, { shape });
console.log(JSON.stringify({
  answer: wasm.exports.answer(),
  sync: loadSync(app, { shape }).exports.answer(),
  complete: wasm.shape.complete,
  bare: (await compile(app)).shape.complete,
}));
`;

const folder = await mkdtemp(join(tmpdir(), "unglue-source-"));
try {
  await writeFile(join(folder, "app.wasm"), module);
  await writeFile(join(folder, "main.mjs"), script);
  await import(pathToFileURL(join(folder, "main.mjs")).href);
} catch (error) {
  process.exitCode = 1;
  console.error(error);
} finally {
  await rm(folder, { recursive: true });
}
