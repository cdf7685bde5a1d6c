import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import built from "../fixtures/members/built.json" with { type: "json" };

it("the module is what its build made of the sources as they are: node test/fixtures/members/build.mjs", () => {
  const of = (path: string) => readFileSync(join(import.meta.dirname, "../fixtures/members", path));
  const now = (hashes: object) =>
    Object.fromEntries(Object.keys(hashes).map((path) => [path, createHash("sha256").update(of(path)).digest("hex")]));
  expect(now(built.sources)).toEqual(built.sources);
  expect(now(built.outputs)).toEqual(built.outputs);
});
