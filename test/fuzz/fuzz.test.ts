import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env, versions } from "node:process";
import { expect, it } from "vitest";
import { fuzz, type Report, stepLimit } from "./fuzz.ts";
import { makeParents } from "./parents.ts";

// `npm run fuzz` sets these.
const seed = Number(env.UNGLUE_FUZZ_SEED ?? 20_260_101);
const mutants = Number(env.UNGLUE_FUZZ_MUTANTS ?? 20_000);
const results = env.UNGLUE_FUZZ_RESULTS;

it(`${mutants} mutants of real modules are read as the engine reads them, or refused`, async () => {
  const report = fuzz(await makeParents(), seed, mutants);
  console.log(summaryOf(report));
  if (results) {
    mkdirSync(results, { recursive: true });
    const file = join(results, `fuzz-node-${versions.node.split(".")[0]}.json`);
    writeFileSync(file, JSON.stringify({ node: versions.node, v8: versions.v8, ...report }, null, 2));
  }
  expect(report.failures).toEqual([]);
  expect(report.mostSteps).toBeLessThanOrEqual(stepLimit);
  expect(report.inInterface).toBeGreaterThanOrEqual(report.mutants / 2);
  expect(report.takenByBoth).toBeGreaterThanOrEqual(report.mutants / 40);
}, 900_000);

function summaryOf(report: Report): string {
  const { refusedByEngine, refusedByReader } = report;
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
  const byCount = ([, left]: [string, number], [, right]: [string, number]) => right - left;
  return [
    `seed ${report.seed}, ${report.parents} modules, ${report.mutants} mutants, ${report.inInterface} of them changed in the interface`,
    `taken by the engine and read alike: ${report.takenByBoth}; refused by both: ${report.refusedByBoth}`,
    `refused by the reader alone: ${sum(refusedByReader)} for known reasons, ${report.failures.length} failures`,
    `most steps per byte: ${report.mostSteps.toFixed(2)}`,
    "refused by the engine alone:",
    ...Object.entries(refusedByEngine).flatMap(([section, reasons]) => [
      `  ${section}: ${sum(reasons)}`,
      ...Object.entries(reasons)
        .sort(byCount)
        .slice(0, 8)
        .map(([reason, count]) => `    ${count} × ${reason}`),
    ]),
  ].join("\n");
}
