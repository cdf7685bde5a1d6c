import { describe, expect, it } from "vitest";
import { itAnswersAsItsGlue } from "./compare.ts";
import { openResvg } from "./resvg.ts";
import { resvgScenario } from "./scenarios/resvg.ts";

describe("@resvg/resvg-wasm 2.6.2: wasm-bindgen 0.2.92, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { wasm } = await openResvg();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.92" });
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("resvg", resvgScenario, openResvg);
});
