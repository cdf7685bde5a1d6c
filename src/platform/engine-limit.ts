import { UnglueError } from "../errors/unglue-error.ts";

/**
 * Makes the error for a text or a copy that is too large for this engine.
 *
 * @param what - Which of the two it is.
 * @param size - Its size in the module's memory, in bytes.
 * @param cause - The engine's error, if there was one.
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

/** Up to this many bytes are decoded as a whole. Chromium ends the page if a text is too long. */
const wholeSize = 2 ** 26;

/**
 * Decodes UTF-8. Errors: `engine-limit`, and those of a fatal decoder.
 *
 * @param decoder - A decoder that keeps a byte order mark.
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
