import { describe, expect, it } from "vitest";
import { Validity } from "../../src/base/validity.ts";
import { createMemory } from "../../src/memory/index.ts";
import type { Arena, Memory, MemoryType } from "../../src/public/index.ts";
import { thrownBy } from "../wat.ts";
import { bumpModule, load } from "./modules.ts";

const views = ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64", "view"] as const;

const type: MemoryType = { initial: 1, maximum: 4, shared: false, address: "i32", pageSize: 65536 };

function plain(
  descriptor: WebAssembly.MemoryDescriptor = { initial: 1, maximum: 4 },
  known?: Partial<MemoryType>,
): Memory {
  const unused = () => {
    throw new Error("not asked for");
  };
  const raw = new WebAssembly.Memory(descriptor);
  return createMemory(raw, { ...(known && { type: { ...type, ...known } }), allocator: unused });
}

describe("views of a memory", () => {
  it("show the same bytes in every type", () => {
    const memory = plain();
    memory.view.setFloat64(8, -1.5, true);
    expect(memory.f64[1]).toBe(-1.5);
    expect(memory.u64[1]).toBe(0xbff8000000000000n);
    expect(memory.i64[1]).toBe(0xbff8000000000000n - 2n ** 64n);
    expect(memory.u32[3]).toBe(0xbff80000);
    expect(memory.i32[3]).toBe(0xbff80000 - 2 ** 32);
    expect(memory.f32[3]).toBe(-1.9375);
    expect(memory.u16[7]).toBe(0xbff8);
    expect(memory.i16[7]).toBe(0xbff8 - 0x10000);
    expect(memory.u8[15]).toBe(0xbf);
    expect(memory.i8[15]).toBe(0xbf - 0x100);
    expect(memory.byteLength).toBe(65536);
    expect(memory.buffer).toBe(memory.raw.buffer);
  });

  it("are the same objects while the memory has not grown", () => {
    for (const memory of [plain(), plain({ initial: 0 }), plain({ initial: 1, maximum: 2, shared: true })]) {
      for (const name of views) expect(memory[name]).toBe(memory[name]);
    }
  });

  it("are fresh after growth from JavaScript, from the module, and by the engine's own object", async () => {
    const { memory, exports, raw } = await load(bumpModule());
    const grow = [() => memory.grow(1), () => exports.grow!(1), () => raw.grow(1)];
    for (const [index, step] of grow.entries()) {
      memory.u8[5] = index;
      expect(step()).toBe(index + 1);
      expect(memory.byteLength).toBe((index + 2) * 65536);
      for (const name of views) {
        expect(memory[name].buffer).toBe(raw.buffer);
        expect(memory[name].byteLength).toBe((index + 2) * 65536);
      }
      expect(memory.u8[5]).toBe(index);
    }
  });

  it("are fresh after growth of a shared memory, whose old buffer stays usable", () => {
    const memory = plain({ initial: 1, maximum: 3, shared: true }, { shared: true });
    const old = memory.u8;
    memory.raw.grow(1);
    expect(old.length).toBe(65536);
    for (const name of views) expect(memory[name].byteLength).toBe(2 * 65536);
    memory.u8[100] = 7;
    expect(old[100]).toBe(7);
  });

  it("are fresh when a buffer that is resizable in place has grown", () => {
    // Stands in for `memory.toResizableBuffer()`, which few engines have yet.
    const Resizable = ArrayBuffer as unknown as new (
      size: number,
      options: object,
    ) => ArrayBuffer & { resize(size: number): void };
    const buffer = new Resizable(65536, { maxByteLength: 3 * 65536 });
    const memory = createMemory({ buffer } as unknown as WebAssembly.Memory, { allocator: () => ({}) as never });
    const before = memory.u8;
    expect(memory.u8).toBe(before);
    buffer.resize(2 * 65536);
    for (const name of views) expect(memory[name].byteLength).toBe(2 * 65536);
    memory.write(65536, new TextEncoder().encode("ä text that is long enough for a decoder"));
    expect(memory.readString(65536, 41)).toBe("ä text that is long enough for a decoder");
  });

  it("leave out the odd bytes of a memory whose pages are of one byte", () => {
    // Stands in for the custom page sizes of engines to come.
    const memory = createMemory({ buffer: new ArrayBuffer(13) } as WebAssembly.Memory, {
      allocator: () => ({}) as never,
    });
    expect(views.map((name) => memory[name].byteLength)).toEqual([13, 13, 12, 12, 12, 12, 8, 8, 12, 8, 13]);
    expect(memory.byteLength).toBe(13);
    expect([...memory.read(12, 1)]).toEqual([0]);
  });
});

