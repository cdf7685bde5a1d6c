// Writes docs/runtimes.md and docs/appendix/runtimes.md: what a green run proves, which the checks and the list of gaps say.
import { writeFile } from "node:fs/promises";
import { format } from "prettier";
import { cellOf, engines, features } from "../features/engines.mjs";
import { gapOf, gaps } from "./gaps.mjs";
import { checks, checksOf, nameOf } from "./suite.mjs";

const docs = new URL("../../docs/", import.meta.url);

/** The columns: areas, some of them together. */
const columns = {
  sources: ["sources", "MIME", "retry"],
  progress: ["progress"],
  integrity: ["integrity"],
  abort: ["abort"],
  imports: ["imports"],
  memory: ["memory", "callbacks"],
  traps: ["traps"],
  "pools, limits": ["pools", "limits"],
  "`t` in C": ["t in C"],
  "wasm-bindgen": ["t in wasm-bindgen", "wasm-bindgen", "closures", "collection"],
  ledger: ["ledger"],
  WASI: ["WASI"],
  workers: ["workers"],
  policies: ["policies"],
};

/**
 * Writes the summary and its tables.
 *
 * @param {import("./runtimes.mjs").Runtime[]} runtimes - All runtimes.
 */
export async function writeTable(runtimes) {
  for (const [path, text] of Object.entries(describe(runtimes))) {
    await writeFile(
      new URL(path, docs),
      await format(text, { parser: "markdown", printWidth: 120, proseWrap: "always" }),
    );
  }
}

function describe(runtimes) {
  const named = Object.values(columns).flat();
  const others = [...new Set(checks.map(({ area }) => area))].filter((area) => !named.includes(area));
  const all = { ...columns, others };
  const cell = (runtime, areas) => {
    const its = checksOf(runtime).filter(({ area }) => !areas || areas.includes(area));
    if (its.length === 0) return "–";
    const count = its.filter((check) => !gapOf(runtime.name, nameOf(check))).length;
    return count === its.length ? `${count}` : `${count} of ${its.length}`;
  };
  const rows = runtimes.map((runtime) => [
    runtime.title,
    cell(runtime),
    ...Object.values(all).map((areas) => cell(runtime, areas)),
  ]);
  const missing = gaps.map((gap) => {
    const its = runtimes.filter(({ name }) => checks.some((check) => gapOf(name, nameOf(check)) === gap));
    const names = checks.map(nameOf).filter((check) => its.some(({ name }) => gapOf(name, check) === gap));
    const titles = its.map(({ title }) => title).join("; ");
    return { reason: gap.reason, its: titles, short: its.length > 10 ? `${its.length} runtimes` : titles, names };
  });
  const areas = [...new Set(checks.map(({ area }) => area))];
  const summary = `<!-- Written by npm run reach. -->

# Runtimes

\`npm run reach\` packs the package, installs it in a project of its own, and runs one suite of ${checks.length} checks in each of these
runtimes. A check that a runtime does not have fails the run unless it is a [known gap](#gaps) of the engine or its host. A gap that
has closed fails the run too.

${table([["runtime", "checks that pass"], ["---", "---:"], ...runtimes.map((one) => [one.title, cell(one)])])}

[The checks by area](appendix/runtimes.md) has the whole table.

## Features of engines

A module may need a feature that an engine lacks. \`inspect\` reads such a module everywhere; \`load\` throws
[\`compile-failed\`](errors.md#compile-failed), or names what is missing. The tests of [each feature](toolchains.md#features-of-engines)
run in these engines, without a flag. A number is the first version of the line that has the feature:

${table([["feature", ...engines], ["---", ...engines.map(() => ":---:")], ...Object.keys(features).map((name) => [name, ...engines.map((engine) => cellOf(name, engine))])])}

- **JSPI** is in Node 24.20 and later and in Chromium, without a flag. Earlier ones have none:
  [\`t.promise\` on an export](asynchronous.md#exports-that-jspi-suspends) is refused there at load.
- **String builtins**: where the engine lacks them, [the library](imports.md#string-builtins) provides them; in Node 22 it is only the
  string constants that the engine lacks. The arrays of WasmGC, and with them Kotlin, MoonBit and other WasmGC modules, need an engine that has WasmGC.
- **JSTag**: where the engine lacks it, a module of wasm-bindgen that catches exceptions by it is refused with
  [\`unsupported-module\`](errors.md#unsupported-module).
- **Custom page sizes** are in none of these engines: the reader and the refusal are tested.

Firefox, WebKit, Bun, Deno and workerd run the suite above, which needs none of these features. Nothing is claimed for them here.

## Gaps

${missing.map(({ reason, short, names }) => `- ${reason} ${names.length === 1 ? "One check" : `${names.length} checks`}, in ${short}.`).join("\n")}

## How to run it

\`\`\`sh
npm run reach                     # every runtime that is installed
npm run reach -- bun deno         # those whose names begin so
npm run reach -- --all            # all of them; one that is not installed fails
\`\`\`

Node, Bun, Deno, workerd, the edge VM, Jest and Vitest come from the npm registry, in exact versions, and are kept in
\`~/.cache/unglue-reach\` (or where \`UNGLUE_REACH_CACHE\` says). The browsers are those of Debian: \`apt-get install chromium
firefox-esr webkit2gtk-driver xvfb xauth\`. Service workers and audio worklets run a bundle, because \`import()\` is forbidden there.
`;
  const tables = `<!-- Written by npm run reach. -->

# Checks in each runtime

[Runtimes](../runtimes.md) has the summary. Every number is a count of checks that pass.

${table([["runtime", "all", ...Object.keys(all)], ["---", ...["", ...Object.keys(all)].map(() => "---:")], ...rows])}

## Gaps

${missing.map(({ reason, its, names }) => `### ${reason}\n\nIn ${its}:\n\n${names.map((name) => `- ${name}`).join("\n")}\n`).join("\n")}

## Checks

${areas.map((area) => `- **${area}**: ${listOf(area)}`).join("\n")}
`;
  return { "runtimes.md": summary, "appendix/runtimes.md": tables };
}

function listOf(area) {
  const names = checks.filter((check) => check.area === area).map(({ name }) => name);
  return `${names.join("; ")}.`;
}

function table(rows) {
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
