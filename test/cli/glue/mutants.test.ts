import { describe, expect, it } from "vitest";
import { CommandError } from "../../../src/cli/command-error.ts";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { pairOf } from "./pairs.ts";

/** The helpers whose insides are tried. */
const helpers =
  /^(passStringToWasm0|get\w+Memory0|addToExternrefTable0|takeFromExternrefTable0|getArrayJsValueFromWasm0|encodeInto)$/;

const path = "node_modules/prqlc/dist/node/prqlc_js.js";
const { text, shape } = pairOf(path);
const branch = text.split("\n").findIndex((line) => line.includes("realloc === undefined")) + 1;

/** Edits that change nothing that the module or a caller can see, or only what unglue does by itself. */
const harmless: readonly (readonly [reason: string, fits: (mutant: Mutant) => boolean])[] = [
  [
    "The same step twice has the effect of one, or releases what the test does not count.",
    ({ kind }) => kind === "twice",
  ],
  ["Steps in another order pass the same values: a changed value would be seen.", ({ kind }) => kind === "order"],
  [
    "Only addresses above 2 GiB differ. unglue reads every address as unsigned.",
    ({ old, now }) => old.endsWith(" >>> 0") && (now.includes("<< 0") || now === ""),
  ],
  [
    "A view of memory is made again more often than needed: after memory has grown it is current, which is tried.",
    ({ place }) => place.endsWith("Memory0"),
  ],
  [
    "More room than needed is reserved, and too much is not given back.",
    ({ old }) => old === "3" || old.startsWith("ptr = realloc(ptr, len, offset, 1)"),
  ],
  [
    "Without the loop for ASCII, the encoder writes the whole text.",
    ({ kind, old }) => kind === "dropped" && old.startsWith("for (; offset"),
  ],
  [
    "It is for engines without `encodeInto`, or modules that cannot reallocate: a text that throws there is not passed wrongly.",
    ({ place, line }) => place === "encodeInto" || (line >= branch && line < branch + 7),
  ],
];

describe("an edit inside of a helper", () => {
  const said = (changed: string): string => {
    try {
      const { functions, imports } = readGlue(changed, path, { shape });
      return JSON.stringify([[...functions], [...imports]], (key, value: unknown) =>
        /^(line|column)$/.test(key) ? 0 : value,
      );
    } catch (error) {
      if (error instanceof CommandError) return error.message;
      throw error;
    }
  };

  it("is seen, or is harmless for a reason that is stated", () => {
    const own = said(text);
    const all = mutantsOf(text).filter(({ place }) => helpers.test(place));
    expect(all.length).toBeGreaterThan(150);
    const equal = all.filter((_, at) => at % 3 === 0).filter((one) => said(one.text) === own);
    const unexplained = equal.filter((one) => !harmless.some(([, fits]) => fits(one)));
    expect(unexplained.map(({ place, line, old, now }) => `${place}:${line}: ${old} -> ${now}`)).toEqual([]);
  }, 120_000);
});
