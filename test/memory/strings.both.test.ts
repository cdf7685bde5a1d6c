import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemory } from "../../src/memory/index.ts";
import type { Memory, StringEncoding, StringLayout } from "../../src/public/index.ts";
import { thrownBy } from "../wat.ts";
import { bumpModule, load } from "./modules.ts";

const encoder = new TextEncoder();
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const layouts = [undefined, "nul", "u8", "u16", "u32"] as const;
const encodings = ["utf-8", "utf-16"] as const;

// Texts about as long as where one way of conversion gives way to the next, of every mixture of units.
const unit = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 0x7f }), weight: 6 },
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0xd800, max: 0xdfff }),
  fc.constantFrom(0xfeff, 0xfffd, 0x80, 0x7ff, 0x800),
);
const ascii = fc.string({ unit: "binary-ascii", maxLength: 40 });
const anyText = fc.oneof(
  ascii,
  fc.array(unit, { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const withoutNul = anyText.map((text) => text.replaceAll("\0", "."));
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xe2, 0x82, 0xac, 0xef, 0xbf, 0xbd, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0),
      { maxLength: 40 },
    )
    .map((list) => Uint8Array.from(list)),
);

function plain(shared = false): Memory {
  const raw = new WebAssembly.Memory({ initial: 1, maximum: 2, shared });
  return createMemory(raw, { allocator: () => ({}) as never });
}

/** A text after a round trip through UTF-8. */
const wellFormed = (text: string) => lenient.decode(encoder.encode(text));
const stored = (text: string, encoding: StringEncoding) => (encoding === "utf-8" ? wellFormed(text) : text);
const utf16Bytes = (text: string) => [...text.split("")].flatMap((c) => [c.charCodeAt(0) & 0xff, c.charCodeAt(0) >> 8]);
const plainBytes = (text: string, encoding: StringEncoding) =>
  encoding === "utf-8" ? [...encoder.encode(text)] : utf16Bytes(text);

describe("reading UTF-8", () => {
  for (const [kind, memory] of [
    ["a memory", plain()],
    ["a shared memory", plain(true)],
  ] as const) {
    it(`decodes any bytes of ${kind} as TextDecoder does, and keeps a byte order mark`, () => {
      fc.assert(
        fc.property(bytes, fc.nat(9), (data, address) => {
          memory.write(address, data);
          expect(memory.readString(address, data.length)).toBe(lenient.decode(data));
        }),
      );
      memory.write(0, Uint8Array.of(0xef, 0xbb, 0xbf, 0x41));
      expect(memory.readString(0, 4)).toBe("\uFEFFA");
      expect(memory.readString(0, 4, { fatal: true })).toBe("\uFEFFA");
    });
  }

  it("under fatal refuses what is invalid, with the offset of the first byte that does not decode", () => {
    const memory = plain();
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(bytes, (data) => {
        memory.write(3, data);
        const read = () => memory.readString(3, data.length, { fatal: true });
        const valid = (end: number) => {
          try {
            strict.decode(data.subarray(0, end));
            return true;
          } catch {
            return false;
          }
        };
        if (valid(data.length)) {
          expect(read()).toBe(lenient.decode(data));
          return;
        }
        const { code, details, cause } = thrownBy(read) as {
          code: string;
          details: { offset: number };
          cause: unknown;
        };
        expect(code).toBe("invalid-string");
        expect(cause).toMatchObject({ name: "TypeError" });
        // All before it decodes, and no longer part does.
        expect(valid(details.offset)).toBe(true);
        for (let end = details.offset + 1; end <= data.length; end++) expect(valid(end)).toBe(false);
      }),
    );
  });

  it("does not take a stored U+FFFD for an invalid byte", () => {
    const memory = plain();
    const data = [...encoder.encode("a\uFFFD€😀\uFFFD"), 0xef, 0xbf, 0x41, 0xff];
    memory.write(0, Uint8Array.from(data));
    expect(thrownBy(() => memory.readString(0, data.length, { fatal: true }))).toMatchObject({
      code: "invalid-string",
      details: { encoding: "utf-8", offset: data.length - 4 },
    });
  });
});

