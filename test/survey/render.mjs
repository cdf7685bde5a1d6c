// What `npm run survey` found, as a section of docs/reliability.md.

import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";

const page = new URL("../../docs/reliability.md", import.meta.url);
const groups = [
  ["chosen from", "with which the tables' contents were chosen"],
  ["held out", "the other half, by a hash of the name"],
  ["new", "first looked at when tables and scripts were done"],
];

/**
 * The section.
 *
 * @param {{ modules: object[] }} results
 * @returns {string}
 */
export function surveySection({ modules }) {
  const sum = (of, pick) => of.reduce((total, one) => total + pick(one), 0);
  const percent = (of) => {
    const all = sum(of, ({ counts }) => counts.all);
    return `${(((all - sum(of, ({ counts }) => counts.stub)) / all) * 100).toFixed(1)} %`;
  };
  const row = (of) => [
    new Set(of.map((one) => one.package)).size,
    of.length,
    ...["all", "own", "hash", "stub"].map((key) => sum(of, ({ counts }) => counts[key])),
    percent(of),
    sum(of, ({ compared }) => compared),
    sum(of, ({ differences }) => differences.length),
  ];
  const head = ["packages", "modules", "imports", "own, by name", "by hash", "stubs", "known", "compared", "differ"];
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
  return `## Imports of wasm-bindgen modules

\`npm run survey\` fetched packages from npm, read each of their wasm-bindgen modules with the library, and read the
JavaScript that was generated for it, as text: none of it ran. For each import that is known by hash it compared what that
text does with what the library takes it for: the function, method, property or constructor, whether an exception is
caught, the parameters with who owns them, and the result. Text that a minifier has gone over is not compared, nor are
wasm-bindgen's own imports, which have names of their own.

Mistakes of the search that either half showed were corrected, so only the third row is of packages that had no influence.

${table(["", ...head], ...totals, ["all", ...row(modules)])}

Of the ${stubs.length} stubs ${casts} make closures or cast values, which only the generated JavaScript tells apart; most of
the others are functions of the package's own. The median module took ${times[times.length >> 1]} ms to identify, the one
with most imports (${most.counts.all}) ${most.milliseconds} ms, on a machine with other work.

${table(["package", "version", "values", ...head.slice(1)], ...byPackage)}

`;
}

/** Puts the section into the page, in place of the one that is there. */
export async function writeSection(results) {
  const text = readFileSync(page, "utf8");
  const end = text.indexOf("## The package\n");
  const begin = text.indexOf("## Imports of wasm-bindgen modules\n");
  const changed = text.slice(0, begin < 0 ? end : begin) + surveySection(results) + text.slice(end);
  writeFileSync(page, await format(changed, { parser: "markdown", printWidth: 120 }));
}

function table(...rows) {
  const lines = rows.map((row) => `| ${row.join(" | ")} |`);
  return [lines[0], `|${" - |".repeat(rows[0].length)}`, ...lines.slice(1)].join("\n");
}
