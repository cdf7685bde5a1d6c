import { beforeAll, describe, expect, it } from "vitest";
import { answersOf, fromBase64, inputBytes, sameBytes } from "../../packages/served.ts";
import { thrownBy } from "../../wat.ts";
import { openBrotli } from "./brotli.ts";

interface Answers {
  quality: number;
  pieceSize: number;
  compressed: Record<string, string>;
  streamed: Record<string, string>;
  invalid: { bytes: number[]; thrown: string }[];
  noOptions: string;
}

let answers: Answers;
const files = new Map<string, Uint8Array>();

beforeAll(async () => {
  answers = await answersOf("brotli");
  for (const file of Object.keys(answers.compressed)) files.set(file, await inputBytes(file));
});

describe("brotli-wasm 3.0.1: wasm-bindgen 0.2.80, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { wasm } = await openBrotli();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.80" });
    expect(wasm.imports).toHaveLength(10);
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  it("compresses real files to the very bytes that the package returns", async () => {
    const { compress, wasm } = await openBrotli();
    expect(files.size).toBeGreaterThan(4);
    for (const [file, bytes] of files) {
      const compressed = compress(bytes, { quality: answers.quality });
      expect([file, sameBytes(compressed, fromBase64(answers.compressed[file] ?? ""))]).toEqual([file, true]);
    }
    expect(wasm.handles.size).toBe(0);
  });

  it("restores what the package compressed", async () => {
    const { decompress } = await openBrotli();
    for (const [file, bytes] of files) {
      const restored = decompress(fromBase64(answers.compressed[file] ?? ""));
      expect([file, sameBytes(restored, bytes)]).toEqual([file, true]);
    }
  });

  it("compresses by a stream to the very bytes of the package's stream", async () => {
    const { compressStep, wasm } = await openBrotli();
    const { pieceSize, quality } = answers;
    for (const [file, bytes] of files) {
      const stream = wasm.guarded.compressstream_new(1, quality);
      const parts: Uint8Array[] = [];
      const feed = (piece?: Uint8Array) => {
        const step = compressStep(stream, piece, pieceSize / 10);
        parts.push(step.bytes);
        return step;
      };
      for (let at = 0; at < bytes.length;) at += feed(bytes.subarray(at, at + pieceSize)).consumed;
      while (feed().code === 3);
      const compressed = joined(parts);
      expect([file, sameBytes(compressed, fromBase64(answers.streamed[file] ?? ""))]).toEqual([file, true]);
      wasm.guarded.__wbg_compressstream_free(stream);
    }
  });

  it("restores by a stream", async () => {
    const { decompressStep, wasm } = await openBrotli();
    for (const [file, bytes] of files) {
      const input = fromBase64(answers.streamed[file] ?? "");
      const stream = wasm.guarded.decompressstream_new();
      const parts: Uint8Array[] = [];
      let at = 0;
      let code = 2;
      while (code !== 1) {
        const step = decompressStep(stream, input.subarray(at, at + answers.pieceSize), answers.pieceSize);
        if (step.consumed + step.bytes.length === 0) throw new Error(`${file}: the stream stands still at ${at}.`);
        parts.push(step.bytes);
        at += step.consumed;
        code = step.code;
      }
      expect([file, sameBytes(joined(parts), bytes)]).toEqual([file, true]);
      expect(wasm.guarded.decompressstream_total_out(stream)).toBe(bytes.length);
      wasm.guarded.__wbg_decompressstream_free(stream);
    }
  });

  it("throws what the package throws, and drops every handle", async () => {
    const { compress, decompress, wasm } = await openBrotli();
    expect(answers.invalid.length).toBeGreaterThan(3);
    for (const { bytes, thrown } of answers.invalid) {
      expect(thrownBy(() => decompress(Uint8Array.from(bytes)))).toBe(thrown);
    }
    expect(thrownBy(() => compress(Uint8Array.of(1), 5))).toBe(answers.noOptions);
    expect(wasm.handles.size).toBe(0);
  });
});

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
