import { readdirSync, readFileSync } from "node:fs";
import dns from "node:dns";
import { Socket } from "node:net";
import { join } from "node:path";
import ts from "typescript";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createLedger } from "../src/entries/ledger.ts";
import { wasmBindgen } from "../src/entries/wasm-bindgen.ts";
import { compile, inspect, load, loadSync, t } from "../src/node.ts";
import { wat } from "./wat.ts";

const root = join(import.meta.dirname, "..");

afterEach(() => vi.restoreAllMocks());

describe("the library and the network", () => {
  it("makes no connection but for the source that it is given", async () => {
    const refuse = (): never => {
      throw new Error("There is no network here.");
    };
    const connect = vi.spyOn(Socket.prototype, "connect").mockImplementation(refuse);
    const lookup = vi.spyOn(dns, "lookup").mockImplementation(refuse);
    const bytes = await wat(`(module
      (import "env" "log" (func (param i32)))
      (memory (export "memory") 1)
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "fail") unreachable))`);

    const path = join(root, "examples/hello/hello.wasm");
    const api = t.api({ add: t.fn([t.i32, t.i32], t.i32) });
    const wasm = await load(bytes, { api, ledger: createLedger(), onTrap: "restart", missing: "warn" });
    expect(wasm.api.add(1, 2)).toBe(3);
    expect(() => wasm.guarded["fail"]?.()).toThrow();
    await wasm.ready;
    loadSync(path, { adapters: [wasmBindgen()] }).dispose();
    const pool = (await compile(path)).pool({ max: 1, min: 1 });
    await pool.use((lease) => lease.memory.byteLength);
    await pool.dispose();
    inspect(bytes);
    await expect(load("missing.wasm")).rejects.toThrow();
    wasm.dispose();
    expect(connect).not.toHaveBeenCalled();
    expect(lookup).not.toHaveBeenCalled();

    // The spies see what the library does on request.
    await expect(load("http://127.0.0.1:49151/app.wasm")).rejects.toThrow();
    expect(connect).toHaveBeenCalled();
  });

  it("has no address in its code", () => {
    const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    expect(files.length).toBeGreaterThan(100);
    const addresses = files.flatMap((file) => {
      const text = readFileSync(join(root, "src", file), "utf8");
      return textsOf(ts.createSourceFile(file, text, ts.ScriptTarget.Latest)).filter((one) =>
        /\b(?:https?|wss?):\/\/\w/.test(one),
      );
    });
    expect(addresses).toEqual([]);
  });
});

/** The texts in the code of a source, without those in comments. */
function textsOf(node: ts.Node): string[] {
  const own = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) ? [node.text] : [];
  return [...own, ...childrenOf(node).flatMap(textsOf)];
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}
