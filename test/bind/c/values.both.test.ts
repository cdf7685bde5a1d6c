import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import type { Api } from "unglue";
import { createLedger } from "unglue/ledger";
import { rejectionOf, thrownBy } from "../../wat.ts";
import { fixture } from "./convention.ts";

const mixed = t.record({ on: t.bool, small: t.u8, medium: t.u16, last: t.u8, large: t.i64, ratio: t.f32 });
const nested = t.record({ kind: t.u8, inner: mixed, end: t.bool });
const bothInts = t.closure([t.i32, t.i32], t.i32);

const values = <Members>(api: Api<Members>, options: object = {}) => load(fixture("values"), { ...options, api });

describe("numbers", () => {
  it("cross in both directions, each within its range", async () => {
    const { api } = await values(
      t.api({
        addU8: t.fn([t.u8, t.u8], t.u8),
        negateI16: t.fn([t.i16], t.i16),
        notU32: t.fn([t.u32], t.u32),
        addU64: t.fn([t.u64, t.u64], t.u64),
        negateI64: t.fn([t.i64], t.i64),
        halfF32: t.fn([t.f32], t.f32),
        isNot: t.fn([t.bool], t.bool),
        nextChar: t.fn([t.char], t.char),
        doubleSize: t.fn([t.size], t.size),
      }),
    );
    expect([api.addU8(200, 100), api.negateI16(-32_768), api.notU32(0)]).toEqual([44, -32_768, 4_294_967_295]);
    expect([api.addU64(2n ** 64n - 1n, 0n), api.negateI64(-(2n ** 62n))]).toEqual([2n ** 64n - 1n, 2n ** 62n]);
    expect([api.halfF32(0.1), api.isNot(true), api.isNot(false)]).toEqual([Math.fround(0.1) / 2, false, true]);
    expect([api.nextChar("👋"), api.nextChar("z"), api.doubleSize(2 ** 31 - 1)]).toEqual(["👌", "{", 2 ** 32 - 2]);
  });

  it("may be enumerations: texts by their place, or numbers", async () => {
    const { api } = await values(
      t.api({
        nextLevel: t.fn([t.enumeration(["low", "middle", "high"])], t.enumeration(["low", "middle", "high"])),
        nextNumber: t.fn([t.enumeration({ Ten: 10, Eleven: 11 })], t.i32, { export: "next_level" }),
      }),
    );
    expect([api.nextLevel("low"), api.nextLevel("middle"), api.nextNumber(11)]).toEqual(["middle", "high", 12]);
    expect(thrownBy(() => api.nextLevel("top" as "low"))).toMatchObject({
      details: { call: "nextLevel", expected: 'one of "low", "middle", "high"', received: '"top"' },
    });
  });
});

describe("texts", () => {
  it("are passed with a length or a zero, as the signature has it", async () => {
    const { api } = await values(
      t.api({
        endedLength: t.fn([t.string], t.size),
        countedSum: t.fn([t.string], t.u32),
        lengthOr: t.fn([t.optional(t.string), t.size], t.size),
      }),
    );
    expect([api.endedLength(""), api.endedLength("Grüße 👋")]).toEqual([0, 12]);
    expect([api.countedSum(""), api.countedSum("a\0b")]).toEqual([0, 195]);
    expect([api.lengthOr(null, 7), api.lengthOr(undefined, 8), api.lengthOr("", 9), api.lengthOr("abc", 9)]).toEqual([
      7, 8, 0, 3,
    ]);
    for (const text of ["\ud800", "a\0b", 5 as never, undefined as never]) {
      expect(thrownBy(() => api.endedLength(text))).toMatchObject({
        code: "invalid-argument",
        details: { call: "endedLength", argument: "parameter 1" },
      });
    }
    expect(thrownBy(() => api.lengthOr("a\0b", 1))).toMatchObject({ code: "invalid-argument" });
    expect(api.endedLength("well")).toBe(4);
  });

  it("that could have a length or a zero are a misfit, which t.cstring settles", async () => {
    const unclear = t.api({ mixed: t.fn([t.string, t.string], t.size) });
    const error = await rejectionOf(values(unclear));
    expect(error).toMatchObject({ code: "interface-mismatch", details: { misfits: [{ name: "mixed" }] } });
    expect(String(error)).toContain("it fits in more than one way: say t.cstring where a zero ends a text");
    const { api } = await values(t.api({ mixed: t.fn([t.string, t.cstring], t.size) }));
    expect(api.mixed("a\0", "four")).toBe(97_004);
  });

  it("are lent or given away as results, or are null", async () => {
    const ledger = createLedger();
    const { api, memory } = await values(
      t.api({
        lendText: t.fn([t.i32], t.string),
        maybeText: t.fn([t.i32], t.optional(t.cstring), { export: "lend_text" }),
        giveText: t.fn([t.cstring], t.string, { owned: true }),
        leakText: t.fn([t.cstring], t.size, { export: "give_text" }),
      }),
      { ledger },
    );
    expect([api.lendText(0), api.lendText(1), api.maybeText(0)]).toEqual(["Grüße, 世界 👋", "", "Grüße, 世界 👋"]);
    expect([api.maybeText(1), api.maybeText(2)]).toEqual(["", undefined]);
    expect(thrownBy(() => api.lendText(2))).toMatchObject({
      code: "null-pointer",
      details: { name: "What lendText returned", declared: "cstring" },
    });
    expect(api.giveText("né")).toBe("néné");
    // Freed: the module has no room for a thousand of these, and the allocator hands the same place out again.
    const long = "x".repeat(10_000);
    for (let round = 0; round < 1000; round += 1) expect(api.giveText(long)).toHaveLength(20_000);
    expect(memory.byteLength).toBeLessThan(2 ** 18);
    expect(ledger.live).toEqual([]);
  });
});

