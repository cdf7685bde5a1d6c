import { describe, expect, it } from "vitest";
import { inspect } from "./reader.ts";
import { wat } from "../wat.ts";
import { assemble, emptyBody, engineTakes, exported, functionType, i32, imported, sections, text } from "./assemble.ts";

const { type, function: functions, code, custom, memory, start } = sections;
const importSection = sections.import;
const exportSection = sections.export;
const emptyFunction = type(functionType([]));

describe("a shape", () => {
  it("has all imports and exports with their types, in the module's order", async () => {
    const shape = inspect(
      await wat(`(module
        (import "env" "log" (func $log (param i32 i64)))
        (import "env" "memory" (memory 1 4))
        (import "env" "table" (table 2 funcref))
        (import "env" "base" (global i32))
        (import "env" "oops" (tag (param f32)))
        (func $add (param f64 f64) (result f64) (local.get 0))
        (func $start)
        (global $top (mut i64) (i64.const 5))
        (table $own 0 externref)
        (start $start)
        (export "add" (func $add)) (export "log" (func $log)) (export "memory" (memory 0)) (export "top" (global $top))
        (export "own" (table $own)) (export "oops" (tag 0)))`),
    );
    const memoryType = { initial: 1, maximum: 4, shared: false, address: "i32", pageSize: 65536 };
    const tables = [
      { element: "funcref", initial: 2, shared: false, address: "i32" },
      { element: "externref", initial: 0, shared: false, address: "i32" },
    ];
    const log = { params: ["i32", "i64"], results: [] };
    expect(shape).toEqual({
      complete: true,
      imports: [
        { module: "env", name: "log", kind: "function", type: log },
        { module: "env", name: "memory", kind: "memory", type: memoryType },
        { module: "env", name: "table", kind: "table", type: tables[0] },
        { module: "env", name: "base", kind: "global", type: { value: "i32", mutable: false } },
        { module: "env", name: "oops", kind: "tag", type: { params: ["f32"] } },
      ],
      exports: [
        { name: "add", kind: "function", index: 1, type: { params: ["f64", "f64"], results: ["f64"] } },
        { name: "log", kind: "function", index: 0, type: log },
        { name: "memory", kind: "memory", index: 0, type: memoryType },
        { name: "top", kind: "global", index: 1, type: { value: "i64", mutable: true } },
        { name: "own", kind: "table", index: 1, type: tables[1] },
        { name: "oops", kind: "tag", index: 0, type: { params: ["f32"] } },
      ],
      memories: [memoryType],
      tables,
      start: 2,
      customSections: [],
      toolchain: { name: "unknown", evidence: [] },
      advice: [],
    });
    expect(structuredClone(shape)).toEqual(shape);
    expect(JSON.parse(JSON.stringify(shape))).toEqual(shape);
  });

  it("of an empty module is empty", () => {
    expect(inspect(assemble())).toMatchObject({
      imports: [],
      exports: [],
      memories: [],
      tables: [],
      customSections: [],
    });
  });

  it("keeps names of any kind as they are", () => {
    const names = ["__proto__", "constructor", "then", "", "\ufeffmark", "naïve 🦀", "\0", "*", "a.b"];
    const bytes = assemble(
      emptyFunction,
      importSection(...names.map((name) => [...text(name), ...text(name), 0, 0])),
      exportSection(...names.map((name, i) => exported(name, 0, i))),
    );
    const shape = inspect(bytes);
    expect(shape.imports.map(({ module, name }) => [module, name])).toEqual(names.map((name) => [name, name]));
    expect(shape.exports.map(({ name }) => name)).toEqual(names);
    const module = new WebAssembly.Module(bytes);
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual(names);
  });

  it("takes an import of a function by its exact type as a function", () => {
    expect(inspect(assemble(emptyFunction, importSection(imported("f", 0x20, 0)))).imports).toEqual([
      { module: "m", name: "f", kind: "function", type: { params: [], results: [] } },
    ]);
  });

  it("lists custom sections wherever they are, with the place of their contents", () => {
    const bytes = assemble(
      custom("first", [1, 2]),
      emptyFunction,
      custom("", []),
      functions([0]),
      code(emptyBody),
      custom("first", [3]),
    );
    const { customSections } = inspect(bytes);
    expect(customSections.map(({ name, size }) => [name, size])).toEqual([
      ["first", 2],
      ["", 0],
      ["first", 1],
    ]);
    const contents = customSections.map(({ offset = 0, size }) => [...bytes.subarray(offset, offset + size)]);
    expect(contents).toEqual([[1, 2], [], [3]]);
  });

  it("never looks into code, data and elements", () => {
    const junk = [0xff, 0xff, 0xff];
    const bytes = assemble(
      emptyFunction,
      functions([0]),
      exportSection(exported("f", 0)),
      [9, 3, ...junk],
      [10, 3, ...junk],
      [11, 3, ...junk],
    );
    expect(inspect(bytes).exports).toHaveLength(1);
  });
});

