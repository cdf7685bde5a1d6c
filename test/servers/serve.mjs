// A server on a free port of this machine. The demo and the benchmarks each say what it has.
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";

const root = new URL("../../", import.meta.url);

/** An empty page, for what a browser is to run. */
export const emptyPage = "<!doctype html><meta charset=utf-8><title>unglue</title><link rel=icon href=data:,>";

/**
 * Starts a server.
 *
 * @param {(url: URL) => Promise<[type: string, ...body: (string | Uint8Array)[]]>} reply - What is at a URL: its type,
 *   and its contents in one or more pieces. A rejection is answered with 404.
 * @param {Record<string, string>} [headers] - Headers of every response.
 * @returns {Promise<{ url: string, close(): void }>} Its address, ending with a slash.
 */
export async function serve(reply, headers = {}) {
  const server = http.createServer((request, response) => {
    reply(new URL(request.url, "http://localhost")).then(
      ([type, ...body]) => {
        const length = body.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
        response.writeHead(200, { ...headers, "Content-Type": type, "Content-Length": length });
        for (const piece of body) response.write(piece);
        response.end();
      },
      (error) => response.writeHead(404, { ...headers, "Content-Type": "text/plain" }).end(String(error)),
    );
  });
  // A client that computes for a while finds its connection open.
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

/**
 * Finds a port for a server that does not choose one itself.
 *
 * @returns {Promise<number>} A port that was free a moment ago.
 */
export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/**
 * A script of this repository, for a browser.
 *
 * @param {string} path - The path of a URL.
 * @param {string[]} folders - The folders that may be read.
 * @returns {Promise<[type: string, body: Uint8Array]> | undefined} A reply; `undefined` for any other path.
 */
export function scriptAt(path, folders) {
  const [, folder] = /^\/(\w+)\/[\w.-]+\.m?js$/.exec(path) ?? [];
  if (!folders.includes(folder)) return undefined;
  return readFile(new URL(`.${path}`, root)).then((script) => ["text/javascript", script]);
}
