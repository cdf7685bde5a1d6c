// Serves the demo over HTTP: the built library, the scenarios, and the modules with their input.
import { answers, inputBytes, inputNames, moduleBytes } from "../test/servers/packages/index.mjs";
import { emptyPage, scriptAt, serve } from "../test/servers/serve.mjs";

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
  if (rest === ".wasm") return ["application/wasm", await moduleBytes(name)];
  if (rest === "/expected.json") return ["application/json", JSON.stringify(await answers(name))];
  const file = name === "files" ? rest?.slice(1) : undefined;
  if (inputNames.includes(file)) return ["application/octet-stream", await inputBytes(file)];
  throw new Error(`Nothing at ${pathname}`);
}
