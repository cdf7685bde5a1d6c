import type { UnglueError } from "../errors/unglue-error.ts";
import { loadError } from "../errors/load-error.ts";
import type { FoundInstead } from "../errors/details.ts";
import type { Origin } from "./cursor.ts";
import { hasMagic } from "./magic.ts";

/** UTF-8 bytes without control characters; the last character may be truncated. */
const likeText =
  /^(?:[\t-\r\x20-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*[\xc2-\xf4]?[\x80-\xbf]{0,2}$/;

/**
 * Identifies the content of a source that is not a core module.
 *
 * @param start - The first bytes, about 256 if there are that many. They must not be shared with other threads.
 */
export function foundInstead(start: Uint8Array<ArrayBuffer>): FoundInstead {
  if (!start.length) return "empty";
  if (hasMagic(start)) return "component";
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  // One character per byte: worklets and shells have no decoder.
  const bytes = String.fromCharCode(...start);
  if (!likeText.test(bytes)) return "unknown";
  const text = bytes.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^(\((module|component|;)|;;)/.test(text)) return "wat";
  return text.startsWith("<") ? "html" : /^[[{]/.test(text) ? "json" : "text";
}

/**
 * Makes the failure for a source that is not a core module.
 *
 * @param bytes - Its first bytes, or all of them.
 * @param origin - Where it came from, if that is known.
 */
export function notWasmError(bytes: Uint8Array, { from, contentType }: Origin): UnglueError<"not-wasm"> {
  // Copied: the bytes may be shared with other threads.
  return loadError("not-wasm", {
    found: foundInstead(bytes.slice(0, 256)),
    ...(from !== undefined && { from }),
    ...(contentType !== undefined && { contentType }),
  });
}
