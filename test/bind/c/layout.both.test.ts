import fc from "fast-check";
import { expect, it } from "vitest";
import { load, t } from "unglue";
import type { RecordType } from "unglue";
import { layoutOf } from "../../../src/bind/types/types.ts";
import { fixture } from "./convention.ts";

/** A struct of layout.c: forty of them, whose fields were drawn by lot. */
interface Struct {
  readonly type: RecordType<{ readonly [name: string]: Field }>;
  readonly value: fc.Arbitrary<Record<string, unknown>>;
}

type Field = (typeof kinds)[keyof typeof kinds]["type"] | RecordType<{ readonly [name: string]: Field }>;

const kinds = {
  i8: { type: t.i8, value: fc.integer({ min: -(2 ** 7), max: 2 ** 7 - 1 }) },
  u8: { type: t.u8, value: fc.integer({ min: 0, max: 2 ** 8 - 1 }) },
  i16: { type: t.i16, value: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }) },
  u16: { type: t.u16, value: fc.integer({ min: 0, max: 2 ** 16 - 1 }) },
  i32: { type: t.i32, value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
  u32: { type: t.u32, value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  i64: { type: t.i64, value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  u64: { type: t.u64, value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  f32: { type: t.f32, value: fc.float({ noNaN: true }) },
  f64: { type: t.f64, value: fc.double({ noNaN: true }) },
  bool: { type: t.bool, value: fc.boolean() },
  size: { type: t.size, value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  char: { type: t.char, value: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
  cstring: { type: t.cstring, value: fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")) },
} as const;

const facts = t.api({
  describe: t.fn([], t.string),
  size_of: t.fn([t.i32], t.size),
  offset_of: t.fn([t.i32, t.i32], t.size),
});

it("structs have the size and the offsets that clang gives them", async () => {
  const { api, memory } = await load(fixture("layout"), { api: facts });
  const structs = structsOf(api.describe());
  expect(structs).toHaveLength(40);
  for (const [number, { type, value }] of structs.entries()) {
    const layout = layoutOf(type, false);
    expect(layout?.size, `S${number}`).toBe(api.size_of(number));
    const address = memory.alloc(layout?.size ?? 0);
    const write = (one: Record<string, unknown>) => {
      const later: (() => void)[] = [];
      layout?.write(memory, address, one, later);
      for (const [at, [name, field]] of Object.entries(type.fields).entries()) {
        const found = layoutOf(field, false)?.read(memory, address + api.offset_of(number, at));
        expect(found, `S${number}.${name}`).toEqual(one[name]);
      }
      for (const end of later) end();
    };
    fc.assert(fc.property(value, write), { numRuns: 25 });
  }
});

it("structs come back from clang's own copy with the values that were passed", async () => {
  const { api: told } = await load(fixture("layout"), { api: facts });
  const structs = structsOf(told.describe());
  const members = Object.fromEntries(structs.map(({ type }, at) => [`echo_${at}`, t.fn([type], type)]));
  const { api } = await load(fixture("layout"), { api: t.api(members) });
  for (const [number, { value }] of structs.entries()) {
    const echo = (one: Record<string, unknown>) => {
      expect(api[`echo_${number}`]?.(one as never)).toEqual(one);
    };
    fc.assert(fc.property(value, echo), { numRuns: 25 });
  }
});

/** The structs as layout.c describes them: the kinds of their fields, or the structs that these are. */
function structsOf(description: string): readonly Struct[] {
  const structs: Struct[] = [];
  for (const line of description.split(";")) {
    const fields = line.split(",").map((kind, at) => {
      const { type, value } =
        (kind.startsWith("S") ? structs[Number(kind.slice(1))] : undefined) ?? kinds[kind as keyof typeof kinds];
      return [`f${at}`, { type, value: value as fc.Arbitrary<unknown> }] as const;
    });
    structs.push({
      type: t.record(Object.fromEntries(fields.map(([name, { type }]) => [name, type]))),
      value: fc.record(Object.fromEntries(fields.map(([name, { value }]) => [name, value]))),
    });
  }
  return structs;
}
