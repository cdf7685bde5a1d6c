import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { moduleUrl } from "../../packages/served.ts";
import { itAnswersAsItsGlue } from "../../wasm-bindgen/packages/compare.ts";
import { resvgScenario } from "../../wasm-bindgen/packages/scenarios/resvg.ts";
import { api } from "./resvg.ts";

const open = () => load(moduleUrl("@resvg/resvg-wasm/index_bg.wasm"), { api });

describe("@resvg/resvg-wasm 2.6.2, declared: wasm-bindgen 0.2.92, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const wasm = await open();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.92" });
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("resvg", resvgScenario, async () => {
    const wasm = await open();
    return { api: wasm.api, wasm };
  });
});