describe("the bytes", () => {
  const bytes = assemble(memory([0, 1]), exportSection(exported("memory", 2)));
  const expected = inspect(bytes);
  const padded = new Uint8Array(bytes.length + 8);
  padded.set(bytes, 3);

  it("may be a buffer or a view at any offset", () => {
    expect(inspect(bytes.buffer)).toEqual(expected);
    expect(inspect(padded.subarray(3, 3 + bytes.length))).toEqual(expected);
    expect(inspect(new DataView(padded.buffer, 3, bytes.length))).toEqual(expected);
    expect(expected.exports[0]?.name).toBe("memory");
  });

  it("may be shared, or in a buffer that can be resized", () => {
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    expect(inspect(shared)).toEqual(expected);
    expect(inspect(new Uint8Array(shared))).toEqual(expected);
    const Resizable = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer;
    const resizable = new Uint8Array(new Resizable(bytes.length, { maxByteLength: 1000 }));
    resizable.set(bytes);
    expect(inspect(resizable)).toEqual(expected);
  });

  it("are empty once their buffer was transferred", () => {
    const gone = bytes.slice();
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const empty = expect.objectContaining({ code: "not-wasm", details: { found: "empty" } }) as Error;
    expect(() => inspect(gone)).toThrow(empty);
    expect(() => inspect(gone.buffer)).toThrow(empty);
  });

  it("are refused by name if they are anything else", () => {
    for (const value of ["text", null, undefined, 5, [0, 1], {}]) {
      expect(() => inspect(value as never)).toThrow(
        expect.objectContaining({
          code: "invalid-argument",
          message: expect.stringContaining("ArrayBuffer") as string,
        }) as Error,
      );
    }
  });
});

describe("what engines refuse is malformed", () => {
  const oneFunction = [emptyFunction, functions([0])];
  const cases: Record<string, readonly [section: string | undefined, ...parts: number[][]]> = {
    "an unknown section": [undefined, [15, 0]],
    "a section twice": [undefined, emptyFunction, emptyFunction],
    "a section too late": [undefined, memory([0, 1]), emptyFunction],
    "tags after globals": [undefined, emptyFunction, sections.global([i32, 0, 0x41, 0, 0x0b]), sections.tag([0, 0])],
    "a data count after the code": [undefined, ...oneFunction, code(emptyBody), sections.dataCount(0)],
    "a section size of six bytes": [undefined, [1, 0x80, 0x80, 0x80, 0x80, 0x80, 0]],
    "a section that goes on behind its items": ["type", [1, 2, 0, 0]],
    "a section that ends within an item": ["type", [1, 2, 1, 0x60]],
    "more items than the section has bytes": ["type", [1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    "a section without a count": ["function", [3, 0]],
    "a name that is longer than its section": ["import", [2, 3, 1, 0x7f, 0x61]],
    "a name that is no UTF-8": ["export", memory([0, 1]), exportSection([1, 0xff, 2, 0])],
    "a name with a surrogate": ["export", memory([0, 1]), exportSection([3, 0xed, 0xa0, 0x80, 2, 0])],
    "an unknown kind of import": ["import", importSection(imported("x", 5, 0))],
    "an import of a function type that is not there": ["import", emptyFunction, importSection(imported("x", 0, 1))],
    "an import of a function whose type is a struct": ["import", type([0x5f, 0]), importSection(imported("x", 0, 0))],
    "a function type that is not there": ["function", emptyFunction, functions([1])],
    "a function whose type is an array": ["function", type([0x5e, i32, 0]), functions([0])],
    "an unknown kind of export": ["export", memory([0, 1]), exportSection(exported("x", 5))],
    "an export of what is not there": ["export", memory([0, 1]), exportSection(exported("x", 2, 1))],
    "an export of another kind's index": ["export", memory([0, 1]), exportSection(exported("x", 0, 0))],
    "two exports of one name": ["export", memory([0, 1]), exportSection(exported("x", 2), exported("x", 2))],
    "a start function that is not there": ["start", ...oneFunction, start(1)],
    "a start function with parameters": ["start", type(functionType([i32])), functions([0]), start(0)],
    "a start function with results": ["start", type(functionType([], [i32])), functions([0]), start(0)],
  };

  it.each(Object.entries(cases))("%s", (_, [section, ...parts]) => {
    const bytes = assemble(...parts);
    expect(() => inspect(bytes)).toThrow(
      expect.objectContaining({ code: "malformed", message: expect.stringMatching(/at byte \d+/) as string }) as Error,
    );
    expect(detailsOf(bytes).section).toBe(section);
    expect(engineTakes(bytes)).toBe(false);
  });

  it("and the error has the place of the byte that is at fault", () => {
    expect(detailsOf(assemble([15, 0])).offset).toBe(8);
    expect(detailsOf(assemble(emptyFunction, importSection(imported("x", 5)))).offset).toBe(21);
    expect(detailsOf(assemble(emptyFunction, functions([0], [7]))).offset).toBe(18);
    expect(detailsOf(Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0)).offset).toBe(4);
  });
});

function detailsOf(bytes: Uint8Array): { offset?: number; section?: string } {
  try {
    inspect(bytes);
  } catch (error) {
    return (error as { details: object }).details;
  }
  throw new Error("Nothing was thrown.");
}
