import { UnglueError } from "../errors/unglue-error.ts";

/**
 * The error of a text or a copy that is larger than this engine makes one.
 *
 * @param what - What it is.
 * @param size - Its bytes in the module's memory, or to be written there.
 * @param cause - The engine's error, where it gave one.
 */
export function engineLimit(what: "text" | "bytes", size: number, cause?: unknown): UnglueError<"engine-limit"> {
  return new UnglueError(
    "engine-limit",
    `This engine does not make a ${what === "text" ? "string" : "copy"} of ${size} bytes. ` +
      "Check that the length came from the module as it was meant; read or write what is as long as this in parts.",
    { what, size },
    { cause },
  );
}

/** Up to this many bytes are decoded as a whole. Chromium ends the page over a text that is too long. */
const wholeSize = 2 ** 26;

/**
 * Decodes UTF-8. Errors: `engine-limit`, and what a fatal decoder throws.
 *
 * @param decoder - One that keeps a byte order mark.
 * @param bytes - The bytes; not of a shared or resizable buffer.
 */
export function decodeWith(decoder: TextDecoder, bytes: Uint8Array): string {
  if (bytes.length <= wholeSize) return decoder.decode(bytes);
  const { fatal } = decoder;
  const pieces = new TextDecoder("utf-8", { fatal, ignoreBOM: true });
  let text = "";
  for (let at = 0; at < bytes.length; at += wholeSize) {
    const piece = pieces.decode(bytes.subarray(at, at + wholeSize), { stream: true });
    try {
      text += piece;
    } catch (cause) {
      throw engineLimit("text", bytes.length, cause);
    }
  }
  return text + pieces.decode();
}
