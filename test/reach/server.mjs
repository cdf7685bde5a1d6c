// The server of the runtimes: the modules, served well and badly, and for browsers the pages and scripts.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { extname } from "node:path";
import { gzipSync } from "node:zlib";

const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html; charset=utf-8" };
const shared = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Content-Encoding",
  "Cache-Control": "no-store",
};

/**
 * Starts the server.
 *
 * @param {Record<string, Uint8Array>} modules - The modules by name.
 * @param {URL} folder - What is served below `/files/`.
 * @param {(runtime: string, result: object) => void} receive - Gets what is posted to `/results/<runtime>`.
 */
export async function startServer(modules, folder, receive) {
  const wasm = { "Content-Type": "application/wasm" };
  const routes = {
    "/gzip.wasm": [200, wasm, gzipSync(modules.c)],
    "/encoded.wasm": [200, { ...wasm, "Content-Encoding": "gzip" }, gzipSync(modules.c)],
    "/text.wasm": [200, { "Content-Type": "text/plain" }, modules.c],
    "/capitals.wasm": [200, { "Content-Type": "Application/WASM" }, modules.c],
    "/charset.wasm": [200, { "Content-Type": "application/wasm; charset=utf-8" }, modules.c],
    "/untyped.wasm": [200, {}, modules.c],
    "/page.wasm": [200, { "Content-Type": "text/html" }, "<!doctype html><title>Not found</title>"],
    "/absent.wasm": [404, { "Content-Type": "text/html" }, "<!doctype html><title>Not found</title>"],
    "/cut.wasm": [200, wasm, modules.c.subarray(0, modules.c.length - 150)],
  };
  for (const [name, bytes] of Object.entries(modules)) routes[`/${name}.wasm`] = [200, wasm, bytes];

  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const send = (status, headers, body) =>
      response.writeHead(status, { ...shared, ...headers, "Content-Length": Buffer.byteLength(body) }).end(body);
    // Never answered: what asks for it has to give up by itself.
    if (pathname === "/silent.wasm") return;
    if (pathname in routes) return void send(...routes[pathname]);
    const [, runtime] = /^\/results\/([\w-]+)$/.exec(pathname) ?? [];
    if (runtime) {
      let body = "";
      for await (const chunk of request) body += chunk;
      for (const line of body.trim().split("\n")) receive(runtime, JSON.parse(line));
      return void send(200, {}, "");
    }
    const [, policy = "", file] = /^\/files\/(?:policy\/([^/]+)\/)?(.*)$/.exec(pathname) ?? [];
    if (file === undefined || file.includes("..")) return void send(404, {}, "There is nothing here.");
    try {
      const body = await readFile(new URL(file, folder));
      const headers = { "Content-Type": types[extname(file)] ?? "application/octet-stream" };
      if (policy) headers["Content-Security-Policy"] = decodeURIComponent(policy);
      send(200, headers, body);
    } catch (error) {
      send(404, {}, String(error));
    }
  });
  server.keepAliveTimeout = 600_000;
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The hash of bytes, as `integrity` has it. */
export function hashOf(bytes) {
  return `sha256-${createHash("sha256").update(bytes).digest("base64")}`;
}
