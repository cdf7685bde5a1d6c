// `npm run fuzz`: 200,000 mutants of real modules against the engine of this Node. `npm run fuzz -- 5000 42` makes 5,000
// with the seed 42. The results go into .reliability/, from which `npm run reliability` writes docs/reliability.md and its tables. Then each
// public call is made 1,000 times with hostile values; UNGLUE_FUZZ_CALLS sets another number.
import { fileURLToPath } from "node:url";
import { startVitest } from "vitest/node";

const [mutants = "200000", seed] = process.argv.slice(2);
const root = fileURLToPath(new URL("../../", import.meta.url));
process.env.UNGLUE_FUZZ_MUTANTS = mutants;
process.env.UNGLUE_FUZZ_RESULTS = `${root}.reliability`;
if (seed) process.env.UNGLUE_FUZZ_SEED = seed;
process.env.UNGLUE_FUZZ_CALLS ??= "1000";
await startVitest("test", ["test/fuzz/fuzz.test.ts", "test/fuzz/calls/"], {
  config: `${root}test/vitest.config.ts`,
  project: ["node-heavy"],
  watch: false,
});
