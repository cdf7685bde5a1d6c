import { compile, compileSync } from "unglue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { bytesAt } from "./served.ts";

const bytes = await wat(`(module (func (export "f")))`);

afterEach(() => {
  vi.unstubAllGlobals();
  document.querySelectorAll("iframe").forEach((frame) => frame.remove());
});

/** A frame with a page of its own. */
async function openFrame(head: string): Promise<Window & typeof globalThis> {
  const frame = document.createElement("iframe");
  frame.srcdoc = `<!doctype html><head>${head}</head>`;
  const loaded = new Promise((resolve) => (frame.onload = resolve));
  document.body.append(frame);
  await loaded;
  return frame.contentWindow as Window & typeof globalThis;
}

describe("a page", () => {
  it("takes a string relative to the document", async () => {
    const fetching = vi.fn(() => Promise.resolve(new Response(bytes)));
    vi.stubGlobal("fetch", fetching);
    await compile("assets/app.wasm");
    await compile("/app.wasm");
    expect(fetching.mock.calls.map(([input]: unknown[]) => input)).toEqual(["assets/app.wasm", "/app.wasm"]);
  });

  it("has no files to load at once", () => {
    const error = thrownBy(() => compileSync("./app.wasm"));
    expect(error).toMatchObject({ code: "invalid-source" });
    expect((error as Error).message).toContain("load()");
  });

  it("is told the size that the engine does not compile at once", async () => {
    const { length } = await bytesAt("/large.wasm");
    expect(length).toBeGreaterThan(2 ** 20);
    const large = bytesWithCustomSection(9_000_000);
    const error = thrownBy(() => compileSync(large));
    expect(error).toMatchObject({
      code: "sync-too-large",
      details: { size: large.length },
      cause: { name: "RangeError" },
    });
    expect((error as Error).message).toContain("compile()");
    expect(WebAssembly.Module.exports((await compile(large)).raw)).toEqual([{ name: "f", kind: "function" }]);
  });

  it("is told how to allow what its policy forbids", async () => {
    const strict = await openFrame(`<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'">`);
    vi.stubGlobal("WebAssembly", strict.WebAssembly);
    for (const source of [bytes, new Blob([bytes])]) {
      const error = await rejectionOf(compile(source));
      expect(error).toMatchObject({ code: "compile-forbidden", cause: { name: "CompileError" } });
      expect((error as Error).message).toContain("'wasm-unsafe-eval'");
    }
    expect(thrownBy(() => compileSync(bytes))).toMatchObject({ code: "compile-forbidden" });
  });

  it("takes the values of its frames", async () => {
    const frame = await openFrame("");
    const foreign = new frame.Uint8Array(bytes);
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    const sources = [
      foreign,
      foreign.buffer,
      new frame.Blob([foreign]),
      new frame.Response(foreign, { headers: { "Content-Type": "application/wasm" } }),
      new frame.Response(foreign).body!,
      new frame.WebAssembly.Module(foreign),
      new frame.URL(`data:application/wasm;base64,${btoa(String.fromCharCode(...bytes))}`),
    ];
    for (const source of sources) {
      expect(WebAssembly.Module.exports((await compile(source)).raw)).toEqual([{ name: "f", kind: "function" }]);
    }
  });
});

/** A module of a size: what is missing is filled by a custom section. */
function bytesWithCustomSection(size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  all.set(bytes);
  const contents = size - bytes.length - 5;
  all.set(
    [0, 0, 0, 0, 0].map((_, i) => (i === 0 ? 0 : ((contents >> (7 * (i - 1))) & 127) | (i < 4 ? 128 : 0))),
    bytes.length,
  );
  all.set([1, 0x78], bytes.length + 5);
  return all;
}