describe("bytes and arrays", () => {
  it("are passed with their count, and received as copies", async () => {
    const { api, memory } = await values(
      t.api({
        sumTwo: t.fn([t.bytes, t.bytes], t.u32),
        sumFloats: t.fn([t.array(t.f32)], t.f64),
        sumFour: t.fn([t.array(t.i64)], t.i64),
        firstOr: t.fn([t.optional(t.array(t.i32)), t.i32], t.i32),
        lendBytes: t.fn([], t.bytes),
        noBytes: t.fn([], t.bytes),
        maybeBytes: t.fn([], t.optional(t.bytes), { export: "lend_bytes" }),
        noOptional: t.fn([], t.bytes, { export: "no_bytes" }),
        giveBytes: t.fn([t.bytes], t.bytes, { owned: true }),
        giveDoubles: t.fn([t.size], t.array(t.f64), { owned: true }),
      }),
    );
    expect(api.sumTwo(new Uint8Array([1, 2]), new Uint8Array(300).fill(3).subarray(100))).toBe(603);
    expect(api.sumFloats(new Float32Array([0.5, 0.25]))).toBe(0.75);
    expect(api.sumFour(new BigInt64Array([1n, -2n, 3n, 2n ** 40n]))).toBe(2n + 2n ** 40n);
    expect([api.firstOr(null, 5), api.firstOr(new Int32Array([7]), 5)]).toEqual([5, 7]);
    const lent = api.lendBytes();
    expect(lent).toEqual(new Uint8Array([1, 2, 0, 255]));
    lent.fill(9);
    expect([api.lendBytes(), api.noBytes(), api.noOptional()]).toEqual([
      new Uint8Array([1, 2, 0, 255]),
      new Uint8Array(),
      new Uint8Array(),
    ]);
    expect(api.maybeBytes()).toEqual(new Uint8Array([1, 2, 0, 255]));
    expect([api.giveBytes(new Uint8Array([1, 2, 3])), api.giveBytes(new Uint8Array())]).toEqual([
      new Uint8Array([3, 2, 1]),
      new Uint8Array(),
    ]);
    expect(api.giveDoubles(3)).toEqual(new Float64Array([0, 0.5, 1]));
    for (let round = 0; round < 500; round += 1) api.giveDoubles(1000);
    expect(memory.byteLength).toBeLessThan(2 ** 18);
    expect(thrownBy(() => api.sumFloats(new Float64Array(1) as never))).toMatchObject({
      details: { call: "sumFloats", argument: "parameter 1", expected: "a Float32Array" },
    });
  });

  it("that the module writes to are copied back", async () => {
    const { api } = await values(
      t.api({
        doubleAll: t.fn([t.array(t.i32, { mutable: true })], t.void),
        doubleCopy: t.fn([t.array(t.i32)], t.void, { export: "double_all" }),
      }),
    );
    const whole = new Int32Array([1, 2, 3, 4]);
    api.doubleAll(whole.subarray(1, 3));
    expect(whole).toEqual(new Int32Array([1, 4, 6, 4]));
    api.doubleCopy(whole);
    api.doubleAll(new Int32Array());
    expect(whole).toEqual(new Int32Array([1, 4, 6, 4]));
  });
});