describe("reading UTF-16", () => {
  it("gives every unit as it is, at even and odd addresses, also of a shared memory", () => {
    for (const memory of [plain(), plain(true)]) {
      fc.assert(
        fc.property(anyText, fc.nat(5), (text, address) => {
          memory.write(address, Uint8Array.from(utf16Bytes(text)));
          expect(memory.readString(address, text.length * 2, { encoding: "utf-16" })).toBe(text);
        }),
      );
    }
  });

  it("under fatal refuses a lone surrogate, with its offset in bytes", () => {
    const memory = plain();
    for (const [text, offset] of [
      ["ab\uD800c", 4],
      ["\uDC00", 0],
      ["😀\uD83D", 4],
    ] as const) {
      memory.writeString(1, text, 100, { encoding: "utf-16" });
      expect(thrownBy(() => memory.readString(1, text.length * 2, { encoding: "utf-16", fatal: true }))).toMatchObject({
        code: "invalid-string",
        details: { encoding: "utf-16", offset },
      });
    }
    memory.writeString(1, "a😀", 100, { encoding: "utf-16" });
    expect(memory.readString(1, 6, { encoding: "utf-16", fatal: true })).toBe("a😀");
  });

  it("refuses an odd number of bytes", () => {
    expect(thrownBy(() => plain().readString(0, 3, { encoding: "utf-16" }))).toMatchObject({
      code: "invalid-argument",
      details: { argument: "length", received: "3" },
    });
  });
});

describe("text with a layout", () => {
  it("is stored so that it reads back, and nothing beside it is touched", () => {
    const memory = plain();
    fc.assert(
      fc.property(
        withoutNul,
        fc.constantFrom(...encodings),
        fc.constantFrom(...layouts),
        fc.nat(9),
        (text, encoding, layout, address) => {
          memory.u8.fill(0xaa, 0, 400);
          const written = memory.writeString(address + 1, text, 300, { encoding, ...(layout && { layout }) });
          const inner = plainBytes(text, encoding);
          const count = encoding === "utf-8" ? inner.length : inner.length / 2;
          const before =
            layout === undefined || layout === "nul" ? [] : [count, 0, 0, 0].slice(0, Number(layout.slice(1)) / 8);
          const after = layout === "nul" ? plainBytes("\0", encoding) : [];
          expect([...memory.read(address, written + 2)]).toEqual([0xaa, ...before, ...inner, ...after, 0xaa]);
          expect(memory.readString(address + 1, layout ?? written, { encoding })).toBe(stored(text, encoding));
        },
      ),
    );
  });

  it("has a count in little-endian", () => {
    const memory = plain();
    for (const layout of ["u16", "u32"] as const) {
      memory.writeString(0, "x".repeat(0x1234), 0x2000, { layout });
      expect([...memory.read(0, 2)]).toEqual([0x34, 0x12]);
      expect(memory.readString(0, layout).length).toBe(0x1234);
    }
  });

  it("of a length around every change of method reads back", () => {
    const memory = plain();
    for (const length of [0, 1, 7, 8, 9, 23, 24, 25, 32, 255, 4095, 4096, 4097, 9000]) {
      for (const filler of ["a", "é", "€"]) {
        for (const encoding of encodings) {
          const text = filler.repeat(length);
          memory.writeString(7, text, 60000, { encoding, layout: "nul" });
          expect(memory.readString(7, "nul", { encoding })).toBe(text);
        }
      }
    }
  });

  it("without a terminator up to the memory's end is out of bounds", () => {
    const memory = plain();
    memory.u8.fill(0x41);
    expect(thrownBy(() => memory.readString(65530))).toMatchObject({
      code: "out-of-bounds",
      details: { address: 65530, length: 7, size: 65536 },
      message: expect.stringContaining("a text that no zero ends at address 65530") as string,
    });
    // Two zero bytes that are halves of two units end nothing; one at the very end is no unit.
    memory.u8.set([0x41, 0, 0, 0x41, 0x41, 0], 65530);
    for (const address of [65530, 65533, 65536]) {
      expect(thrownBy(() => memory.readString(address, "nul", { encoding: "utf-16" }))).toMatchObject({
        code: "out-of-bounds",
      });
    }
    memory.u8.set([0, 0], 65534);
    expect(memory.readString(65532, "nul", { encoding: "utf-16" })).toBe("\u4100");
    expect(memory.readString(65535)).toBe("");
    expect(thrownBy(() => memory.readString(65536))).toMatchObject({ code: "out-of-bounds" });
  });

  it("with a count that leads out of the memory, or no room for its count, is out of bounds", () => {
    const memory = plain();
    memory.u8.set([0xff, 0xff, 0xff, 0xff], 8);
    for (const encoding of encodings) {
      const length = 0xffffffff * (encoding === "utf-8" ? 1 : 2);
      expect(thrownBy(() => memory.readString(8, "u32", { encoding }))).toMatchObject({
        code: "out-of-bounds",
        details: { address: 12, length, size: 65536 },
      });
    }
    expect(thrownBy(() => memory.readString(65533, "u32"))).toMatchObject({
      code: "out-of-bounds",
      details: { address: 65533, length: 4 },
    });
  });
});

