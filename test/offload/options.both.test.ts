import { UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { readOffloadOptions } from "../../src/offload/options.ts";
import { thrownBy } from "../wat.ts";

describe("an option that offload does not have", () => {
  it.each(["console", "importsByMeaning"])("is %s, whose functions cannot be posted", (option) => {
    expect(thrownBy(() => readOffloadOptions({ [option]: {} }))).toMatchObject({
      code: "unknown-option",
      details: { option },
    });
  });

  it("is refused with those that it has, each once", () => {
    const error = thrownBy(() => readOffloadOptions({ other: 5 }));
    if (!UnglueError.is(error, "unknown-option")) throw error;
    const allowed = /It takes (.*)\./.exec(error.message)?.[1]?.split(", ");
    expect(allowed).toContain("limits");
    expect(allowed).toEqual([...new Set(allowed)]);
  });
});
