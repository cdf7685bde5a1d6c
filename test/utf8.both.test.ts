import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainUtf8 } from "../src/base/utf8.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The text that a decoder returns; `undefined` if it refuses the bytes. */
const read = (decode: () => string): string | undefined => {
  try {
    return decode();
  } catch {
    return undefined;
  }
};

const decodesAlike = (bytes: Uint8Array): boolean =>
  plainUtf8.decode(bytes, false) === lenient.decode(bytes) &&
  read(() => plainUtf8.decode(bytes, true)) === read(() => strict.decode(bytes));

/** The bytes at which the ranges of the standard's decoder begin and end, and one inside each. */
const boundaries = [
  0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0,
  0xf1, 0xf3, 0xf4, 0xf5, 0xff,
];

describe("the plain coder", () => {
  it("decodes all sequences of up to four boundary bytes as the platform does", { timeout: 120_000 }, () => {
    const different: string[] = [];
    const extend = (bytes: readonly number[]): void => {
      if (!decodesAlike(Uint8Array.from(bytes))) different.push(bytes.join(" "));
      if (bytes.length < 4) for (const byte of boundaries) extend([...bytes, byte]);
    };
    extend([]);
    expect(different).toEqual([]);
  });

  it("decodes random bytes as the platform does", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.constantFrom(...boundaries), { maxLength: 12 }).map((some) => Uint8Array.from(some)),
      fc.string({ unit: "binary", maxLength: 40 }).map((text) => encoder.encode(text)),
    );
    fc.assert(
      fc.property(bytes, (some) => decodesAlike(some)),
      { numRuns: 3000 },
    );
  });

  it("encodes all characters, and random text with lone surrogates, as the platform does", () => {
    let all = "";
    for (let code = 0; code <= 0x10ffff; code += code < 0x11000 ? 1 : 97) all += String.fromCodePoint(code) + "a";
    expect(plainUtf8.encode(all)).toEqual(encoder.encode(all));
    const units = fc.array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7ff, max: 0xe000 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(units, (some) => {
        const text = String.fromCharCode(...some);
        expect(plainUtf8.encode(text)).toEqual(encoder.encode(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps a byte order mark, and takes texts longer than an engine's argument list", () => {
    const text = "\ufeff" + "Straße 🏃".repeat(100_000);
    const bytes = plainUtf8.encode(text);
    expect(bytes.length).toBe(encoder.encode(text).length);
    expect(plainUtf8.decode(bytes, true) === text).toBe(true);
  });
});
