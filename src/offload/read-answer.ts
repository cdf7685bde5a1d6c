import { parse } from "devalue";
import { type FunctionAnswer, placedBytes, type PlacedBytes } from "./function-messages.ts";

type ArrayClass = new (buffer: ArrayBuffer) => ArrayBufferView;

/**
 * Reads an answer from the bytes that the other thread wrote.
 *
 * @param written - The bytes. They are copied.
 */
export function readAnswer(written: Uint8Array<ArrayBuffer>): FunctionAnswer {
  const start = 4 + new DataView(written.buffer, written.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(written.subarray(4, start));
  const classes: { readonly [name: string]: unknown } = globalThis;
  const restore = ([className, offset, size]: PlacedBytes): ArrayBufferView | ArrayBuffer => {
    const { buffer } = written.slice(start + offset, start + offset + size);
    return /(Array|DataView)$/.test(className) ? new (classes[className] as ArrayClass)(buffer) : buffer;
  };
  return parse(text, { [placedBytes]: restore }) as FunctionAnswer;
}
