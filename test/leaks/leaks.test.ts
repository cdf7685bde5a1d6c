import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { chromium } from "playwright";
import { describe, expect, it } from "vitest";
import { emptyPage, scriptAt, serve } from "../servers/serve.mjs";
import { chromiumArgs, findChromium } from "../setup/chromium.mjs";
import { wat } from "../wat.ts";
import { slope } from "./rounds.mjs";

/** Blocks of rounds: memory is looked at after each, and the first ones are for the engine to get warm. */
const plan = {
  loads: { warmUps: 4, blocks: 16, count: 1_000 },
  handles: { warmUps: 4, blocks: 16, count: 50_000 },
} as const;

/** Bytes per round. One forgotten object of a round would be some fifty. */
const most = { loads: 24, handles: 0.5 };

/** A wasm-bindgen module with an array of values, an allocator that starts over, and a class. */
const module = `(module
  (import "env" "seen" (func $seen))
  (import "wbg" "__wbindgen_object_drop_ref" (func $drop (param i32)))
  (memory (export "memory") 1)
  (table (export "__indirect_function_table") 1 funcref)
  (global $next (mut i32) (i32.const 1024))
  (func (export "__wbindgen_malloc") (param i32 i32) (result i32)
    (if (i32.gt_u (global.get $next) (i32.const 60000)) (then (global.set $next (i32.const 1024))))
    (global.set $next (i32.add (global.get $next)
      (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -8))))
    (i32.sub (global.get $next) (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -8))))
  (func (export "__wbindgen_free") (param i32 i32 i32))
  (func (export "greet") (param i32 i32) (result i32) (call $seen) (local.get 1))
  (func (export "keep") (param i32) (result i32) (local.get 0))
  (func (export "counter_new") (result i32) (i32.const 8))
  (func (export "counter_add") (param i32 i32) (result i32) (local.get 1))
  (func (export "__wbg_counter_free") (param i32 i32)))`;

describe("20,000 rounds of loading, using and disposing, and 1,000,000 of handles", () => {
  const base64 = async () => Buffer.from(await wat(module)).toString("base64");

  it("leave no more memory in use in Node", { timeout: 240_000 }, async () => {
    const script = join(import.meta.dirname, "node.mjs");
    const { stdout } = await promisify(execFile)(execPath, [
      "--expose-gc",
      script,
      await base64(),
      JSON.stringify(plan),
    ]);
    const slopes = JSON.parse(stdout) as typeof most;
    console.log(`Node: ${slopes.loads.toFixed(2)} bytes a load, ${slopes.handles.toFixed(4)} a handle`);
    expect(slopes.loads).toBeLessThan(most.loads);
    expect(slopes.handles).toBeLessThan(most.handles);
  });

  it("leave no more memory in use in Chromium", { timeout: 240_000 }, async () => {
    const server = await serve(async ({ pathname }) => {
      if (pathname === "/") return ["text/html", emptyPage];
      if (pathname === "/rounds.mjs")
        return ["text/javascript", await readFile(join(import.meta.dirname, "rounds.mjs"))];
      const script = scriptAt(pathname, ["dist"]);
      if (script) return script;
      throw new Error(`Nothing at ${pathname}`);
    });
    const executablePath = findChromium();
    const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: chromiumArgs });
    try {
      const page = await browser.newPage();
      await page.goto(server.url);
      // As text: the test runner would make its own of the imports.
      await page.evaluate(`Promise.all([import("/dist/browser.js"), import("/rounds.mjs")]).then(
        async ([library, { prepare }]) => { globalThis.rounds = await prepare(library, "${await base64()}"); })`);
      const session = await page.context().newCDPSession(page);
      const used = async (): Promise<number> => {
        for (let turn = 0; turn < 3; turn += 1) {
          await session.send("HeapProfiler.collectGarbage");
          await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 5)));
        }
        const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
        return usedSize + embedderHeapUsedSize + backingStorageSize;
      };
      for (const [kind, { warmUps, blocks, count }] of Object.entries(plan)) {
        const points: [number, number][] = [];
        for (let block = 0; block < warmUps + blocks; block += 1) {
          await page.evaluate(
            ([name, times]) =>
              (globalThis as unknown as { rounds: Record<string, (times: number) => unknown> }).rounds[name]?.(times),
            [kind, count] as const,
          );
          if (block >= warmUps) points.push([block * count, await used()]);
        }
        const found = slope(points);
        console.log(`Chromium: ${found.toFixed(4)} bytes a round of ${kind}`);
        expect(found, kind).toBeLessThan(most[kind as keyof typeof most]);
      }
    } finally {
      await browser.close();
      server.close();
    }
  });
});

it("1,000 tenants that come, trap and go leave no object behind in Node", { timeout: 120_000 }, async () => {
  const script = join(import.meta.dirname, "counts.mjs");
  const built = new URL("../fixtures/realm/built/0.2.130-server.wasm", import.meta.url).href;
  const { stdout } = await promisify(execFile)(execPath, ["--expose-gc", script, built, "300", "1000"]);
  const { before, after, bytes } = JSON.parse(stdout) as {
    readonly before: Record<string, number>;
    readonly after: Record<string, number>;
    readonly bytes: number;
  };
  console.log(
    `Node: ${bytes.toFixed(0)} bytes a tenant, which V8 takes for code, and ${JSON.stringify(after)} objects`,
  );
  expect(Object.keys(after).length).toBeGreaterThan(5);
  expect([before["Function"], before["Object"]].every((found) => (found ?? 0) > 1000)).toBe(true);
  // Of a thousand tenants, each of which has hundreds of functions and objects.
  for (const [kind, found] of Object.entries(after)) expect(found - (before[kind] ?? 0), kind).toBeLessThan(50);
  expect([after["Instance"], after["Memory"], after["Table"]]).toEqual([0, 0, 0]);
});
