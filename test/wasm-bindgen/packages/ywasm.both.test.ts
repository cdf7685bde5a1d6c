import { describe, expect, it } from "vitest";
import { itAnswersAsItsGlue } from "./compare.ts";
import { openYwasm } from "./ywasm.ts";
import { ywasmScenario } from "./scenarios/ywasm.ts";

describe("ywasm 0.18.3: wasm-bindgen 0.2.91, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's but the ways to the global object", async () => {
    const { wasm } = await openYwasm();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.91" });
    const others = wasm.imports.filter(({ provider }) => provider !== "adapter");
    expect(others.filter(({ name }) => !/^__wbg_(self|window|globalThis|global)_/.test(name))).toEqual([]);
  });

  itAnswersAsItsGlue("ywasm", ywasmScenario, openYwasm, { "undoes and does again": 8 });
});
