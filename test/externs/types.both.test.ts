import { expect, it } from "vitest";
import { importerOf } from "../../src/externs/helper.ts";
import type { ImportShape, Shape } from "../../src/types/index.ts";

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
    return importerOf(wanted, { typeSection } as Shape).length;
  };
  for (const value of ["i32", "f64", "externref", "funcref"]) expect(sizeOf(value)).toBeLessThan(40);
  expect(sizeOf("(ref null 3)")).toBeGreaterThan(3000);
});
