// Serves the demo over HTTP: the built library, the scenarios, and the modules with their input.
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { answers, inputBytes, inputNames, moduleBytes } from "../test/packages/index.mjs";
import { packageFile } from "../test/packages/modules.mjs";
import { emptyPage, scriptAt, serve } from "../test/servers/serve.mjs";
import { fonts } from "./picture.mjs";

const languages = ["cs", "de", "es", "fr", "it", "ja", "ko", "pl", "pt-br", "ru", "tr", "zh-cn", "zh-tw"];

/**
 * The bytes of a scenario's module.
 *
 * @param {string} name - The scenario.
 */
export function bytesOf(name) {
  return moduleBytes(name);
}

/**
 * Starts the server on a free port of this machine.
 *
 * @returns {Promise<{ url: string, close(): void }>} Its address, ending with a slash.
 */
export function startServer() {
  return serve(reply);
}

async function reply({ pathname }) {
  if (pathname === "/") return ["text/html", emptyPage];
  const script = scriptAt(pathname, ["dist", "demo"]);
  if (script) return script;
  const [, name, rest] = /^\/modules\/([\w.-]+?)(\.wasm|\/.+)$/.exec(pathname) ?? [];
  if (rest === ".wasm") return ["application/wasm", await bytesOf(name)];
  if (rest === "/expected.json") return ["application/json", JSON.stringify(await answers(name))];
  const file = name === "files" ? rest?.slice(1) : undefined;
  const content = file && (await input(file));
  if (content) return ["application/octet-stream", content];
  throw new Error(`Nothing at ${pathname}`);
}

function input(file) {
  if (inputNames.includes(file)) return inputBytes(file);
  if (fonts.includes(file)) return readFile(packageFile(`dejavu-fonts-ttf/ttf/${file}`));
  if (file === "lib.es5.d.ts") return readFile(packageFile("typescript/lib/lib.es5.d.ts"));
  return file === "messages.txt" ? messages() : undefined;
}

/** Text in many languages: some of TypeScript's messages in each. */
async function messages() {
  const texts = await Promise.all(
    languages.map(async (language) => {
      const path = `typescript/lib/${language}/diagnosticMessages.generated.json`;
      return Object.values(JSON.parse(await readFile(packageFile(path), "utf8"))).slice(0, 60);
    }),
  );
  return Buffer.from([...texts.flat(), "שלום עולם", "مرحبا", "👩‍👩‍👧‍👦🇯🇵"].join("\n"));
}
