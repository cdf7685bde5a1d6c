import { describe, expectTypeOf, it } from "vitest";
import type * as browser from "../src/browser.ts";
import type * as node from "../src/node.ts";

describe("the entry points", () => {
  it("export the same names with the same types", () => {
    expectTypeOf<typeof browser>().toEqualTypeOf<typeof node>();
  });
});
