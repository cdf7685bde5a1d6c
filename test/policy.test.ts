import { chromium, type Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPage, scriptAt, serve } from "./servers/serve.mjs";
import { chromiumArgs, findChromium } from "./setup/chromium.mjs";
import { wat } from "./wat.ts";

/** The page's script: every way in which the library could need to generate code. */
const script = `
  import { load, inspect } from "/dist/browser.js";
  const report = async () => {
    const bytes = await (await fetch("/app.wasm")).arrayBuffer();
    const { exports } = inspect(bytes);
    try {
      const wasm = await load("/app.wasm", { onProgress() {}, missing: "zero" });
      const index = wasm.callback("ii->i", (a, b) => a + b);
      return { names: exports.length, sum: wasm.exports.apply(index, 3, 4), text: wasm.memory.readString(8) };
    } catch (error) {
      return { names: exports.length, code: error.code, message: error.message };
    }
  };
  window.report = report();
`;

const html = `${emptyPage}<script type="module" src="/page.js"></script>`;

describe("under a Content-Security-Policy", () => {
  let browser: Browser;
  let bytes: Uint8Array;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium() ?? "", args: chromiumArgs });
    bytes = await wat(`(module
      (type $binary (func (param i32 i32) (result i32)))
      (import "env" "memory" (memory 1)) (import "env" "zero" (global i32)) (import "env" "now" (func (result f64)))
      (table (export "table") 1 funcref) (data (i32.const 8) "policy")
      (func (export "apply") (param i32 i32 i32) (result i32)
        (call_indirect (type $binary) (local.get 1) (local.get 2) (local.get 0))))`);
  });
  afterAll(() => browser.close());

  const visit = async (policy: string): Promise<unknown> => {
    const server = await serve(
      async ({ pathname }) => {
        if (pathname === "/app.wasm") return ["application/wasm", bytes];
        if (pathname === "/page.js") return ["text/javascript", script];
        return (await scriptAt(pathname, ["dist"])) ?? ["text/html", html];
      },
      { "Content-Security-Policy": policy },
    );
    const page = await browser.newPage();
    try {
      await page.goto(server.url);
      await page.waitForFunction("window.report");
      return await page.evaluate("window.report");
    } finally {
      await page.close();
      server.close();
    }
  };

  it("that allows 'wasm-unsafe-eval' and no eval, everything works", async () => {
    expect(await visit("script-src 'self' 'wasm-unsafe-eval'")).toEqual({ names: 2, sum: 7, text: "policy" });
  });

  it("that forbids compiling, inspect works, and load names the policy to change", async () => {
    expect(await visit("script-src 'self'")).toEqual({
      names: 2,
      code: "compile-forbidden",
      message: expect.stringContaining("script-src 'wasm-unsafe-eval'") as string,
    });
  });
});

/** A service worker, which may not import anything later. */
const worker = `
  import { compile, inspect, load, loadSync } from "/dist/browser.js";
  import * as whole from "/dist/whole.js";
  import { wasmBindgen } from "/dist/wasm-bindgen.js";
  const useWhole = async (bytes) => {
    const { t } = whole;
    const missing = "zero";
    const url = "/app.wasm";
    const api = t.api({ add: t.fn([t.i32, t.i32], t.i32) });
    const restarting = await whole.load(url, { missing, onTrap: "restart" });
    await attempt(async () => restarting.guarded.trap());
    await restarting.ready;
    return {
      progress: (await whole.load(url, { missing, onProgress() {}, limits: { memoryPages: 2 } })).memory.readString(8),
      notWasm: await attempt(() => whole.load(new Uint8Array(9))),
      load: (await whole.load(bytes, { missing })).memory.readString(8),
      bound: (await whole.load(url, { missing, api })).api.add(1, 2),
      adapter: (await whole.load("/glued.wasm")).imports[0].provider === "adapter" ? "wasm-bindgen" : "none",
      restarted: restarting.state === "live" ? restarting.guarded.add(1, 1) : restarting.state,
    };
  };
  const attempt = (make) => make().catch((error) => error.code ?? error.name);
  self.onmessage = async ({ source }) => {
    const bytes = await (await fetch("/app.wasm")).arrayBuffer();
    const text = ({ memory }) => memory.readString(8);
    const missing = "zero";
    source.postMessage({
      inspect: inspect(bytes).exports.length,
      loadSync: text(loadSync(bytes, { missing })),
      compile: text(await (await compile(await fetch("/app.wasm"))).instantiate({ missing })),
      adapter: (await compile(await fetch("/glued.wasm"), { adapters: [wasmBindgen()] })).shape.toolchain.name,
      progress: await attempt(() => compile(bytes, { onProgress() {} })),
      notWasm: await attempt(() => compile(new Uint8Array(9))),
      load: await attempt(() => load(bytes, { missing })),
      whole: await useWhole(bytes),
    });
  };
`;

const registering = `
  window.report = (async () => {
    await navigator.serviceWorker.register("/sw.js", { type: "module" });
    const { active } = await navigator.serviceWorker.ready;
    return new Promise((resolve) => {
      navigator.serviceWorker.onmessage = ({ data }) => resolve(data);
      active.postMessage("go");
    });
  })();
`;

it("in a service worker, which forbids import(), works what docs/sources.md says", async () => {
  const browser = await chromium.launch({ executablePath: findChromium() ?? "", args: chromiumArgs });
  const app = await wat(
    `(module (import "env" "now" (func (result f64))) (memory (export "memory") 1) (data (i32.const 8) "text")
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "trap") unreachable))`,
  );
  const glued = await wat(`(module (import "wbg" "__wbindgen_throw" (func (param i32 i32))))`);
  const server = await serve(async ({ pathname }) => {
    if (pathname.endsWith(".wasm")) return ["application/wasm", pathname === "/app.wasm" ? app : glued];
    if (pathname === "/page.js") return ["text/javascript", registering];
    if (pathname === "/sw.js") return ["text/javascript", worker];
    return (await scriptAt(pathname, ["dist"])) ?? ["text/html", html];
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction("window.report");
    expect(await page.evaluate("window.report")).toEqual({
      inspect: 3,
      loadSync: "text",
      compile: "text",
      adapter: "wasm-bindgen",
      progress: "chunk-unavailable",
      notWasm: "not-wasm",
      load: "chunk-unavailable",
      whole: { progress: "text", notWasm: "not-wasm", load: "text", bound: 3, adapter: "wasm-bindgen", restarted: 2 },
    });
  } finally {
    server.close();
    await browser.close();
  }
});
