import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { wat } from "../wat.ts";
import { assemblyscriptRoute } from "../assemblyscript/route.ts";
import { foreignRoute } from "../cli/foreign-route.ts";
import { addonRoute } from "../napi/addons.ts";
import { publishedRoute } from "../published/packages.ts";
import { packageRoute } from "../packages/route.ts";

/** A running server. */
export interface WasmServer {
  /** Its origin, such as `http://127.0.0.1:34567`. */
  readonly url: string;
  /** Stops it, and breaks off what is under way. */
  close(): Promise<void>;
}

/** How one request went, as `/requests` tells. */
export interface RequestRecord {
  /** The path, without the query. */
  readonly path: string;
  /** Whether the response was sent to its end, is under way, or was broken off by the client. */
  state: "open" | "done" | "broken";
}

type Route = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void | Promise<void>;

/** The pages of the browser tests come from another origin, and the encoding is hidden from them unless it is exposed. */
const cors = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Content-Encoding",
  // Cross-origin isolated pages load only what agrees to it.
  "Cross-Origin-Resource-Policy": "cross-origin",
  // A request that a cache answers is not seen here.
  "Cache-Control": "no-store",
};
const wasmType = { "Content-Type": "application/wasm" };
const html = "<!doctype html><title>Not found</title><p>There is nothing here.";

/**
 * Starts a server that serves a module well and badly. Add `?id=…`, another one for each test, and `/requests?id=…` tells
 * what was asked for under that id, as an array of {@link RequestRecord}. The modules are served as:
 *
 * - `/ok.wasm`, `/charset.wasm` (type with a parameter), `/capitals.wasm` (the type in capitals), `/octet.wasm` (wrong type), `/untyped.wasm`, `/large.wasm` (1 MB)
 * - `/chunked.wasm` (no length), `/slow.wasm` (a few bytes at a time), `/bytewise.wasm` (one byte at first)
 * - `/encoded.wasm` (gzip by Content-Encoding), `/encoded-slow.wasm` (a larger one, in pieces), `/hidden.wasm` (the same, with the header not exposed),
 *   `/compressed.wasm` and `/compressed.wasm.gz` (gzip itself, with the right type and with gzip's), `/damaged.wasm.gz`
 * - `/silent.wasm`, `/headers.wasm`, `/hang.wasm` and `/head.wasm` (hang before the headers, after them, after the first
 *   bytes, and after the head)
 * - `/broken.wasm` and `/broken-late.wasm` (the connection breaks in the head, and in the code)
 * - `/cut.wasm` (ends in the code, and the length says so), `/cut-head.wasm` (ends before)
 * - `/trap.wasm` and `/other-trap.wasm` (export `run`, which traps), `/unlinkable.wasm` (imports a function), `/invalid.wasm` (a body that does not validate)
 * - `/missing.wasm` (404 with a page), `/page.wasm` (200 with a page), `/empty.wasm`, `/redirect.wasm` (to `/ok.wasm`)
 * - `/flaky.wasm` (fails `times` times, as `how` tells: a status, `break` or `cut`; with `after` it asks to wait)
 * - `/page-as.wasm` (a page with a module's type), and with another type what has `-octet` in its name
 * - what {@link packageRoute}, {@link foreignRoute}, {@link addonRoute}, {@link publishedRoute} and {@link assemblyscriptRoute} have
 *
 * @returns Its address, and how to stop it.
 */
export async function startWasmServer(): Promise<WasmServer> {
  const routes = await makeRoutes();
  const records = new Map<string, RequestRecord[]>();

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const id = url.searchParams.get("id") ?? "";
    if (url.pathname === "/requests") {
      sendJson(response, records.get(id) ?? []);
      return;
    }
    const record: RequestRecord = { path: url.pathname, state: "open" };
    records.set(id, [...(records.get(id) ?? []), record]);
    response.on("close", () => (record.state = response.writableFinished ? "done" : "broken"));
    void serve(routes, url, request, response);
  });
  // A connection that the server closes while a busy client takes it up again would fail a test that it is no part of.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  routes: ReadonlyMap<string, Route>,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const route = routes.get(url.pathname);
    if (route) return await route(request, response, url.searchParams);
    const reply =
      (await packageRoute(url)) ??
      (await foreignRoute(url)) ??
      (await addonRoute(url)) ??
      (await publishedRoute(url)) ??
      (await assemblyscriptRoute(url));
    response
      .writeHead(reply?.status ?? 404, { ...cors, ...reply?.headers })
      .end(reply?.body ?? `Nothing at ${url.pathname}`);
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, cors);
    response.end(String(error));
  }
}

