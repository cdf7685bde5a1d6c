import { afterEach, describe, expect, it, vi } from "vitest";
import { loadCommand, memoryDirectory } from "unglue/wasi";
import { createPieceDecoder, decodeText, encodeText } from "../../src/toolchains/wasi/text.ts";
import { wasiUrl } from "./fixture.ts";

/** Characters of each length, a byte order mark, and bytes that are none. */
const bytes = Uint8Array.from([
  ...new TextEncoder().encode("\uFEFFa é € 😀\n"),
  ...[0xf0, 0x9f, 0x98, 0x41, 0xe2, 0x82, 0xc3, 0x80, 0x80, 0x80, 0x80, 0xff, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80],
  ...new TextEncoder().encode("😀é"),
  ...[0xf0, 0x9f, 0x98],
]);
const expected = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each([
  ["of the platform", false],
  ["of the library, where the platform has none", true],
])("coders %s", (_, lacks) => {
  const stub = (): void => {
    if (!lacks) return;
    vi.stubGlobal("TextEncoder", undefined);
    vi.stubGlobal("TextDecoder", undefined);
  };

  it("decode pieces of every size as one text", () => {
    stub();
    for (let size = 1; size <= bytes.length; size++) {
      const decoder = createPieceDecoder();
      let text = "";
      for (let at = 0; at < bytes.length; at += size) text += decoder.add(bytes.subarray(at, at + size));
      expect(text + decoder.end()).toBe(expected);
      expect(decoder.end()).toBe("");
    }
    expect(decodeText(bytes)).toBe(expected);
  });

  it("encode text, with U+FFFD for lone surrogates", () => {
    stub();
    expect(decodeText(encodeText("é😀\uD800!"))).toBe("é😀\uFFFD!");
  });

  it("serve a command's arguments and streams; directories in memory need those of the platform", async () => {
    stub();
    const program = await loadCommand(wasiUrl("command"));
    expect(await program.run({ args: ["cat"], stdin: "Zoë" })).toMatchObject({ stdout: "Zoë", stderr: "4 bytes\n" });
    expect((await program.run({ args: ["größer"] })).stdout).toBe("main.wasm\ngrößer\n");
    if (lacks) {
      const refusal = { code: "unavailable-here", details: { what: "TextDecoder" } };
      await expect(memoryDirectory()).rejects.toMatchObject(refusal);
    } else expect((await memoryDirectory({ a: "é" })).text("a")).toBe("é");
  });
});
