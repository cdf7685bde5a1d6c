import { describe, expect, it } from "vitest";
import { load, loadSync, t } from "unglue";
import { assemble, exported, functionType, i32, list, sections, text } from "../reflect/assemble.ts";
import { rejectionOf, thrownBy } from "../wat.ts";

// Value types by their codes.
const pair = 0;
const refPair = [0x64, pair];
const pairOrNull = [0x63, pair];
const refI31 = [0x64, 0x6c];
const [i31, eq, structOrNull, anyOrNull] = [0x6c, 0x6d, 0x6b, 0x6e];
const typed = (params: readonly number[][], results: readonly number[][]) => [
  0x60,
  ...list(...params),
  ...list(...results),
];
const body = (...code: number[]) => [code.length + 2, 0, ...code, 0x0b];

/** A module of structs of its own: it makes and reads them, and passes them through an import. */
const module = assemble(
  sections.type(
    // A struct of one mutable number.
    [0x5f, 1, i32, 1],
    typed([[i32]], [refPair]),
    typed([pairOrNull], [[i32]]),
    typed([[i32]], [refI31]),
    typed([[i31]], [[i32]]),
    typed([[eq]], [[eq]]),
    typed([[structOrNull]], [[structOrNull]]),
    typed([[anyOrNull]], [[anyOrNull]]),
    typed([refPair], [pairOrNull]),
  ),
  sections.import([...text("env"), ...text("other"), 0, 8]),
  sections.function([1], [2], [3], [4], [5], [6], [7], [8]),
  sections.export(
    ...["make", "read", "small", "whole", "same_eq", "same_struct", "same_any", "passed"].map((name, at) =>
      exported(name, 0, at + 1),
    ),
  ),
  sections.code(
    body(0x20, 0, 0xfb, 0, pair),
    body(0x20, 0, 0xfb, 2, pair, 0),
    body(0x20, 0, 0xfb, 0x1c),
    body(0x20, 0, 0xfb, 0x1d),
    body(0x20, 0),
    body(0x20, 0),
    body(0x20, 0),
    body(0x20, 0, 0x10, 0),
  ),
);
const api = t.api({
  make: t.fn([t.i32], t.js),
  read: t.fn([t.js], t.i32),
  small: t.fn([t.i32], t.js),
  whole: t.fn([t.js], t.i32),
  same_eq: t.fn([t.js], t.js),
  same_struct: t.fn([t.js], t.js),
  same_any: t.fn([t.js], t.js),
  passed: t.fn([t.js], t.js),
});
const same = t.host([t.js], t.js, (value) => value);

if (WebAssembly.validate(module)) {
  describe("a typed reference", () => {
    const open = () => loadSync(module, { api, onTrap: "throw", imports: { env: { other: same } } });

    it("passes as it is: a struct, its base types and integers of 31 bits", () => {
      const { api } = open();
      const made = api.make(42);
      expect(api.read(made)).toBe(42);
      expect(api.passed(made)).toBe(made);
      for (const call of [api.same_eq, api.same_struct, api.same_any]) {
        expect(call(made)).toBe(made);
        expect(call(null)).toBe(null);
      }
      expect([api.small(-5), api.whole(7), api.same_eq(3)]).toEqual([-5, 7, 3]);
      expect(api.same_any("text")).toBe("text");
    });

    it.each(["wasm-bindgen", "assemblyscript"])("passes as it is in the convention of %s", async (toolchain) => {
      const wasm = await load(module, { api, toolchain, imports: { env: { other: same } } });
      const made = wasm.api.make(42);
      expect([wasm.api.read(made), wasm.api.passed(made) === made, wasm.api.small(3)]).toEqual([42, true, 3]);
    });

    it("refuses a value that it cannot hold, by code", () => {
      const { api } = open();
      const wrong = [
        [() => api.read({}), "a struct or array that the module made, or a function that a module exports, or null"],
        [
          () => api.passed(null),
          "a struct or array that the module made, or a function that a module exports except null",
        ],
        [() => api.whole("text"), "an integer of 31 bits, or null"],
        [() => api.whole(2 ** 31), "an integer of 31 bits, or null"],
        [() => api.same_eq({}), "a struct or array that the module made, or an integer of 31 bits, or null"],
        [() => api.same_struct(5), "a struct that the module made, or null"],
      ] as const;
      for (const [call, expected] of wrong)
        expect(thrownBy(call)).toMatchObject({ code: "invalid-argument", details: { expected } });
    });

    it("is returned by a host function only if the module can hold it", async () => {
      const other = t.host([t.js], t.js, () => ({}));
      const wasm = await load(module, { api, onTrap: "throw", imports: { env: { other } } });
      expect(thrownBy(() => wasm.api.passed(wasm.api.make(1)))).toMatchObject({ code: "invalid-argument" });
    });
  });
} else
  it("needs an engine with garbage-collected types", async () => {
    expect(await rejectionOf(load(module, { api }))).toMatchObject({ code: "compile-failed" });
  });

describe("a reference to an exception", () => {
  const withException = assemble(
    sections.type(typed([[0x69]], []), functionType([], [])),
    sections.function([0]),
    sections.export(exported("take", 0)),
    sections.code([2, 0, 0x0b]),
  );

  it("crosses to no JavaScript, so t.js does not fit", async () => {
    const error = await rejectionOf(load(withException, { api: t.api({ take: t.fn([t.js], t.void) }) }));
    const code = WebAssembly.validate(withException) ? "interface-mismatch" : "compile-failed";
    expect(error).toMatchObject({ code });
    if (code === "interface-mismatch") expect((error as Error).message).toContain("exnref");
  });
});
