import { describe, expect, it } from "vitest";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { openBrotli } from "./exports.ts";
import { brotliScenario } from "./scenario.ts";

describe("brotli-wasm 3.0.1, its calls lowered by hand: wasm-bindgen 0.2.80, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { wasm } = await openBrotli();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.80" });
    expect(wasm.imports).toHaveLength(10);
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("brotli", brotliScenario, openBrotli);

  it("loses nothing over many calls", async () => {
    const opened = await openBrotli();
    await losesNothing(opened, () => {
      const bytes = new Uint8Array(5000).fill(7);
      expect(opened.api.decompress(opened.api.compress(bytes, { quality: 2 }))).toEqual(bytes);
      expect(() => opened.api.decompress(Uint8Array.of(1, 2, 3))).toThrow();
    });
  });
});
