import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { moduleUrl } from "../served.ts";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { prqlcScenario } from "./scenario.ts";
import { api } from "./api.ts";

/** The module makes JavaScript strings by a cast whose name does not tell of what. */
const adapters = [wasmBindgen({ casts: { __wbindgen_cast_0000000000000001: "s" } })];
const open = () => load(moduleUrl("prqlc"), { api, adapters });

describe("prqlc 0.13.14 through a declared interface: wasm-bindgen 0.2.114, externref, multi-value", () => {
  it("is read as that, and every import is the adapter's once the cast is stated", async () => {
    const { toolchain, imports } = await open();
    expect(toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.114" });
    expect(imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  itAnswersAsItsGlue("prqlc", prqlcScenario, open);

  it("loses nothing over many calls", async () => {
    const wasm = await open();
    await losesNothing(wasm, () => {
      const options = new wasm.api.CompileOptions();
      options.target = "sql.sqlite";
      expect(wasm.api.compile("from é", options)).toContain('"é"');
      expect(wasm.api.get_targets()).toContain("sql.sqlite");
      expect(() => wasm.api.compile("from")).toThrow();
    });
  });
});
