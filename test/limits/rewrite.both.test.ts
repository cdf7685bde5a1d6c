import fc from "fast-check";
import { compileSync, inspect, type MemoryType, type TableType } from "unglue";
import { describe, expect, it } from "vitest";
import { moduleBytes, moduleNames, sameBytes } from "../packages/served.ts";
import {
  assemble,
  emptyBody,
  engineTakes,
  exported,
  externref,
  functionType,
  funcref,
  imported,
  sections,
  unsigned,
} from "../reflect/assemble.ts";
import { wat } from "../wat.ts";
import { createLimiter } from "../../src/binary/limiter.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The rewritten module, as it stands in no cache and no stream. */
function capped(bytes: Bytes, limits: { memoryPages?: number; tableElements?: number }) {
  const limiter = createLimiter(limits);
  if (!limiter) throw new Error("These limits cap nothing.");
  return limiter.cap(bytes, inspect(bytes));
}

/** LEB128 in more bytes than needed, as linkers write it. */
function padded(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, at) => ((value >>> (7 * at)) & 127) | (at < width - 1 ? 128 : 0));
}

/** A module without its memory and table sections: everything that must stay. */
function rest(bytes: Bytes): Uint8Array {
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 8; at < bytes.length;) {
    const [id = 0] = bytes.subarray(at);
    let [size, shift, end] = [0, 0, at + 1];
    for (let more = true; more; shift += 7) {
      const byte = bytes[end++] ?? 0;
      size += (byte & 127) * 2 ** shift;
      more = byte > 127;
    }
    if (id !== 4 && id !== 5) {
      kept.set(bytes.subarray(at, end + size), length);
      length += end + size - at;
    }
    at = end + size;
  }
  return kept.subarray(0, length);
}

interface Limits {
  readonly initial: number;
  readonly maximum?: number | undefined;
  readonly wide: boolean;
  readonly shared: boolean;
  readonly pageSize?: number | undefined;
  readonly pad: number;
}

function encodeLimits({ initial, maximum, wide, shared, pageSize, pad }: Limits): number[] {
  const flags =
    Number(maximum !== undefined) | (Number(shared) << 1) | (Number(wide) << 2) | (Number(pageSize !== undefined) << 3);
  // As many bytes as a number of this size may have.
  const number = (value: number): number[] => (pad && value < 2 ** 28 ? padded(value, 4 + (pad % 2)) : unsigned(value));
  return [
    flags,
    ...number(initial),
    ...(maximum === undefined ? [] : number(maximum)),
    ...(pageSize === undefined ? [] : unsigned(Math.log2(pageSize))),
  ];
}

const memories = fc
  .record({
    initial: fc.nat(40),
    more: fc.option(fc.nat(200), { nil: undefined }),
    wide: fc.boolean(),
    shared: fc.boolean(),
    pageSize: fc.constantFrom(undefined, undefined, 1),
    pad: fc.nat(2),
  })
  .map(({ initial, more, shared, ...others }) => ({
    ...others,
    initial,
    shared,
    maximum: more === undefined && !shared ? undefined : initial + (more ?? 0),
  }));

const tables = fc
  .record({
    initial: fc.nat(40),
    more: fc.option(fc.nat(200), { nil: undefined }),
    wide: fc.boolean(),
    pad: fc.nat(2),
    element: fc.constantFrom(funcref, externref),
    hasValue: fc.boolean(),
  })
  .map(({ initial, more, ...others }) => ({
    ...others,
    initial,
    shared: false,
    maximum: more === undefined ? undefined : initial + more,
  }));

const modules = fc.record({
  importsMemory: fc.boolean(),
  importsTable: fc.boolean(),
  memories: fc.array(memories, { maxLength: 4 }),
  tables: fc.array(tables, { maxLength: 4 }),
  sizePad: fc.boolean(),
  tail: fc.uint8Array({ maxLength: 300 }),
});

type Model = typeof modules extends fc.Arbitrary<infer Value> ? Value : never;

/** A module of some memories and tables, with something before, between and behind them. */
function build(model: Model): Bytes {
  const widen = (section: number[], count: number): number[] => {
    if (!model.sizePad) return section;
    const contents = section.slice(1 + unsigned(count).length);
    return [section[0] ?? 0, ...padded(contents.length, 5), ...contents];
  };
  const lengthOf = (section: number[]): number => {
    // The size is what follows the id: of sections this small, one or two bytes.
    const [, low = 0, high = 0] = section;
    return low < 128 ? low : (low & 127) + high * 128;
  };
  const pad = (section: number[]): number[] => widen(section, lengthOf(section));
  const table = sections.table(
    ...model.tables.map(({ element, hasValue, ...limits }) => {
      const null_ = [0xd0, element === funcref ? 0x70 : 0x6f, 0x0b];
      return hasValue ? [0x40, 0, element, ...encodeLimits(limits), ...null_] : [element, ...encodeLimits(limits)];
    }),
  );
  const memory = sections.memory(...model.memories.map(encodeLimits));
  const first = Number(model.importsMemory);
  return assemble(
    sections.custom("before", [1, 2, 3]),
    sections.type(functionType([])),
    sections.import(
      ...(model.importsMemory ? [imported("memory", 2, 0, 1)] : []),
      ...(model.importsTable ? [imported("table", 1, funcref, 0, 1)] : []),
    ),
    sections.function([0]),
    ...(model.tables.length > 0 ? [pad(table)] : []),
    sections.custom("between", [4, 5]),
    ...(model.memories.length > 0 ? [pad(memory)] : []),
    sections.export(...model.memories.map((_, at) => exported(`memory${at}`, 2, first + at)), exported("f", 0)),
    sections.code(emptyBody),
    sections.custom("behind", [...model.tail]),
  );
}

