import { describe, expect, it } from "vitest";
import { readDts } from "../../src/cli/declare/dts.ts";
import { printNamedType, printType } from "../../src/cli/declare/safe-types.ts";
import { useChecker } from "../../src/cli/declare/type-uses.ts";

const check = useChecker(
  readDts(
    `import { Kind } from "./kinds";
     import { Other } from "other";
     export type Result<T> = { ok: T } | { error: string };
     export interface Pair<A, B = A> { a: A; b: B }
     export enum Mode { Slow, Fast }
     export class Thing { free(): void }`,
    "app.d.ts",
  ),
);

const printed = (text: string) => {
  const found = printType(text, check);
  return "reason" in found ? found : [found.text, ...found.unknown];
};

describe("a named type that a package uses", () => {
  it.each([
    "Result<string>",
    "Pair<string>",
    "Pair<string, Result<number>>",
    "Mode.Fast",
    "Thing",
    "Promise<Result<Thing>>",
    "Other",
    "Other<string>",
    "Other.Member",
    "Intl.NumberFormat",
    "Map<string, Thing[]>",
    "AsyncIterable<string>",
    "<Result>(value: Result) => Result",
  ])("stays as it is if it is right: %s", (text) => {
    expect(printed(text)).toEqual([text]);
  });

  it.each([
    ["Result", "unknown", "Result takes 1 type argument, not 0"],
    ["Result[]", "unknown[]", "Result takes 1 type argument, not 0"],
    ["Promise<Pair>", "Promise<unknown>", "Pair takes 1 to 2 type arguments, not 0"],
    ["Thing<string>", "unknown", "Thing takes 0 type arguments, not 1"],
    ["Promise", "unknown", "Promise takes 1 type argument, not 0"],
    ["Record<string>", "unknown", "Record takes 2 type arguments, not 1"],
    ["{ kind: Kind.First; x: Thing }", "{ kind: unknown; x: Thing }", "Kind is a type here, and no namespace"],
    ["Result.Ok | null", "unknown | null", "Result is a type here, and no namespace"],
    ["Kind<string>", "unknown", "Kind is unknown here"],
  ])("is unknown if it would be an error: %s", (text, expected, reason) => {
    expect(printed(text)).toEqual([expected, reason]);
  });

  it("cannot be extended if it would be an error", () => {
    expect(printNamedType("interface A extends Result { x: string }", false, check)).toEqual({
      reason: "Result takes 1 type argument, not 0",
    });
  });
});
