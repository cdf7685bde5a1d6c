import { stringify } from "devalue";
import { bytesOf, isThere } from "../base/buffers.ts";
import { type FunctionAnswer, placedBytes, type PlacedBytes } from "./function-messages.ts";

/**
 * Writes an answer as bytes, since a thread that waits can receive no message: the length of a text in four bytes, the text,
 * and the bytes of all arrays. Throws for a value that is not data.
 *
 * @param answer - The answer.
 */
export function writeAnswer(answer: FunctionAnswer): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const place = (value: unknown): PlacedBytes | undefined => {
    const bytes = bytesOf(value);
    if (!bytes) return undefined;
    if (!isThere(value)) throw new TypeError("an array whose buffer is gone");
    const offset = size;
    parts.push(bytes);
    size += bytes.byteLength;
    return [Object.prototype.toString.call(value).slice("[object ".length, -1), offset, bytes.byteLength];
  };
  const text = new TextEncoder().encode(stringify(answer, { [placedBytes]: place }));
  const written = new Uint8Array(4 + text.byteLength + size);
  new DataView(written.buffer).setUint32(0, text.byteLength, true);
  written.set(text, 4);
  let at = 4 + text.byteLength;
  for (const part of parts) {
    written.set(part, at);
    at += part.byteLength;
  }
  return written;
}
