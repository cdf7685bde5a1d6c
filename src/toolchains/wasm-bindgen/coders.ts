import { isFixed } from "../../base/buffers.ts";
import { decodeWith } from "../../platform/engine-limit.ts";
import type { Memory } from "../../public/index.ts";
import type { Runtime } from "./runtime.ts";
import { textSize } from "../../bind/values/index.ts";

/** Makes the function that encodes text. If the platform has no encoder, or it refuses the memory, the memory's own is used. */
export function createEncode(memory: () => Memory): Runtime["encode"] {
  let encoder: TextEncoder | undefined;
  const isPlain = createIsPlain();
  return (text, address, room) => {
    if (!encoder && typeof TextEncoder === "function") encoder = new TextEncoder();
    if (encoder && isPlain(memory()))
      return encoder.encodeInto(text, memory().u8.subarray(address, address + room)).read;
    if (textSize(text) > room) return 0;
    memory().writeString(address, text, room);
    return text.length;
  };
}

/** Makes the function that decodes text. */
export function createDecode(memory: () => Memory): Runtime["decode"] {
  let decoder: TextDecoder | undefined;
  const isPlain = createIsPlain();
  return (address, size) => {
    if (!decoder && typeof TextDecoder === "function") decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    if (decoder && isPlain(memory())) return decodeWith(decoder, memory().u8.subarray(address, address + size));
    return memory().readString(address, size);
  };
}

/** Makes the check whether the platform's coders accept a memory. It examines each buffer once, because every text needs it. */
function createIsPlain(): (memory: Memory) => boolean {
  let last: ArrayBufferLike | undefined;
  let isPlain = false;
  return ({ u8: { buffer } }) => {
    if (buffer !== last) {
      last = buffer;
      isPlain = isFixed(buffer);
    }
    return isPlain;
  };
}