describe("records", () => {
  it("are structs as clang lays them out, passed by address, and returned through one", async () => {
    const ledger = createLedger();
    const { api } = await values(
      t.api({
        turnMixed: t.fn([mixed], mixed),
        turnNested: t.fn([nested], nested),
        lendMixed: t.fn([t.u8], t.optional(mixed)),
        lendAny: t.fn([t.u8], mixed, { export: "lend_mixed" }),
        smallOr: t.fn([t.optional(mixed), t.u32], t.u32),
      }),
      { ledger },
    );
    const one = { on: true, small: 1, medium: 65_534, last: 254, large: -(2n ** 62n), ratio: 0.5 };
    const other = { on: false, small: 2, medium: 65_535, last: 255, large: 2n ** 62n, ratio: 1 };
    expect(api.turnMixed(one)).toEqual(other);
    expect(api.turnNested({ kind: 7, inner: one, end: false })).toEqual({ kind: 8, inner: other, end: true });
    expect([api.lendMixed(0), api.lendMixed(9)?.small, api.smallOr(one, 5), api.smallOr(null, 5)]).toEqual([
      undefined,
      9,
      1,
      5,
    ]);
    expect(thrownBy(() => api.lendAny(0))).toMatchObject({
      code: "null-pointer",
      details: { name: "What lendAny returned" },
    });
    expect(thrownBy(() => api.turnMixed({ ...one, small: 256 }))).toMatchObject({
      code: "invalid-argument",
      details: {
        call: "turnMixed",
        expected: expect.stringContaining("small (a whole number from 0 to 255)") as string,
      },
    });
    expect(ledger.live).toEqual([]);
  });
});

describe("functions", () => {
  it("are called by the module, and keep their place in the table", async () => {
    const wasm = await values(
      t.api({
        sortWith: t.fn([t.array(t.i32, { mutable: true }), bothInts], t.void),
        keepCompare: t.fn([t.optional(bothInts)], t.size),
        callKept: t.fn([t.i32, t.i32], t.i32),
        keepUnsigned: t.fn([t.closure([t.u32, t.u32], t.i32)], t.size, { export: "keep_compare" }),
      }),
    );
    const { api, table } = wasm;
    const numbers = new Int32Array([3, -1, 2]);
    const rising = (a: number, b: number) => a - b;
    api.sortWith(numbers, rising);
    expect(numbers).toEqual(new Int32Array([-1, 2, 3]));
    const { length } = table;
    const at = api.keepCompare(rising);
    expect(api.callKept(5, -2)).toBe(7);
    for (let round = 0; round < 1000; round += 1) api.sortWith(numbers, rising);
    expect([api.keepCompare(rising), table.length]).toEqual([at, length]);
    expect(api.keepUnsigned(rising)).not.toBe(at);
    expect(thrownBy(() => api.callKept(-1, 0))).toMatchObject({ details: { received: String(2 ** 32 - 1) } });
    expect([api.keepCompare(null), api.callKept(1, 2)]).toEqual([0, 0]);
    const other = await values(t.api({ keepCompare: t.fn([bothInts], t.size), callKept: t.fn([t.i32, t.i32], t.i32) }));
    other.api.keepCompare((a, b) => a * b);
    expect([other.api.callKept(6, 7), api.keepCompare(rising), api.callKept(6, 7)]).toEqual([42, at, -1]);
  });

  it("receive texts, bytes, records and numbers of all widths, and return what is checked", async () => {
    const visit = t.closure([t.cstring, t.bytes, t.u64, mixed, t.u32], t.bool);
    const { api } = await values(t.api({ visitAll: t.fn([visit, t.u32], t.u32) }));
    const seen: unknown[] = [];
    expect(api.visitAll((...args) => seen.push(args) < 2, 5)).toBe(1);
    const record = { on: true, small: 1, medium: 2, last: 3, large: 4n, ratio: 0.5 };
    expect(seen).toEqual([
      ["text", new Uint8Array(), 2n ** 64n - 1n, record, 2 ** 32 - 1],
      ["text", new Uint8Array([1]), 2n ** 64n - 2n, record, 2 ** 32 - 1],
    ]);
    expect(thrownBy(() => api.visitAll(() => "yes" as never, 5))).toMatchObject({
      code: "invalid-argument",
      details: { argument: "result", expected: "a boolean", received: '"yes"' },
    });
    const own = new Error("own");
    expect(
      thrownBy(() =>
        api.visitAll(() => {
          throw own;
        }, 5),
      ),
    ).toBe(own);
    expect(api.visitAll(() => true, 3)).toBe(3);
  });

  it("that return what would have to be allocated are misfits", async () => {
    for (const closure of [t.closure([], t.cstring), t.closure([], t.bytes), t.closure([], mixed)]) {
      const error = await rejectionOf(values(t.api({ keepCompare: t.fn([closure], t.size) })));
      expect(error).toMatchObject({ code: "interface-mismatch" });
      expect(String(error)).toContain("C has no way to pass closure() -> ");
    }
  });
});