/** The maximum of a memory or table. */
function reach(type: MemoryType | TableType): number {
  if (type.maximum !== undefined) return Number(type.maximum);
  const addresses = type.address === "i64" ? 2 ** 64 : 2 ** 32;
  return "pageSize" in type ? addresses / type.pageSize : addresses - 1;
}

describe("a module whose maximums are rewritten", () => {
  it("reads back with the limits, compiles where the original does, and has every other byte as it was", () => {
    let [changed, compiled] = [0, 0];
    fc.assert(
      fc.property(
        modules,
        fc.integer({ min: 40, max: 300 }),
        fc.integer({ min: 40, max: 300 }),
        (model, pages, size) => {
          const bytes = build(model);
          const copy = bytes.slice();
          const before = inspect(bytes);
          const result = capped(bytes, { memoryPages: pages, tableElements: size });
          expect(bytes).toEqual(copy);
          const after = inspect(result.bytes);
          const expected = (type: MemoryType | TableType, limit: number, at: number, imports: boolean) =>
            (imports && at === 0) || reach(type) <= limit ? type : { ...type, maximum: limit };
          expect(after.memories).toEqual(
            before.memories.map((type, at) => expected(type, pages, at, model.importsMemory)),
          );
          expect(after.tables).toEqual(before.tables.map((type, at) => expected(type, size, at, model.importsTable)));
          expect(sameBytes(rest(result.bytes), rest(bytes))).toBe(true);
          // The shape that is passed on is that of the new module, with the offsets of the old one.
          const { customSections, ...others } = after;
          expect(result.shape).toEqual({ ...others, customSections: before.customSections });
          expect(customSections.map(({ name }) => name)).toEqual(["before", "between", "behind"]);
          if (engineTakes(bytes)) {
            expect(engineTakes(result.bytes)).toBe(true);
            compiled++;
          }
          if (result.bytes !== bytes) changed++;
          else expect(after).toEqual(before);
        },
      ),
      { numRuns: 1000 },
    );
    expect(changed).toBeGreaterThan(300);
    expect(compiled).toBeGreaterThan(30);
  });

  it("keeps what stood behind it: every module below node_modules", async () => {
    let count = 0;
    for (const name of await moduleNames()) {
      const bytes = (await moduleBytes(name)).slice();
      const before = inspect(bytes);
      const own = before.memories.length - before.imports.filter(({ kind }) => kind === "memory").length;
      if (own === 0) continue;
      const limit = Math.max(...before.memories.map(({ initial }) => Number(initial))) + 1;
      const result = capped(bytes, { memoryPages: limit });
      const after = inspect(result.bytes);
      for (const type of after.memories) expect(reach(type), name).toBeLessThanOrEqual(limit);
      expect(sameBytes(rest(result.bytes), rest(bytes)), name).toBe(true);
      if (bytes.length < 1e6) expect(engineTakes(result.bytes), name).toBe(engineTakes(bytes));
      count++;
    }
    expect(count).toBeGreaterThan(10);
  }, 120_000);

  it("is the same module, and not a copy, if it fits already", async () => {
    const bytes = await wat(`(module (memory 1 3) (table 2 4 funcref))`);
    expect(capped(bytes, { memoryPages: 3, tableElements: 4 }).bytes).toBe(bytes);
    // No 32-bit memory grows beyond its addresses.
    const open = await wat(`(module (memory 1))`);
    expect(capped(open, { memoryPages: 65536 }).bytes).toBe(open);
    expect(capped(open, { memoryPages: 65535 }).bytes).not.toBe(open);
  });

  it("grows in the engine up to the limit and no further", async () => {
    const module = compileSync(
      await wat(`(module (memory (export "memory") 1) (table (export "table") 1 funcref)
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "widen") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))`),
      { limits: { memoryPages: 3, tableElements: 5 } },
    );
    const { grow, widen } = module.instantiateSync<{ grow(by: number): number; widen(by: number): number }>().exports;
    expect([grow(3), grow(2), grow(1), widen(5), widen(4), widen(1)]).toEqual([-1, 1, -1, -1, 1, -1]);
  });
});
