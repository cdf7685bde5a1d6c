import { describe, expect, it } from "vitest";
import { itAnswersAsItsGlue } from "./compare.ts";
import { openOxc } from "./oxc.ts";
import { oxcScenario } from "./scenarios/oxc.ts";

describe("@oxc-parser/wasm 0.60.0: wasm-bindgen 0.2.100, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { wasm } = await openOxc();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.100" });
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("oxc", oxcScenario, openOxc);
});
