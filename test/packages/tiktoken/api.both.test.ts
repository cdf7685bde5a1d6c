import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { moduleUrl } from "../served.ts";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { tiktokenScenario } from "./scenario.ts";
import { api } from "./api.ts";

const open = () => load(moduleUrl("tiktoken"), { api });

describe("tiktoken 1.0.22 through a declared interface: wasm-bindgen 0.2.100, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { toolchain, imports } = await open();
    expect(toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.100" });
    expect(imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("tiktoken", tiktokenScenario, open);

  it("loses nothing over many texts", async () => {
    const wasm = await open();
    const encoding = wasm.api.get_encoding("gpt2");
    const text = "日本 🚀 to and fro ".repeat(2000);
    await losesNothing(wasm, () => {
      expect(new TextDecoder().decode(encoding.decode(encoding.encode(text)))).toBe(text);
      expect(() => encoding.encode("<|endoftext|>")).toThrow("not allowed");
    });
  });
});
