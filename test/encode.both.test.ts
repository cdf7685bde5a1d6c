import { describe, expect, it } from "vitest";
import {
  encodeModule,
  functionTypeSection,
  nullableHeapType,
  section,
  unsigned,
  valueType,
} from "../src/binary/encode.ts";
import type { ValueType } from "../src/public/index.ts";
import { thrownBy, wat } from "./wat.ts";

describe("an unsigned number", () => {
  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 1]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
    [2 ** 53 - 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    [2n ** 64n - 1n, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
  ])("%s is LEB128", (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes);
  });
});

describe("a value type", () => {
  it.each<[ValueType, number[]]>([
    ["i32", [0x7f]],
    ["i64", [0x7e]],
    ["f32", [0x7d]],
    ["f64", [0x7c]],
    ["v128", [0x7b]],
    ["funcref", [0x70]],
    ["externref", [0x6f]],
    ["anyref", [0x6e]],
    ["eqref", [0x6d]],
    ["i31ref", [0x6c]],
    ["structref", [0x6b]],
    ["arrayref", [0x6a]],
    ["exnref", [0x69]],
    ["contref", [0x68]],
    ["nullref", [0x71]],
    ["nullexternref", [0x72]],
    ["nullfuncref", [0x73]],
    ["nullexnref", [0x74]],
    ["nullcontref", [0x75]],
    ["(ref func)", [0x64, 0x70]],
    ["(ref null any)", [0x63, 0x6e]],
    ["(ref none)", [0x64, 0x71]],
    ["(ref null 3)", [0x63, 3]],
    ["(ref 63)", [0x64, 63]],
    ["(ref null 64)", [0x63, 0xc0, 0]],
    ["(ref null 200)", [0x63, 0xc8, 1]],
    ["(ref null 8192)", [0x63, 0x80, 0xc0, 0]],
  ])("%s has its bytes", (text, bytes) => {
    expect(valueType(text)).toEqual(bytes);
  });

  it("has the heap type that ref.null takes, where it is nullable", () => {
    expect(nullableHeapType("funcref")).toEqual([0x70]);
    expect(nullableHeapType("(ref null 64)")).toEqual([0xc0, 0]);
  });

  it.each([["i33"], ["(ref null nothing)"], ["(ref null (exact 3))"], [""], ["ref"], ["constructor"]])(
    "%j is refused",
    (text) => {
      expect(thrownBy(() => valueType(text as ValueType))).toBeInstanceOf(Error);
    },
  );
});

describe("a module", () => {
  it("is its header and its sections", async () => {
    expect(encodeModule()).toEqual(await wat("(module)"));
    expect(encodeModule(functionTypeSection({ params: ["i32", "externref"], results: ["f64", "i64"] }))).toEqual(
      await wat("(module (type (func (param i32 externref) (result f64 i64))))"),
    );
  });

  it("has sections of any size", () => {
    expect(section(0, Array<number>(200).fill(7)).slice(0, 4)).toEqual([0, 0xc8, 1, 7]);
  });
});
