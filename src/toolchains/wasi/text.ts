import { plainUtf8 } from "../../base/utf8.ts";

/** Decodes UTF-8 that comes in pieces. */
export interface PieceDecoder {
  /** Decodes a piece. A character that it cuts off comes with the next. */
  readonly add: (bytes: Uint8Array) => string;
  /** Returns what is left of a character that was cut off. */
  readonly end: () => string;
}

/** Encodes text as UTF-8. Worklets and jsdom have no `TextEncoder`. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return typeof TextEncoder === "function" ? new TextEncoder().encode(text) : plainUtf8.encode(text);
}

/** Decodes UTF-8 and keeps a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  const decoder = createPieceDecoder();
  return decoder.add(bytes) + decoder.end();
}

/** Makes a decoder of pieces. */
export function createPieceDecoder(): PieceDecoder {
  if (typeof TextDecoder === "function") {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return { add: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  let left = new Uint8Array();
  return {
    add(bytes) {
      const all = new Uint8Array(left.length + bytes.length);
      all.set(left);
      all.set(bytes, left.length);
      const size = all.length - cutOff(all);
      left = all.slice(size);
      return plainUtf8.decode(all.subarray(0, size), false);
    },
    end() {
      const text = plainUtf8.decode(left, false);
      left = new Uint8Array();
      return text;
    },
  };
}

/** The number of bytes at the end that may be the beginning of a character. */
function cutOff(bytes: Uint8Array): number {
  for (let size = 1; size <= 3; size++) {
    const byte = bytes[bytes.length - size] ?? 0;
    if (byte < 0x80) return 0;
    // A lead byte has as many ones as its character has bytes.
    if (byte >= 0xc0) return size < (byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4) ? size : 0;
  }
  return 0;
}
