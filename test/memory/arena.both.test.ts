import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Arena } from "../../src/public/index.ts";
import { rejectionOf, thrownBy } from "../wat.ts";
import { bumpModule, load } from "./modules.ts";

describe("an arena", () => {
  it("frees what it allocated with its sizes and alignments, the last first, and once", async () => {
    const { memory, calls } = await load(bumpModule());
    const arena = memory.arena();
    const plain = arena.alloc(10);
    const { address: bytes, length } = arena.bytes(Uint8Array.of(1, 2, 3), 4);
    const text = arena.string("hé", { encoding: "utf-16", layout: "nul" });
    expect([...memory.read(bytes, length)]).toEqual([1, 2, 3]);
    expect(memory.readString(text.address, "nul", { encoding: "utf-16" })).toBe("hé");
    expect(calls).toEqual([]);
    arena.dispose();
    const freed = [
      [text.address, 6, 2],
      [bytes, 3, 4],
      [plain, 10, 8],
    ];
    expect(calls).toEqual(freed);
    arena.dispose();
    arena[Symbol.dispose]();
    expect(calls).toEqual(freed);
  });

  it.each([[5], ["text"], [null], [{}]])("needs a function, if it is given one: %s", async (body) => {
    const { memory, calls } = await load(bumpModule());
    expect(thrownBy(() => memory.arena(body as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "memory.arena", argument: "body" },
    });
    expect(calls).toEqual([]);
  });

  it("does whatever a list of what it holds says", async () => {
    const { memory, calls } = await load(bumpModule({ memory: "1 2000" }));
    const size = fc.nat(40);
    const align = fc.constantFrom(1, 2, 4, 8, 16);
    const step = fc.oneof(
      fc.record({ do: fc.constant("alloc" as const), size, align }),
      fc.record({ do: fc.constant("bytes" as const), size, align }),
      fc.record({ do: fc.constant("string" as const), size }),
      fc.record({ do: fc.constant("release" as const), at: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), step), { maxLength: 40 }), (steps) => {
        calls.length = 0;
        const arenas = [0, 1, 2].map(() => ({
          arena: memory.arena(),
          held: [] as [address: number, size: number, align: number][],
        }));
        for (const [index, one] of steps) {
          const { arena, held } = arenas[index]!;
          if (one.do === "alloc") held.push([arena.alloc(one.size, one.align), one.size, one.align]);
          if (one.do === "bytes")
            held.push([arena.bytes(new Uint8Array(one.size), one.align).address, one.size, one.align]);
          if (one.do === "string") held.push([arena.string("x".repeat(one.size)).address, one.size, 1]);
          if (one.do === "release" && held.length > 0) {
            const [address] = held[one.at % held.length]!;
            arena.release(address);
            held.splice(held.map(([other]) => other).lastIndexOf(address), 1);
          }
        }
        expect(calls).toEqual([]);
        for (const { arena } of arenas) arena.dispose();
        expect(calls).toEqual(arenas.flatMap(({ held }) => held.reverse()));
      }),
    );
  });

  it("does not free what was handed over", async () => {
    const { memory, calls } = await load(bumpModule());
    const arena = memory.arena();
    const [first, second] = [arena.alloc(8), arena.alloc(8)];
    arena.release(BigInt(first));
    expect(thrownBy(() => arena.release(first))).toMatchObject({
      code: "invalid-argument",
      details: { call: "arena.release", argument: "address" },
    });
    arena.dispose();
    expect(calls).toEqual([[second, 8, 8]]);
  });

  it("refuses all use after its end, and allocates nothing then", async () => {
    const { memory } = await load(bumpModule());
    const arena = memory.arena();
    const address = arena.alloc(8);
    arena.dispose();
    for (const use of [
      () => arena.alloc(8),
      () => arena.bytes(new Uint8Array(1)),
      () => arena.string("x"),
      () => arena.string("x".repeat(100)),
      () => arena.release(address),
    ]) {
      expect(thrownBy(use)).toMatchObject({ code: "disposed" });
    }
    expect(memory.alloc(8)).toBe(1032);
  });

  it("frees all, even where freeing one throws, and then throws the first error", async () => {
    const freed: number[] = [];
    const { memory } = await load(bumpModule(), {
      called(address) {
        freed.push(address);
        if (address !== 1032) throw new Error(`cannot free ${address}`);
      },
    });
    const arena = memory.arena();
    for (let count = 0; count < 3; count++) arena.alloc(8);
    expect(() => {
      arena.dispose();
    }).toThrow("cannot free 1040");
    expect(freed).toEqual([1040, 1032, 1024]);
    arena.dispose();
    expect(freed.length).toBe(3);
  });

  it("copies bytes of the module's own memory right, also where that grows by it", async () => {
    const { memory } = await load(bumpModule());
    memory.u8.set([1, 2, 3], 16);
    const arena = memory.arena();
    const big = memory.u8.subarray(0, 65000);
    const { address, length } = arena.bytes(big);
    expect(memory.byteLength).toBe(2 * 65536);
    expect(big.length).toBe(0);
    expect(length).toBe(65000);
    expect([...memory.read(address + 16, 3)]).toEqual([1, 2, 3]);
  });

  it("takes back a null that stands for no bytes", async () => {
    const { memory, calls } = await load(
      `(module
        (import "env" "called" (func $called (param i32)))
        (memory (export "memory") 1)
        (func (export "malloc") (param i32) (result i32) (select (i32.const 1024) (i32.const 0) (local.get 0)))
        (func (export "free") (param i32) (call $called (local.get 0))))`,
    );
    const arena = memory.arena();
    arena.release(arena.alloc(0));
    expect(arena.bytes(new Uint8Array())).toEqual({ address: 0, length: 0 });
    expect(arena.string("")).toEqual({ address: 1024, length: 0 });
    arena.dispose();
    expect(calls).toEqual([[1024]]);
  });

  it("refuses what is no data, and text that does not fit its layout", async () => {
    const { memory } = await load(bumpModule());
    const arena = memory.arena();
    expect(thrownBy(() => arena.bytes([1] as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "arena.bytes" },
    });
    expect(thrownBy(() => arena.string(1 as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "arena.string" },
    });
    expect(thrownBy(() => arena.string("x".repeat(300), { layout: "u8" }))).toMatchObject({ code: "string-too-long" });
    arena.dispose();
  });
});

