/** The work of a load before it links, and that imports are the same whenever they are identified. */
import { type ImportReport, type ImportShape, inspect, type Instance } from "unglue";
import type * as library from "unglue";
import { describe, expect, it } from "vitest";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { webTable } from "unglue/wasm-bindgen/web";
import { moduleBytes } from "../packages/index.mjs";
import { callsOf, importCounted } from "../steps.ts";
import { wat } from "../wat.ts";

const { load } = await importCounted<typeof library>(() => import("unglue"));
const gluesql = await moduleBytes("gluesql");
const matrix = await moduleBytes("matrix");
const prqlc = await moduleBytes("prqlc");
const lz4 = await moduleBytes("lz4");

/** Counts what a load of a module does by the calls of a function. */
const countedIn = async (bytes: Uint8Array<ArrayBuffer>, file: string, name: string): Promise<number> =>
  callsOf(file, name, () => load(bytes));

describe("a load without a declaration file", () => {
  it.each([
    ["gluesql", gluesql],
    ["matrix", matrix],
    ["prqlc", prqlc],
    ["lz4", lz4],
  ])("hashes, reads and fetches as little of %s as it can before it links", async (name, bytes) => {
    // The first load fetches what the counts of the others are of.
    await load(bytes);
    const counts = {
      tables: await countedIn(bytes, "known/tables.ts", "createTables"),
      hashes: await countedIn(bytes, "known/sip.ts", "sipHash"),
      lines: await countedIn(bytes, "known/table.ts", "readNaming"),
      plans: await countedIn(bytes, "wasm-bindgen/plan.ts", "planImport"),
      types: await countedIn(bytes, "known/type-code.ts", "typeCode"),
      parts: await countedIn(bytes, "known/fetch-part.ts", "fetchPart"),
    };
    expect(counts).toEqual(expected[name]);
  });
});

const nothing = { tables: 0, hashes: 0, lines: 0, plans: 0, types: 0, parts: 0 };

/** None has a hash of each import computed. The imports of prqlc and lz4 need no table: they are wasm-bindgen's own, and a panic hook. */
const expected: Readonly<Record<string, object>> = {
  gluesql: { ...nothing, tables: 1, hashes: 357, lines: 42, types: 20, parts: 1 },
  matrix: { ...nothing, tables: 1, plans: 1, parts: 4 },
  prqlc: { ...nothing, plans: 1 },
  lz4: nothing,
};

/** A module that imports what another does, and exports each function that it imports. */
async function passing(bytes: Uint8Array<ArrayBuffer>): Promise<{
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly functions: readonly ImportShape[];
}> {
  const functions = inspect(bytes).imports.filter(({ kind }) => kind === "function");
  const type = ({ kind, type }: ImportShape) =>
    kind === "function" && type
      ? `${type.params.map((one) => `(param ${one})`).join(" ")} ${type.results.map((one) => `(result ${one})`).join(" ")}`
      : "";
  const imports = functions.map(
    (one, at) => `(import ${JSON.stringify(one.module)} ${JSON.stringify(one.name)} (func $f${at} ${type(one)}))`,
  );
  const text = `(module ${imports.join("\n")}
    (memory (export "memory") 1)
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 1024))
    (func (export "__wbindgen_exn_store") (param i32))
    ${functions.map((_, at) => `(export "f${at}" (func $f${at}))`).join("\n")})`;
  return { bytes: await wat(text), functions };
}

/** Numbers in an order that a seed decides. */
function shuffled(count: number, seed: number): readonly number[] {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0);
  return Array.from({ length: count }, (_, at) => ({ at, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ at }) => at);
}

/** Calls an import without arguments. Most throw, and it does not matter what. */
function call(wasm: Instance, at: number): void {
  try {
    (wasm.exports[`f${at}`] as () => unknown)();
  } catch {
    // Without arguments there is little to work on.
  }
}

describe.each([
  ["gluesql", gluesql],
  ["matrix", matrix],
])("the imports of %s", (_, bytes) => {
  it("are the same, whatever is called first and whenever the report is read", async () => {
    const module = await passing(bytes);
    const { functions } = module;
    const loaded = () => load(module.bytes, { adapters: [wasmBindgen({ tables: [webTable] })], onTrap: "throw" });
    const first = (await loaded()).imports;
    expect(first.filter(({ provider }) => provider === "adapter").length).toBeGreaterThan(functions.length / 2);
    for (const seed of [1, 2, 3, 4]) {
      const wasm = await loaded();
      const order = shuffled(functions.length, seed);
      const read = new Map<number, readonly ImportReport[]>();
      for (const [step, at] of order.entries()) {
        if (isHarmless(functions[at]?.name ?? "")) call(wasm, at);
        if (step === 40 * seed) read.set(step, wasm.imports);
      }
      expect(wasm.imports).toEqual(first);
      for (const reports of read.values()) expect(reports).toEqual(first);
    }
  });

  it("are the same if they are needed while the instance is made", async () => {
    const { bytes: own } = await passing(bytes);
    const adapters = [wasmBindgen({ tables: [webTable] })];
    const late = await load(own, { adapters });
    const missing = late.imports.filter(({ provider }) => provider === "stub").map(({ name }) => name);
    const error: unknown = await load(own, { adapters, missing: "error" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unresolved-imports" });
    const { details } = error as { readonly details: { readonly imports: readonly { readonly name: string }[] } };
    expect(details.imports.map(({ name }) => name)).toEqual(missing);
    const stubbed = await load(own, { adapters, missing: () => () => 0 });
    expect(stubbed.imports.map(({ name, provider }) => [name, provider])).toEqual(
      late.imports.map(({ name, provider }) => [name, provider]),
    );
  });
});

/** Whether an import may be called in a test: not what ends the process, prints, or waits for a time. */
function isHarmless(name: string): boolean {
  return !/exit|abort|debug|error|warn|info|log|set(Timeout|Interval)|queueMicrotask|fetch/i.test(name);
}
