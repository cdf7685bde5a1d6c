import { afterEach, describe, expect, it, vi } from "vitest";
import { beginCreation } from "../../src/imports/externs/create.ts";
import { probe } from "../../src/imports/externs/probe.ts";
import { importerOf } from "../../src/binary/helper.ts";
import type { Extern, ImportShape, Limits, MemoryType, Shape, TableType } from "../../src/public/index.ts";
import { explain } from "../../src/errors/explain.ts";
import { messages } from "../../src/errors/messages/index.ts";
import { thrownBy as errorOf, wat } from "../wat.ts";
import { describeGiven } from "./given.ts";

const thrownBy = (body: () => unknown): unknown => {
  const error = errorOf(body);
  explain(error, messages);
  return error;
};

type Creatable = Exclude<Extern, { readonly kind: "function" }> & { readonly typeIndex?: number };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const memory: MemoryType = { initial: 1, shared: false, address: "i32", pageSize: 65536 };
const table: TableType = { element: "funcref", initial: 1, shared: false, address: "i32" };

/** Types 0: (func (param i32) (result i32)), 1: (func (param (ref null 0))). */
const typeSection = "0260017f017f6001630000";

const shapeOf = (section?: string): Shape => ({ ...(section !== undefined && { typeSection: section }) }) as Shape;
const wantedOf = <Of extends object>(extern: Of): { module: string; name: string } & Of => ({
  module: "env",
  name: "x",
  ...extern,
});
const create = (extern: Creatable, limits?: Limits, section?: string): unknown => {
  const creation = beginCreation(shapeOf(section), limits);
  const made = creation.create(wantedOf(extern));
  creation.finish();
  return made();
};

/** Whether this engine knows the type at all. */
const isKnown = (extern: Creatable, section?: string): boolean =>
  WebAssembly.validate(importerOf([wantedOf(extern)], shapeOf(section)));

