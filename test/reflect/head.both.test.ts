import { describe, expect, it } from "vitest";
import { HeadScanner } from "../../src/reflect/index.ts";
import { advise } from "../../src/toolchains/advice.ts";
import { thrownBy } from "../wat.ts";
import { completeShape, inspect, readHead, shapeOfModule } from "./reader.ts";
import { assemble, exported, functionType, i32, imported, list, sections, text, unsigned } from "./assemble.ts";

const { custom } = sections;
const producers = (tool: string, version: string) =>
  custom("producers", list([...text("processed-by"), ...list([...text(tool), ...text(version)])]));
/** The contents of a section that is read, of some size. */
const producersOf = (size: number) => list([...text("sdk"), ...list([...text("s".repeat(size)), ...text("1")])]);
const features = custom("target_features", list([0x2b, ...text("simd128")]));

const before = [
  custom("dylink.0", [1, 4, 8, 2, 3, 0]),
  sections.type(functionType([i32])),
  sections.import(imported("f", 0, 0)),
  sections.function([0]),
  sections.memory([0, 1]),
  sections.export(exported("run", 0, 1), exported("memory", 2)),
  sections.element(),
];
const behind = [
  sections.code([2, 0, 0x0b]),
  sections.data([0, 0x41, 0, 0x0b, 1, 7]),
  custom("other", [1]),
  producers("rustc", "1.99.0 (abc)"),
  features,
];
const bytes = assemble(...before, ...behind);
const headLength = assemble(...before).length;

/** The bytes that a scanner holds when it has enough, or at the end, and how many it was given. */
function scan(all: Uint8Array, chunk: number): { head: Uint8Array; given: number; enough: boolean } {
  const scanner = new HeadScanner();
  let given = 0;
  let enough = false;
  while (!enough && given < all.length) {
    enough = scanner.push(all.subarray(given, given + chunk));
    given = Math.min(all.length, given + chunk);
  }
  return { head: scanner.bytes, given, enough };
}

describe("a head scanner", () => {
  it.each([1, 2, 3, 7, 64, 1000])(
    "finds all before the code in chunks of %d bytes, with not a chunk more than it needs",
    (chunk) => {
      const { head, given, enough } = scan(bytes, chunk);
      expect(enough).toBe(true);
      expect([...head]).toEqual([...bytes.subarray(0, headLength)]);
      expect(given).toBe(Math.min(bytes.length, Math.ceil((headLength + 1) / chunk) * chunk));
    },
  );

  it("stops before data where there is no code", () => {
    const { head, enough } = scan(assemble(sections.memory([0, 1]), sections.data([0, 0x41, 0, 0x0b, 0])), 1);
    expect(enough).toBe(true);
    expect(readHead(head).memories).toHaveLength(1);
  });

  it("never has enough of a module without code and data, and holds all of it at the end", () => {
    const all = assemble(sections.memory([0, 1]), custom("note", [1, 2]));
    const { head, enough } = scan(all, 1);
    expect(enough).toBe(false);
    expect(readHead(head)).toEqual(inspect(all));
  });

  it("has enough of what is not a module, and of a size that is malformed, and leaves it to be named", () => {
    const page = scan(new TextEncoder().encode("<!doctype html><p>Not found"), 1);
    expect(page).toMatchObject({ given: 8, enough: true });
    expect(() => readHead(page.head)).toThrow(
      expect.objectContaining({ code: "not-wasm", details: { found: "html" } }) as Error,
    );
    const wrong = scan(assemble([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0, 0]), 1);
    expect(wrong).toMatchObject({ given: 14, enough: true });
    expect(() => readHead(wrong.head)).toThrow(expect.objectContaining({ code: "malformed" }) as Error);
  });

  it("holds what has arrived and no more, where a section announces four gigabytes", () => {
    const start = assemble([1, ...unsigned(2 ** 32 - 1)]);
    const { head, enough } = scan(start, 3);
    expect(enough).toBe(false);
    expect(head.length).toBe(start.length);
    expect(head.buffer.byteLength).toBeLessThan(3 * start.length);
    expect(() => readHead(head)).toThrow(expect.objectContaining({ code: "truncated" }) as Error);
  });

  it("grows by doubling, so that many small chunks are not copied over and over", () => {
    const scanner = new HeadScanner();
    scanner.push(assemble([1, ...unsigned(2 ** 20)]));
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 2 ** 14; i++) {
      scanner.push(new Uint8Array(32));
      buffers.add(scanner.bytes.buffer);
    }
    expect(buffers.size).toBeLessThan(20);
  });

  describe("where a custom section is large", () => {
    const size = 2 ** 20;
    const large = (...start: number[]) => [...start, ...new Uint8Array(size)];
    const noted = assemble(
      sections.type(functionType([i32])),
      custom("note", large()),
      custom("producers", producersOf(2000)),
      sections.function([0]),
      custom("", large()),
      custom("n".repeat(2000), large()),
      sections.export(exported("run", 0, 0)),
      sections.code([2, 0, 0x0b]),
    );

    it.each([1, 1000, 2 ** 16, 2 ** 24])("holds its name alone, in chunks of %d bytes", (chunk) => {
      const scanner = new HeadScanner();
      let most = 0;
      let isComplete = false;
      for (let at = 0; !isComplete; at += chunk) {
        isComplete = scanner.push(noted.subarray(at, at + chunk));
        most = Math.max(most, scanner.bytes.buffer.byteLength);
      }
      expect(most).toBeLessThan(2 ** 17);
      const { customSections, producers, ...rest } = inspect(noted);
      expect(customSections.map(({ size }) => size)).toEqual([size, expect.any(Number), size, size]);
      expect(advise(readHead(scanner.bytes, {}, scanner.leftOut))).toEqual({ ...rest, customSections, producers });
      expect(noted[scanner.end]).toBe(10);
    });

    it("keeps its contents for who passes the head on", () => {
      const scanner = new HeadScanner(true);
      expect(scanner.push(noted)).toBe(true);
      expect([scanner.leftOut.size, noted[scanner.bytes.length]]).toEqual([0, 10]);
    });

    it.each([
      ["is cut short", assemble(custom("note", large())).subarray(0, -5)],
      ["is cut short in its name", assemble(custom("n".repeat(5000), [])).subarray(0, -5)],
      ["has a name that is not UTF-8", assemble([0, ...unsigned(size + 2), 1, 0xff, ...new Uint8Array(size)])],
      [
        "has a name that is longer than it",
        assemble([0, ...unsigned(size), ...unsigned(size), ...new Uint8Array(size)]),
      ],
      ["has a damaged size", assemble([0, ...unsigned(size), ...Array<number>(6).fill(0xff), ...new Uint8Array(size)])],
      ["stands before something damaged", assemble(custom("note", large()), [1, 1, 9])],
      ["stands before something cut short", assemble(custom("note", large()), [1, 100, 9])],
    ])("says the same as of the whole module where it %s", (_, all) => {
      for (const chunk of [7, 2 ** 16]) {
        const scanner = new HeadScanner();
        for (let at = 0; at < all.length && !scanner.push(all.subarray(at, at + chunk)); at += chunk);
        expect(scanner.bytes.length).toBeLessThan(2 ** 14);
        const expected = thrownBy(() => inspect(all)) as { code: string; details: object };
        const { code, details } = expected;
        expect(thrownBy(() => readHead(scanner.bytes, {}, scanner.leftOut))).toMatchObject({ code, details });
      }
    });
  });

  it("keeps a copy, which the chunk's owner cannot change", () => {
    const chunk = bytes.slice();
    const scanner = new HeadScanner();
    expect(scanner.push(chunk)).toBe(true);
    chunk.fill(0);
    expect(readHead(scanner.bytes).exports).toHaveLength(2);
  });
});