describe("growth", () => {
  it("returns the pages before, and takes a bigint too", () => {
    const memory = plain(undefined, {});
    expect(memory.grow(1)).toBe(1);
    expect(memory.grow(1n)).toBe(2);
    expect(memory.grow(0)).toBe(3);
  });

  it("is refused above the declared maximum, with what was asked and what is allowed", () => {
    const memory = plain(undefined, {});
    expect(thrownBy(() => memory.grow(4))).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "memoryPages", asked: 5, allowed: 4 },
    });
    expect(memory.byteLength).toBe(65536);
  });

  it("is refused above the ceiling of the limits", async () => {
    const { memory } = await load(bumpModule(), { ceiling: 2 });
    expect(memory.grow(1)).toBe(1);
    expect(thrownBy(() => memory.grow(1))).toMatchObject({ code: "limit-exceeded", details: { asked: 3, allowed: 2 } });
  });

  it("is refused with the engine's reason where the type is not known", () => {
    const memory = plain();
    const error = thrownBy(() => memory.grow(4));
    expect(error).toMatchObject({ code: "limit-exceeded", details: { asked: 5, allowed: 65_536 } });
    expect((error as Error).message).toContain("the engine refuses");
    expect((error as Error).cause).toMatchObject({ name: "RangeError" });
  });

  it("is refused for amounts that no memory has", () => {
    for (const known of [undefined, {}, { address: "i64" as const }]) {
      const memory = plain(undefined, known);
      const allowed = known === undefined ? 65_536 : 4;
      for (const pages of [1e9, 2 ** 40, 2n ** 70n]) {
        expect(thrownBy(() => memory.grow(pages))).toMatchObject({ code: "limit-exceeded", details: { allowed } });
      }
      for (const pages of [-1, -(2 ** 40), -1n]) {
        expect(thrownBy(() => memory.grow(pages))).toMatchObject({
          code: "invalid-argument",
          details: { call: "memory.grow", argument: "pages", expected: "a whole number from 0" },
        });
      }
    }
    expect(thrownBy(() => plain().grow(1.5))).toMatchObject({
      code: "invalid-argument",
      details: { call: "memory.grow", argument: "pages", received: "1.5" },
    });
  });

  it("counts in pages of the memory's own size", () => {
    const raw = { buffer: new ArrayBuffer(10), grow: (pages: number) => 10 * pages } as unknown as WebAssembly.Memory;
    const memory = createMemory(raw, { type: { ...type, maximum: 12, pageSize: 1 }, allocator: () => ({}) as never });
    expect(memory.grow(2)).toBe(20);
    expect(thrownBy(() => memory.grow(3))).toMatchObject({ details: { asked: 13, allowed: 12 } });
  });
});

