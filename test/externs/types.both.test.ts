import { describe, expect, it } from "vitest";
import { beginCreation } from "../../src/imports/externs/create.ts";
import { findMisfit } from "../../src/imports/externs/probe.ts";
import { importerOf } from "../../src/binary/helper.ts";
import type { ImportShape, Shape } from "../../src/public/index.ts";
import { thrownBy } from "../wat.ts";

it("a helper module has the types of the module only where its import refers to one by its index", () => {
  // A thousand types of functions without parameters and results.
  const typeSection = `e807${"600000".repeat(1000)}`;
  const sizeOf = (value: string): number => {
    const wanted = {
      module: "m",
      name: "n",
      kind: "global",
      type: { value, mutable: false },
    } as unknown as ImportShape;
    return importerOf([wanted], { typeSection } as Shape).length;
  };
  for (const value of ["i32", "f64", "externref", "funcref"]) expect(sizeOf(value)).toBeLessThan(40);
  expect(sizeOf("(ref null 3)")).toBeGreaterThan(3000);
});

describe("imports whose types refer to others by index", () => {
  /** Types 0: (func (param i32) (result i32)), 1: (func (param (ref null 0))). */
  const shape = { typeSection: "0260017f017f6001630000" } as Shape;
  const imported = (name: string, extern: object) =>
    ({ module: "m", name, ...extern }) as Exclude<ImportShape, { readonly kind: "function" }>;
  const tableOf = (element: string) => ({
    kind: "table",
    type: { element, initial: 2, shared: false, address: "i32" },
  });
  const wanted = [
    imported("t0", tableOf("(ref null 0)")),
    imported("g1", { kind: "global", type: { value: "(ref null 1)", mutable: true } }),
    imported("x1", { kind: "tag", type: { params: ["(ref null 0)"] }, typeIndex: 1 }),
    imported("t1", tableOf("(ref null 1)")),
  ];
  const createAll = (imports: typeof wanted) => {
    const creation = beginCreation(shape, undefined);
    const hands = imports.map((one) => creation.create(one));
    creation.finish();
    return imports.map((one, at) => ({ wanted: one, value: hands[at]?.() }));
  };
  const isKnown = WebAssembly.validate(importerOf(wanted, shape));

  it("are created together, each as declared, and asked for together", () => {
    if (!isKnown) {
      expect(thrownBy(() => createAll(wanted))).toMatchObject({ code: "cannot-create", details: { name: "t0" } });
      return;
    }
    const given = createAll(wanted);
    expect(given.map(({ value }) => Object.prototype.toString.call(value))).toEqual(
      ["Table", "Global", "Tag", "Table"].map((kind) => `[object WebAssembly.${kind}]`),
    );
    expect((given[3]?.value as WebAssembly.Table).length).toBe(2);
    expect(findMisfit(given, shape)).toBeUndefined();
    for (const at of given.keys()) {
      const wrong = given.map((one, place) => (place === at ? { ...one, value: given[(at + 1) % 4]?.value } : one));
      expect(findMisfit(wrong, shape)?.wanted.name).toBe(wanted[at]?.name);
    }
  });

  it("are named where one of them cannot be created, or is of a type that nobody knows", () => {
    const odd = imported("odd", { kind: "global", type: { value: "(ref null 99)", mutable: true } });
    const error = thrownBy(() => createAll([...wanted, odd, ...wanted]));
    expect(error).toMatchObject({ code: "cannot-create", details: { name: isKnown ? "odd" : "t0" } });
    const foreign = imported("foreign", { kind: "global", type: { value: "unheardof", mutable: true } });
    expect(findMisfit([{ wanted: foreign, value: 5 }], shape)).toBeUndefined();
  });
});
