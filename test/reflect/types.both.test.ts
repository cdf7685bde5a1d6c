import { describe, expect, it } from "vitest";
import { inspect } from "./reader.ts";
import { assemble, engineTakes, functionType, i32, i64, imported, sections, unsigned } from "./assemble.ts";

const { type, global, memory, table, tag } = sections;
const importSection = sections.import;
/** All that this file's modules can refer to. */
const structAndFunction = type([0x5f, 0], functionType([]));

/** The type of the only import, given its kind and the bytes of its type. */
const typeOf = (kind: number, ...bytes: readonly number[]) =>
  inspect(assemble(structAndFunction, importSection(imported("x", kind, ...bytes)))).imports[0]?.type;
const valueOf = (...bytes: readonly number[]) => {
  const found = typeOf(3, ...bytes, 0);
  return found && "value" in found ? found.value : undefined;
};
const malformed = expect.objectContaining({ code: "malformed" }) as Error;

describe("a value type", () => {
  it.each([
    [[0x7f], "i32"],
    [[0x7e], "i64"],
    [[0x7d], "f32"],
    [[0x7c], "f64"],
    [[0x7b], "v128"],
    [[0x70], "funcref"],
    [[0x6f], "externref"],
    [[0x6e], "anyref"],
    [[0x6d], "eqref"],
    [[0x6c], "i31ref"],
    [[0x6b], "structref"],
    [[0x6a], "arrayref"],
    [[0x69], "exnref"],
    [[0x68], "contref"],
    [[0x71], "nullref"],
    [[0x72], "nullexternref"],
    [[0x73], "nullfuncref"],
    [[0x74], "nullexnref"],
    [[0x75], "nullcontref"],
    [[0x63, 0x70], "funcref"],
    [[0x63, 0x71], "nullref"],
    [[0x64, 0x70], "(ref func)"],
    [[0x64, 0x6c], "(ref i31)"],
    [[0x64, 0x69], "(ref exn)"],
    [[0x64, 0], "(ref 0)"],
    [[0x63, 1], "(ref null 1)"],
    [[0x63, 0x81, 0x00], "(ref null 1)"],
    [[0x64, 0x62, 1], "(ref (exact 1))"],
    [[0x63, 0x62, 0], "(ref null (exact 0))"],
    [[0x63, 0x65, 0x6e], "(ref null (shared any))"],
    [[0x64, 0x65, 0x70], "(ref (shared func))"],
    [[0x65, 0x70], "(ref null (shared func))"],
  ])("is read: %j is %s", (bytes, text) => {
    expect(valueOf(...bytes)).toBe(text);
  });

  it.each([
    ["a code that is no type", [0x40]],
    ["a packed type, which only a field can have", [0x78]],
    ["an index without its prefix", [0]],
    ["a type that is not there", [0x64, 2]],
    ["an exact type that is not there", [0x64, 0x62, 2]],
    ["a negative number that is no abstract type", [0x64, 0x40]],
    ["an abstract type in two bytes", [0x64, 0xf0, 0x7f]],
    ["a shared type by index", [0x64, 0x65, 0]],
    ["shared twice", [0x64, 0x65, 0x65, 0x70]],
  ])("is malformed: %s", (_, bytes) => {
    expect(() => valueOf(...bytes)).toThrow(malformed);
  });

  it("is malformed after a hundred thousand prefixes, and not a stack overflow", () => {
    const prefixes = new Array<number>(100_000).fill(0x65);
    expect(() => inspect(assemble(importSection(imported("x", 3).concat(prefixes))))).toThrow(malformed);
  });

  it("takes a type index of many bytes to the last bit", () => {
    const many = type(...new Array<number[]>(200).fill([0x5f, 0]));
    const last = inspect(assemble(many, importSection(imported("x", 3, 0x64, ...[0xc7, 0x01], 0)))).imports[0];
    expect(last?.type).toMatchObject({ value: "(ref 199)" });
    // 0x47 has the sign bit: as a signed number this is negative.
    expect(() => inspect(assemble(many, importSection(imported("x", 3, 0x64, 0x80, 0x47, 0))))).toThrow(malformed);
  });
});

