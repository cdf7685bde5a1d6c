import { describe, expect, it } from "vitest";
import { knownOf } from "../../src/cli/declare/known.ts";
import type { GlueModule } from "../../src/cli/declare/glue/model.ts";
import { inspect } from "../../src/node.ts";
import { wat } from "../wat.ts";

const name = "__wbg_new_typed_c072c4ce9a2a0cdf";
const declaration = {
  kind: "constructor",
  path: ["Promise"],
  name: "",
  params: ["Mut(H,H)"],
  receiver: false,
  result: "H",
  catch: false,
  variadic: false,
  closure: undefined,
} as const;

const none: Omit<GlueModule, "imports"> = {
  functions: new Map(),
  classes: new Map(),
  enums: new Map(),
  others: new Set(),
};

describe("an import that takes a closure for the time of the call", () => {
  it("states the export that runs it, since several may have its type", async () => {
    const shape = inspect(await wat(`(module (import "wbg" "${name}" (func (param i32 i32) (result i32))))`));
    const knownWith = (...calls: readonly string[]): unknown => {
      const closures = calls.map((call) => ({ call, signature: "mut (H,H)->" }));
      const imports: GlueModule["imports"] = new Map([[name, { kind: "meaning", declaration, closures }]]);
      const { known, holes } = knownOf(
        { ...shape, toolchain: { ...shape.toolchain, name: "wasm-bindgen" } },
        { ...none, imports },
        "app.js",
        () => ({ address: "./app.js", isCommonJs: false }),
      );
      expect(holes).toEqual([]);
      return known?.["closures"];
    };
    expect(knownWith("second")).toEqual({ [name]: { call: "second", signature: "mut (H,H)->" } });
    // A statement is for all closures of an import.
    expect(knownWith("first", "second")).toBeUndefined();
  });
});