describe("what an import declares", () => {
  it.each<[string, Creatable]>([
    ["(memory 1)", { kind: "memory", type: memory }],
    ["(memory 0 3)", { kind: "memory", type: { ...memory, initial: 0, maximum: 3 } }],
    ["(memory 1 2 shared)", { kind: "memory", type: { ...memory, maximum: 2, shared: true } }],
    ["(table 3 funcref)", { kind: "table", type: { ...table, initial: 3 } }],
    ["(table 0 200 externref)", { kind: "table", type: { ...table, element: "externref", initial: 0, maximum: 200 } }],
    ["(global i32)", { kind: "global", type: { value: "i32", mutable: false } }],
    ["(global (mut i64))", { kind: "global", type: { value: "i64", mutable: true } }],
    ["(global (mut f32))", { kind: "global", type: { value: "f32", mutable: true } }],
    ["(global f64)", { kind: "global", type: { value: "f64", mutable: false } }],
    ["(global (mut v128))", { kind: "global", type: { value: "v128", mutable: true } }],
    ["(global externref)", { kind: "global", type: { value: "externref", mutable: false } }],
    ["(global (mut funcref))", { kind: "global", type: { value: "funcref", mutable: true } }],
    ["(tag)", { kind: "tag", type: { params: [] } }],
    ["(tag (param i32 i64 externref))", { kind: "tag", type: { params: ["i32", "i64", "externref"] } }],
  ])("is created, and links: %s", async (text, extern) => {
    const bytes = await wat(`(module (import "env" "x" ${text}))`);
    const module = await WebAssembly.compile(bytes);
    expect(new WebAssembly.Instance(module, { env: { x: create(extern) as never } })).toBeTruthy();
  });

  it.each<[string, Creatable, string?]>([
    [
      "a table of references to a type of the module",
      { kind: "table", type: { ...table, element: "(ref null 0)" } },
      typeSection,
    ],
    [
      "a global that refers to a type of the module",
      { kind: "global", type: { value: "(ref null 0)", mutable: true } },
      typeSection,
    ],
    [
      "a tag that carries a reference to a type of the module",
      { kind: "tag", type: { params: ["(ref null 0)"] }, typeIndex: 1 },
      typeSection,
    ],
    ["a global of exceptions", { kind: "global", type: { value: "exnref", mutable: true } }],
    ["a table of anything", { kind: "table", type: { ...table, element: "anyref" } }],
    ["a global of nothing", { kind: "global", type: { value: "nullref", mutable: false } }],
    ["a memory of 1-byte pages", { kind: "memory", type: { ...memory, initial: 5, maximum: 9, pageSize: 1 } }],
    ["a 64-bit memory", { kind: "memory", type: { ...memory, address: "i64", maximum: 3 } }],
    ["a 64-bit table", { kind: "table", type: { ...table, address: "i64", maximum: 2n ** 60n } }],
  ])("is created where the engine knows the type, and otherwise is an error: %s", (_, extern, section) => {
    if (isKnown(extern, section)) {
      const value = create(extern, undefined, section);
      expect(value).toBeTypeOf("object");
      const module = new WebAssembly.Module(importerOf([wantedOf(extern)], shapeOf(section)));
      expect(new WebAssembly.Instance(module, { "": { 0: value as never } })).toBeTruthy();
    } else {
      const error = thrownBy(() => create(extern, undefined, section));
      expect(error).toMatchObject({ code: "cannot-create", details: { module: "env", name: "x" } });
      expect((error as Error).cause).toBeInstanceOf(Error);
    }
  });

  it("has exactly the declared limits", () => {
    const extern = { kind: "memory", type: { ...memory, initial: 2, maximum: 5 } } as const;
    expect(describeGiven(create(extern), wantedOf(extern))).toBe("a memory of 2 pages, at most 5");
    const open = { kind: "table", type: { ...table, initial: 7 } } as const;
    expect(describeGiven(create(open), wantedOf(open))).toBe("a table of 7 elements of type funcref without a maximum");
  });

  it.each<[Creatable, string]>([
    [
      { kind: "memory", type: { ...memory, address: "i64", maximum: 3 } },
      "a memory of 1 page with 64-bit addresses, at most 3",
    ],
    [{ kind: "memory", type: { ...memory, address: "i64" } }, "a memory of 1 page with 64-bit addresses"],
    [
      { kind: "table", type: { ...table, address: "i64", maximum: 3 } },
      "a table of 1 element of type funcref with 64-bit addresses, at most 3",
    ],
  ])("has 64-bit addresses where the engine knows them: %j", (extern, text) => {
    if (isKnown(extern)) expect(describeGiven(create(extern), wantedOf(extern) as ImportShape)).toBe(text);
    else expect(thrownBy(() => create(extern))).toMatchObject({ code: "cannot-create" });
  });

  it("is zero or empty", () => {
    const value = (type: "i32" | "i64" | "f64" | "externref" | "funcref"): unknown =>
      (create({ kind: "global", type: { value: type, mutable: true } }) as WebAssembly.Global).value;
    expect([value("i32"), value("i64"), value("f64"), value("externref"), value("funcref")]).toEqual([
      0,
      0n,
      0,
      null,
      null,
    ]);
    const elements = create({ kind: "table", type: { ...table, element: "externref" } }) as WebAssembly.Table;
    expect(elements.get(0)).toBe(null);
  });

  it("is made by a module where the JavaScript API cannot make it", () => {
    vi.spyOn(WebAssembly, "Memory").mockImplementation(function () {
      throw new TypeError("not this descriptor");
    });
    const made = create({ kind: "memory", type: { ...memory, maximum: 2 } });
    expect(Object.prototype.toString.call(made)).toBe("[object WebAssembly.Memory]");
    expect(describeGiven(made, wantedOf({ kind: "memory", type: memory }))).toBe("a memory of 1 page, at most 2");
  });
});

