import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { moduleUrl } from "../served.ts";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { oxcScenario } from "./scenario.ts";
import { api } from "./api.ts";

const open = () => load(moduleUrl("oxc"), { api });

describe("@oxc-parser/wasm 0.60.0 through a declared interface: wasm-bindgen 0.2.100, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { toolchain, imports } = await open();
    expect(toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.100" });
    expect(imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("oxc", oxcScenario, open);

  it("loses nothing over many parses", async () => {
    const wasm = await open();
    await losesNothing(wasm, () => {
      const result = wasm.api.parseSync("let é = `🚀`; // 日本\n".repeat(200), { sourceFilename: "a.ts" });
      expect([result.programJson.length > 0, result.comments.length]).toEqual([true, 200]);
      result.free();
      expect(() => wasm.api.parseSync("", 5 as never)).toThrow();
    });
  });
});
