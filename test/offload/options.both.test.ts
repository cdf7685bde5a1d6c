import { describe, expect, it } from "vitest";
import { Failure } from "../../src/errors/failure.ts";
import { readOffloadOptions } from "../../src/offload/options.ts";
import { thrownBy } from "../wat.ts";

describe("an option that offload does not have", () => {
  it("is refused with those that it has, each once", () => {
    const failure = thrownBy(() => readOffloadOptions({ limit: 5 }));
    if (!Failure.is(failure) || failure.code !== "unknown-option") throw failure;
    const { allowed } = failure.details as { readonly allowed: readonly string[] };
    expect(allowed).toContain("limits");
    expect(allowed).toEqual([...new Set(allowed)]);
  });
});
