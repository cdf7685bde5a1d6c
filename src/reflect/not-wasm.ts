import type { FoundInstead } from "../errors.ts";
import { Failure } from "../failure.ts";
import type { Origin } from "./cursor.ts";

/** What stands before the first section: the magic, which a component has too, and the version. */
export const header: readonly number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * Tells what something is by its first bytes.
 *
 * @param start - The first bytes: some 256 if there are so many.
 * @returns What it is instead; `undefined` for a core module, even if it is cut short.
 */
export function notWasm(start: Uint8Array): FoundInstead | undefined {
  if (!start.length) return "empty";
  // A component has a layer of 1 where a core module's version goes on with 0.
  if (header.slice(0, 4).every((byte, i) => (start[i] ?? byte) === byte))
    return start[6] === 1 ? "component" : undefined;
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  // Copied, because a decoder refuses shared memory; streaming, because the last character may be cut.
  const first = start.slice(0, 256);
  const text = (
    typeof TextDecoder === "function"
      ? new TextDecoder().decode(first, { stream: true })
      : String.fromCharCode(...first)
  ).trimStart();
  // eslint-disable-next-line no-control-regex -- they are what tells text from other bytes
  if (/[\0-\x08\x0e-\x1f\ufffd]/.test(text)) return "unknown";
  if (/^(\((module|component|;)|;;)/.test(text)) return "wat";
  return text.startsWith("<") ? "html" : /^[[{]/.test(text) ? "json" : "text";
}

/**
 * Makes the failure for something that is not a core module.
 *
 * @param found - What {@link notWasm} told.
 * @param origin - Where it came from, where that is known.
 */
export function notWasmError(found: FoundInstead, { from, contentType }: Origin): Failure<"not-wasm"> {
  return new Failure("not-wasm", { found, ...(from && { from }), ...(contentType && { contentType }) });
}
