import { describe, expect, it } from "vitest";
import { type Instance, load, type Memory, UnglueError } from "unglue";
import { sameBytes } from "../packages/served.ts";
import { thrownBy, wat } from "../wat.ts";

/** A module whose `malloc` runs a body that ends with an address; `free` calls the import. */
const allocating = (body: string, result = "i32"): Promise<Uint8Array<ArrayBuffer>> =>
  wat(`(module
    (import "env" "hook" (func $hook)) (memory (export "memory") 1 3)
    (func (export "malloc") (param i32) (result ${result}) ${body})
    (func (export "free") (param ${result}) (call $hook)))`);

const make = async (
  body: string,
  hook: (instance: Instance) => void = () => undefined,
  result?: string,
): Promise<Instance> =>
  load(await allocating(body, result), { imports: (instance) => ({ env: { hook: () => hook(instance) } }) });

describe("an allocator that returns", () => {
  it.each([
    ["a null address", "i32.const 0", "i32"],
    ["a negative address outside", "i32.const -8", "i32"],
    ["the end of the memory", "i32.const 65536", "i32"],
    ["an address near the end", "i32.const 65528", "i32"],
    ["the largest address", "i32.const 0x7ffffff8", "i32"],
    ["an odd address", "i32.const 9", "i32"],
    ["a fraction", "f64.const 8.5", "f64"],
    ["not a number", "f64.const nan", "f64"],
    ["an infinite number", "f64.const inf", "f64"],
    ["a negative number", "f64.const -8", "f64"],
    ["a negative 64-bit address", "i64.const -8", "i64"],
    ["a 64-bit address beyond what numbers hold", "i64.const 0x7ffffffffffffff8", "i64"],
  ])("%s is named, and nothing is written", async (_, body, result) => {
    const { memory } = await make(body, undefined, result);
    const before = memory.read(0, memory.byteLength);
    for (const attempt of [
      () => memory.alloc(16),
      () => memory.allocString("more than eight", { encoding: "utf-16" }),
      () => memory.arena((arena) => arena.bytes(new Uint8Array(16).fill(7))),
    ]) {
      expect(thrownBy(attempt)).toMatchObject({ code: "allocation-failed" });
    }
    expect(sameBytes(memory.read(0, memory.byteLength), before)).toBe(true);
  });

  it("the same address twice is believed: only the module knows", async () => {
    const { memory } = await make("i32.const 8");
    memory.arena((arena) => expect([arena.alloc(8), arena.alloc(8)]).toEqual([8, 8]));
  });
});

describe("an allocator that", () => {
  it("traps is a trap like any other", async () => {
    const { memory } = await make("unreachable");
    expect(thrownBy(() => memory.alloc(8))).toMatchObject({ code: "trap", details: { export: "malloc" } });
  });

  it("disposes of the instance ends its own use", async () => {
    const { memory } = await make("(call $hook) i32.const 8", (instance) => instance.dispose());
    expect(thrownBy(() => memory.alloc(8))).toMatchObject({ code: "disposed" });
    expect(thrownBy(() => memory.alloc(8))).toMatchObject({ code: "disposed" });
    expect(thrownBy(() => memory.free(8))).toMatchObject({ code: "disposed" });
  });

  it("grows the memory leaves no stale view behind", async () => {
    const { memory } = await make("(drop (memory.grow (i32.const 1))) i32.const 65536");
    const own = memory.u8.subarray(0, 4);
    own.set([1, 2, 3, 4]);
    memory.arena((arena) => {
      const { address } = arena.bytes(own);
      expect(memory.read(address, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
      expect(memory.readString(arena.string("grown twice, and beyond thirty-two").address, 11)).toBe("grown twice");
    });
  });
});

describe("an arena", () => {
  it("that is disposed of with its instance has nothing to free, and keeps the result", async () => {
    let frees = 0;
    const wasm = await make("i32.const 8", () => frees++);
    expect(wasm.memory.arena((arena) => (arena.alloc(8), wasm.dispose(), "done"))).toBe("done");
    expect(frees).toBe(0);
  });

  it("inside another frees its own when freeing throws, and the body's error wins", async () => {
    let frees = 0;
    const { memory } = await make("i32.const 8", () => {
      frees++;
      throw new Error("free");
    });
    const nest = (body: () => void) => () =>
      memory.arena((outer) => {
        outer.alloc(8);
        memory.arena((inner) => {
          inner.alloc(8);
          inner.alloc(8);
          body();
        });
      });
    expect(thrownBy(nest(() => undefined))).toMatchObject({ message: "free" });
    expect(frees).toBe(3);
    expect(
      thrownBy(
        nest(() => {
          throw new Error("body");
        }),
      ),
    ).toMatchObject({ message: "body" });
    expect(frees).toBe(6);
  });
});

describe("a memory", () => {
  it("grows to its maximum and not beyond, from either side", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1 3)
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`);
    const wasm = await load<{ grow(pages: number): number }>(bytes);
    const { memory } = wasm;
    const old = memory.u8;
    expect([memory.grow(1), wasm.exports.grow(1), wasm.exports.grow(1)]).toEqual([1, 2, -1]);
    expect([old.length, memory.u8.length, memory.byteLength]).toEqual([0, 3 * 65536, 3 * 65536]);
    for (const pages of [1, 65536, 2 ** 32, 2 ** 53, 2n ** 70n]) {
      expect(thrownBy(() => memory.grow(pages))).toMatchObject({ code: "limit-exceeded", details: { allowed: 3 } });
    }
    for (const pages of [-1, -1n, 0.5, NaN, "1", null, {}]) {
      expect(thrownBy(() => memory.grow(pages as number))).toMatchObject({ code: "invalid-argument" });
    }
    expect(memory.grow(0)).toBe(3);
  });

  it("that an import grows is read as it is then", async () => {
    const bytes = await wat(`(module (import "env" "log" (func $log (param i32 i32)))
      (memory (export "memory") 1 4) (data (i32.const 0) "before and after")
      (func (export "run") (call $log (i32.const 0) (i32.const 6))))`);
    const texts: string[] = [];
    const log = (memory: Memory) => (address: number, length: number) => {
      texts.push(memory.readString(address, length));
      memory.grow(1);
      memory.write(65536, Uint8Array.of(0x68, 0x69, 0));
      texts.push(memory.readString(address), memory.readString(65536));
    };
    const wasm = await load<{ run(): void }>(bytes, {
      imports: (instance) => ({
        env: { log: (address: number, length: number) => log(instance.memory)(address, length) },
      }),
    });
    wasm.exports.run();
    expect(texts).toEqual(["before", "before and after", "hi"]);
  });

  it.each([-1, 0.5, NaN, Infinity, -(2 ** 33), 2 ** 53, 2n ** 64n, "0", null, undefined, {}, Symbol("x")])(
    "refuses %s as an address or a length",
    async (value) => {
      const { memory } = await make("i32.const 8");
      const wrong = value as number;
      for (const attempt of [
        () => memory.read(wrong, 1),
        () => memory.read(0, wrong),
        () => memory.write(wrong, Uint8Array.of(1)),
        () => memory.readString(wrong, 1),
        () => memory.writeString(wrong, "a", 1),
        () => memory.free(wrong, 1),
      ]) {
        expect(thrownBy(attempt)).toSatisfy(
          (error) => UnglueError.is(error, "invalid-argument") || UnglueError.is(error, "out-of-bounds"),
        );
      }
    },
  );
});
