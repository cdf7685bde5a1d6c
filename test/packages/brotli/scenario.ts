import type { Rounds } from "../rounds.ts";
import { bytesOf, type FilesInput, outcome, type Scenario } from "../scenario.ts";

/** The result of one step of a stream. */
export interface StreamResult {
  readonly buf: Uint8Array;
  /** 1: done; 2: wants more input; 3: wants more room for output. */
  readonly code: number;
  /** How much of the input was read. */
  readonly input_offset: number;
  free(): void;
}

/** A stream that compresses; a step without input finishes it. */
export interface Compressing {
  compress(input: Uint8Array | undefined, outputSize: number): StreamResult;
  total_out(): number;
  free(): void;
}

/** A stream that restores. */
export interface Restoring {
  decompress(input: Uint8Array, outputSize: number): StreamResult;
  total_out(): number;
  free(): void;
}

/** The exports of brotli-wasm. */
export interface Brotli {
  compress(input: Uint8Array, options?: { readonly quality?: number }): Uint8Array;
  decompress(input: Uint8Array): Uint8Array;
  readonly CompressStream: new (quality?: number) => Compressing;
  readonly DecompressStream: new () => Restoring;
}

/** A quality that leaves the large files quick to compress. */
const quality = 5;
/** How many bytes go into a stream at a time. Its room for output is smaller, so that it also runs full. */
const pieceSize = 10_000;
const done = 1;
const wantsRoom = 3;

/** The scenario of brotli-wasm. */
export const brotliScenario: Scenario<Brotli, FilesInput> = {
  "compresses real files to the very bytes, and restores them": ({ compress, decompress }, { files }) =>
    Object.entries(files).map(([name, content]) => {
      const bytes = bytesOf(content);
      const compressed = compress(bytes, { quality });
      const restored = decompress(compressed);
      return [name, compressed, restored, restored.length === bytes.length];
    }),

  "compresses by a stream to the very bytes, and restores by one": ({ CompressStream, DecompressStream }, { files }) =>
    Object.entries(files).map(([name, content]) => {
      const bytes = bytesOf(content);
      const [into, from] = [new CompressStream(quality), new DecompressStream()];
      const compressed = compressStreamed(into, bytes);
      const restored = restoreStreamed(from, compressed);
      const results = [
        name,
        compressed,
        restored,
        restored.length === bytes.length,
        into.total_out(),
        from.total_out(),
      ];
      into.free();
      from.free();
      return results;
    }),

  "has settings that may be left out": ({ compress, CompressStream }) => {
    const bytes = new TextEncoder().encode("to and fro, to and fro, to and fro 🚀");
    const stream = new CompressStream();
    const results = [
      compress(bytes),
      compress(bytes, {}),
      outcome(() => compress(bytes, 5 as never)),
      compressStreamed(stream, bytes),
    ];
    stream.free();
    return results;
  },

  "throws for damaged data": ({ compress, decompress, DecompressStream }) => {
    const cut = compress(new TextEncoder().encode("cut short"), {}).slice(0, -3);
    const stream = new DecompressStream();
    const results = [
      ...[[], [1, 2, 3], [255, 255, 255], cut].map((bytes) => outcome(() => decompress(Uint8Array.from(bytes)))),
      outcome(() => stream.decompress(Uint8Array.of(255, 255, 255), 16)),
    ];
    stream.free();
    return results;
  },
};

function compressStreamed(stream: Compressing, bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const feed = (piece: Uint8Array | undefined) => {
    const result = stream.compress(piece, pieceSize / 10);
    const { buf, code, input_offset: read } = result;
    parts.push(buf);
    result.free();
    return { code, read };
  };
  for (let at = 0; at < bytes.length;) at += feed(bytes.subarray(at, at + pieceSize)).read;
  while (feed(undefined).code === wantsRoom);
  return joined(parts);
}

function restoreStreamed(stream: Restoring, bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0, code = 0; code !== done;) {
    const result = stream.decompress(bytes.subarray(at, at + pieceSize), pieceSize);
    if (result.input_offset + result.buf.length === 0) throw new Error(`The stream stands still at ${at}.`);
    parts.push(result.buf);
    at += result.input_offset;
    code = result.code;
    result.free();
  }
  return joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Streams whose results are objects, an optional argument, and a call that throws. */
export const brotliRounds: Rounds<Brotli, FilesInput> = {
  start: ({ compress, decompress, CompressStream, DecompressStream }) => {
    const bytes = new TextEncoder().encode("to and fro, to and fro, to and fro 🚀");
    return () => {
      const [into, from] = [new CompressStream(1), new DecompressStream()];
      restoreStreamed(from, compressStreamed(into, bytes));
      for (const one of [into, from]) one.free();
      outcome(() => decompress(compress(bytes, { quality: 1 }).subarray(1)));
    };
  },
};
