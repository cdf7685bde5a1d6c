import { compile, compileSync, load, loadSync, type LoadOptions, type Source } from "unglue";
import { describe, expect, it, vi } from "vitest";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { hashOf, served } from "./served.ts";

const bytes = await wat(`(module (memory (export "memory") 1) (func (export "f")))`);
const wasmType = { "Content-Type": "application/wasm" };
const gzip = async (contents: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await new Response(streamOf(contents).pipeThrough(new CompressionStream("gzip"))).arrayBuffer());

function streamOf(...chunks: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

/** A stream that would go on for ever, and how much was asked of it. */
function endless(start: Uint8Array<ArrayBuffer>) {
  let given = 0;
  const cancel = vi.fn();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const chunk = given === 0 ? start : new Uint8Array(2 ** 16);
      given += chunk.length;
      controller.enqueue(chunk);
    },
    cancel,
  });
  return { stream, cancel, given: () => given };
}

const sources: Record<string, (contents: Uint8Array<ArrayBuffer>) => Source> = {
  bytes: (contents) => contents,
  Blob: (contents) => new Blob([contents]),
  stream: (contents) => streamOf(contents.subarray(0, 9), contents.subarray(9)),
  Response: (contents) => new Response(contents, { headers: wasmType }),
  "Response of another type": (contents) => new Response(contents),
  "Response with its length": (contents) =>
    new Response(contents, { headers: { ...wasmType, "Content-Length": String(contents.length) } }),
  "function of bytes": (contents) => () => contents,
  "promise of bytes": (contents) => Promise.resolve(contents),
  "data: URL": (contents) => `data:application/wasm;base64,${btoa(String.fromCharCode(...contents))}`,
};

const settings: Record<string, LoadOptions> = {
  "no other option": {},
  progress: { onProgress: () => undefined },
  "other limits": { limits: { memoryPages: 5 } },
  integrity: { integrity: await hashOf(bytes) },
};

describe.each(Object.keys(settings))("limits.bytes with %s", (name) => {
  const options = (limit: number): LoadOptions => ({
    ...settings[name],
    limits: { ...settings[name]!.limits, bytes: limit },
  });

  it.each(Object.keys(sources))("lets a %s pass that has as many, and none that has more", async (kind) => {
    expect((await load(sources[kind]!(bytes), options(bytes.length))).state).toBe("live");
    const error = await rejectionOf(load(sources[kind]!(bytes), options(bytes.length - 1)));
    expect(error).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "bytes", asked: bytes.length, allowed: bytes.length - 1 },
    });
    expect((error as Error).message).toContain("raise limits.bytes");
  });
});

describe("limits.bytes", () => {
  it("holds for what is decompressed as well", async () => {
    const note = Uint8Array.of(0, 0x81, 0x20, 1, 0x78);
    const large = new Uint8Array(bytes.length + note.length + 4095);
    large.set(bytes);
    large.set(note, bytes.length);
    const compressed = await gzip(large);
    expect(compressed.length).toBeLessThan(large.length / 4);
    for (const kind of Object.keys(sources)) {
      const compile_ = (limit: number) => compile(sources[kind]!(compressed), { limits: { bytes: limit } });
      expect((await compile_(large.length)).shape.exports).toHaveLength(2);
      const error = await rejectionOf(compile_(large.length - 1));
      expect(error).toMatchObject({ code: "limit-exceeded", details: { limit: "bytes", allowed: large.length - 1 } });
      expect((error as Error).message).toContain("decompressed");
      expect(await rejectionOf(compile_(compressed.length - 1))).toMatchObject({ code: "limit-exceeded" });
    }
  });

  it("stops reading", async () => {
    for (const start of [bytes, Uint8Array.of(...bytes.subarray(0, 8), 0, 0xff, 0xff, 0xff, 0x7f, 1, 0x78)]) {
      const { stream, cancel, given } = endless(start);
      const error = await rejectionOf(compile(stream, { limits: { bytes: 2 ** 18 } }));
      expect(["limit-exceeded", "malformed"]).toContain((error as { code: string }).code);
      expect(given()).toBeLessThan(2 ** 20);
      await expect.poll(() => cancel.mock.calls.length).toBe(1);
    }
  });

  it("refuses a length that is announced before anything is read", async () => {
    const at = served("/large.wasm");
    const error = await rejectionOf(compile(at.url, { limits: { bytes: 1000 } }));
    expect(error).toMatchObject({ code: "limit-exceeded", details: { allowed: 1000 } });
    expect((error as { details: { asked: number } }).details.asked).toBeGreaterThan(2 ** 20);
    expect((error as Error).message).toContain(at.url);
    expect(await at.ended()).toHaveLength(1);
  });

  it("holds for the calls that do not wait, and has nothing to count of a compiled module", async () => {
    const limits = { bytes: bytes.length - 1 };
    expect(thrownBy(() => compileSync(bytes, { limits }))).toMatchObject({ code: "limit-exceeded" });
    expect(thrownBy(() => loadSync(bytes, { limits }))).toMatchObject({ code: "limit-exceeded" });
    expect(loadSync(bytes, { limits: { bytes: bytes.length } }).state).toBe("live");
    const { raw } = await compile(bytes);
    expect((await load(raw, { limits: { bytes: 0 } })).state).toBe("live");
  });

  it("has a default for what is decompressed here, of 256 MiB", async () => {
    const start = Uint8Array.of(...bytes, 0, 0x80, 0x80, 0x80, 0x80, 0x04, 1, 0x78);
    let given = 0;
    const zeros = new Uint8Array(2 ** 20);
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        controller.enqueue(given === 0 ? start : zeros);
        given += 2 ** 20;
        if (given > 257 * 2 ** 20) controller.close();
      },
    });
    const error = await rejectionOf(compile(stream.pipeThrough(new CompressionStream("gzip"))));
    expect(error).toMatchObject({ code: "limit-exceeded", details: { limit: "bytes", allowed: 2 ** 28 } });
  });
});
