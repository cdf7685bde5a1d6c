import type { Memory } from "../types/index.ts";
import type { Runtime } from "./runtime.ts";
import { sizeOf } from "./text.ts";

/** Makes what encodes text. Where the platform has no encoder, the memory has one. */
export function createEncode(memory: () => Memory): Runtime["encode"] {
  let encoder: TextEncoder | undefined;
  return (text, address, room) => {
    if (!encoder && typeof TextEncoder === "function") encoder = new TextEncoder();
    if (encoder) return encoder.encodeInto(text, memory().u8.subarray(address, address + room)).read;
    if (sizeOf(text) > room) return 0;
    memory().writeString(address, text, room);
    return text.length;
  };
}

/** Makes what decodes text. */
export function createDecode(memory: () => Memory): Runtime["decode"] {
  let decoder: TextDecoder | undefined;
  return (address, size) => {
    if (!decoder && typeof TextDecoder === "function") decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    if (decoder) return decoder.decode(memory().u8.subarray(address, address + size));
    return memory().readString(address, size);
  };
}
