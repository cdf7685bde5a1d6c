import type { FoundInstead } from "../errors.ts";
import { hasMagic } from "../reflect/index.ts";

/**
 * Tells what something is that is not a core module.
 *
 * @param start - The first bytes: some 256 if there are so many. They must not be shared with other threads.
 */
export function foundInstead(start: Uint8Array<ArrayBuffer>): FoundInstead {
  if (!start.length) return "empty";
  if (hasMagic(start)) return "component";
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  const text = (
    typeof TextDecoder === "function"
      ? // Streaming, because the last character may be cut.
        new TextDecoder().decode(start, { stream: true })
      : String.fromCharCode(...start)
  ).trimStart();
  // eslint-disable-next-line no-control-regex -- they are what tells text from other bytes
  if (/[\0-\x08\x0e-\x1f\ufffd]/.test(text)) return "unknown";
  if (/^(\((module|component|;)|;;)/.test(text)) return "wat";
  return text.startsWith("<") ? "html" : /^[[{]/.test(text) ? "json" : "text";
}
