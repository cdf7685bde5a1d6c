import { describe, expect, it } from "vitest";
import { thrownBy } from "../wat.ts";
import { expectForward } from "./forward.ts";
import { bumpModule, load } from "./modules.ts";

const bodies: Record<string, string> = {
  "": "",
  i32: "(i32.const 1024)",
  i64: "(i64.const 1024)",
  f64: "(f64.const 1024)",
  f32: "(f32.const 1024)",
};

/** A module of functions that tell their arguments to `env.called` and return 1024. Signatures as in `"i32 i32 -> i32"`. */
function moduleOf(functions: Record<string, string>, memory = "1"): string {
  const texts = Object.entries(functions).map(([name, signature]) => {
    const [params = "", result = ""] = signature.split("->").map((side) => side.trim());
    const types = params.split(" ").filter(Boolean);
    const arguments_ = types.map((type, index) =>
      type === "i32"
        ? `(local.get ${index})`
        : `(i32.trunc_f64_u (${type === "i64" ? "f64.convert_i64_u" : type === "f32" ? "f64.promote_f32" : "f64.abs"} (local.get ${index})))`,
    );
    const padded = [...arguments_, ...Array<string>(4).fill("(i32.const -1)")].slice(0, 4);
    return `(func (export "${name}") (param ${types.join(" ")}) ${result && `(result ${result})`} (call $called ${padded.join(" ")}) ${bodies[result]})`;
  });
  return `(module (import "env" "called" (func $called (param i32 i32 i32 i32))) (memory (export "memory") ${memory}) ${texts.join("\n")})`;
}

