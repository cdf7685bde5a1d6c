import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { moduleUrl } from "../served.ts";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { brotliScenario } from "./scenario.ts";
import { api } from "./api.ts";

const open = () => load(moduleUrl("brotli"), { api });

describe("brotli-wasm 3.0.1 through a declared interface: wasm-bindgen 0.2.80, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { toolchain, imports } = await open();
    expect(toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.80" });
    expect(imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("brotli", brotliScenario, open);

  it("loses nothing over many calls", async () => {
    const wasm = await open();
    await losesNothing(wasm, () => {
      const bytes = new Uint8Array(5000).fill(7);
      expect(wasm.api.decompress(wasm.api.compress(bytes))).toEqual(bytes);
      expect(() => wasm.api.decompress(Uint8Array.of(1, 2, 3))).toThrow();
      const stream = new wasm.api.CompressStream(3);
      const result = stream.compress(bytes, 10);
      result.buf = Uint8Array.of(1, 2);
      expect([[...result.buf], result.code, result.input_offset]).toEqual([[1, 2], 2, 5000]);
      result.free();
      stream.free();
    });
  });
});