describe("a function run with an arena", () => {
  it("gets it, returns what it returns, and has it freed", async () => {
    const { memory, calls } = await load(bumpModule());
    const result = memory.arena((arena) => memory.arena((inner) => [arena.alloc(8), inner.alloc(16)]));
    expect(result).toEqual([1024, 1032]);
    expect(calls).toEqual([
      [1032, 16, 8],
      [1024, 8, 8],
    ]);
  });

  it("has it freed when it throws", async () => {
    const { memory, calls } = await load(bumpModule());
    const error = new Error("from the body");
    expect(
      thrownBy(() =>
        memory.arena((arena) => {
          arena.alloc(8);
          throw error;
        }),
      ),
    ).toBe(error);
    expect(calls).toEqual([[1024, 8, 8]]);
  });

  it("has it freed only when its promise is done", async () => {
    const { memory, calls } = await load(bumpModule());
    let kept: Arena | undefined;
    const done = memory.arena(async (arena) => {
      kept = arena;
      arena.alloc(8);
      await Promise.resolve();
      expect(calls).toEqual([]);
      return arena.alloc(16);
    });
    expect(done).toBeInstanceOf(Promise);
    expect(await done).toBe(1032);
    expect(calls).toEqual([
      [1032, 16, 8],
      [1024, 8, 8],
    ]);
    expect(thrownBy(() => kept?.alloc(8))).toMatchObject({ code: "disposed" });
  });

  it("has it freed when its promise rejects, and for any thenable", async () => {
    const { memory, calls } = await load(bumpModule());
    const error = new Error("from the body");
    const rejected = memory.arena(async (arena) => {
      arena.alloc(8);
      await Promise.resolve();
      throw error;
    });
    expect(await rejectionOf(rejected)).toBe(error);
    expect(calls).toEqual([[1024, 8, 8]]);
    const thenable = { then: (resolve: (value: string) => void) => setTimeout(resolve, 1, "done") };
    const waited = memory.arena((arena) => {
      arena.alloc(8);
      return thenable as unknown as PromiseLike<string>;
    });
    expect(calls.length).toBe(1);
    expect(await waited).toBe("done");
    expect(calls.length).toBe(2);
  });

  it("throws its own error where freeing fails too, and that of freeing otherwise", async () => {
    const { memory } = await load(bumpModule(), {
      called() {
        throw new Error("from freeing");
      },
    });
    const body = (fails: boolean) => (arena: Arena) => {
      arena.alloc(8);
      if (fails) throw new Error("from the body");
    };
    expect(() => {
      memory.arena(body(true));
    }).toThrow("from the body");
    expect(() => {
      memory.arena(body(false));
    }).toThrow("from freeing");

    const later = (fails: boolean) => async (arena: Arena) => body(fails)(arena);
    expect(await rejectionOf(memory.arena(later(true)))).toMatchObject({ message: "from the body" });
    expect(await rejectionOf(memory.arena(later(false)))).toMatchObject({ message: "from freeing" });
  });
});