describe("the allocator", () => {
  for (const [title, functions, evidence, calls] of [
    [
      "__wbindgen_malloc with a size",
      { __wbindgen_malloc: "i32 -> i32", __wbindgen_free: "i32 i32" },
      "its exports __wbindgen_malloc and __wbindgen_free",
      [[48], [1024, 48]],
    ],
    [
      "__wbindgen_malloc with a size and an alignment",
      { __wbindgen_malloc: "i32 i32 -> i32", __wbindgen_free: "i32 i32 i32" },
      "its exports __wbindgen_malloc and __wbindgen_free",
      [
        [48, 16],
        [1024, 48, 16],
      ],
    ],
    ["malloc and free", { malloc: "i32 -> i32", free: "i32" }, "its exports malloc and free", [[48], [1024]]],
    ["malloc alone", { malloc: "i32 -> i32" }, "its export malloc, without one that frees", [[48]]],
    [
      "alloc and dealloc of an address",
      { alloc: "i32 -> i32", dealloc: "i32" },
      "its exports alloc and dealloc",
      [[48], [1024]],
    ],
    [
      "alloc and dealloc of an address and size",
      { alloc: "i32 -> i32", dealloc: "i32 i32" },
      "its exports alloc and dealloc",
      [[48], [1024, 48]],
    ],
    [
      "alloc and dealloc with alignments",
      { alloc: "i32 i32 -> i32", dealloc: "i32 i32 i32" },
      "its exports alloc and dealloc",
      [
        [48, 16],
        [1024, 48, 16],
      ],
    ],
    [
      "allocate and deallocate",
      { allocate: "i32 -> i32", deallocate: "i32 i32 -> i32" },
      "its exports allocate and deallocate",
      [[48], [1024, 48]],
    ],
    [
      "AssemblyScript's __new, pinned",
      { __new: "i32 i32 -> i32", __pin: "i32 -> i32", __unpin: "i32" },
      "its exports __new and __unpin",
      [[48, 1], [1024], [1024]],
    ],
    [
      "cabi_realloc, which cannot free",
      { cabi_realloc: "i32 i32 i32 i32 -> i32" },
      "its export cabi_realloc, without one that frees",
      [[0, 0, 16, 48]],
    ],
    [
      "wasm-bindgen's before malloc",
      { malloc: "i32 -> i32", __wbindgen_malloc: "i32 i32 -> i32" },
      "its export __wbindgen_malloc, without one that frees",
      [[48, 16]],
    ],
    [
      "of 64-bit sizes and addresses",
      { malloc: "i64 -> i64", free: "i64" },
      "its exports malloc and free",
      [[48], [1024]],
    ],
    [
      "of sizes in 64 bits and alignments in 32",
      { alloc: "i64 i32 -> i64", dealloc: "i64 i32 i64" },
      "its exports alloc and dealloc",
      [
        [48, 16],
        [1024, 48, 16],
      ],
    ],
    [
      "of floating-point addresses, as wasm-bindgen has them in 64-bit modules",
      { __wbindgen_malloc: "f64 f64 -> f64", __wbindgen_free: "f64 f64 f64" },
      "its exports __wbindgen_malloc and __wbindgen_free",
      [
        [48, 16],
        [1024, 48, 16],
      ],
    ],
  ] as [string, Record<string, string>, string, number[][]][]) {
    const words = Object.values(functions).join(" ");
    it(`is ${title}`, async () => {
      // An untyped memory counts as one of 32 bits.
      for (const typed of words.includes("i64") ? [true] : [true, false]) {
        const { memory, allocator, calls: seen } = await load(moduleOf(functions), { typed });
        expect(memory.alloc(48, 16)).toBe(1024);
        memory.free(1024, 48, 16);
        expect(seen.map((args) => args.filter((arg) => arg !== -1))).toEqual(calls);
        expect(allocator().evidence).toBe(evidence);
      }
    });
  }

  it("is what the user names, and nothing else", async () => {
    const functions = { malloc: "i32 -> i32", take: "i32 -> i32", give: "i32 i32" };
    const both = await load(moduleOf(functions), { names: { alloc: "take", free: "give" } });
    expect(both.allocator().evidence).toBe("its exports take and give");
    both.memory.free(both.memory.alloc(8), 8);
    expect(both.calls).toEqual([
      [8, -1, -1, -1],
      [1024, 8, -1, -1],
    ]);
    const alone = await load(moduleOf(functions), { names: { alloc: "take" } });
    expect(alone.allocator().evidence).toBe("its export take, without one that frees");
    const wrong = await load(moduleOf(functions), { names: { alloc: "take", free: "giveBack" } });
    expect(thrownBy(() => wrong.memory.alloc(8))).toMatchObject({
      code: "no-allocator",
      details: { tried: ["take", "giveBack"] },
    });
  });

  it("that is missing is an error that lists what was tried and says how to name one", async () => {
    const { memory } = await load(moduleOf({ a: "i32 -> i32", __new: "i32 i32 -> i32" }));
    const error = thrownBy(() => memory.alloc(8));
    expect(error).toMatchObject({
      code: "no-allocator",
      details: { tried: ["__wbindgen_malloc", "__new", "__pin", "malloc", "alloc", "allocate", "cabi_realloc"] },
    });
    expect((error as Error).message).toContain('allocator: { alloc: "…", free: "…" }');
    expect((error as Error).message).toContain("Minified names");
  });

  it("with a signature of its own is an error that spells out both", async () => {
    const { memory } = await load(moduleOf({ malloc: "i32 i32 -> i32" }));
    expect(thrownBy(() => memory.alloc(8))).toMatchObject({
      code: "allocator-mismatch",
      details: { name: "malloc", expected: "(size) -> address", given: "(i32, i32) -> i32" },
    });
    const untyped = await load(moduleOf({ malloc: "i32 i32 -> i32" }), { typed: false });
    expect(thrownBy(() => untyped.memory.alloc(8))).toMatchObject({
      code: "allocator-mismatch",
      details: { name: "malloc", given: "2 parameters" },
    });
    for (const functions of [
      { malloc: "i32" },
      { malloc: "f32 -> i32" },
      { malloc: "i32 -> f32" },
      { malloc: "i32 -> i32", free: "" },
      { malloc: "i32 -> i32", free: "f32" },
      { __new: "i32 i32 -> i32", __pin: "i32", __unpin: "i32" },
    ] as Record<string, string>[]) {
      const { memory } = await load(moduleOf(functions));
      expect(thrownBy(() => memory.alloc(8))).toMatchObject({ code: "allocator-mismatch" });
    }
  });

  it("of another convention is used where the first name that fits has a signature that does not", async () => {
    const { allocator } = await load(moduleOf({ alloc: "i32 i32 i32 -> i32", cabi_realloc: "i32 i32 i32 i32 -> i32" }));
    expect(allocator().evidence).toBe("its export cabi_realloc, without one that frees");
  });

  it("is not looked for in exports that are no functions", async () => {
    const { memory } = await load(`(module (memory (export "memory") 1) (global (export "malloc") i32 (i32.const 1)))`);
    expect(thrownBy(() => memory.alloc(8))).toMatchObject({ code: "no-allocator" });
  });
});