describe("the shape of a head", () => {
  const head = readHead(bytes.subarray(0, headLength));

  it("lacks nothing but what custom sections behind the code say", () => {
    const { customSections, producers, targetFeatures, toolchain, ...rest } = inspect(bytes);
    expect(advise(head)).toEqual({
      ...rest,
      customSections: customSections.slice(0, 1),
      toolchain: { name: "unknown", evidence: [] },
    });
    expect([producers, targetFeatures, toolchain].map((one) => one !== undefined)).toEqual([true, true, true]);
  });

  it("is the same whatever follows the head", () => {
    expect(readHead(bytes)).toEqual(head);
    expect(readHead(bytes.subarray(0, headLength + 1))).toEqual(head);
    expect(readHead(Uint8Array.from([...bytes.subarray(0, headLength), 10, 0xff, 0xff]))).toEqual(head);
  });

  it("is completed by the engine's answers about the compiled module", () => {
    const complete = advise(completeShape(head, new WebAssembly.Module(bytes)));
    const { customSections, ...rest } = inspect(bytes);
    const named = customSections.filter(({ name }) => name !== "other");
    expect(complete).toEqual({
      ...rest,
      customSections: named.map(({ name, offset, size }, i) => (i === 0 ? { name, offset, size } : { name, size })),
    });
    expect(complete.toolchain).toMatchObject({ name: "rust", version: "1.99.0" });
  });
});

describe("the shape of a compiled module", () => {
  it("has names and kinds, what its custom sections say, and no types", () => {
    expect(advise(shapeOfModule(new WebAssembly.Module(bytes)))).toEqual({
      complete: false,
      imports: [{ module: "m", name: "f", kind: "function" }],
      exports: [
        { name: "run", kind: "function" },
        { name: "memory", kind: "memory" },
      ],
      memories: [],
      tables: [],
      customSections: [
        { name: "dylink.0", size: 6 },
        { name: "producers", size: 34 },
        { name: "target_features", size: 10 },
      ],
      dylink: { memorySize: 8, memoryAlign: 4, tableSize: 3, tableAlign: 1, needed: [] },
      producers: { language: [], processedBy: [{ name: "rustc", version: "1.99.0 (abc)" }], sdk: [] },
      targetFeatures: [{ prefix: "+", name: "simd128" }],
      toolchain: { name: "rust", version: "1.99.0", evidence: ["producer rustc 1.99.0 (abc)"] },
      advice: [expect.objectContaining({ code: "side-module" })],
    });
  });

  it("of an empty module is empty", () => {
    expect(shapeOfModule(new WebAssembly.Module(assemble()))).toMatchObject({
      imports: [],
      exports: [],
      customSections: [],
    });
  });
});
