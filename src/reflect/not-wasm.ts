import type { UnglueError } from "../errors/unglue-error.ts";
import { loadError } from "../errors/load-error.ts";
import type { FoundInstead } from "../errors/details.ts";
import type { Origin } from "./cursor.ts";
import { hasMagic } from "./magic.ts";

/** Bytes of UTF-8 without control characters; the last character may be cut. */
const likeText =
  /^(?:[\t-\r\x20-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*[\xc2-\xf4]?[\x80-\xbf]{0,2}$/;

/**
 * Tells what something is that is not a core module.
 *
 * @param start - The first bytes: some 256 if there are so many. They must not be shared with other threads.
 */
export function foundInstead(start: Uint8Array<ArrayBuffer>): FoundInstead {
  if (!start.length) return "empty";
  if (hasMagic(start)) return "component";
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  // A byte a character: worklets and shells have no decoder.
  const bytes = String.fromCharCode(...start);
  if (!likeText.test(bytes)) return "unknown";
  const text = bytes.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^(\((module|component|;)|;;)/.test(text)) return "wat";
  return text.startsWith("<") ? "html" : /^[[{]/.test(text) ? "json" : "text";
}

/**
 * Makes the failure for something that is not a core module.
 *
 * @param bytes - Its first bytes, or all of them.
 * @param origin - Where it came from, where that is known.
 */
export function notWasmError(bytes: Uint8Array, { from, contentType }: Origin): UnglueError<"not-wasm"> {
  // Copied: the bytes may be shared with other threads.
  return loadError("not-wasm", {
    found: foundInstead(bytes.slice(0, 256)),
    ...(from !== undefined && { from }),
    ...(contentType !== undefined && { contentType }),
  });
}