describe("writing text", () => {
  it("that does not fit is refused with the bytes needed, and nothing is written", () => {
    const memory = plain();
    for (const [text, layout, encoding, needed] of [
      ["hello", undefined, "utf-8", 5],
      ["hello", "nul", "utf-8", 6],
      ["héllo€", "u32", "utf-8", 13],
      ["hello", "nul", "utf-16", 12],
      ["x".repeat(100), "u8", "utf-8", 101],
      ["€".repeat(5000), "u16", "utf-8", 15002],
    ] as [string, StringLayout | undefined, StringEncoding, number][]) {
      const options = { encoding, ...(layout && { layout }) };
      expect(thrownBy(() => memory.writeString(0, text, needed - 1, options))).toMatchObject({
        code: "string-too-long",
        details: { needed, capacity: needed - 1 },
      });
      expect(thrownBy(() => memory.writeString(65537 - needed, text, needed, options))).toMatchObject({
        code: "out-of-bounds",
        details: { address: 65537 - needed, length: needed, size: 65536 },
      });
      expect(memory.u8.every((byte) => byte === 0)).toBe(true);
      expect(memory.writeString(65536 - needed, text, BigInt(needed), options)).toBe(needed);
      memory.u8.fill(0);
    }
  });

  it("longer than its count can say is refused", () => {
    const memory = plain();
    const options = { layout: "u8", encoding: "utf-16" } as const;
    expect(memory.writeString(0, "x".repeat(255), 1000, options)).toBe(511);
    expect(thrownBy(() => memory.writeString(0, "x".repeat(256), 1000, options))).toMatchObject({
      code: "string-too-long",
      details: { needed: 513, capacity: 511 },
    });
    expect(thrownBy(() => memory.writeString(0, "x".repeat(65536), 1e6, { layout: "u16" }))).toMatchObject({
      code: "string-too-long",
      details: { needed: 65538, capacity: 65537 },
    });
  });

  it("keeps a lone surrogate in UTF-16, stores U+FFFD for it in UTF-8, and under fatal refuses it", () => {
    const memory = plain();
    fc.assert(
      fc.property(anyText, fc.constantFrom(...encodings), (text, encoding) => {
        memory.u8.fill(0, 0, 200);
        const lone = /\p{Surrogate}/u.exec(text);
        const write = () => memory.writeString(0, text, 200, { encoding, fatal: true });
        if (lone) {
          expect(thrownBy(write)).toMatchObject({ code: "invalid-string", details: { encoding, offset: lone.index } });
          expect(memory.u8.every((byte) => byte === 0)).toBe(true);
        }
        const written = lone ? memory.writeString(0, text, 200, { encoding }) : write();
        expect([...memory.read(0, written)]).toEqual(plainBytes(text, encoding));
      }),
    );
  });

  it("with U+0000 is refused where a zero ends it, and reads back where a count does", () => {
    const memory = plain();
    for (const encoding of encodings) {
      for (const [text, offset] of [
        ["\0", 0],
        ["a\0b\0", 1],
        [`${"é".repeat(100)}\0`, 100],
      ] as const) {
        memory.u8.fill(0xaa);
        expect(thrownBy(() => memory.writeString(16, text, 1000, { encoding, layout: "nul" }))).toMatchObject({
          code: "invalid-string",
          details: { encoding, offset },
        });
        expect(memory.u8.every((byte) => byte === 0xaa)).toBe(true);
        // No allocator is there to be asked.
        expect(thrownBy(() => memory.allocString(text, { encoding, layout: "nul" }))).toMatchObject({
          code: "invalid-string",
        });
        memory.writeString(16, text, 1000, { encoding, layout: "u16" });
        expect(memory.readString(16, "u16", { encoding })).toBe(text);
        expect(memory.readString(32, memory.writeString(32, text, 1000, { encoding }), { encoding })).toBe(text);
      }
    }
  });

  it("refuses names of encodings and layouts that do not exist", () => {
    const memory = plain();
    for (const [argument, body] of [
      ["encoding", () => memory.writeString(0, "x", 9, { encoding: "utf8" as never })],
      ["encoding", () => memory.readString(0, 1, { encoding: "constructor" as never })],
      ["layout", () => memory.writeString(0, "x", 9, { layout: "u64" as never })],
      ["length", () => memory.readString(0, "__proto__" as never)],
      ["text", () => memory.writeString(0, 5 as never, 9)],
      ["capacity", () => memory.writeString(0, "x", NaN)],
    ] as const) {
      expect(thrownBy(body)).toMatchObject({ code: "invalid-argument", details: { argument } });
    }
  });
});

