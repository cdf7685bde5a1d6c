// @ts-check
// `npm run test:all`: what does not fit into `.ci/run`. Arguments name steps; without any, all run. Each step's last result is
// kept in test/all-results.md, and a step that did not run keeps the one that it had.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, env, execPath, exit } from "node:process";

const root = join(import.meta.dirname, "..");
const page = join(root, "test/all-results.md");
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts", "--project", "node"];
/** The tests whose outcome depends on what the engine has. */
const byEngine = [
  "test/builtins",
  "test/wasmgc",
  "test/features",
  "test/instance/jspi",
  "test/bind/suspended-calls",
  "test/known/exception-tag",
  "test/memory/memory64",
  "test/offload/jspi",
  "test/reflect",
];

/**
 * @typedef {object} Step
 * @property {string} shows - A description of the step.
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} [env]
 */

/** @returns {Step} */
const node = (/** @type {number} */ version) => ({
  shows: `features of engines, builtins and WasmGC on Node ${version}`,
  command: "npm",
  args: ["exec", "--yes", `--package=node@${version}`, "--", "node", ...vitest, "--project", "package", ...byEngine],
});

/** @type {Readonly<Record<string, Step>>} */
const steps = {
  "node-22": node(22),
  "node-24": node(24),
  "node-26": node(26),
  oracle: {
    shows: "the reader against the engine's own reflection",
    command: "npm",
    args: ["run", "--silent", "oracle"],
  },
  fuzz: {
    shows: "200,000 mutants, and 1,000 hostile calls of each function",
    command: "npm",
    args: ["run", "--silent", "fuzz"],
  },
  leaks: {
    shows: "no growth in 100,000 rounds: AssemblyScript, and instances, handles and objects",
    command: execPath,
    args: [
      ...vitest,
      "--project",
      "node-heavy",
      "--project",
      "package",
      "test/assemblyscript/life",
      "test/assemblyscript/leaks",
      "test/leaks",
    ],
    env: { UNGLUE_LEAK_ROUNDS: "100000" },
  },
  go: {
    shows: "programs of Go 1.21 to 1.26, and the refusal of one of Go 1.20",
    command: execPath,
    args: ["test/go/versions.mjs"],
  },
  survey: { shows: "imports of 161 packages", command: "npm", args: ["run", "--silent", "survey"] },
  "survey-declare": {
    shows: "declaration files of 161 packages",
    command: "npm",
    args: ["run", "--silent", "survey:declare"],
  },
  reach: {
    shows: "one suite in every runtime, those that are missing included",
    command: "npm",
    args: ["run", "--silent", "reach", "--", "--all"],
  },
};

const chosen = argv.length > 2 ? argv.slice(2) : Object.keys(steps);
const unknown = chosen.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0) {
  console.error(`No step is called ${unknown.join(", ")}. There are: ${Object.keys(steps).join(", ")}.`);
  exit(2);
}

const results = readResults();
let failed = 0;
for (const name of chosen) {
  const step = /** @type {Step} */ (steps[name]);
  console.log(`\n=== ${name}: ${step.shows}`);
  const began = Date.now();
  const { status, stdout, stderr } = spawnSync(step.command, step.args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...env, NO_COLOR: "1", ...step.env },
  });
  const seconds = Math.round((Date.now() - began) / 1000);
  if (status !== 0) {
    failed++;
    console.log(`${stdout}\n${stderr}`);
  }
  const outcome = status === 0 ? "passed" : "FAILED";
  const told = summaryOf(stdout);
  results.set(name, `${outcome}, ${seconds} s, ${new Date().toISOString().slice(0, 10)}${told && `: ${told}`}`);
  console.log(`--- ${name}: ${outcome} in ${seconds} s${told && `: ${told}`}`);
  // After each step, since one that follows may take hours and be broken off.
  writeFileSync(page, pageOf());
}
console.log(`\n${chosen.length - failed} passed, ${failed} failed`);
exit(failed === 0 ? 0 : 1);

/** Returns Vitest's count of the tests; an empty text for a step without one. */
function summaryOf(/** @type {string} */ printed) {
  const lines = printed.split("\n").map((line) => line.trim());
  const [, tests] = /^Tests +(.*)$/.exec(lines.find((line) => line.startsWith("Tests ")) ?? "") ?? [];
  return (tests ?? "").replaceAll("|", ",");
}

/** @returns {Map<string, string>} */
function readResults() {
  const text = existsSync(page) ? readFileSync(page, "utf8") : "";
  const rows = [...text.matchAll(/^\| `([\w-]+)` +\| .+? \| (.+?) +\|$/gm)];
  return new Map(rows.map(([, name = "", result = ""]) => [name, result]));
}

function pageOf() {
  const rows = Object.entries(steps).map(
    ([name, { shows }]) => `| \`${name}\` | ${shows} | ${results.get(name) ?? "not run yet"} |`,
  );
  return [
    "<!-- Written by `npm run test:all`. -->",
    "",
    "# The last results of `npm run test:all`",
    "",
    "| step | what it shows | last result |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