describe("what is passed is freed", () => {
  const api = t.api({
    endedLength: t.fn([t.cstring], t.size),
    countedSum: t.fn([t.string], t.u32),
    sumTwo: t.fn([t.bytes, t.bytes], t.u32),
    doubleAll: t.fn([t.array(t.i32, { mutable: true })], t.void),
    turnMixed: t.fn([mixed], mixed),
    visitAll: t.fn([t.closure([t.cstring, t.bytes, t.u64, mixed, t.u32], t.bool), t.u32], t.u32),
    lendBytes: t.fn([], t.bytes),
    giveText: t.fn([t.cstring], t.string, { owned: true }),
    giveBytes: t.fn([t.bytes], t.bytes, { owned: true }),
    trapWith: t.fn([t.string, t.array(t.i32)], t.i32),
  });
  const record = { on: true, small: 1, medium: 2, last: 3, large: 4n, ratio: 0.5 };

  it("after each of a thousand calls of each kind", async () => {
    const ledger = createLedger();
    const wasm = await values(api, { ledger });
    const bytes = new Uint8Array(100);
    const calls = [
      () => wasm.api.endedLength("text"),
      () => wasm.api.countedSum("text"),
      () => wasm.api.sumTwo(bytes, bytes),
      () => {
        wasm.api.doubleAll(new Int32Array(10));
      },
      () => wasm.api.turnMixed(record),
      () => wasm.api.visitAll(() => true, 1),
      () => wasm.api.lendBytes(),
      () => wasm.api.giveText("text"),
      () => wasm.api.giveBytes(bytes),
      () => wasm.api.trapWith("", new Int32Array(5)),
    ];
    for (const call of calls) {
      for (let round = 0; round < 1000; round += 1) call();
      expect(ledger.live).toEqual([]);
    }
  });

  it("when there is no room for a later one", async () => {
    const ledger = createLedger();
    const wasm = await values(api, { ledger });
    for (let round = 0; round < 100; round += 1) {
      expect(thrownBy(() => wasm.api.sumTwo(new Uint8Array(400_000), new Uint8Array(2 ** 24)))).toMatchObject({
        code: "allocation-failed",
        details: { size: 2 ** 24 },
      });
    }
    expect([ledger.live, wasm.state]).toEqual([[], "live"]);
    expect(wasm.api.sumTwo(new Uint8Array(400_000).fill(1), new Uint8Array(1))).toBe(400_000);
  });

  it("when a function that was passed throws", async () => {
    const ledger = createLedger();
    const wasm = await values(t.api({ sortWith: t.fn([t.array(t.i32, { mutable: true }), bothInts], t.void) }), {
      ledger,
    });
    const fail = (): never => {
      throw new Error("own");
    };
    for (let round = 0; round < 1000; round += 1) {
      expect(() => {
        wasm.api.sortWith(new Int32Array([2, 1]), fail);
      }).toThrow("own");
    }
    expect([ledger.live, wasm.state]).toEqual([[], "live"]);
  });

  it("but in an instance that has trapped, whose trap is what is thrown", async () => {
    const wasm = await values(api);
    const error = thrownBy(() => wasm.api.trapWith("text", new Int32Array(5)));
    expect(error).toMatchObject({ code: "trap", details: { export: "trap_with" } });
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => wasm.api.endedLength("text"))).toMatchObject({ code: "poisoned" });
  });

  it("also after a trap that does not end the instance", async () => {
    const ledger = createLedger();
    const wasm = await values(api, { ledger, onTrap: "throw" });
    for (let round = 0; round < 10; round += 1) {
      expect(thrownBy(() => wasm.api.trapWith("text", new Int32Array(5)))).toMatchObject({ code: "trap" });
    }
    expect([ledger.live, wasm.api.endedLength("text")]).toEqual([[], 4]);
  });
});
