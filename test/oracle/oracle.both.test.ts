import { describe, expect, it } from "vitest";
import { UnglueError } from "../../src/errors/unglue-error.ts";
import { knownReason } from "../fuzz/known.ts";
import { inspect } from "../reflect/reader.ts";
import { customNames, difference } from "./compare.ts";
import { makeCorpus } from "./corpus.ts";
import { engineFacts } from "./engine.mjs";

const corpus = [...(await makeCorpus())];
/** The modules that this engine took. */
const taken: string[] = [];

describe.each(corpus)("modules: %s", (_, modules) => {
  it("are read as this engine reads them, where it takes them", () => {
    const found: string[] = [];
    for (const [name, bytes] of modules) {
      const shape = shapeOf(bytes);
      const engine = engineFacts(bytes, customNames(shape instanceof UnglueError ? undefined : shape));
      if ("error" in engine) continue;
      taken.push(name);
      const problem =
        shape instanceof UnglueError
          ? knownReason(shape, bytes) === undefined && String(shape)
          : difference(shape, bytes, engine);
      if (problem) found.push(`${name}: ${problem}`);
    }
    expect(found).toEqual([]);
  });
});

it("hundreds of them are taken by this engine", () => {
  expect(taken.length).toBeGreaterThan(500);
});

function shapeOf(bytes: Uint8Array) {
  try {
    return inspect(bytes);
  } catch (error) {
    if (UnglueError.is(error)) return error;
    throw error;
  }
}
