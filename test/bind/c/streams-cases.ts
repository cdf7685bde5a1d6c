import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { createLedger } from "unglue/ledger";
import { rejectionOf, thrownBy } from "../../wat.ts";
import { fixture } from "./shapes.ts";
import { streams } from "./streams.ts";

/**
 * Tests of the fields of shapes.c that point to memory of their object, as built for 32-bit and for 64-bit addresses.
 *
 * @param name - The module.
 * @param wide - Whether its addresses have 64 bits.
 */
export function describeStreams(name: string, wide: boolean): void {
  const ledger = createLedger();
  const open = () => load(fixture(name), { api: streams(wide), ledger });
  let wasm: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    wasm = await open();
  });
  const isClean = () => {
    expect([ledger.live, wasm.api.live_allocations(), wasm.api.Stream.count()]).toEqual([[], 0, 0]);
  };
  const turned = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0x20);

  describe(`memory that a struct of ${name} keeps`, () => {
    it("is read and filled over several calls, and freed with the object", () => {
      const stream = new wasm.api.Stream(1);
      expect([stream.input, stream.output]).toEqual([new Uint8Array(), new Uint8Array()]);
      stream.input = Uint8Array.of(1, 2, 3, 4, 5);
      stream.output = new Uint8Array(3);
      expect([stream.availIn, stream.availOut, stream.run(2), stream.output]).toEqual([5, 3, 0, Uint8Array.of(33, 34)]);
      expect([stream.run(9), stream.output, stream.input]).toEqual([0, Uint8Array.of(33, 34, 35), Uint8Array.of(4, 5)]);
      stream.output = new Uint8Array(8);
      expect([stream.run(9), stream.output, stream.input]).toEqual([1, Uint8Array.of(36, 37), new Uint8Array()]);
      expect([stream.total, ledger.live.length]).toEqual([5n, 3]);
      stream.free();
      stream.free();
      isClean();
      for (const use of [() => stream.input, () => stream.output, () => (stream.input = Uint8Array.of(1))])
        expect(thrownBy(use)).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
      isClean();
    });

    it("is not made where the status of its constructor is no success", async () => {
      const { Stream } = streams(wide).members;
      const of = (status?: boolean) =>
        t.api({
          live_allocations: t.fn([], t.i32),
          Stream: t.class(
            {
              ...Stream.members,
              new: t.ctor([t.i32], { export: "stream_init", ...(status !== undefined && { status }) }),
            },
            { size: wide ? 48 : 32, free: "stream_end" },
          ),
        });
      const own = createLedger();
      const { api } = await load(fixture(name), { api: of(true), ledger: own });
      const before = api.live_allocations();
      expect(thrownBy(() => new api.Stream(-1))).toMatchObject({
        code: "invalid-value",
        details: { declared: "a status of 0", received: "-2" },
        message: expect.stringContaining("Stream.new made no object") as string,
      });
      expect([own.live.length, api.live_allocations() - before, api.Stream.count()]).toEqual([0, 0, 0]);
      const stream = new api.Stream(1);
      stream.input = Uint8Array.of(1);
      expect([stream.availIn, api.Stream.count()]).toEqual([1, 1]);
      stream.free();
      const unclear = await rejectionOf(load(fixture(name), { api: of() }));
      expect(unclear).toMatchObject({
        code: "interface-mismatch",
        message: expect.stringContaining("say { status: true } if zero means success") as string,
      });
      const nowhere = t.api({ Stream: t.class({ new: t.ctor([t.i32], { status: true }) }, { free: false }) });
      expect(await rejectionOf(load(fixture(name), { api: nowhere }))).toMatchObject({
        message: expect.stringContaining("status is for a constructor in C that takes storage") as string,
      });
    });

    it("stays in place while the memory grows, and is copied from the module's memory too", () => {
      const stream = new wasm.api.Stream(1);
      stream.input = Uint8Array.of(1, 2);
      stream.output = new Uint8Array(2);
      expect(stream.grow()).toBe(true);
      stream.run(2);
      expect(stream.output).toEqual(Uint8Array.of(33, 34));
      stream.input = wasm.memory.u8.subarray(0, 4) as Uint8Array<ArrayBuffer>;
      expect(stream.input.length).toBe(4);
      stream.free();
      isClean();
    });

    it("is one object's, under whichever name that is reached", () => {
      const stream = new wasm.api.Stream(1);
      stream.same().input = Uint8Array.of(7);
      expect(stream.input).toEqual(Uint8Array.of(7));
      stream.free();
      isClean();
    });

    it("is refused where the module has moved a pointer out of it", () => {
      const stream = new wasm.api.Stream(1);
      const reset = () => {
        stream.input = Uint8Array.of(1, 2, 3);
        stream.output = new Uint8Array(3);
      };
      const refused = { code: "invalid-value" };
      for (const [input, output] of [
        [0, -1],
        [0, 4],
        [0, 2 ** 20],
        [0, 1],
      ] as const) {
        reset();
        stream.move(input, output);
        expect(thrownBy(() => stream.output)).toMatchObject(refused);
      }
      for (const [availIn, availOut] of [
        [4, 4],
        [2 ** 32 - 1, 2 ** 32 - 1],
        [4, 0],
      ] as const) {
        reset();
        stream.claim(availIn, availOut);
        expect(thrownBy(() => stream.input)).toMatchObject(refused);
        expect(thrownBy(() => stream.output)).toMatchObject(refused);
      }
      reset();
      stream.move(2 ** 30, 0);
      expect(thrownBy(() => stream.input)).toMatchObject({ code: "out-of-bounds" });
      stream.free();
      isClean();
    });

    it("is checked before anything is written, and lost to no failed allocation", () => {
      const stream = new wasm.api.Stream(1);
      stream.input = Uint8Array.of(5);
      for (const value of [undefined, null, [1], "a", 4, new Uint16Array(2)]) {
        expect(thrownBy(() => (stream.input = value as never))).toMatchObject({
          code: "invalid-argument",
          details: { call: "Stream.input", argument: "value" },
        });
      }
      wasm.api.fail_after(0);
      expect(thrownBy(() => (stream.input = Uint8Array.of(6)))).toMatchObject({ code: "allocation-failed" });
      wasm.api.fail_after(-1);
      expect([stream.input, stream.availIn]).toEqual([Uint8Array.of(5), 1]);
      expect(() => ((stream as { availIn: number }).availIn = 4)).toThrow(TypeError);
      stream.free();
      isClean();
    });

    it("is not replaced while a call uses it", () => {
      const stream = new wasm.api.Stream(1);
      stream.input = Uint8Array.of(5);
      const seen: unknown[] = [];
      stream.call((left) => {
        seen.push(
          left,
          stream.input.length,
          thrownBy(() => (stream.input = Uint8Array.of(6))),
        );
        return 0;
      });
      expect(seen).toMatchObject([1, 1, { code: "object-unusable", details: { reason: "borrowed" } }]);
      stream.free();
      isClean();
    });

    it("carries any input in pieces of any size", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (source, size) => {
          const stream = new wasm.api.Stream(1);
          stream.input = source;
          const chunks: number[] = [];
          for (let status = 0; status === 0;) {
            stream.output = new Uint8Array(size);
            status = stream.run(2 ** 32 - 1);
            chunks.push(...stream.output);
          }
          stream.free();
          expect(Uint8Array.from(chunks)).toEqual(turned(source));
        }),
      );
      isClean();
    });

    it("is gone with its life, and is that of the next one after a restart", async () => {
      const fresh = await load(fixture(name), { api: streams(wide), onTrap: "restart" });
      const stream = new fresh.api.Stream(1);
      stream.input = Uint8Array.of(1);
      expect(thrownBy(fresh.api.trap)).toMatchObject({ code: "trap" });
      expect(thrownBy(() => stream.input)).toMatchObject({ details: { reason: "ended" } });
      stream.free();
      const next = new fresh.api.Stream(1);
      expect(next.input).toEqual(new Uint8Array());
      next.input = Uint8Array.of(2);
      expect(next.input).toEqual(Uint8Array.of(2));
      next.free();
      expect(fresh.api.live_allocations()).toBe(0);
    });

    it("leaves nothing behind after 1,000 rounds", () => {
      for (let round = 0; round < 1000; round++) {
        const stream = new wasm.api.Stream(1);
        stream.input = Uint8Array.of(round);
        stream.output = new Uint8Array(2);
        stream.run(1);
        stream.output = new Uint8Array(round % 7);
        stream.free();
      }
      isClean();
    });
  });
}
