// Renders the findings of `npm run survey` as docs/appendix/imports.md.

import { writeFileSync } from "node:fs";
import { format } from "prettier";

const page = new URL("../../../docs/appendix/imports.md", import.meta.url);
const groups = [
  ["chosen from", "used to choose what the tables have"],
  ["held out", "the other half, by a hash of the name"],
  ["new", "first looked at when tables and scripts were done"],
];
const sum = (of, pick) => of.reduce((total, one) => total + pick(one), 0);

/** The share of the imports that are not stubs. */
function percent(of) {
  const all = sum(of, ({ counts }) => counts.all);
  return `${(((all - sum(of, ({ counts }) => counts.stub)) / all) * 100).toFixed(1)} %`;
}

/**
 * The figures of the summary.
 *
 * @param {{ modules: object[] }} results
 */
export function surveyTotals({ modules }) {
  return {
    packages: new Set(modules.map((one) => one.package)).size,
    imports: sum(modules, ({ counts }) => counts.all),
    identified: percent(modules),
    compared: sum(modules, ({ compared }) => compared),
    differ: sum(modules, ({ differences }) => differences.length),
  };
}

/**
 * The page.
 *
 * @param {{ modules: object[] }} results
 * @param {string} [day] - The day of the results; today, if absent.
 * @returns {string}
 */
export function surveyPage({ modules }, day = new Date().toISOString().slice(0, 10)) {
  const row = (of) => [
    new Set(of.map((one) => one.package)).size,
    of.length,
    ...["all", "own", "hash", "stub"].map((key) => sum(of, ({ counts }) => counts[key])),
    percent(of),
    sum(of, ({ compared }) => compared),
    sum(of, ({ differences }) => differences.length),
  ];
  const head = [
    "packages",
    "modules",
    "imports",
    "own, by name",
    "by hash",
    "stubs",
    "identified",
    "compared",
    "differ",
  ];
  const totals = groups.map(([group, text]) => [text, ...row(modules.filter((one) => one.group === group))]);
  const byPackage = [...new Set(modules.map((one) => one.package))].map((name) => {
    const of = modules.filter((one) => one.package === name);
    const versions = [...new Set(of.map(({ version }) => version))].join(", ");
    return [name, versions, [...new Set(of.map(({ abi }) => abi))].join(", "), ...row(of).slice(1)];
  });
  const times = modules.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const most = modules.reduce((a, b) => (b.counts.all > a.counts.all ? b : a));
  const stubs = modules.flatMap((one) => one.stubs);
  const casts = stubs.filter((name) => /^__wbindgen_(cast|generic|closure)/.test(name)).length;
  return `<!-- Written by npm run survey. -->

# Imports of wasm-bindgen packages

[Reliability](../reliability.md) has the summary. These figures are of a run on ${day}.

\`npm run survey\` fetches packages from npm, reads each of their wasm-bindgen modules with the library, and reads the JavaScript that was
generated for it, as text: none of it runs. For each import that is identified by hash it compares what that text does with what the
library takes it for: the function, method, property or constructor, whether an exception is caught, the parameters with their owners,
and the result. Minified text is not compared, nor are wasm-bindgen's own imports, which have names of their own.

Mistakes that either half showed were corrected, so only the third row is of packages that had no influence.

${table(["", ...head], ...totals, ["all", ...row(modules)])}

Of the ${stubs.length} stubs ${casts} make closures or cast values, which only the generated JavaScript tells apart; most of the others are
functions of the package itself. The median module took ${times[times.length >> 1]} ms to identify, the one with most imports
(${most.counts.all}) ${most.milliseconds} ms, on a machine with other work.

${table(["package", "version", "values", ...head.slice(1)], ...byPackage)}
`;
}

/** Writes the page. */
export async function writeSurvey(results) {
  writeFileSync(page, await format(surveyPage(results), { parser: "markdown", printWidth: 120, proseWrap: "always" }));
}

function table(...rows) {
  const lines = rows.map((row) => `| ${row.join(" | ")} |`);
  return [lines[0], `|${" - |".repeat(rows[0].length)}`, ...lines.slice(1)].join("\n");
}
