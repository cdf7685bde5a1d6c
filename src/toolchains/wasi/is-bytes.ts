import { arrayClassOf } from "../../base/buffers.ts";

/** Whether a value is a `Uint8Array`, of any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return arrayClassOf(value) === "Uint8Array";
}