describe("reading and writing bytes", () => {
  it("copies them", () => {
    const memory = plain();
    const data = Uint8Array.of(1, 2, 3);
    memory.write(100, data);
    data[0] = 9;
    const read = memory.read(100, 3);
    memory.u8[101] = 9;
    expect([...read]).toEqual([1, 2, 3]);
    expect(read.buffer.byteLength).toBe(3);
  });

  it("takes buffers and views of any kind, at any offset, of any realm", () => {
    const memory = plain();
    const { buffer } = Uint8Array.of(0, 0, 1, 2, 3, 4, 0, 0);
    const shared = new SharedArrayBuffer(4);
    new Uint8Array(shared).set([1, 2, 3, 4]);
    const views = [
      new Uint8Array(buffer, 2, 4),
      new DataView(buffer, 2, 4),
      new Uint16Array(buffer, 2, 2),
      buffer.slice(2, 6),
      shared,
    ];
    for (const data of views) {
      memory.u8.fill(0xff);
      memory.write(65532, data);
      expect([...memory.read(65531n, 5n)]).toEqual([0xff, 1, 2, 3, 4]);
    }
    for (const data of [undefined, null, 5, "text", [1, 2], { length: 3 }]) {
      expect(thrownBy(() => memory.write(0, data as never))).toMatchObject({
        code: "invalid-argument",
        details: { call: "memory.write", argument: "data" },
      });
    }
  });

  it("gives copies that are not shared", () => {
    const memory = plain({ initial: 1, maximum: 1, shared: true });
    expect(Object.prototype.toString.call(memory.read(0, 8).buffer)).toBe("[object ArrayBuffer]");
    memory.write(0, memory.u8.subarray(8, 16));
  });

  it("works up to the last byte and not beyond", () => {
    const memory = plain();
    expect(memory.read(65536, 0).length).toBe(0);
    expect(memory.read(0, 65536).length).toBe(65536);
    memory.u8.fill(1);
    for (const [address, length] of [
      [65536, 1],
      [65535, 2],
      [0, 65537],
      [65537, 0],
      [2 ** 32, 1],
      [2 ** 32 + 8, 1],
      [2 ** 53, 2 ** 53],
    ] as const) {
      const details = { address, length, size: 65536 };
      expect(thrownBy(() => memory.read(address, length))).toMatchObject({ code: "out-of-bounds", details });
    }
    expect(thrownBy(() => memory.write(65535, new Uint8Array(2)))).toMatchObject({
      code: "out-of-bounds",
      details: { address: 65535, length: 2, size: 65536 },
    });
    expect(memory.u8.every((byte) => byte === 1)).toBe(true);
  });

  it("names what was wrong and what to check", () => {
    expect((thrownBy(() => plain().read(65530, 16)) as Error).message).toBe(
      "memory.read: 16 bytes at address 65530 cannot lie inside the memory of 65536 bytes. " +
        "Check that the address came from this instance and is still allocated, and that the length counts bytes. " +
        "See unglue/docs/errors.md#out-of-bounds",
    );
  });

  it("reads a negative address as the unsigned one that the module meant, and never as a smaller one", () => {
    const memory = plain();
    for (const [address, meant] of [
      [-8, 2 ** 32 - 8],
      [-8n, 2 ** 32 - 8],
      [-(2 ** 31), 2 ** 31],
      [-(2 ** 31) - 1, -(2 ** 31) - 1],
      [-(2 ** 32) + 5, -(2 ** 32) + 5],
      [-(2n ** 64n) + 5n, -(2 ** 64) + 5],
    ] as const) {
      const error = thrownBy(() => memory.read(address, 1));
      expect(error).toMatchObject({ code: "out-of-bounds", details: { address: meant, length: 1 } });
    }
    expect(thrownBy(() => memory.read(0, -1))).toMatchObject({
      code: "out-of-bounds",
      details: { length: 2 ** 32 - 1 },
    });
  });

  it("refuses what is no whole number", () => {
    for (const value of [NaN, Infinity, 0.5, "8", undefined, null, {}, true]) {
      const memory = plain();
      for (const [argument, body] of [
        ["address", () => memory.read(value as never, 1)],
        ["length", () => memory.read(0, value as never)],
        ["address", () => memory.write(value as never, new Uint8Array(1))],
      ] as const) {
        expect(thrownBy(body)).toMatchObject({ code: "invalid-argument", details: { argument } });
      }
    }
  });
});

