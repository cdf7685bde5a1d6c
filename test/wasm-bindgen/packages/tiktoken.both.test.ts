import { describe, expect, it } from "vitest";
import { itAnswersAsItsGlue } from "./compare.ts";
import { openTiktoken } from "./tiktoken.ts";
import { tiktokenScenario } from "./scenarios/tiktoken.ts";

describe("tiktoken 1.0.22: wasm-bindgen 0.2.100, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { wasm } = await openTiktoken();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.100" });
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("tiktoken", tiktokenScenario, openTiktoken);
});
