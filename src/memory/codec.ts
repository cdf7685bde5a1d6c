import { decodeWith, engineLimit } from "../platform/engine-limit.ts";
import type { Utf8 } from "../base/utf8.ts";

/** Conversions between text and UTF-8. A platform may have faster ones than the web standards. */
export interface Codec {
  /**
   * Encodes text as UTF-8, with U+FFFD for lone surrogates.
   *
   * @param text - The text.
   * @param reserve - Receives the exact size in bytes, once, and returns the bytes to write to. It may run the module.
   */
  encode(text: string, reserve: (size: number) => Uint8Array): void;
  /**
   * Decodes UTF-8 and keeps a byte order mark.
   *
   * @param bytes - The bytes; not of a shared or resizable buffer, which browsers refuse.
   * @param fatal - Whether invalid bytes throw; otherwise they are read as U+FFFD.
   */
  decode(bytes: Uint8Array, fatal: boolean): string;
}

/** UTF-8 takes at most three bytes for a UTF-16 unit; texts of 4096 units fit. */
const scratchSize = 3 * 4096;

/**
 * Makes a codec that uses only web standards. Nothing is created before its first use.
 *
 * @param plain - Replaces the platform's coders if it has none.
 */
export function createCodec(plain?: Utf8): Codec {
  if (plain) {
    return {
      encode(text, reserve) {
        const bytes = encodeAll(plain, text);
        reserve(bytes.length).set(bytes);
      },
      decode: (bytes, fatal) => {
        try {
          return plain.decode(bytes, fatal);
        } catch (cause) {
          throw cause instanceof RangeError ? engineLimit("text", bytes.length, cause) : cause;
        }
      },
    };
  }
  let encoder: TextEncoder | undefined;
  let scratch: Uint8Array | undefined;
  let strict: TextDecoder | undefined;
  let lenient: TextDecoder | undefined;
  const decoder = (fatal: boolean) => new TextDecoder("utf-8", { fatal, ignoreBOM: true });
  return {
    encode(text, reserve) {
      encoder ??= new TextEncoder();
      if (text.length * 3 > scratchSize) {
        const bytes = encodeAll(encoder, text);
        reserve(bytes.length).set(bytes);
        return;
      }
      // Taken while in use: `reserve` runs the module, which may call an import that encodes a text itself.
      const buffer = scratch ?? new Uint8Array(scratchSize);
      scratch = undefined;
      const size = encoder.encodeInto(text, buffer).written;
      reserve(size).set(buffer.subarray(0, size));
      scratch = buffer;
    },
    decode: (bytes, fatal) => decodeWith(fatal ? (strict ??= decoder(true)) : (lenient ??= decoder(false)), bytes),
  };
}

function encodeAll(encoder: Pick<Utf8, "encode">, text: string): Uint8Array {
  try {
    return encoder.encode(text);
  } catch (cause) {
    throw engineLimit("text", text.length, cause);
  }
}
