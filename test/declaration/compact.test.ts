import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { type CompactShape, inspect, type Shape, UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { toJson } from "../../src/cli/output.ts";
import { compactShape, expandShape, type Interface } from "../../src/reflect/compact.ts";
import { listModules, moduleBytes } from "../packages/index.mjs";
import { thrownBy, wat } from "../wat.ts";
import { declare } from "./declare.ts";

const fixtures = join(import.meta.dirname, "../fixtures");
const fixtureFiles = readdirSync(fixtures, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".wasm"),
);
const modules = [
  ...(await Promise.all((await listModules()).map(async (name) => [name, await moduleBytes(name)] as const))),
  ...fixtureFiles.map((name) => [name, readFileSync(join(fixtures, name))] as const),
];

/** The part of a shape that the compact form has: the indexes of functions are not written. */
function interfaceOf({ imports, exports, memories, tables, start, typeSection }: Shape): Interface {
  return {
    imports,
    exports: exports.map(({ index, ...one }) =>
      one.kind === "function" ? one : { ...one, index },
    ) as Shape["exports"],
    memories,
    tables,
    ...(start !== undefined && { start }),
    ...(typeSection !== undefined && { typeSection }),
  };
}

const throughJson = (shape: CompactShape): CompactShape => JSON.parse(JSON.stringify(shape)) as CompactShape;
const sizeOf = (text: string): number => brotliCompressSync(text).length;

describe("the compact shape of a module", () => {
  it.each(modules)("%s says what its imports and exports are", (_, bytes) => {
    const shape = inspect(bytes);
    expect(expandShape(throughJson(compactShape(shape)))).toEqual(interfaceOf(shape));
  });

  it("takes at most 60 % of the shape as `unglue shape` writes it, compressed, in a declaration file", () => {
    const rows = modules.map(([name, bytes]) => {
      const shape = inspect(bytes);
      const whole = sizeOf(toJson({ ...shape, classes: undefined, allocator: undefined }));
      const alone = sizeOf(JSON.stringify(compactShape(shape)));
      const file = declare(bytes);
      const without = { ...file, shape: undefined };
      const within = sizeOf(JSON.stringify(file)) - sizeOf(JSON.stringify(without));
      return { name, whole, alone, within };
    });
    const percent = (part: number, whole: number) => Math.round((100 * part) / whole);
    const lines = rows.map(
      ({ name, whole, alone, within }) =>
        `${name.padEnd(70)} ${String(whole).padStart(6)} B, alone ${percent(alone, whole)} %, in a file ${percent(within, whole)} %`,
    );
    console.log(lines.join("\n"));
    expect(rows.length).toBeGreaterThan(30);
    // The types of WasmGC refer to each other, so their section is kept as it is, and compresses little.
    const most = (name: string): number => (name.startsWith("wasmgc/") ? 0.8 : 0.6);
    expect(rows.filter(({ name, whole, within }) => within > most(name) * whole)).toEqual([]);
  }, 60_000);

  it.each([
    [
      "an imported memory",
      `(module (import "a" "m" (memory 1 2)) (import "a" "n" (memory 3)) (export "m" (memory 1)))`,
    ],
    ["a shared memory of 64 bits", `(module (memory (export "m") i64 1 5 shared))`],
    ["tables", `(module (import "a" "t" (table 1 funcref)) (table (export "u") 2 9 externref) (export "t" (table 0)))`],
    [
      "globals",
      `(module (import "a" "g" (global i32)) (global (export "h") (mut f64) (f64.const 1)) (import "a" "f" (func)))`.replace(
        /(\(global \(export.*?1\)\)) (\(import.*?\)\))/,
        "$2 $1",
      ),
    ],
    ["tags", `(module (import "a" "t" (tag (param i32 i64))) (tag (export "u")))`],
    [
      "several types of one name",
      `(module (import "a" "f" (func)) (import "b" "f" (func (result f32))) (import "a" "f" (func (param i32))))`,
    ],
    [
      "odd names",
      `(module (import "" ":" (func)) (import "a:b" "__proto__" (func (param i32))) (func (export "1>2:3")) (func (export "")) (func (export "日本 \\22\\0a")))`,
    ],
    ["a start function", `(module (func $f) (start $f))`],
    ["nothing", `(module)`],
  ])("has %s", async (_, text) => {
    const shape = inspect(await wat(text));
    expect(expandShape(throughJson(compactShape(shape)))).toEqual(interfaceOf(shape));
  });

  it("has types of references", () => {
    const type = {
      params: ["(ref null 3)", "i31ref", "(ref any)"],
      results: ["nullexternref", "(ref null 3)"],
    } as const;
    const shape: Interface = {
      imports: [{ module: "a", name: "f", kind: "function", type, typeIndex: 7 }],
      exports: [{ name: "f", kind: "function", type }],
      memories: [],
      tables: [],
      typeSection: "0160",
    };
    expect(expandShape(throughJson(compactShape(shape)))).toEqual(shape);
  });

  it("has limits that numbers cannot express", () => {
    const shape: Interface = {
      imports: [],
      exports: [],
      memories: [{ initial: 2n ** 60n, maximum: 2n ** 63n, shared: false, address: "i64", pageSize: 1 }],
      tables: [{ initial: 0, shared: false, address: "i64", element: "(ref null 3)", maximum: 2n ** 64n - 1n }],
    };
    expect(expandShape(throughJson(compactShape(shape)))).toEqual(shape);
  });

  const good: CompactShape = { imports: [["env", "ii>i:add", "m:memory"]], exports: ["0m:memory"], memories: ["1"] };
  it.each([
    ["imports that are no list", { ...good, imports: "env" }],
    ["a group that is no list", { ...good, imports: ["env"] }],
    ["a group without a name", { ...good, imports: [[]] }],
    ["a name that is no text", { ...good, imports: [[5]] }],
    ["an import that is no text", { ...good, imports: [["env", null]] }],
    ["an import without a colon", { ...good, imports: [["env", "ii>i"]] }],
    ["an unknown letter", { ...good, imports: [["env", "iq>:add"]] }],
    ["an unknown type", { ...good, imports: [["env", "{string}>:add"]] }],
    ["braces that do not close", { ...good, imports: [["env", "{anyref>:add"]] }],
    ["two arrows", { ...good, imports: [["env", "i>i>i:add"]] }],
    ["a memory that is not there", { ...good, imports: [["env", "m:a", "m:b"]] }],
    ["the index of a memory that is not there", { ...good, exports: ["1m:memory"] }],
    ["an export of a memory without an index", { ...good, exports: ["m:memory"] }],
    ["the index of a function", { ...good, exports: ["0>:f"] }],
    ["a global of two types", { ...good, exports: ["0=ii:g"] }],
    ["an index that is no number", { ...good, exports: ["99999999999999999999=i:g"] }],
    ["limits that are no numbers", { ...good, memories: ["1e3"] }],
    ["limits that are too long", { ...good, memories: ["9".repeat(1000)] }],
    ["memories that are no list", { ...good, memories: "1" }],
    ["a table without a type", { ...good, tables: ["1"] }],
    ["a start function that is no index", { ...good, start: -1 }],
    ["a type section that is no hexadecimal", { ...good, types: "0g" }],
    [
      "a proxy",
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no");
          },
        },
      ),
    ],
    ["nothing", null],
  ])("is refused with %s", (_, shape) => {
    const error = thrownBy(() => expandShape(shape as never));
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({ call: "load", option: "shape" });
  });
});