describe("allocating", () => {
  it("aligns to 8 by default, and to what is asked", async () => {
    const { memory } = await load(bumpModule());
    expect(memory.alloc(3, 1)).toBe(1024);
    expect(memory.alloc(3)).toBe(1032);
    expect(memory.alloc(1, 64)).toBe(1088);
  });

  it("gives what a number that only grows says, for any size and alignment, while the memory grows", async () => {
    await expectForward({});
    await expectForward({ typed: false });
  });

  it("gives what such a number says where the allocator has one alignment, and the error where that is not enough", async () => {
    await expectForward({ natural: 8 });
    await expectForward({ natural: 4 });
  });

  it("gives addresses above 2 GiB as they are", async () => {
    for (const typed of [true, false]) {
      const { memory, allocator, raw } = await load(
        `(module
          (memory (export "memory") 1)
          (func (export "malloc") (param i32) (result i32) (i32.const -16))
          (func (export "free") (param i32)))`,
        { typed },
      );
      expect(allocator().alloc(8, 8)).toBe(2 ** 32 - 16);
      // It lies outside of this small memory.
      expect(thrownBy(() => memory.alloc(8))).toMatchObject({ code: "allocation-failed" });
      expect(raw.buffer.byteLength).toBe(65536);
    }
  });

  it("that the module cannot do is an error with the size asked", async () => {
    const { memory, calls } = await load(bumpModule());
    for (const size of [5 * 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 8, 2 ** 53 - 1]) {
      expect(thrownBy(() => memory.alloc(size, 16))).toMatchObject({
        code: "allocation-failed",
        details: { size, align: 16 },
      });
    }
    expect(memory.alloc(8)).toBe(1024);
    expect(calls).toEqual([]);
  });

  it("that gives less than the alignment asked is an error, and what was given is freed", async () => {
    const { memory, calls } = await load(bumpModule({ start: 1028, align: "(i32.const 4)" }));
    const error = thrownBy(() => memory.alloc(100, 8));
    expect(error).toMatchObject({ code: "allocation-failed", details: { size: 100, align: 8 } });
    expect((error as Error).message).toContain("it returned 1028. Ask for a smaller alignment");
    expect(calls).toEqual([[1028, 100, 8]]);
    expect(memory.alloc(100, 4)).toBe(1128);
  });

  it("that gives memory beyond the end is an error", async () => {
    const { memory } = await load(moduleOf({ malloc: "i32 -> i32" }));
    expect(memory.alloc(65536 - 1024)).toBe(1024);
    expect(thrownBy(() => memory.alloc(65536 - 1023))).toMatchObject({ code: "allocation-failed" });
  });

  it("refuses sizes and alignments that are none", async () => {
    const { memory, calls } = await load(moduleOf({ malloc: "i32 -> i32", free: "i32" }));
    for (const size of [-1, 1.5, NaN, Infinity, 2 ** 53, "8", 8n, undefined]) {
      expect(thrownBy(() => memory.alloc(size as never))).toMatchObject({
        code: "invalid-argument",
        details: { argument: "size" },
      });
    }
    for (const align of [0, -8, 3, 12, 1.5, NaN, 2 ** 32, 2 ** 31 + 1, "8", 8n, null]) {
      expect(thrownBy(() => memory.alloc(8, align as never))).toMatchObject({
        code: "invalid-argument",
        details: { argument: "align" },
      });
    }
    expect(calls).toEqual([]);
  });

  it("lets a trap of the module's allocator through", async () => {
    const { memory } = await load(
      `(module (memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) unreachable))`,
    );
    expect(() => memory.alloc(8)).toThrow(WebAssembly.RuntimeError);
  });
});

describe("freeing", () => {
  it("wants the size where the module's function does", async () => {
    const { memory, calls } = await load(bumpModule());
    expect(thrownBy(() => memory.free(1024))).toMatchObject({
      code: "invalid-argument",
      details: { call: "memory.free", argument: "size", received: "undefined" },
    });
    memory.free(1024n, 8);
    expect(calls).toEqual([[1024, 8, 8]]);
    const { memory: simple, calls: seen } = await load(moduleOf({ malloc: "i32 -> i32", free: "i32" }));
    simple.free(1024);
    expect(seen).toEqual([[1024, -1, -1, -1]]);
  });

  it("does nothing for null, which an allocation of no bytes may have given", async () => {
    const { memory, calls } = await load(bumpModule());
    memory.free(0, 0);
    memory.free(0n, 0);
    expect(calls).toEqual([]);
  });

  it("refuses what lies outside the memory, which the module's function would corrupt itself with", async () => {
    const { memory, calls } = await load(bumpModule());
    for (const address of [65537, 2 ** 32 + 1024, -8]) {
      expect(thrownBy(() => memory.free(address, 8))).toMatchObject({ code: "out-of-bounds" });
    }
    expect(thrownBy(() => memory.free(65530, 8))).toMatchObject({ code: "out-of-bounds" });
    expect(calls).toEqual([]);
  });
});
