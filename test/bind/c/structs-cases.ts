import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { load, type Ledger } from "unglue";
import { createLedger } from "unglue/ledger";
import { thrownBy } from "../../wat.ts";
import { fixture } from "./shapes.ts";
import { structs } from "./structs.ts";

const open = (name: string, ledger: Ledger) => load(fixture(name), { api: structs, ledger });

const entry = {
  name: "name",
  values: Int32Array.of(1, -2, 3, 4),
  corners: [
    { x: 1, y: 2 },
    { x: -3, y: 0.5 },
  ],
  tag: 200,
};

/**
 * Tests of the structs of shapes.c, as built for 32-bit and for 64-bit addresses.
 *
 * @param name - The module.
 */
export function describeStructs(name: string): void {
  let c: Awaited<ReturnType<typeof open>>["api"];
  const ledger = createLedger();
  beforeAll(async () => {
    ({ api: c } = await open(name, ledger));
  });
  const isClean = () => {
    expect([ledger.live, c.live_allocations()]).toEqual([[], 0]);
  };

  describe(`arrays inside structs of ${name}`, () => {
    it("are typed arrays, lists and text, in and out", () => {
      expect(c.entry_sum(entry)).toBe(4000 + 6 + 2 - 1.5 + 200);
      const changed = c.entry_change(entry);
      expect(changed).toEqual({
        name: "abcdefghijklmnop",
        values: Int32Array.of(-1, 2, -3, -4),
        corners: [entry.corners[0], entry.corners[0]],
        tag: 201,
      });
      expect(c.entry_change(changed).tag).toBe(202);
      expect(c.entry_make()).toMatchObject({ name: "n", values: Int32Array.of(0, 1, 2, 3), tag: 7 });
      isClean();
    });

    it("stand alone, by pointer", () => {
      expect(c.key_sum(Uint8Array.of(1, 2, 3, 4))).toBe(10);
      expect(c.digest(new Uint8Array())).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
      expect(c.first_primes()).toEqual(Uint16Array.of(2, 3, 5, 7));
      isClean();
    });

    it("have exactly the declared length", () => {
      const wrong: [() => unknown, string][] = [
        [() => c.key_sum(Uint8Array.of(1, 2, 3)), "a Uint8Array of the length 4"],
        [() => c.key_sum(new Uint8Array(5)), "a Uint8Array of the length 4"],
        [() => c.key_sum([1, 2, 3, 4] as never), "a Uint8Array of the length 4"],
        [() => c.entry_sum({ ...entry, values: new Int32Array(3) }), "an Int32Array of the length 4"],
        [() => c.entry_sum({ ...entry, values: new Uint32Array(4) as never }), "an Int32Array of the length 4"],
        [() => c.entry_sum({ ...entry, corners: [] }), "an array of 2 items"],
        [() => c.entry_sum({ ...entry, corners: [{ x: 1, y: 2 }, { x: 1 } as never] }), "an array of 2 items"],
        [() => c.entry_sum({ ...entry, name: "12345678901234567" }), "of at most 16 bytes"],
        [() => c.entry_sum({ ...entry, name: "\u20ac".repeat(6) }), "of at most 16 bytes"],
        [() => c.entry_sum({ ...entry, name: "a\0" }), "without U+0000"],
      ];
      for (const [call, expected] of wrong) {
        const error = thrownBy(call) as Error;
        expect(error).toMatchObject({ code: "invalid-argument" });
        expect(error.message).toContain(expected);
      }
      expect(c.entry_sum({ ...entry, name: `${"\u20ac".repeat(5)}x` })).toBe(16_206.5);
      isClean();
    });

    it("come back as they went in, whatever they hold", () => {
      fc.assert(
        fc.property(
          fc.string({ unit: "binary", maxLength: 4 }).map((text) => text.replaceAll("\0", "")),
          fc.int32Array({ minLength: 4, maxLength: 4 }),
          fc.array(fc.record({ x: fc.double(), y: fc.double() }), { minLength: 2, maxLength: 2 }),
          fc.integer({ min: 0, max: 255 }),
          (text, values, corners, tag) => {
            const { name: changed, ...rest } = c.entry_change({ name: text, values, corners, tag });
            expect(changed).toBe("abcdefghijklmnop");
            expect(rest).toEqual({
              values: values.map((one) => -one),
              corners: [corners[0], corners[0]],
              tag: (tag + 1) & 255,
            });
          },
        ),
      );
      isClean();
    });
  });

  describe(`stated layouts in ${name}`, () => {
    const header = { kind: 1, id: 2, port: 3, weight: 0.5 };

    it("are packed", () => {
      expect([c.header_size(), c.header_sum(header)]).toEqual([15, 6.5]);
      expect(c.header_change(header)).toEqual({ kind: 2, id: 1, port: 65_532, weight: -0.5 });
      isClean();
    });

    it("have offsets, and zeros where nothing is declared", () => {
      const partly = { kind: 1, id: 2, weight: 0.5 };
      // The memory that is allocated next is not empty.
      expect(c.fill(15, 255)).toEqual(new Uint8Array(15).fill(255));
      expect(c.partly_sum(partly)).toBe(3.5);
      expect(c.partly_change(partly)).toEqual({ kind: 2, id: 1, weight: -0.5 });
      isClean();
    });
  });

  describe(`unions in ${name}`, () => {
    it("are passed by one member, and received with all", () => {
      expect(c.tagged_value({ kind: 0, value: { i: -7 } })).toBe(-7);
      expect(c.tagged_value({ kind: 1, value: { f: 0.25 } })).toBe(0.25);
      expect(c.tagged_value({ kind: 2, value: { bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) } })).toBe(8);
      expect(c.tagged_value({ kind: 2, value: { i: -1, f: undefined } })).toBe(0);
      expect(c.tagged_change({ kind: 0, value: { i: 2 } })).toEqual({
        kind: 1,
        value: { i: 0x40000000, f: 2, bytes: Uint8Array.of(0, 0, 0, 64, 0, 0, 0, 0) },
      });
      isClean();
    });

    it("are refused with no member, with two, and with a wrong one", () => {
      for (const value of [{}, { i: 1, f: 1 }, { i: 0.5 }, { bytes: new Uint8Array(7) }, { i: null }, undefined, 4]) {
        const error = thrownBy(() => c.tagged_value({ kind: 0, value: value as never })) as Error;
        expect(error).toMatchObject({ code: "invalid-argument" });
        expect(error.message).toContain("an object with exactly one of i (");
      }
      isClean();
    });
  });

  it(`keeps no allocation in ${name} after 1,000 calls of each kind`, () => {
    const calls: (() => unknown)[] = [
      () => c.entry_sum(entry),
      () => c.entry_change(entry),
      () => c.key_sum(new Uint8Array(4)),
      () => c.tagged_value({ kind: 0, value: { i: 1 } }),
      () => thrownBy(() => c.key_sum(new Uint8Array(3))),
    ];
    for (const call of calls) {
      for (let turn = 0; turn < 1000; turn++) call();
      isClean();
    }
  });
}
