import { beforeAll, describe, expect, it } from "vitest";
import { compile, inspect, load, UnglueError } from "unglue";
import type { Instance } from "unglue";
import { answersOf, firstDifference, inputBytes, moduleBytes, moduleUrl } from "../served.ts";
import { thrownBy } from "../../wat.ts";

/** The module's exports; a mapping is passed to the import `mapping_callback` and lines count from 0. */
interface Exports {
  allocate_mappings(size: number): number;
  parse_mappings(text: number): number;
  free_mappings(mappings: number): void;
  get_last_error(): number;
  compute_column_spans(mappings: number): void;
  by_generated_location(mappings: number): void;
  by_original_location(mappings: number): void;
  original_location_for(mappings: number, line: number, column: number, bias: number): void;
  generated_location_for(mappings: number, source: number, line: number, column: number, bias: number): void;
}

/** Generated line and column, last column, source, original line and column, name. */
type Row = [number, number, number | null, string | null, number | null, number | null, string | null];

interface Answers {
  sources: string[];
  names: string[];
  plain: Row[];
  byGenerated: Row[];
  byOriginal: Row[];
  originals: [line: number, column: number, bias: number, ...found: unknown[]][];
  generated: [source: string, line: number, column: number, foundLine: number, foundColumn: number][];
}

const url = moduleUrl("source-map");
const exactOrAbove = 1;

let answers: Answers;
let mappings: string;

beforeAll(async () => {
  answers = await answersOf("source-map");
  mappings = (JSON.parse(new TextDecoder().decode(await inputBytes("source.map"))) as { mappings: string }).mappings;
});

