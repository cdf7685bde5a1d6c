import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { guardLimit } from "../bench/results.mjs";

const script = fileURLToPath(new URL("../bench/docs.mjs", import.meta.url));

test("the guard of the benchmarks allows three times a saved ratio, and never less than half more than the other", () => {
  expect([0.01, 0.4, 1, 8].map(guardLimit)).toEqual([1.5, 1.5, 3, 24]);
});

test("the pages on performance say what the saved benchmarks say", { timeout: 60_000 }, async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, "--check"]);
  expect(stdout + stderr).toBe("");
});