describe("allocated text", () => {
  it("lies in memory of exactly its size, also where allocating grows the memory", async () => {
    const { memory, allocator } = await load(bumpModule({ memory: "1 40", start: 65000 }));
    fc.assert(
      fc.property(
        withoutNul,
        fc.constantFrom(...encodings),
        fc.constantFrom(...layouts),
        fc.constantFrom(1, 30, 300),
        (some, encoding, layout, times) => {
          const text = layout === "u8" ? some : some.repeat(times);
          const { address, length } = memory.allocString(text, { encoding, ...(layout && { layout }) });
          expect(length).toBe(plainBytes(text, encoding).length);
          const around = layout === "nul" ? (encoding === "utf-8" ? 1 : 2) : layout ? Number(layout.slice(1)) / 8 : 0;
          // The allocator only goes forward, so the next address is the end of the last.
          expect(allocator().alloc(0, 1)).toBe(address + (length + around || 0));
          expect(address % (encoding === "utf-16" ? 2 : 1)).toBe(0);
          expect(memory.readString(address, layout ?? length, { encoding })).toBe(stored(text, encoding));
        },
      ),
      { numRuns: 60 },
    );
    expect(memory.byteLength).toBeGreaterThan(65536);
  });

  it("is written whole where the allocator calls an import that writes text itself", async () => {
    const log: string[] = [];
    const { memory } = await load(
      `(module
        (import "env" "called" (func $called))
        (memory (export "memory") 1)
        (global $top (mut i32) (i32.const 1024))
        (func (export "malloc") (param i32) (result i32)
          (call $called)
          (global.get $top)
          (global.set $top (i32.add (global.get $top) (i32.const 1024)))))`,
      {
        called() {
          memory.writeString(0, `inner ${"é".repeat(40)}`, 200, { layout: "nul" });
          log.push(memory.readString(0));
        },
      },
    );
    const text = `outer ${"ü".repeat(60)}`;
    const { address, length } = memory.allocString(text);
    expect(memory.readString(address, length)).toBe(text);
    expect(log).toEqual([`inner ${"é".repeat(40)}`]);
  });

  it("that is empty has an address that is not null", async () => {
    const nullForNothing = `(module
      (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) (select (i32.const 1024) (i32.const 0) (local.get 0))))`;
    const { memory } = await load(nullForNothing);
    expect(memory.alloc(0)).toBe(0);
    expect(memory.allocString("")).toEqual({ address: 1024, length: 0 });
    const { memory: other } = await load(bumpModule());
    expect(other.allocString("")).toEqual({ address: 1024, length: 0 });
    expect(other.alloc(0, 1)).toBe(1024);
  });

  it("allocates nothing where the text is refused", async () => {
    const { memory } = await load(bumpModule());
    expect(thrownBy(() => memory.allocString("\uD800", { fatal: true }))).toMatchObject({ code: "invalid-string" });
    expect(thrownBy(() => memory.allocString("x".repeat(256), { layout: "u8" }))).toMatchObject({
      code: "string-too-long",
    });
    expect(thrownBy(() => memory.allocString(undefined as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "memory.allocString", argument: "text", received: "undefined" },
    });
    expect(memory.alloc(1, 1)).toBe(1024);
  });
});

describe("text that is longer than the engine's strings", () => {
  // 2²⁹ bytes and a page: never written to, so that hardly any of them takes place.
  const huge = `(module (memory (export "memory") 8193))`;

  it("is refused by its size", async () => {
    const { memory } = await load(huge);
    const size = memory.byteLength - 8;
    memory.u32[0] = size;
    expect(thrownBy(() => memory.readString(0, "u32", { fatal: true }))).toMatchObject({
      code: "engine-limit",
      details: { what: "text", size },
    });
    expect(memory.readString(4, 4)).toBe("\0\0\0\0");
  });

  it("is read whole where it is not, though it takes several pieces", async () => {
    const { memory } = await load(`(module (memory (export "memory") 1040))`);
    // A character on each side of every border of a power of two.
    memory.u8.fill(97);
    const at = 2 ** 26 - 2;
    memory.write(at, encoder.encode("😀"));
    for (const fatal of [true, false]) {
      const text = memory.readString(0, memory.byteLength, { fatal });
      expect([text.length, text.slice(at - 1, at + 3)]).toEqual([memory.byteLength - 2, "a😀a"]);
    }
  });
});

describe("options of unknown name", () => {
  it("are refused wherever text is read or written, and undefined ones too", async () => {
    const { memory } = await load(`(module (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) i32.const 8))`);
    const wrong = { encodin: undefined } as never;
    for (const [call, use] of [
      ["memory.readString", () => memory.readString(0, 4, wrong)],
      ["memory.writeString", () => memory.writeString(0, "x", 4, wrong)],
      ["memory.allocString", () => memory.allocString("x", wrong)],
      ["arena.string", () => memory.arena().string("x", wrong)],
    ] as const) {
      expect(thrownBy(use)).toMatchObject({
        code: "unknown-option",
        details: { call, option: "encodin", nearest: "encoding" },
      });
    }
    // Only writing has a layout.
    expect(thrownBy(() => memory.readString(0, 4, { layout: "u8" } as never))).toMatchObject({
      code: "unknown-option",
      details: { option: "layout" },
    });
  });
});