async function makeRoutes(): Promise<ReadonlyMap<string, Route>> {
  const module = await wat(`(module
    (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
    (func (export "sub") (param i32 i32) (result i32) local.get 0 local.get 1 i32.sub))`);
  const large = await wat(`(module
    (memory 32)
    (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
    (data (i32.const 0) "${"abcdefgh".repeat(2 ** 17)}"))`);
  const [trap, otherTrap] = await Promise.all(
    // Of the same bytes an engine keeps one module, with the first one's address.
    [0, 1].map((n) => wat(`(module (func (export "run") (drop (i32.const ${n})) unreachable))`)),
  );
  const unlinkable = await wat(`(module (import "env" "absent" (global i32)) (func (export "f")))`);
  const compressed = gzipSync(module);
  const gzipped = gzipSync(await bulky());
  const codeStart = findSection(module, 10);
  // Its function returns nothing where it must return an i32: only validation sees that.
  const invalid = Uint8Array.of(...header, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b);
  const cut = module.subarray(0, module.length - 4);
  const failures = new Map<string, number>();
  const flaky: Route = (request, response, query) => {
    const id = query.get("id") ?? "";
    const how = query.get("how") ?? "503";
    const after = query.get("after");
    const failed = failures.get(id) ?? 0;
    failures.set(id, failed + 1);
    if (failed >= Number(query.get("times"))) return send(wasmType, module)(request, response, query);
    if (how === "break")
      return breakOff(wasmType, module.subarray(0, codeStart + 4), module.length)(request, response, query);
    if (how === "cut") return send(wasmType, cut)(request, response, query);
    return send({ ...wasmType, ...(after !== null && { "Retry-After": after }) }, html, Number(how))(
      request,
      response,
      query,
    );
  };

  return new Map<string, Route>([
    ["/ok.wasm", send(wasmType, module)],
    ["/capitals.wasm", send({ "Content-Type": "Application/WASM" }, module)],
    ["/flaky.wasm", flaky],
    ["/charset.wasm", send({ "Content-Type": "application/wasm; charset=utf-8" }, module)],
    ["/octet.wasm", send({ "Content-Type": "application/octet-stream" }, module)],
    ["/untyped.wasm", send({}, module)],
    ["/large.wasm", send(wasmType, large)],
    ["/chunked.wasm", pieces(wasmType, [module.subarray(0, 20), module.subarray(20)], 1)],
    ["/slow.wasm", pieces(wasmType, split(module, 16), 20)],
    ["/bytewise.wasm", pieces(wasmType, [module.subarray(0, 1), module.subarray(1, 2), module.subarray(2)], 20)],
    ["/bytewise.wasm.gz", pieces(wasmType, [compressed.subarray(0, 1), compressed.subarray(1)], 20)],
    ["/encoded.wasm", send({ ...wasmType, "Content-Encoding": "gzip" }, compressed)],
    [
      "/encoded-slow.wasm",
      pieces({ ...wasmType, "Content-Encoding": "gzip" }, [gzipped.subarray(0, 20_000), gzipped.subarray(20_000)], 50),
    ],
    [
      "/hidden.wasm",
      send({ ...wasmType, "Content-Encoding": "gzip", "Access-Control-Expose-Headers": "" }, gzipSync(large)),
    ],
    ["/compressed.wasm", send(wasmType, compressed)],
    ["/compressed.wasm.gz", send({ "Content-Type": "application/gzip" }, compressed)],
    ["/damaged.wasm.gz", send({ "Content-Type": "application/gzip" }, compressed.subarray(0, compressed.length - 12))],
    ["/head.wasm", pieces(wasmType, [module.subarray(0, codeStart + 1)])],
    ["/silent.wasm", () => undefined],
    ["/headers.wasm", (_, response) => response.writeHead(200, { ...cors, ...wasmType }).flushHeaders()],
    ["/hang.wasm", pieces(wasmType, [module.subarray(0, 12)])],
    ["/hang-octet.wasm", pieces({ "Content-Type": "application/octet-stream" }, [module.subarray(0, 12)])],
    ["/broken.wasm", breakOff(wasmType, module.subarray(0, 12), module.length)],
    ["/broken-late.wasm", breakOff(wasmType, module.subarray(0, codeStart + 4), module.length)],
    ["/broken-octet.wasm", breakOff({}, module.subarray(0, 12), module.length)],
    ["/cut.wasm", send(wasmType, cut)],
    ["/cut-octet.wasm", send({}, cut)],
    ["/cut-head.wasm", send(wasmType, module.subarray(0, 20))],
    ["/trap.wasm", send(wasmType, trap ?? "")],
    ["/other-trap.wasm", send(wasmType, otherTrap ?? "")],
    ["/unlinkable.wasm", send(wasmType, unlinkable)],
    ["/invalid.wasm", send(wasmType, invalid)],
    ["/invalid-octet.wasm", send({}, invalid)],
    ["/missing.wasm", send({ "Content-Type": "text/html" }, html, 404)],
    ["/page.wasm", send({ "Content-Type": "text/html" }, html)],
    ["/page-as.wasm", send(wasmType, html)],
    ["/empty.wasm", send(wasmType, "")],
    [
      "/redirect.wasm",
      (_, response, query) => void response.writeHead(302, { ...cors, Location: `/ok.wasm?${query.toString()}` }).end(),
    ],
  ]);
}

