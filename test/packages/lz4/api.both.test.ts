import { describe, expect, it } from "vitest";
import { compile, load, UnglueError } from "unglue";
import { moduleUrl } from "../served.ts";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { lz4Scenario } from "./scenario.ts";
import { thrownBy } from "../../wat.ts";
import { api } from "./api.ts";

const url = moduleUrl("lz4");
const open = () => load(url, { api });
const text = new TextEncoder().encode("to and fro, to and fro, to and fro");
/** A size so large that the module's own allocation panics. */
const panicking = Uint8Array.of(255, 255, 255, 255, 0);

describe("lz4-wasm 0.9.2 through a declared interface: wasm-bindgen 0.2.80, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's", async () => {
    const { toolchain, imports } = await open();
    expect(toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.80" });
    expect(imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("lz4", lz4Scenario, open);

  it("loses nothing over many calls", async () => {
    const wasm = await open();
    await losesNothing(wasm, () => {
      const bytes = new Uint8Array(5000).fill(7);
      expect(wasm.api.decompress(wasm.api.compress(bytes))).toEqual(bytes);
      expect(() => wasm.api.decompress(Uint8Array.of(1, 2, 3))).toThrow();
    });
  });

  it("shares nothing between two instances of one module", async () => {
    const module = await compile(url);
    const [left, right] = await Promise.all([module.instantiate({ api }), module.instantiate({ api })]);
    expect(right.api.decompress(left.api.compress(text))).toEqual(text);
    left.dispose();
    expect(thrownBy(() => left.api.compress(text))).toMatchObject({ code: "disposed" });
    expect(right.api.decompress(right.api.compress(text))).toEqual(text);
  });

  it("is poisoned by a panic, and another instance of the same module takes over", async () => {
    const module = await compile(url);
    const wasm = await module.instantiate({ api });
    const error = thrownBy(() => wasm.api.decompress(panicking));
    expect(UnglueError.is(error, "trap") && error.details.export).toBe("decompress");
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => wasm.api.compress(text))).toMatchObject({ code: "poisoned" });
    const successor = await module.instantiate({ api });
    expect(successor.api.decompress(successor.api.compress(text))).toEqual(text);
  });

  it.each(["throw", "restart"] as const)("goes on after the panic under onTrap: %s", async (onTrap) => {
    const wasm = await load(url, { api, onTrap });
    expect(thrownBy(() => wasm.api.decompress(panicking))).toMatchObject({ code: "trap" });
    expect(wasm.state).toBe("live");
    expect(wasm.api.decompress(wasm.api.compress(text))).toEqual(text);
  });
});
