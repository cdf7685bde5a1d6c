// Writes docs/runtimes.md: what a green run proves, which the checks and the list of gaps say.
import { writeFile } from "node:fs/promises";
import { format } from "prettier";
import { checksOf, nameOf } from "./suite.mjs";

const file = new URL("../../docs/runtimes.md", import.meta.url);

/**
 * Writes the page.
 *
 * @param {import("./runtimes.mjs").Runtime[]} runtimes - All runtimes.
 * @param {{ area: string, name: string }[]} checks - All checks.
 * @param {import("./gaps.mjs").Gap[]} gaps - The gaps.
 */
export async function writeTable(runtimes, checks, gaps) {
  const text = describe(runtimes, checks, gaps);
  await writeFile(file, await format(text, { parser: "markdown", printWidth: 120 }));
}

function describe(runtimes, checks, gaps) {
  const isGap = (runtime, check) =>
    gaps.some(({ runtimes: its, holds }) => its.includes(runtime.name) && holds(nameOf(check), check.area));
  const areas = [...new Set(checks.map(({ area }) => area))];
  const cell = (runtime, its) => {
    const count = its.filter((check) => !isGap(runtime, check)).length;
    if (its.length === 0) return "–";
    return count === its.length ? `${count}` : `${count} of ${its.length}`;
  };
  const rows = runtimes.map((runtime) => {
    const cells = areas.map((area) =>
      cell(
        runtime,
        checks.filter((check) => check.area === area && (runtime.isPage || !check.isPage)),
      ),
    );
    return [runtime.title, `**${cell(runtime, checksOf(runtime))}**`, ...cells];
  });
  const reasons = gaps.map(({ runtimes: its, holds, reason }) => {
    const titles = runtimes.filter(({ name }) => its.includes(name)).map(({ title }) => title);
    const names = checks.filter((check) => holds(nameOf(check), check.area)).map(nameOf);
    return `- ${titles.join("; ")}: ${reason}\n${names.map((name) => `  - ${name}`).join("\n")}`;
  });
  return `# Runtimes

\`npm run reach\` packs the package, installs it in a project of its own, and runs one suite of ${checks.length} checks in each of
these runtimes. Every number is a count of checks that pass. The others are gaps of the engine or its host, with their
reasons below; any other failure fails the run, and so does a gap that has closed. The run writes this page.

${table([["runtime", "all", ...areas], ["---", ...["", ...areas].map(() => "---:")], ...rows])}

## Gaps

${reasons.join("\n")}

## Checks

${areas.map((area) => `- **${area}**: ${listOf(checks, area)}`).join("\n")}

## How to run it

\`\`\`sh
npm run reach                     # every runtime that is installed
npm run reach -- bun deno         # those whose names begin so
npm run reach -- --all            # all of them; one that is not installed fails
\`\`\`

Node, Bun, Deno, workerd, the edge VM, Jest and Vitest come from the npm registry, in exact versions, and are kept in
\`~/.cache/unglue-reach\` (or where \`UNGLUE_REACH_CACHE\` says). The browsers are those of Debian: \`apt-get install chromium
firefox-esr webkit2gtk-driver xvfb xauth\`.
`;
}

function listOf(checks, area) {
  const names = checks.filter((check) => check.area === area).map(({ name }) => name);
  return `${names.join("; ")}.`;
}

function table(rows) {
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