describe("a memory type", () => {
  const plain = { initial: 1, shared: false, address: "i32", pageSize: 65536 };
  it.each([
    [[0, 1], plain],
    [[1, 1, 2], { ...plain, maximum: 2 }],
    [[1, 0, 0], { ...plain, initial: 0, maximum: 0 }],
    [[3, 1, 2], { ...plain, maximum: 2, shared: true }],
    [[4, 1], { ...plain, address: "i64" }],
    [[5, 1, 2], { ...plain, maximum: 2, address: "i64" }],
    [[7, 1, 2], { ...plain, maximum: 2, shared: true, address: "i64" }],
    [[8, 1, 0], { ...plain, pageSize: 1 }],
    [[9, 1, ...unsigned(2 ** 32 - 1), 0], { ...plain, maximum: 2 ** 32 - 1, pageSize: 1 }],
    [[8, 1, 16], plain],
    [[1, 0, ...unsigned(65536)], { ...plain, initial: 0, maximum: 65536 }],
    [[5, 0, ...unsigned(2 ** 48)], { ...plain, initial: 0, maximum: 2 ** 48, address: "i64" }],
    [
      [13, 0, ...unsigned(2n ** 53n - 1n), 0],
      { ...plain, initial: 0, maximum: 2 ** 53 - 1, address: "i64", pageSize: 1 },
    ],
    [[13, 0, ...unsigned(2n ** 53n), 0], { ...plain, initial: 0, maximum: 2n ** 53n, address: "i64", pageSize: 1 }],
    [
      [13, 0, ...unsigned(2n ** 64n - 1n), 0],
      { ...plain, initial: 0, maximum: 2n ** 64n - 1n, address: "i64", pageSize: 1 },
    ],
  ])("is read: %j", (bytes, expected) => {
    expect(typeOf(2, ...bytes)).toEqual(expected);
  });

  it.each([
    ["unknown flags", [16, 1]],
    ["a maximum below the initial size", [1, 2, 1]],
    ["more pages than 32 bits reach at the start", [0, ...unsigned(65537)]],
    ["more pages than 32 bits reach at the most", [1, 0, ...unsigned(65537)]],
    ["more pages than 64 bits reach", [5, 0, ...unsigned(2n ** 48n + 1n)]],
    ["a shared memory without a maximum", [2, 1]],
    ["pages above 65536 bytes", [8, 1, 17]],
    ["pages of 2^4294967295 bytes", [8, 1, ...unsigned(2 ** 32 - 1)]],
    ["a number of 33 bits", [0, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ["a number of six bytes", [0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
    ["a number of 65 bits", [4, ...new Array<number>(9).fill(0x80), 0x02]],
    ["a number of eleven bytes", [4, ...new Array<number>(10).fill(0x80), 0x00]],
  ])("is malformed: %s", (_, bytes) => {
    expect(() => typeOf(2, ...bytes)).toThrow(malformed);
    expect(engineTakes(assemble(importSection(imported("x", 2, ...bytes))))).toBe(false);
  });

  it("takes a number with as many leading zeros as its width has room for", () => {
    expect(typeOf(2, 0, 0x81, 0x80, 0x80, 0x80, 0x00)).toEqual(plain);
    expect(typeOf(2, 4, 0x81, ...new Array<number>(8).fill(0x80), 0x00)).toEqual({ ...plain, address: "i64" });
  });
});

describe("a table type", () => {
  it("has its element's type, limits, sharing and width of addresses", () => {
    expect(typeOf(1, 0x70, 0, 3)).toEqual({ element: "funcref", initial: 3, shared: false, address: "i32" });
    expect(typeOf(1, 0x64, 0, 7, 3, 4)).toEqual({
      element: "(ref 0)",
      initial: 3,
      maximum: 4,
      shared: true,
      address: "i64",
    });
    expect(typeOf(1, 0x6f, 1, 0, ...unsigned(2 ** 32 - 1))).toMatchObject({ maximum: 2 ** 32 - 1 });
  });

  it("is malformed with a number for its element, with pages, and with a maximum below its initial size", () => {
    for (const bytes of [
      [0x7f, 0, 1],
      [0x70, 8, 1, 0],
      [0x70, 1, 2, 1],
    ]) {
      expect(() => typeOf(1, ...bytes)).toThrow(malformed);
      expect(engineTakes(assemble(importSection(imported("x", 1, ...bytes))))).toBe(false);
    }
  });
});

describe("a tag's or a global's type", () => {
  it("has what the tag carries", () => {
    const bytes = assemble(type(functionType([i32, i64])), importSection(imported("x", 4, 0, 0)));
    expect(inspect(bytes).imports).toEqual([{ module: "m", name: "x", kind: "tag", type: { params: ["i32", "i64"] } }]);
    expect(engineTakes(bytes)).toBe(true);
  });

  it("is malformed as a tag with an attribute, with results, or of no function", () => {
    const types = type(functionType([], [i32]), functionType([]), [0x5f, 0]);
    for (const bytes of [
      [1, 1],
      [0, 0],
      [0, 2],
      [0, 3],
    ]) {
      expect(() => inspect(assemble(types, importSection(imported("x", 4, ...bytes))))).toThrow(malformed);
      expect(engineTakes(assemble(types, importSection(imported("x", 4, ...bytes))))).toBe(false);
    }
  });

  it("says whether a global can be assigned, and is malformed otherwise", () => {
    expect(typeOf(3, 0x7d, 0)).toEqual({ value: "f32", mutable: false });
    expect(typeOf(3, 0x7d, 1)).toEqual({ value: "f32", mutable: true });
    expect(() => typeOf(3, 0x7d, 2)).toThrow(malformed);
  });
});

describe("the type section", () => {
  /** The signature of type 0 to 3, by importing a function of each. */
  const signatures = (bytes: number[], ...indexes: number[]) =>
    inspect(assemble(bytes, importSection(...indexes.map((index) => imported("f", 0, index))))).imports.map(
      ({ type }) => type,
    );

  it("counts the types of a group, and keeps its functions' types", () => {
    const bytes = type(
      functionType([i32]),
      [0x4e, 3, 0x5f, 2, 0x78, 1, 0x63, 3, 0, 0x50, 0, ...functionType([[0x64, 1]], [[0x63, 3]]), 0x5e, 0x77, 0],
      functionType([], [i64, i64]),
    );
    expect(signatures(bytes, 0, 2, 4)).toEqual([
      { params: ["i32"], results: [] },
      { params: ["(ref 1)"], results: ["(ref null 3)"] },
      { params: [], results: ["i64", "i64"] },
    ]);
  });

  it("takes subtypes, final or not, of types before them", () => {
    const bytes = type([0x50, 0, 0x5f, 0], [0x4f, 1, 0, 0x5f, 1, i32, 0], [0x50, 0, ...functionType([i32])]);
    expect(signatures(bytes, 2)).toEqual([{ params: ["i32"], results: [] }]);
  });

  it("takes a type that refers to itself", () => {
    expect(signatures(type(functionType([[0x63, 0]])), 0)).toEqual([{ params: ["(ref null 0)"], results: [] }]);
  });

  it("takes continuations, shared types and descriptors", () => {
    const bytes = type(
      functionType([]),
      [0x5d, 0],
      [0x65, 0x5f, 1, 0x65, 0x6e, 1],
      [0x4e, 2, 0x4d, 4, 0x5f, 0, 0x4c, 3, 0x5f, 0],
      [0x50, 0, 0x65, ...functionType([i64])],
    );
    expect(signatures(bytes, 5)).toEqual([{ params: ["i64"], results: [] }]);
  });

  it.each([
    ["a type that begins like none", type([0x61])],
    ["a reference to a type that comes later", type(functionType([[0x64, 1]]), [0x5f, 0])],
    ["a reference out of its group", type([0x4e, 1, ...functionType([[0x64, 1]])], [0x5f, 0])],
    ["a supertype that is not there", type([0x50, 1, 7, 0x5f, 0])],
    ["a field that is neither mutable nor immutable", type([0x5f, 1, i32, 2])],
    ["a group within a group", type([0x4e, 1, 0x4e, 1, 0x5f, 0])],
  ])("is malformed: %s", (_, bytes) => {
    expect(() => inspect(assemble(bytes))).toThrow(malformed);
    expect(engineTakes(assemble(bytes))).toBe(false);
  });

  it("is kept in hexadecimal, with the index of a function's or tag's type, where an import refers to a type by index", () => {
    const types = type([0x5f, 0], functionType([[0x63, 0]]), functionType([i32]));
    const contents = "035f00600163000060017f00";
    const kept = (...items: number[][]) => inspect(assemble(types, importSection(...items)));
    expect(kept(imported("g", 3, 0x63, 0, 0)).typeSection).toBe(contents);
    expect(kept(imported("t", 1, 0x63, 0, 0, 1)).typeSection).toBe(contents);
    expect(kept(imported("f", 0, 1)).typeSection).toBe(contents);
    expect(kept(imported("f", 0, 1)).imports[0]).toHaveProperty("typeIndex", 1);
    expect(kept(imported("e", 4, 0, 1)).typeSection).toBe(contents);
    expect(kept(imported("e", 4, 0, 1)).imports[0]).toHaveProperty("typeIndex", 1);
    expect(kept(imported("g", 3, 0x63, 0, 0)).imports[0]).not.toHaveProperty("typeIndex");
  });

  it("is not kept where no import refers to a type by index, not even with i31 in a name", () => {
    const types = type([0x5f, 0], functionType([[0x63, 0]]), functionType([[0x64, 0x6c]]));
    const others = [
      imported("f", 0, 2),
      imported("g", 3, 0x64, 0x6c, 0),
      imported("m", 2, 1, 1, 2),
      imported("t", 1, 0x70, 1, 1, 2),
    ];
    const shape = inspect(
      assemble(types, importSection(...others), sections.function([1]), sections.code([2, 0, 0x0b])),
    );
    expect(shape).not.toHaveProperty("typeSection");
    expect(shape.imports.some((wanted) => "typeIndex" in wanted)).toBe(false);
  });
});

describe("definitions", () => {
  const constants = {
    "i32.const": [0x41, 0x80, 0x7f],
    "i64.const": [0x42, ...new Array<number>(9).fill(0x80), 0x00],
    "f32.const": [0x43, 0x0b, 0x0b, 0x0b, 0x0b],
    "f64.const": [0x44, 0, 0, 0, 0, 0, 0, 0x0b, 0x0b],
    "v128.const": [0xfd, 0x0c, ...new Array<number>(16).fill(0x0b)],
    "global.get": [0x23, 0x0b],
    "ref.func": [0xd2, 0x0b],
    "ref.null of an abstract type": [0xd0, 0x70],
    "ref.null of a type index": [0xd0, 0],
    "struct.new": [0xfb, 0, 0],
    "struct.new_default": [0xfb, 1, 0],
    "array.new": [0x41, 0, 0x41, 1, 0xfb, 6, 0],
    "array.new_default": [0x41, 1, 0xfb, 7, 0],
    "array.new_fixed": [0x41, 0, 0xfb, 8, 0, 1],
    "ref.i31": [0x41, 0, 0xfb, 28],
    "any.convert_extern": [0xd0, 0x6f, 0xfb, 26],
    "extern.convert_any": [0xd0, 0x6e, 0xfb, 27],
    "struct.new_desc": [0xd0, 0x71, 0xfb, 32, 0],
    "struct.new_default_desc": [0xd0, 0x71, 0xfb, 33, 0],
    "i32 arithmetic": [0x41, 1, 0x41, 2, 0x6a, 0x41, 3, 0x6b, 0x41, 4, 0x6c],
    "i64 arithmetic": [0x42, 1, 0x42, 2, 0x7c, 0x42, 3, 0x7d, 0x42, 4, 0x7e],
  };

  it.each(Object.entries(constants))("with an initial value of %s end where it ends", (_, expression) => {
    // As many as make the index 11 look like the end of an expression.
    const others = new Array<number[]>(12).fill([i32, 0, 0x41, 0, 0x0b]);
    const shape = inspect(
      assemble(
        structAndFunction,
        sections.function(...new Array<number[]>(12).fill([1])),
        global(...others, [i32, 0, ...expression, 0x0b], [i64, 1, 0x42, 0, 0x0b]),
        sections.export([1, 0x67, 3, 13]),
      ),
    );
    expect(shape.exports).toEqual([{ name: "g", kind: "global", index: 13, type: { value: "i64", mutable: true } }]);
  });

  it.each([
    ["an instruction that is not constant", [0x20, 0]],
    ["a prefixed instruction that is not constant", [0xfb, 2, 0, 0]],
    ["a prefixed code that only looks like another with its high bits cut", [0xfb, 0x8c, 0x04]],
    ["no end", [0x41, 0]],
    ["a number of eleven bytes", [0x42, ...new Array<number>(10).fill(0x80), 0, 0x0b]],
    ["an i32 of six bytes", [0x41, ...new Array<number>(5).fill(0x80), 0, 0x0b]],
    ["an i32 of more than 32 bits", [0x41, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x0b]],
    ["an i64 of more than 64 bits", [0x42, ...new Array<number>(9).fill(0x80), 2, 0x0b]],
    ["a global that is not there yet", [0x23, 0, 0x0b]],
    ["a function that is not there", [0xd2, 0, 0x0b]],
  ])("are malformed with %s", (_, expression) => {
    const bytes = assemble(structAndFunction, global([i32, 0, ...expression]));
    expect(() => inspect(bytes)).toThrow(malformed);
    expect(engineTakes(bytes)).toBe(false);
  });

  it.each([
    ["the least i32", [0x41, 0x80, 0x80, 0x80, 0x80, 0x78, 0x0b]],
    ["the greatest i32", [0x41, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0b]],
    ["minus one in five bytes", [0x41, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x0b]],
  ])("take %s", (_, expression) => {
    const bytes = assemble(global([i32, 0, ...expression]));
    expect(() => inspect(bytes)).not.toThrow();
    expect(engineTakes(bytes)).toBe(true);
  });

  it("take tables with an initial value beside those without", () => {
    const bytes = assemble(table([0x40, 0, 0x70, 0, 2, 0xd0, 0x70, 0x0b], [0x6f, 0, 3]));
    expect(inspect(bytes).tables.map(({ element, initial }) => [element, initial])).toEqual([
      ["funcref", 2],
      ["externref", 3],
    ]);
    expect(() => inspect(assemble(table([0x40, 1, 0x70, 0, 2, 0xd0, 0x70, 0x0b])))).toThrow(malformed);
  });

  it("take several memories, and tags between memories and globals", () => {
    const bytes = assemble(
      type(functionType([i32])),
      memory([0, 1], [4, 2]),
      tag([0, 0]),
      global([i32, 0, 0x41, 0, 0x0b]),
      sections.export([1, 0x65, 4, 0]),
    );
    expect(inspect(bytes).memories.map(({ initial }) => initial)).toEqual([1, 2]);
    expect(inspect(bytes).exports).toEqual([{ name: "e", kind: "tag", index: 0, type: { params: ["i32"] } }]);
  });
});
