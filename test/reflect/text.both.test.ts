import { describe, expect, it } from "vitest";

import type { Extern } from "../../src/public/index.ts";
import { signatureText, typeText } from "../../src/base/type-text.ts";

const memory = { initial: 1, shared: false, address: "i32", pageSize: 65536 } as const;
const table = { element: "funcref", initial: 1, shared: false, address: "i32" } as const;

const texts: readonly (readonly [string, Extern])[] = [
  ["(func)", { kind: "function", type: { params: [], results: [] } }],
  ["(func (param i32 i32) (result i64))", { kind: "function", type: { params: ["i32", "i32"], results: ["i64"] } }],
  ["(func (result f32 (ref null 3)))", { kind: "function", type: { params: [], results: ["f32", "(ref null 3)"] } }],
  ["(memory 1)", { kind: "memory", type: memory }],
  ["(memory 1 2 shared)", { kind: "memory", type: { ...memory, maximum: 2, shared: true } }],
  [
    "(memory i64 0 9007199254740993)",
    { kind: "memory", type: { ...memory, initial: 0, maximum: 9007199254740993n, address: "i64" } },
  ],
  ["(memory 1 0)", { kind: "memory", type: { ...memory, maximum: 0 } }],
  ["(memory 1 (pagesize 1))", { kind: "memory", type: { ...memory, pageSize: 1 } }],
  ["(table 1 funcref)", { kind: "table", type: table }],
  [
    "(table i64 1 2 (ref func))",
    { kind: "table", type: { ...table, maximum: 2, address: "i64", element: "(ref func)" } },
  ],
  ["(global i32)", { kind: "global", type: { value: "i32", mutable: false } }],
  ["(global (mut externref))", { kind: "global", type: { value: "externref", mutable: true } }],
  ["(tag)", { kind: "tag", type: { params: [] } }],
  ["(tag (param i32))", { kind: "tag", type: { params: ["i32"] } }],
  ["(func)", { kind: "function" }],
  ["(memory)", { kind: "memory" }],
];

describe("a type as text", () => {
  it.each(texts)("reads %s", (expected, extern) => {
    expect(typeText(extern)).toBe(expected);
  });

  it("is brief for a function's signature", () => {
    expect(signatureText({ params: [], results: [] })).toBe("() -> ()");
    expect(signatureText({ params: ["i32", "i32"], results: ["i64"] })).toBe("(i32, i32) -> i64");
    expect(signatureText({ params: ["f64"], results: ["i32", "i32"] })).toBe("(f64) -> (i32, i32)");
  });
});
