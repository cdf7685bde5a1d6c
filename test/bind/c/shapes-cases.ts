import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { load, type Ledger } from "unglue";
import { createLedger } from "unglue/ledger";
import { thrownBy } from "../../wat.ts";
import { buffers, fixture } from "./shapes.ts";

const open = (name: string, ledger?: Ledger) => load(fixture(name), { api: buffers, ...(ledger && { ledger }) });

type Wasm = Awaited<ReturnType<typeof open>>;

const source = Uint8Array.of(1, 2, 3);
const doubled = Uint8Array.of(1, 1, 2, 2, 3, 3);

/**
 * Tests of the buffers and in-out parameters of shapes.c, as built for 32-bit and for 64-bit addresses.
 *
 * @param name - The module.
 * @param wide - Whether its addresses have 64 bits.
 */
export function describeBuffers(name: string, wide: boolean): void {
  let wasm: Wasm;
  let ledger: Ledger;
  beforeAll(async () => {
    ledger = createLedger();
    wasm = await open(name, ledger);
  });
  const isClean = () => {
    expect([ledger.live, wasm.api.live_allocations()]).toEqual([[], 0]);
  };

  describe(`buffers of ${name}`, () => {
    it("are returned as far as they were written, wherever the length stands", () => {
      const { api: c } = wasm;
      expect(c.pack(100, source, 1)).toEqual([0, doubled]);
      expect(c.squeeze(source, 100)).toEqual([6, doubled]);
      expect(c.seal(6, source, Uint8Array.of(0, 0, 0, 0))).toEqual([0, doubled]);
      expect(c.encode(6, source)).toEqual([0, doubled]);
      expect(c.squash(11, source, 7)).toEqual([true, doubled]);
      expect(c.samples(5)).toEqual(Float64Array.of(0.5, 1.5, 2.5));
      expect(c.samples(2)).toEqual(Float64Array.of(0.5, 1.5));
      isClean();
    });

    it("are returned whole where no length is written, and are zero where nothing was", () => {
      const { api: c } = wasm;
      expect(c.fill(4, 7)).toEqual(Uint8Array.of(7, 7, 7, 7));
      expect(c.nothing(4)).toEqual(new Uint8Array(4));
      expect(c.sealAll(8, 0, source, Uint8Array.of(0, 0, 0, 0))).toEqual(Uint8Array.of(...doubled, 0, 0));
      expect(c.fill(0, 7)).toEqual(new Uint8Array());
      isClean();
    });

    it("come with the function's own result if it fails", () => {
      const { api: c } = wasm;
      const nothing = new Uint8Array();
      expect(c.pack(5, source, 1)).toEqual([-5, new Uint8Array(5)]);
      expect(c.pack(100, source, -1)[0]).toBe(-2);
      expect(c.squeeze(source, 5)).toEqual([0, nothing]);
      expect(c.squeeze(nothing, 5)).toEqual([-7, nothing]);
      expect(c.squash(12, source, 9)[0]).toBe(false);
      isClean();
    });

    it("are text", () => {
      const { api: c } = wasm;
      expect(c.digits(12, 40_123)).toEqual([5, "40123"]);
      expect(c.copyText(8, "h\u00e9llo")).toBe("h\u00e9llo");
      expect(c.copyText(6, "h\u00e9llo")).toBe("h\u00e9llo");
      expect(c.copyText(3, "hello")).toBe("hel");
      expect(c.copyText(3, "")).toBe("");
      expect(c.copyText(0, "hello")).toBe("");
      isClean();
    });

    it("are several, and may be null", () => {
      const { api: c } = wasm;
      const bytes = Uint8Array.of(1, 2, 3, 4, 5);
      expect(c.split(bytes, 10, 10)).toEqual([2, Uint8Array.of(1, 3, 5), Uint8Array.of(2, 4)]);
      expect(c.split(bytes, 3, undefined)).toEqual([2, Uint8Array.of(1, 3, 5), undefined]);
      expect(c.split(bytes, 3)).toEqual([2, Uint8Array.of(1, 3, 5), undefined]);
      expect(c.split(bytes, 2, null)).toEqual([-1, new Uint8Array(2), undefined]);
      isClean();
    });

    it("stay in place while the memory grows", async () => {
      const fresh = await open(name);
      const before = fresh.memory.byteLength;
      expect(fresh.api.growAndFill(3)).toEqual([0, Uint8Array.of(9, 9, 9)]);
      expect(fresh.memory.byteLength).toBe(before + 65_536);
    });

    it("are refused where the module claims more than they hold", () => {
      const { api: c } = wasm;
      const tooSmall = (capacity: number, length: number | bigint, more = {}) => ({
        code: "buffer-too-small",
        details: { capacity, length, ...more },
      });
      expect(thrownBy(() => c.encode(5, source))).toMatchObject(tooSmall(5, 6, { name: "encode", result: -42 }));
      expect(thrownBy(() => c.digits(3, 1234))).toMatchObject(tooSmall(3, 5));
      expect(thrownBy(() => c.claimU32(9, 2 ** 32 - 1))).toMatchObject(tooSmall(9, 2 ** 32 - 1));
      expect(thrownBy(() => c.claimI32(2, 3))).toMatchObject(tooSmall(2, 3));
      expect(thrownBy(() => c.claimI64(2, 2n ** 40n))).toMatchObject(tooSmall(2, 2n ** 40n));
      expect(thrownBy(() => c.claimU64(2, 2n ** 64n - 1n))).toMatchObject(tooSmall(2, 2n ** 64n - 1n));
      expect(thrownBy(() => c.claimSize(2, 3n))).toMatchObject(tooSmall(2, 3, { result: 3 }));
      isClean();
    });

    it("are refused where a written length is negative or no exact number", () => {
      const { api: c } = wasm;
      expect(thrownBy(() => c.claimI32(2, -1))).toMatchObject({
        code: "invalid-value",
        details: { declared: "t.length(0, i32)", received: "-1" },
      });
      expect(thrownBy(() => c.claimI64(2, -(2n ** 63n)))).toMatchObject({ code: "invalid-value" });
      const code = wide ? "invalid-value" : "buffer-too-small";
      expect(thrownBy(() => c.claimSize(2, 2n ** 64n - 1n))).toMatchObject({ code });
      isClean();
    });

    it("have a capacity that is checked, and that the type of its length can tell", () => {
      const { api: c } = wasm;
      for (const capacity of [-1, 1.5, Number.NaN, "4", 4n, undefined, null]) {
        expect(
          thrownBy(() => c.fill(capacity as number, 0)),
          String(capacity),
        ).toMatchObject({
          code: "invalid-argument",
          details: { call: "fill", argument: "parameter 1" },
        });
      }
      expect(c.shortLength(new Uint8Array(255).fill(4))).toBe(4);
      expect(c.shortLength()).toBe(-1);
      expect(thrownBy(() => c.shortLength(new Uint8Array(256)))).toMatchObject({
        code: "invalid-argument",
        details: { call: "shortLength", argument: "parameter 1" },
      });
      isClean();
    });

    it("are not there where the module has no memory for them", () => {
      for (let failing = 0; failing < 3; failing++) {
        wasm.api.fail_after(failing);
        const error = thrownBy(() => wasm.api.split(source, 4, 4));
        wasm.api.fail_after(-1);
        expect(error).toMatchObject({ code: "allocation-failed" });
        isClean();
      }
    });

    it("have any capacity and any claim of the module's", () => {
      const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
      fc.assert(
        fc.property(fc.nat(5000), int, (capacity, claimed) => {
          const { api: c } = wasm;
          if (claimed > capacity) {
            expect(thrownBy(() => c.claim(capacity, claimed))).toMatchObject({ code: "buffer-too-small" });
          } else expect(c.claim(capacity, claimed)).toEqual([claimed, new Uint8Array(Math.max(claimed, 0))]);
        }),
      );
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(1500), (bytes, capacity) => {
          const { api: c } = wasm;
          const fits = capacity >= 2 * bytes.length;
          const both = Uint8Array.from([...bytes].flatMap((byte) => [byte, byte]));
          expect(c.pack(capacity, bytes, 1)).toEqual(fits ? [0, both] : [-5, new Uint8Array(capacity)]);
          if (fits) expect(c.encode(capacity, bytes)).toEqual([0, both]);
          else expect(thrownBy(() => c.encode(capacity, bytes))).toMatchObject({ details: { length: both.length } });
        }),
      );
      isClean();
    });
  });

  describe(`in-out parameters of ${name}`, () => {
    it("are passed and returned", () => {
      const { api: c } = wasm;
      const [first, seed] = c.next_random(1);
      expect([first, seed]).toEqual([16_838, 1_103_527_590]);
      expect(c.turn(5, 1, -1n, true, 0.5)).toEqual([-5, 65_534, 0n, false, 1]);
      const point = { x: 1, y: 2 };
      expect(c.mirror(3, point)).toEqual([3, { x: 6, y: 3 }]);
      expect(point).toEqual({ x: 1, y: 2 });
      isClean();
    });

    it("are checked like any others", () => {
      const { api: c } = wasm;
      expect(thrownBy(() => c.next_random(-1))).toMatchObject({
        code: "invalid-argument",
        details: { call: "next_random" },
      });
      expect(thrownBy(() => c.turn(200, 1, 1n, true, 1))).toMatchObject({ details: { argument: "parameter 1" } });
      expect(thrownBy(() => c.mirror(1, { x: 1 } as never))).toMatchObject({ details: { argument: "parameter 2" } });
    });

    it("have any value", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: -128, max: 127 }),
          fc.integer({ min: 0, max: 65_535 }),
          fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          fc.boolean(),
          fc.float({ noNaN: true }),
          (a, b, c, d, e) => {
            const turned = wasm.api.turn(a, b, c, d, e);
            expect(turned).toEqual([(-a << 24) >> 24, 65_535 - b, BigInt.asIntN(64, c + 1n), !d, Math.fround(e * 2)]);
          },
        ),
      );
      isClean();
    });
  });

  it(`keeps no allocation in ${name} after 1,000 calls of each kind`, () => {
    const { api: c } = wasm;
    const calls: (() => unknown)[] = [
      () => c.pack(10, source, 1),
      () => c.squeeze(source, 2),
      () => c.copyText(4, "text"),
      () => c.split(source, 4, 4),
      () => thrownBy(() => c.encode(1, source)),
      () => thrownBy(() => c.claimI32(1, -1)),
      () => thrownBy(() => c.shortLength(new Uint8Array(300))),
      () => c.next_random(1),
    ];
    for (const call of calls) {
      for (let turn = 0; turn < 1000; turn++) call();
      isClean();
    }
  });
}