describe("the module of source-map, without its JavaScript", () => {
  it("is read as Rust's, with one function import that the user provides", async () => {
    const { wasm } = await open();
    expect(wasm.toolchain.name).toMatch(/rust/i);
    expect(wasm.toolchain.version).toContain("1.66.0");
    expect(wasm.imports).toMatchObject([
      { module: "env", name: "mapping_callback", kind: "function", provider: "user", type: { results: [] } },
    ]);
    expect(wasm.imports[0]?.type).toEqual({ params: Array(10).fill("i32"), results: [] });
  });

  it("lists every mapping of a real source map in both orders, as SourceMapConsumer does", async () => {
    expect(answers.plain.length).toBeGreaterThan(10_000);
    const { wasm, parse, collect } = await open();
    const parsed = parse(mappings);
    const plain = collect(() => wasm.guarded.by_generated_location(parsed));
    wasm.guarded.compute_column_spans(parsed);
    const byGenerated = collect(() => wasm.guarded.by_generated_location(parsed));
    const byOriginal = collect(() => wasm.guarded.by_original_location(parsed));
    expect(firstDifference(plain, answers.plain)).toBeUndefined();
    expect(firstDifference(byGenerated, answers.byGenerated)).toBeUndefined();
    expect(firstDifference(byOriginal, answers.byOriginal)).toBeUndefined();
    wasm.guarded.free_mappings(parsed);
  });

  it("finds original positions under both biases, as SourceMapConsumer does", async () => {
    expect(answers.originals.length).toBeGreaterThan(1000);
    const { wasm, parse, collect } = await open();
    const parsed = parse(mappings);
    const found = answers.originals.map(([line, column, bias]) => {
      const [row] = collect(() => wasm.exports.original_location_for(parsed, line - 1, column, bias));
      return [line, column, bias, ...(row?.[0] === line ? row.slice(3) : [null, null, null, null])];
    });
    expect(firstDifference(found, answers.originals)).toBeUndefined();
  });

  it("finds generated positions, as SourceMapConsumer does", async () => {
    const { wasm, parse, collect } = await open();
    const parsed = parse(mappings);
    const found = answers.generated.map(([source, line, column]) => {
      const index = answers.sources.indexOf(source);
      const [row] = collect(() => wasm.exports.generated_location_for(parsed, index, line - 1, column, exactOrAbove));
      return [source, line, column, row?.[0], row?.[1]];
    });
    expect(firstDifference(found, answers.generated)).toBeUndefined();
  });

  it("reports its own errors for mappings that are not mappings", async () => {
    const { wasm, parse } = await open();
    const errors = ["DDDD", "AAAA,!!", "AAAA,g"].map((text) => [parse(text), wasm.exports.get_last_error()]);
    expect(errors).toEqual([
      [0, 1],
      [0, 4],
      [0, 3],
    ]);
  });

  it("allocates under the name that the user gives, since its allocator follows no convention", async () => {
    const unnamed = await load(url);
    expect(() => unnamed.memory.alloc(8)).toThrow(expect.objectContaining({ code: "no-allocator" }) as Error);
    const { wasm } = await open();
    const first = wasm.memory.alloc(1000);
    const second = wasm.memory.alloc(1000);
    expect(Math.abs(second - first)).toBeGreaterThanOrEqual(1000);
  });

  it("keeps the mappings of two instances of one module apart", async () => {
    const module = await compile(url);
    const [left, right] = [await open(module), await open(module)];
    const half = mappings.slice(0, mappings.indexOf(";", mappings.length / 2));
    const [ofLeft, ofRight] = [left.parse(mappings), right.parse(half)];
    const [firstLeft, firstRight] = [left.all(ofLeft), right.all(ofRight)];
    expect(firstLeft).toHaveLength(answers.plain.length);
    expect(firstRight.length).toBeLessThan(answers.plain.length);
    left.wasm.dispose();
    expect(firstDifference(right.all(ofRight), firstRight)).toBeUndefined();
    expect(firstDifference(firstRight, answers.plain.slice(0, firstRight.length))).toBeUndefined();
  });

  it("is poisoned by its own panic, and names the export in both errors", async () => {
    const { wasm, parse } = await open();
    const parsed = parse(mappings);
    const trap = thrownBy(() => wasm.guarded.by_generated_location(0));
    expect(UnglueError.is(trap, "trap") && trap.details).toMatchObject({ export: "by_generated_location" });
    expect((trap as Error).cause).toBeInstanceOf(WebAssembly.RuntimeError);
    expect(wasm.state).toBe("poisoned");
    const refused = thrownBy(() => wasm.guarded.free_mappings(parsed));
    expect(UnglueError.is(refused, "poisoned") && refused.details).toEqual({ export: "free_mappings" });
    expect((refused as Error).cause).toBe(trap);
  });

  it("goes on after a trap under onTrap: throw", async () => {
    const { wasm, parse, all } = await open(undefined, "throw");
    const parsed = parse("AAAA,CACA");
    expect(() => wasm.guarded.by_original_location(0)).toThrow(expect.objectContaining({ code: "trap" }) as Error);
    expect(wasm.state).toBe("live");
    expect(all(parsed)).toHaveLength(2);
  });

  it("passes on what the callback throws, and is not poisoned by it", async () => {
    const stop = new Error("enough");
    const wasm = await load<Exports>(url, {
      allocator: { alloc: "allocate_mappings" },
      imports: {
        env: {
          mapping_callback: () => {
            throw stop;
          },
        },
      },
    });
    const parsed = wasm.guarded.parse_mappings(write(wasm, "AAAA"));
    expect(thrownBy(() => wasm.guarded.by_generated_location(parsed))).toBe(stop);
    expect(wasm.state).toBe("live");
  });

  it("says which import is missing, with its type, when it is first called", async () => {
    const wasm = await load<Exports>(url, { allocator: { alloc: "allocate_mappings" } });
    expect(wasm.imports).toMatchObject([{ provider: "stub" }]);
    const parsed = wasm.guarded.parse_mappings(write(wasm, "AAAA"));
    const error = thrownBy(() => wasm.guarded.by_generated_location(parsed));
    expect(UnglueError.is(error, "missing-import-called") && error.details).toEqual({
      module: "env",
      name: "mapping_callback",
      type: { params: Array(10).fill("i32"), results: [] },
    });
  });

  it("parses and lists under missing: zero, with nobody listening", async () => {
    const wasm = await load<Exports>(url, { missing: "zero", allocator: { alloc: "allocate_mappings" } });
    const parsed = wasm.guarded.parse_mappings(write(wasm, mappings));
    expect(parsed).not.toBe(0);
    wasm.guarded.by_generated_location(parsed);
    expect(wasm.state).toBe("live");
  });

  it("tells its tools from the section behind the code, also when it is streamed", async () => {
    const { wasm } = await open();
    const { memories, producers } = inspect(await moduleBytes("source-map"));
    expect(wasm.shape.producers).toEqual(producers);
    expect(producers?.processedBy.map(({ name }) => name)).toEqual(["rustc", "walrus", "wasm-snip"]);
    expect(wasm.shape.memories).toEqual(memories);
    expect(memories).toEqual([{ initial: 17, shared: false, address: "i32", pageSize: 65536 }]);
  });
});

/** An instance with what its callback needs around it. */
async function open(module?: Awaited<ReturnType<typeof compile>>, onTrap?: "throw") {
  let rows: Row[] = [];
  const options = {
    ...(onTrap && { onTrap }),
    allocator: { alloc: "allocate_mappings" },
    imports: { env: { mapping_callback: (...mapping: number[]) => rows.push(toRow(mapping)) } },
  };
  const wasm = await (module ? module.instantiate<Exports>(options) : load<Exports>(url, options));
  const collect = (run: () => void): Row[] => {
    rows = [];
    run();
    return rows;
  };
  return {
    wasm,
    collect,
    parse: (text: string) => wasm.guarded.parse_mappings(write(wasm, text)),
    all: (parsed: number) => collect(() => wasm.guarded.by_generated_location(parsed)),
  };
}

/** The module frees the text itself, in `parse_mappings`. */
function write(wasm: Instance<Exports>, text: string): number {
  return wasm.memory.allocString(text).address;
}

function toRow(mapping: number[]): Row {
  const [line = 0, column = 0, hasLast, last = 0, hasOriginal, source = 0, originalLine = 0, originalColumn = 0] =
    mapping;
  const [hasName, name = 0] = mapping.slice(8);
  const generated = [line + 1, column, hasLast ? last - 1 : null] as const;
  if (!hasOriginal) return [...generated, null, null, null, null];
  const named = hasName ? (answers.names[name] ?? null) : null;
  return [...generated, answers.sources[source] ?? null, originalLine + 1, originalColumn, named];
}
