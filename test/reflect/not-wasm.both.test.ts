import { describe, expect, it } from "vitest";
import type { FoundInstead } from "../../src/errors/details.ts";
import { isModule } from "../../src/reflect/index.ts";
import { inspect, readHead, readModule } from "./reader.ts";
import { assemble } from "./assemble.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const component = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 7, 0);

const others: readonly (readonly [what: string, bytes: Uint8Array, found: FoundInstead, advice: RegExp])[] = [
  ["no bytes", new Uint8Array(0), "empty", /build wrote the file/],
  ["a page", encode("<!DOCTYPE html><title>Not found</title>"), "html", /HTML page.*Check the URL/],
  ["a page behind a byte order mark and blanks", encode("\ufeff\r\n  <html>"), "html", /Check the URL/],
  ["the text format", encode('(module (func (export "f")))'), "wat", /wat2wasm/],
  ["the text format behind a comment", encode(";; a module\n(module)"), "wat", /wat2wasm/],
  ["the text format behind a block comment", encode("(; a module ;) (module)"), "wat", /wat2wasm/],
  ["a component's text", encode("(component)"), "wat", /wat2wasm/],
  ["JSON", encode('{"error":"no such file"}'), "json", /leads to/],
  ["a JSON array", encode(" [1]"), "json", /leads to/],
  ["a plain message", encode("404 page not found\n"), "text", /leads to/],
  [
    "a pointer in place of a large file",
    encode("version https://git-lfs.github.com/spec/v1\noid sha256:1"),
    "text",
    /Git LFS/,
  ],
  ["JavaScript in another script", encode("// модуль\nexport default 1;"), "text", /JavaScript/],
  ["text that is cut within a character", encode(`${"a".repeat(255)}é`), "text", /leads to/],
  ["a component", component, "component", /jco transpile/],
  ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0, 0), "gzip", /decompress/],
  ["a zip", Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), "unknown", /leads to/],
  ["bytes that are no text", Uint8Array.of(0xca, 0xfe, 0xba, 0xbe), "unknown", /leads to/],
  ["the magic with its bytes swapped", Uint8Array.of(0x6d, 0x73, 0x61, 0, 1, 0, 0, 0), "unknown", /leads to/],
];

describe("what is not a core module", () => {
  it.each(others)("is told by its first bytes: %s", (_, bytes, found, advice) => {
    expect(isModule(bytes)).toBe(false);
    const error = expect.objectContaining({
      code: "not-wasm",
      details: { found },
      message: expect.stringMatching(advice) as string,
    }) as Error;
    expect(() => inspect(bytes)).toThrow(error);
    expect(() => readHead(bytes)).toThrow(error);
  });

  it("is told from shared memory too", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(6));
    shared.set(encode("<html>"));
    expect(() => inspect(shared)).toThrow(expect.objectContaining({ details: { found: "html" } }) as Error);
  });

  it("is named with where it came from and what it was served as", () => {
    const origin = { from: "https://example.com/app.wasm", contentType: "text/html" };
    const error: unknown = expect.objectContaining({
      code: "not-wasm",
      details: { found: "html", ...origin },
      message: expect.stringContaining(
        "https://example.com/app.wasm, served as text/html, is not a WebAssembly module",
      ) as string,
    });
    expect(() => readModule(encode("<p>"), origin)).toThrow(error);
    expect(() => readModule(encode("{}"), { from: "a.wasm" })).toThrow(
      expect.objectContaining({ details: { found: "json", from: "a.wasm" } }) as Error,
    );
  });
});

describe("a core module", () => {
  const bytes = assemble([1, 1, 0]);

  it("is nothing else, however little of it is there", () => {
    for (let length = 1; length <= bytes.length; length++) expect(isModule(bytes.subarray(0, length))).toBe(true);
  });

  it("that is cut short is named with where it came from, what is missing and how much there is", () => {
    const cut = bytes.subarray(0, 10);
    expect(() => readModule(cut, { from: "a.wasm" })).toThrow(
      expect.objectContaining({
        code: "truncated",
        details: { offset: 8, size: 10, from: "a.wasm" },
        message: expect.stringMatching(/^a\.wasm is cut short.*byte 8.*2 bytes/) as string,
      }) as Error,
    );
  });

  it("of another version is malformed at its version", () => {
    const other = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0c, 0, 0, 0);
    expect(isModule(other)).toBe(true);
    expect(() => inspect(other)).toThrow(
      expect.objectContaining({ code: "malformed", details: { offset: 4, problem: "byte", subject: 12 } }) as Error,
    );
  });
});
