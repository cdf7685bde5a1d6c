import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { moduleUrl } from "../served.ts";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { resvgScenario } from "./scenario.ts";
import { api } from "./api.ts";

const open = () => load(moduleUrl("resvg"), { api });

describe("@resvg/resvg-wasm 2.6.2 through a declared interface: wasm-bindgen 0.2.92, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { toolchain, imports } = await open();
    expect(toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.92" });
    expect(imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("resvg", resvgScenario, open);

  it("loses nothing over many pictures", async () => {
    const wasm = await open();
    await losesNothing(wasm, () => {
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><path d="M9 9h99v99z"/></svg>';
      const drawing = new wasm.api.Resvg(svg);
      const picture = drawing.render();
      expect(picture.asPng().length).toBeGreaterThan(100);
      picture.free();
      drawing.free();
      expect(() => new wasm.api.Resvg("<svg")).toThrow();
    });
  });
});
