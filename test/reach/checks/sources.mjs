// Where modules come from, and what may go wrong on the way.
/* global AbortController, AbortSignal, Blob, fetch, ReadableStream, Request, Response, WebAssembly */
import { ok, open, refused, same, sourceOf } from "./kit.mjs";

const works = (wasm) => same(wasm.exports.add(40, 2), 42);
const url = ({ base }, name) => `${base}${name}.wasm`;
const streamOf = (bytes, size = 100) => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
};

/** An answer of another implementation, which the engine does not take. */
const answer = (bytes, status = 200) => ({
  ...{ ok: status === 200, status, statusText: "", url: "" },
  headers: { get: (name) => (name.toLowerCase() === "content-type" ? "application/wasm" : null) },
  arrayBuffer: async () => bytes.slice().buffer,
});

/** @type {[area: string, name: string, run: import("./kit.mjs").Check["run"]][]} */
export const sources = [
  ["sources", "bytes in an array", async ({ unglue, modules }) => works(await unglue.load(modules.c))],
  [
    "sources",
    "bytes in a buffer, and in a view of a part of one",
    async ({ unglue, modules: { c } }) => {
      const larger = new Uint8Array(c.length + 20);
      larger.set(c, 10);
      works(await unglue.load(c.slice().buffer));
      works(await unglue.load(new DataView(larger.buffer, 10, c.length)));
    },
  ],
  [
    "sources",
    "bytes that are overwritten after the call",
    async ({ unglue, modules }) => {
      const bytes = modules.c.slice();
      const loading = unglue.load(bytes);
      bytes.fill(0);
      works(await loading);
    },
  ],
  [
    "sources",
    "bytes, or the code for a host that forbids to compile them",
    async ({ unglue, modules, compiled }) => {
      if (compiled) await refused("compile-forbidden", unglue.load(modules.c));
      else works(await unglue.load(modules.c));
    },
  ],
  ["sources", "bytes, synchronously", (env) => works(env.unglue.loadSync(...sourceOf(env, "c")))],
  [
    "sources",
    "a blob",
    async ({ unglue, modules }) => works(await unglue.load(new Blob([modules.c], { type: "application/wasm" }))),
  ],
  ["sources", "a stream of pieces", async ({ unglue, modules }) => works(await unglue.load(streamOf(modules.c)))],
  [
    "sources",
    "a compiled module, with and without its shape",
    async ({ unglue, modules, compiled }) => {
      const module = compiled?.c ?? new WebAssembly.Module(modules.c);
      works(await unglue.load(module));
      works(await unglue.load(module, { shape: unglue.inspect(modules.c) }));
    },
  ],
  [
    "sources",
    "a module of import source, with a shape",
    async ({ unglue, modules, moduleSource }) => {
      ok(moduleSource, "a module from import source");
      const wasm = await unglue.load(moduleSource, { shape: unglue.inspect(modules.c) });
      works(wasm);
      ok(wasm.shape.complete, "a complete shape");
    },
  ],
  [
    "sources",
    "a promise, and a function that returns one",
    async (env) => {
      const [source, options] = sourceOf(env, "c");
      works(await env.unglue.load(Promise.resolve(source), options));
      works(await env.unglue.load(async () => source, options));
    },
  ],
  [
    "sources",
    "a data: URL",
    async ({ unglue }) => {
      const wasm = await unglue.load("data:application/wasm;base64,AGFzbQEAAAABBQFgAAF/AwIBAAcFAQFmAAAKBgEEAEEqCw==");
      same(wasm.exports.f(), 42);
    },
  ],
  ["sources", "a URL as text", async (env) => works(await env.unglue.load(url(env, "c")))],
  ["sources", "a URL as an object", async (env) => works(await env.unglue.load(new URL(url(env, "c"))))],
  ["sources", "a request", async (env) => works(await env.unglue.load(new Request(url(env, "c"))))],
  ["sources", "a response", async (env) => works(await env.unglue.load(await fetch(url(env, "c"))))],
  [
    "sources",
    "a response made by hand",
    async ({ unglue, modules }) => {
      const headers = { "Content-Type": "application/wasm" };
      works(await unglue.load(new Response(modules.c, { headers })));
    },
  ],
  [
    "sources",
    "a response of another implementation",
    async ({ unglue, modules }) => works(await unglue.load(answer(modules.c))),
  ],
  [
    "sources",
    "a request of another implementation",
    async (env) => works(await env.unglue.load({ url: url(env, "c"), method: "GET", clone: () => undefined })),
  ],
  [
    "sources",
    "the option fetch",
    async ({ unglue, modules }) => {
      const asked = [];
      const fetch = async (wanted) => {
        asked.push(String(wanted));
        return new Response(modules.c, { headers: { "Content-Type": "application/wasm" } });
      };
      works(await unglue.load("https://example.com/c.wasm", { fetch }));
      same(asked, ["https://example.com/c.wasm"]);
    },
  ],
  [
    "sources",
    "a path and a file: URL, where there are files",
    async ({ unglue, folder }) => {
      // Elsewhere a path is a URL that leads nowhere, and the code says so.
      if (!folder)
        return void (await refused(
          typeof fetch === "function" ? "fetch-failed" : "unavailable-here",
          unglue.load("file:///no/such/file.wasm"),
        ));
      works(await unglue.load(`${folder}c.wasm`));
      works(await unglue.load(new URL(`file://${folder}c.wasm`)));
      const error = await refused("read-failed", unglue.load(`${folder}absent.wasm`));
      ok(error.details.path.endsWith("absent.wasm"), "the path");
    },
  ],
  [
    "sources",
    "a module under gzip, without a header that says so",
    async (env) => works(await env.unglue.load(url(env, "gzip"))),
  ],
  ["sources", "a module under Content-Encoding", async (env) => works(await env.unglue.load(url(env, "encoded")))],
  [
    "sources",
    "a server's refusal is http-status",
    async (env) => same((await refused("http-status", env.unglue.load(url(env, "absent")))).details.status, 404),
  ],
  [
    "sources",
    "a page in place of a module is not-wasm",
    async (env) => same((await refused("not-wasm", env.unglue.load(url(env, "page")))).details.found, "html"),
  ],
  [
    "sources",
    "a module that is cut short is truncated",
    async (env) => void (await refused("truncated", env.unglue.load(url(env, "cut")))),
  ],
  [
    "sources",
    "bytes that are no module, cut short, malformed",
    async ({ unglue, modules: { c } }) => {
      await refused("not-wasm", unglue.load(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)));
      await refused("truncated", unglue.load(c.slice(0, 30)));
      const damaged = c.slice();
      damaged[10] = 0xff;
      ok((await refused("malformed", unglue.load(damaged))).details.offset >= 8, "an offset");
    },
  ],

  [
    "retry",
    "asks again after a failure that passes, and not after others",
    async ({ unglue, modules }) => {
      let asked = 0;
      const load = (statuses) => {
        asked = 0;
        const fetch = async () => answer(modules.c, statuses[asked++]);
        return unglue.load("https://example.com/c.wasm", { fetch, retry: { attempts: 3, delay: 1 } });
      };
      works(await load([503, 429, 200]));
      same(asked, 3);
      same([(await refused("http-status", load([404, 200]))).details.status, asked], [404, 1]);
      same([(await refused("http-status", load([503, 503, 500, 200]))).details.status, asked], [500, 3]);
    },
  ],

  ["MIME", "the right content type", async (env) => works(await env.unglue.load(url(env, "c")))],
  ["MIME", "a wrong content type", async (env) => works(await env.unglue.load(url(env, "text")))],
  ["MIME", "a content type in capitals", async (env) => works(await env.unglue.load(url(env, "capitals")))],
  ["MIME", "a content type with a parameter", async (env) => works(await env.unglue.load(url(env, "charset")))],
  ["MIME", "no content type", async (env) => works(await env.unglue.load(url(env, "untyped")))],

  [
    "progress",
    "is reported up to the whole size",
    async (env) => {
      const seen = [];
      works(await env.unglue.load(url(env, "c"), { onProgress: (progress) => seen.push(progress) }));
      same(seen.at(-1), { loaded: env.modules.c.length, total: env.modules.c.length });
    },
  ],
  [
    "progress",
    "never claims a total below what has come",
    async ({ unglue, modules }) => {
      for (const length of ["32", "nonsense", "-1"]) {
        const headers = { "Content-Type": "application/wasm", "Content-Length": length };
        const seen = [];
        const response = new Response(streamOf(modules.c), { headers });
        works(await unglue.load(response, { onProgress: (progress) => seen.push(progress) }));
        ok(
          seen.every(({ loaded, total }) => total === undefined || total >= loaded),
          `no total of ${length}`,
        );
      }
    },
  ],

  [
    "integrity",
    "lets the right bytes through",
    async (env) => {
      works(await env.unglue.load(url(env, "c"), { integrity: env.hashes.c }));
      works(await env.unglue.load(env.modules.c, { integrity: env.hashes.c }));
    },
  ],
  [
    "integrity",
    "refuses other bytes of a URL",
    async (env) => {
      try {
        await env.unglue.load(url(env, "c"), { integrity: env.hashes.memory });
      } catch (error) {
        // A browser's fetch checks the hash itself, and does not tell why it failed.
        if (error.code === "fetch-failed" && error.message.includes(env.hashes.memory)) return;
        return void (await refused("integrity-mismatch", Promise.reject(error)));
      }
      throw new Error("Other bytes were loaded.");
    },
  ],
  [
    "integrity",
    "refuses other bytes at hand",
    async (env) =>
      void (await refused("integrity-mismatch", env.unglue.load(env.modules.c, { integrity: env.hashes.memory }))),
  ],

  [
    "abort",
    "before the load",
    async (env) => {
      const signal = AbortSignal.abort("enough");
      same((await refused("aborted", open(env, "c", { signal }))).cause, "enough");
    },
  ],
  [
    "abort",
    "while the server is silent",
    async (env) => {
      const controller = new AbortController();
      const loading = env.unglue.load(url(env, "silent"), { signal: controller.signal });
      await env.tick();
      controller.abort("enough");
      same((await refused("aborted", loading)).cause, "enough");
    },
  ],
  [
    "abort",
    "while a stream is read, which is cancelled",
    async ({ unglue, modules }) => {
      const controller = new AbortController();
      let cancelled = false;
      const endless = new ReadableStream({
        start: (stream) => stream.enqueue(modules.c.slice(0, 20)),
        pull: () => controller.abort("enough"),
        cancel: () => void (cancelled = true),
      });
      await refused("aborted", unglue.load(endless, { signal: controller.signal }));
      ok(cancelled, "the stream to be cancelled");
    },
  ],
];