describe("a memory that can be used for a while", () => {
  const over = new Error("over");
  const allocator = () => ({ evidence: "", frees: 1, alloc: () => 8, free: () => undefined });
  /** A memory of an engine with another kind of buffer: growth leaves it in place. */
  const resizable = (): WebAssembly.Memory => {
    const buffer = new ArrayBuffer(64);
    Object.defineProperty(buffer, "resizable", { value: true });
    return { buffer } as unknown as WebAssembly.Memory;
  };

  it.each<[string, () => WebAssembly.Memory]>([
    ["of a fixed size", () => new WebAssembly.Memory({ initial: 1 })],
    ["of a size that changes", resizable],
  ])("refuses every member afterwards but the engine's own object: %s", (_, make) => {
    const validity = new Validity();
    const memory = createMemory(make(), { allocator, validity });
    const held = memory.arena();
    const args: { readonly [member: string]: readonly unknown[] } = {
      grow: [1],
      read: [0, 1],
      write: [0, Uint8Array.of(1)],
      readString: [0, 1],
      writeString: [0, "a", 1],
      alloc: [1],
      free: [8, 1],
      adopt: [8, 1],
      release: [8],
      allocString: ["a"],
      arena: [],
    };
    const use = (object: object, member: string, given: readonly unknown[] = []): unknown => {
      const value: unknown = Reflect.get(object, member);
      return typeof value === "function" ? Reflect.apply(value, undefined, given) : value;
    };
    const members = Object.keys(memory).filter((member) => member !== "raw");
    for (const member of members.filter((one) => one !== "grow")) use(memory, member, args[member]);
    validity.end((intent) => {
      expect(intent).toBe("use the memory");
      return over;
    });
    for (const member of members)
      expect([member, thrownBy(() => use(memory, member, args[member]))]).toEqual([member, over]);
    expect(members.length).toBe(views.length + Object.keys(args).length + 2);
    expect(memory.raw.buffer.byteLength).toBeGreaterThan(0);
    const uses: [string, unknown][] = [
      ["alloc", 8],
      ["bytes", new Uint8Array(8)],
      ["string", "a"],
      ["release", 8],
    ];
    for (const [member, given] of uses) expect(thrownBy(() => use(held, member, [given]))).toBe(over);
    expect(JSON.stringify(memory)).toBe('{"ended":true}');
  });

  it("has arenas that free what they hold, also where it has grown since it was used", () => {
    const freed: unknown[] = [];
    const validity = new Validity();
    const raw = new WebAssembly.Memory({ initial: 1 });
    const arenas = new Set<Arena>();
    const memory = createMemory(raw, {
      allocator: () => ({ ...allocator(), free: (...args: unknown[]) => void freed.push(args) }),
      validity,
      arenas,
    });
    const [first, second] = [memory.arena(), memory.arena()];
    first.alloc(5);
    second.dispose();
    expect([...arenas]).toEqual([first]);
    raw.grow(1);
    validity.end(() => over);
    first.dispose();
    expect([freed, arenas.size]).toEqual([[[8, 5, 8]], 0]);
  });
});

describe("how long something can be used", () => {
  it("is no longer than what it is a part of, and what it does at its end it does once", () => {
    const done: string[] = [];
    const whole = new Validity();
    const make = (name: string) => {
      const part = new Validity(whole);
      part.onEnd(() => void done.push(name));
      return part;
    };
    const [first, second] = [make("first"), make("second")];
    first.end((intent) => new Error(`first, ${intent}`));
    expect([first.isOver, second.isOver, whole.isOver]).toEqual([true, false, false]);
    expect(thrownBy(() => first.check("read"))).toMatchObject({ message: "first, read" });
    expect(second.check("read")).toBeUndefined();
    whole.end((intent) => new Error(`whole, ${intent}`));
    expect(thrownBy(() => second.check("read"))).toMatchObject({ message: "whole, read" });
    // Its own reason counts for more than a later one.
    expect(thrownBy(() => first.check("read"))).toMatchObject({ message: "first, read" });
    expect([second.isOver, done]).toEqual([true, ["first", "second"]]);
  });
});