/** A module of which hardly anything can be compressed, with code and names. */
async function bulky(): Promise<Uint8Array> {
  const numbers = Array.from({ length: 3000 }, (_, i) => `(drop (i32.const ${(i * 2654435761) % 2 ** 31}))`);
  const functions = Array.from({ length: 8 }, (_, i) => `(func $f${i} (export "f${i}") ${numbers.join("")})`);
  const data = Array.from({ length: 5000 }, (_, i) => `\\${((i * 40503) % 256).toString(16).padStart(2, "0")}`);
  return wat(`(module (memory 1) ${functions.join("")} (data (i32.const 0) "${data.join("")}"))`, { names: true });
}

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** Sends everything in one piece, with its length. */
function send(headers: Readonly<Record<string, string>>, body: Uint8Array | string, status = 200): Route {
  const length = Buffer.byteLength(body);
  return (_, response) => void response.writeHead(status, { ...cors, ...headers, "Content-Length": length }).end(body);
}

/** Sends pieces, with milliseconds between them; without milliseconds it never ends. */
function pieces(headers: Readonly<Record<string, string>>, parts: readonly Uint8Array[], pause?: number): Route {
  return async (_, response) => {
    response.writeHead(200, { ...cors, ...headers });
    for (const part of parts) {
      response.write(part);
      await sleep(pause ?? 0);
    }
    if (pause !== undefined) response.end();
  };
}

/** Announces a length, sends less, and breaks the connection. */
function breakOff(headers: Readonly<Record<string, string>>, part: Uint8Array, length: number): Route {
  return async (_, response) => {
    response.writeHead(200, { ...cors, ...headers, "Content-Length": length }).write(part);
    await sleep(30);
    response.destroy();
  };
}

function split(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** Where a section begins, for modules whose sections are shorter than 128 bytes. */
function findSection(bytes: Uint8Array, id: number): number {
  let at = header.length;
  while (bytes[at] !== id) at += 2 + (bytes[at + 1] ?? 0);
  return at;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...cors, "Content-Type": "application/json" }).end(JSON.stringify(value));
}
