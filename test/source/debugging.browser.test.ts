import { load } from "unglue";
import { describe, expect, it } from "vitest";
import { thrownBy } from "../wat.ts";
import { served } from "./served.ts";

describe("a module from a URL", () => {
  it.each([
    ["/trap.wasm", false],
    ["/other-trap.wasm", true],
  ])("keeps its address for debuggers and stack traces: %s, with a hash: %s", async (path, hasHash) => {
    const at = served(path);
    const bytes = await (await fetch(at.url)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const integrity = `sha256-${btoa(String.fromCharCode(...digest))}`;
    const wasm = await load<{ run(): void }>(at.url, hasHash ? { integrity } : {});
    const { stack } = thrownBy(() => wasm.exports.run()) as Error;
    expect(stack).toContain(`${at.url}:wasm-function[0]:0x`);
  });
});
