import type { Rounds } from "../rounds.ts";
import { bytesOf, type FilesInput, outcome, type Scenario } from "../scenario.ts";

/** The exports of lz4-wasm. */
export interface Lz4 {
  compress(input: Uint8Array): Uint8Array;
  decompress(input: Uint8Array): Uint8Array;
}

const damaged = [[], [1, 2, 3], [10, 0, 0, 0, 16, 1, 0, 0, 0], [4, 0, 0, 0, 255, 255, 255]];

/** The scenario of lz4-wasm. */
export const lz4Scenario: Scenario<Lz4, FilesInput> = {
  "compresses real files to the very bytes, and restores them": ({ compress, decompress }, { files }) =>
    Object.entries(files).map(([name, content]) => {
      const bytes = bytesOf(content);
      const compressed = compress(bytes);
      const restored = decompress(compressed);
      return [name, compressed, restored, restored.length === bytes.length];
    }),

  "throws for damaged data": ({ decompress }) =>
    damaged.map((bytes) => outcome(() => decompress(Uint8Array.from(bytes)))),
};

/** Bytes in and out, and a call that throws. */
export const lz4Rounds: Rounds<Lz4, FilesInput> = {
  start: ({ compress, decompress }) => {
    const bytes = new TextEncoder().encode("to and fro, ".repeat(100));
    return () => {
      decompress(compress(bytes));
      outcome(() => decompress(Uint8Array.of(1, 2, 3)));
    };
  },
};
