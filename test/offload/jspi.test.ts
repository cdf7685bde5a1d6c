import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPage, scriptAt, serve } from "../servers/serve.mjs";
import { chromiumArgs, findChromium } from "../setup/chromium.mjs";
import { wat } from "../wat.ts";

const dist = join(import.meta.dirname, "../../dist");
const folder = mkdtempSync(join(tmpdir(), "unglue-offload-jspi-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** `run` keeps a value on the module's own stack while it waits. */
const bytes = await wat(`(module
  (import "env" "ask" (func $ask (param i32) (result i32)))
  (memory (export "memory") 1)
  (global $stack (export "__stack_pointer") (mut i32) (i32.const 32768))
  (func $keep (param i32) (result i32)
    (global.set $stack (i32.sub (global.get $stack) (i32.const 16)))
    (i32.store (global.get $stack) (local.get 0)) (global.get $stack))
  (func $give (param i32) (result i32)
    (global.set $stack (i32.add (global.get $stack) (i32.const 16)))
    (i32.load (local.get 0)))
  (func (export "run") (param i32) (result i32) (local $at i32) (local $got i32)
    (local.set $at (call $keep (local.get 0)))
    (local.set $got (call $ask (local.get 0)))
    (i32.add (call $give (local.get $at)) (local.get $got)))
  (func (export "fail") (param i32) (result i32) (drop (call $ask (local.get 0))) (unreachable))
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))`);

/** The imports of a worker: a host function that waits there. */
const imports = (entry: string): string => `
  import { t } from "${entry}";
  const ask = async (value) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (value < 0) throw new RangeError("on purpose");
    return value * 2;
  };
  export default { env: { ask: t.host([t.i32], t.promise(t.i32), ask) } };`;

/** A program whose result is that of the calls, or the refusal of the load. */
const program = (entry: string, offload: string, worker: string): string => `
  import { offload } from "${offload}";
  import { t } from "${entry}";
  const bytes = Uint8Array.from(atob("${Buffer.from(bytes).toString("base64")}"), (char) => char.charCodeAt(0));
  const api = t.api({
    run: t.fn([t.i32], t.promise(t.i32)),
    fail: t.fn([t.i32], t.promise(t.i32)),
    twice: t.fn([t.i32], t.i32),
  });
  const failure = ({ code, name, message }) => ({ code, name, message });
  async function answers() {
    const wasm = await offload(bytes, { api, imports: new URL("${worker}", import.meta.url) });
    const { run, fail, twice } = wasm.api;
    const results = [await run(20), await Promise.all([run(1), run(2), twice(4)])];
    for (const failing of [() => run(-1), () => fail(1)]) results.push(await failing().catch(failure));
    results.push(await run(3));
    await wasm.dispose();
    return results;
  }
  export const result = await answers().catch(failure);`;

async function inNode(): Promise<unknown> {
  const url = (file: string): string => pathToFileURL(join(dist, file)).href;
  const worker = join(folder, "imports.mjs");
  writeFileSync(worker, imports(url("node.js")));
  const text = program(url("node.js"), url("offload-node.js"), pathToFileURL(worker).href);
  writeFileSync(join(folder, "program.mjs"), `${text}\nconsole.log(JSON.stringify(result));`);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "program.mjs")], { timeout: 60_000 });
  return JSON.parse(stdout);
}

/** The page is not isolated, so no worker of it can wait in shared memory. */
async function inChromium(): Promise<unknown> {
  const browser = await chromium.launch({ executablePath: findChromium() ?? "", args: chromiumArgs });
  const server = await serve(async ({ pathname }) => {
    if (pathname === "/") return ["text/html", emptyPage];
    if (pathname === "/imports.js") return ["text/javascript", imports("/dist/browser.js")];
    if (pathname === "/page.js") {
      const text = program("/dist/browser.js", "/dist/offload-browser.js", "/imports.js");
      return ["text/javascript", text];
    }
    const script = await scriptAt(pathname, ["dist"]);
    if (!script) throw new Error(`${pathname} is not there.`);
    return script;
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    return await page.evaluate(`import("/page.js").then(({ result }) => result)`);
  } finally {
    server.close();
    await browser.close();
  }
}

describe.each([
  ["Node", inNode, "Suspending" in WebAssembly],
  ["a page", inChromium, true],
] as const)("a call that JSPI suspends in a worker, in %s", (_, run, suspends) => {
  let result: unknown;

  beforeAll(async () => {
    result = await run();
  }, 60_000);

  if (suspends)
    it("waits for a host function there, one call at a time, and goes on after an error and a trap", () => {
      expect(result).toEqual([
        60,
        [3, 6, 8],
        { name: "RangeError", message: "on purpose" },
        expect.objectContaining({ code: "trap", name: "UnglueError" }),
        9,
      ]);
    });
  else
    it("is refused when the module is loaded, since this engine lacks JSPI", () => {
      expect(result).toMatchObject({ code: "interface-mismatch" });
      expect((result as Error).message).toContain("this engine cannot suspend a call of the module (it lacks JSPI)");
    });
});
