import { describe, expect, it } from "vitest";
import { itAnswersAsItsGlue } from "./compare.ts";
import { openGlueSql } from "./gluesql.ts";
import { gluesqlScenario } from "./scenarios/gluesql.ts";

describe("gluesql 0.14.3: wasm-bindgen 0.2.84, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's but console.log and the ways to the global object", async () => {
    const { wasm } = await openGlueSql();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.84" });
    const others = wasm.imports.filter(({ provider }) => provider !== "adapter");
    expect(others.filter(({ name }) => !/^__wbg_(log|self|window|globalThis|global)_/.test(name))).toEqual([]);
  });

  itAnswersAsItsGlue("gluesql", gluesqlScenario, openGlueSql);
});