describe("what cannot be created", () => {
  it.each<[string, Creatable]>([
    ["(global (ref func))", { kind: "global", type: { value: "(ref func)", mutable: false } }],
    ["(table 1 (ref 0))", { kind: "table", type: { ...table, element: "(ref 0)" } }],
  ])("is a reference that cannot be null: %s", (type, extern) => {
    const error = thrownBy(() => create(extern, undefined, typeSection));
    expect(error).toMatchObject({ code: "cannot-create", details: { module: "env", name: "x", type } });
    expect((error as Error).message).toMatch(/cannot be null.*`imports`/);
  });

  it("names its type and carries the engine's error", () => {
    const extern = { kind: "global", type: { value: "(ref null 99)", mutable: true } } as const;
    const error = thrownBy(() => create(extern));
    expect(error).toMatchObject({ code: "cannot-create", details: { type: "(global (mut (ref null 99)))" } });
    expect((error as Error).cause).toBeInstanceOf(WebAssembly.CompileError);
    expect((error as Error).message).toContain("(global (mut (ref null 99)))");
  });

  it("is a shared memory where the page is not isolated, and the error says how to isolate it", () => {
    class Refusing {
      constructor() {
        throw new TypeError("no shared memory");
      }
    }
    vi.stubGlobal("WebAssembly", { Memory: Refusing, Module: Refusing });
    vi.stubGlobal("SharedArrayBuffer", undefined);
    const error = thrownBy(() => create({ kind: "memory", type: { ...memory, maximum: 2, shared: true } }));
    expect(error).toMatchObject({ code: "cannot-create" });
    expect((error as Error).message).toContain("Cross-Origin-Opener-Policy");
  });
});

describe("the limits", () => {
  it.each<[string, Creatable, Limits | undefined, object]>([
    [
      "memory, by default",
      { kind: "memory", type: { ...memory, initial: 16385 } },
      undefined,
      { limit: "memoryPages", asked: 16385, allowed: 16384 },
    ],
    [
      "memory, as given",
      { kind: "memory", type: { ...memory, initial: 3 } },
      { memoryPages: 2 },
      { limit: "memoryPages", asked: 3, allowed: 2 },
    ],
    [
      "64-bit memory",
      { kind: "memory", type: { ...memory, address: "i64", initial: 2n ** 48n } },
      {},
      { asked: 2n ** 48n },
    ],
    [
      "1-byte pages, by default",
      { kind: "memory", type: { ...memory, initial: 2 ** 30 + 1, pageSize: 1 } },
      {},
      { allowed: 2 ** 30 },
    ],
    [
      "table, by default",
      { kind: "table", type: { ...table, initial: 10_000_001 } },
      undefined,
      { limit: "tableElements", allowed: 10_000_000 },
    ],
    [
      "table, as given",
      { kind: "table", type: { ...table, initial: 1 } },
      { tableElements: 0 },
      { limit: "tableElements", asked: 1, allowed: 0 },
    ],
  ])("hold for the initial size: %s", (_, extern, limits, details) => {
    const error = thrownBy(() => create(extern, limits));
    expect(error).toMatchObject({ code: "limit-exceeded", details });
    expect((error as Error).message).toMatch(/"env"\."x".*limits\./);
  });

  it.each<[string, Creatable, Limits, string]>([
    ["clamp an open maximum", { kind: "memory", type: memory }, { memoryPages: 4 }, "a memory of 1 page, at most 4"],
    [
      "clamp a higher maximum",
      { kind: "memory", type: { ...memory, maximum: 9 } },
      { memoryPages: 4 },
      "a memory of 1 page, at most 4",
    ],
    [
      "leave a lower maximum",
      { kind: "memory", type: { ...memory, maximum: 3 } },
      { memoryPages: 4 },
      "a memory of 1 page, at most 3",
    ],
    [
      "clamp no further than the format",
      { kind: "memory", type: memory },
      { memoryPages: 1e9 },
      "a memory of 1 page, at most 65536",
    ],
    [
      "clamp tables",
      { kind: "table", type: table },
      { tableElements: 4 },
      "a table of 1 element of type funcref, at most 4",
    ],
    [
      "are independent",
      { kind: "table", type: table },
      { memoryPages: 4 },
      "a table of 1 element of type funcref without a maximum",
    ],
  ])("%s", (_, extern, limits, text) => {
    const made = create(extern, limits);
    expect(describeGiven(made, wantedOf(extern) as ImportShape)).toBe(text);
    expect(probe(made, wantedOf(extern) as ImportShape, shapeOf())).toBe(true);
  });
});
