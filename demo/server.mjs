// Serves the demo over HTTP: the built library, the scenarios, and the modules with their input.
import { readFile } from "node:fs/promises";
import http from "node:http";
import { answers, inputBytes, inputNames, moduleBytes } from "../test/servers/packages/index.mjs";

const root = new URL("../", import.meta.url);
const page = "<!doctype html><meta charset=utf-8><title>unglue</title><link rel=icon href=data:,>";

/**
 * Starts the server on a free port of this machine.
 *
 * @returns {Promise<{ url: string, close(): void }>} Its address, ending with a slash.
 */
export async function startServer() {
  const server = http.createServer((request, response) => {
    reply(new URL(request.url, "http://localhost").pathname).then(
      ([type, body]) => response.setHeader("Content-Type", type).end(body),
      (error) => response.writeHead(404, { "Content-Type": "text/plain" }).end(String(error)),
    );
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What is at a path: its type and its contents. */
async function reply(path) {
  if (path === "/") return ["text/html", page];
  if (/^\/(dist|demo)\/[\w.-]+\.m?js$/.test(path))
    return ["text/javascript", await readFile(new URL(`.${path}`, root))];
  const [, name, rest] = /^\/modules\/([\w.-]+?)(\.wasm|\/.+)$/.exec(path) ?? [];
  if (rest === ".wasm") return ["application/wasm", await moduleBytes(name)];
  if (rest === "/expected.json") return ["application/json", JSON.stringify(await answers(name))];
  const file = name === "files" ? rest?.slice(1) : undefined;
  if (inputNames.includes(file)) return ["application/octet-stream", await inputBytes(file)];
  throw new Error(`Nothing at ${path}`);
}
