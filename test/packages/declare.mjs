// `npm run survey:declare`: writes the declaration files of the wasm-bindgen modules of many npm packages, compiles their types
// under strict rules, and counts what is declared, known, left out and guessed. Writes docs/appendix/declarations.md. Packages
// are kept in the folder that UNGLUE_SURVEY names, or in the system's temporary one. Arguments choose packages by a part of
// their name.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { argv, stdout } from "node:process";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { format } from "prettier";
import { directoryOf, fetchPackages } from "./fetch.mjs";

const root = join(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
const built = mkdtempSync(join(cache, "declare-"));
const outfile = join(built, "declare.mjs");
await build({
  entryPoints: [join(import.meta.dirname, "survey/declare.ts")],
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  define: { "import.meta.dirname": JSON.stringify(join(root, "test/cli")) },
  outfile,
  logLevel: "error",
});
const { findInputs, writeDeclaration, checkTypes, compile, load, withoutStart } = await import(
  pathToFileURL(outfile).href
);

const { surveyed, surveyedSince } = JSON.parse(readFileSync(join(import.meta.dirname, "list.json"), "utf8"));
const wanted = [...surveyed, ...surveyedSince].filter(
  (name) => argv.length < 3 || argv.slice(2).some((part) => name.includes(part)),
);
const missing = await fetchPackages(wanted);
const options = { withDocs: true, withShape: true, version: "0.1.0", command: "npx unglue declare", folder: built };

const seen = new Set();
const rows = [];
for (const name of wanted) {
  const directory = directoryOf(name);
  if (!existsSync(directory)) continue;
  for (const file of readdirSync(directory, { recursive: true, encoding: "utf8" }).sort()) {
    if (!file.endsWith(".wasm")) continue;
    const bytes = readFileSync(join(directory, file));
    const digest = createHash("sha256").update(bytes).digest("hex");
    if (seen.size === seen.add(digest).size) continue;
    const row = await declare(name, join(directory, file));
    if (row) {
      rows.push(row);
      stdout.write(`${rowText(row)}\n`);
    }
  }
}

const types = checkTypes(
  rows.flatMap(({ written }, at) =>
    written ? [{ name: `survey${at}`, dts: written.dts, declared: written.declared, packageDts: undefined }] : [],
  ),
);
const declared = rows.filter(({ written }) => written);
for (const [at, { errors }] of types.entries()) declared[at].errors = errors;
for (const { name, errors = [] } of declared) for (const error of errors.slice(0, 5)) console.log(`${name}: ${error}`);

const sum = (pick) => declared.reduce((total, row) => total + pick(row), 0);
const totals = {
  packages: new Set(rows.map(({ name }) => name)).size,
  modules: rows.length,
  refused: rows.length - declared.length,
  members: sum(({ members }) => members),
  left: sum(({ left }) => left),
  imports: sum(({ imports }) => imports),
  known: sum(({ known }) => known),
  loaded: declared.filter(({ refusal }) => refusal === undefined).length,
  typed: declared.filter(({ errors }) => errors.length === 0).length,
  bytes: sum(({ bytes }) => bytes),
};
for (const { name, refusal } of declared) if (refusal !== undefined) console.log(`${name}: ${refusal}`);
const small = declared.filter(({ members, imports }) => members <= 20 && members + imports > 0);
const perEntry = (all) => Math.round(all.reduce((total, one) => total + one.bytes, 0) / entriesOf(all));
const entriesOf = (all) => all.reduce((total, { members, imports }) => total + members + imports, 0);
console.log(totals);
if (missing.length > 0) console.log(`not to be had: ${missing.join(", ")}`);
if (argv.length < 3) await writePage();
rmSync(built, { recursive: true });

/** Writes the declaration file of a module; `undefined` for one that wasm-bindgen did not make. */
async function declare(name, path) {
  const start = performance.now();
  try {
    const inputs = await findInputs(path, {});
    if (inputs.shape.toolchain.name !== "wasm-bindgen") return undefined;
    const row = { name, version: inputs.shape.toolchain.version ?? "?", hasGlue: inputs.glue !== undefined };
    try {
      const written = await writeDeclaration(inputs, options);
      const { declared, known } = written;
      const members = declared.members.reduce(
        (total, one) => total + (one.kind === "class" ? Object.keys(one.data.members).length : 1),
        0,
      );
      const unknown = known?.holes.length ?? 0;
      return {
        ...row,
        written,
        members,
        left: declared.holes.length - unknown,
        guessed: declared.guesses.length,
        imports: known?.all ?? 0,
        known: known?.identified ?? 0,
        bytes: brotliCompressSync(withoutHeader(written.js)).length,
        holes: declared.holes,
        refusal: await refusalOf(inputs.module.bytes, written.file),
        milliseconds: Math.round(performance.now() - start),
      };
    } catch (error) {
      return { ...row, reason: error instanceof Error ? error.message : String(error) };
    }
  } catch (error) {
    return { name, version: "?", reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The error of a load with the file, before anything of the module runs; `undefined` if there is none. A load reads what was
 * checked when it is used, an instantiation reads all of it: both must report the same of each import.
 */
async function refusalOf(bytes, file) {
  try {
    const unstarted = withoutStart(bytes);
    const given = { ...file, initialize: false, limits: { memoryPages: 65_536 }, warn: () => undefined };
    const [atOnce, whenUsed] = await Promise.all([
      compile(unstarted).then((module) => module.instantiate(given)),
      load(unstarted, given),
    ]);
    const [one, other] = [atOnce, whenUsed].map(({ imports }) => JSON.stringify(imports.map(withoutHint)));
    for (const wasm of [atOnce, whenUsed]) wasm.dispose();
    return one === other ? undefined : "load reports other imports than instantiate";
  } catch (error) {
    return error.message;
  }
}

/** A report without what an import could be: the two may have fetched different parts of the table to tell. */
function withoutHint({ evidence, ...report }) {
  return report.provider === "stub" ? report : { ...report, evidence };
}

function rowText({ name, version, reason, members, left, guessed, imports, known, milliseconds, holes = [], hasGlue }) {
  if (reason !== undefined) return `${name}\t${version}\tREFUSED\t${reason.slice(0, 300)}`;
  const first = holes.slice(0, 3).map(({ member, reason: why }) => `\n    ${member}: ${why.slice(0, 160)}`);
  return (
    [
      name,
      version,
      hasGlue ? "" : "no JavaScript",
      `${members} members`,
      `${left} left out`,
      `${guessed} guessed`,
    ].join("\t") + `\t${known} of ${imports} imports\t${milliseconds} ms${first.join("")}`
  );
}

/** A declaration file without its first comment, which programs do not ship. */
function withoutHeader(text) {
  return text.replace(/^\/\*[^]*?\*\/\n+/, "");
}

/** Counts what is left out by its reason, without the names and places in it. */
function countReasons() {
  const counts = new Map();
  for (const { name, holes } of declared) {
    for (const { reason } of holes) {
      const group = reason
        .replaceAll(/`[^]*`/g, "`…`")
        .replaceAll(/"[^"]*"/g, '"…"')
        .replace(/ at \S+:\d+:\d+.*$/s, "")
        .replace(/^\S+\.[cm]?js gives/, "the JavaScript gives")
        .replace(/the import \S+/, "an import")
        .replace(/ of [\w$.[\]]+ has/, " of a member has")
        .replace(/(its parameter )[\w$]+/, "$1…")
        .replace(/the number \d+/, "a number")
        .replace(/^.*, parameter \d+ has/, "a parameter has")
        .replace(/^[\w$.]+ has an unknown form/, "it has an unknown form")
        .replace(/^(argument) \d+/, "$1")
        .replace(/cannot be called as .*$/s, "cannot be called as it is declared");
      const found = counts.get(group) ?? { count: 0, packages: new Set() };
      counts.set(group, { count: found.count + 1, packages: found.packages.add(name) });
    }
  }
  return [...counts].sort(([, a], [, b]) => b.count - a.count);
}

async function writePage() {
  const cells = rows.map((row) =>
    row.reason === undefined
      ? [
          row.name,
          row.version,
          row.members,
          row.left,
          row.guessed,
          `${row.known} of ${row.imports}`,
          row.errors.length,
          row.bytes,
          Math.round(row.bytes / Math.max(1, row.members + row.imports)),
        ]
      : [row.name, row.version, "refused", "", "", "", "", "", ""],
  );
  const reasons = rows.filter(({ reason }) => reason !== undefined);
  const text = `<!-- Written by npm run survey:declare. -->

# Declaration files of npm packages

\`npm run survey:declare\` writes the [declaration file](../declaration-files.md) of each wasm-bindgen module of many packages, and
compiles its types under strict rules. Nothing of a package runs: a module takes its file if it can be loaded, without its initializer.

|                                     |                                         |
| ----------------------------------- | --------------------------------------- |
| packages                            | ${totals.packages}                      |
| modules                             | ${totals.modules}                       |
| of these refused, with a reason     | ${totals.refused}                       |
| members declared                    | ${totals.members}                       |
| members left out, with a reason     | ${totals.left}                          |
| imports                             | ${totals.imports}                       |
| of these known                      | ${totals.known} (${((totals.known / Math.max(1, totals.imports)) * 100).toFixed(1)} %) |
| files that their modules take       | ${totals.loaded} of ${declared.length}  |
| files whose types compile           | ${totals.typed} of ${declared.length}   |
| bytes a member or import            | ${perEntry(declared)}                   |
| the same, with at most 20 members   | ${perEntry(small)}                      |

Bytes are those of the file under brotli, without its first comment, with shape and meanings. An import has its name twice, whose
16 digits nothing compresses, and a package with two members may have a hundred imports.

${reasons.length === 0 ? "" : `Refused:\n\n${reasons.map(({ name, reason }) => `- ${name}: ${plain(reason)}`).join("\n")}\n`}
Left out, by the reason, members and imports:

| reason | count | packages |
| --- | --- | --- |
${countReasons()
  .map(([reason, { count, packages }]) => `| ${plain(reason)} | ${count} | ${packages.size} |`)
  .join("\n")}

| package | wasm-bindgen | members | left out | guessed | imports known | type errors | bytes, brotli | a member or import |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${cells.map((row) => `| ${row.join(" | ")} |`).join("\n")}
`;
  const page = join(root, "docs/appendix/declarations.md");
  // The last section is written by hand: it is of packages that were tried once.
  const before = existsSync(page) ? readFileSync(page, "utf8") : "";
  const once = before.indexOf("## Ten packages tried once");
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(
    page,
    await format(once < 0 ? text : `${text}\n${before.slice(once)}`, {
      parser: "markdown",
      printWidth: 120,
      proseWrap: "preserve",
    }),
  );
}

/** A message as text of a list: without line breaks and signs that Markdown reads. */
function plain(message) {
  return message
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[<>|*_`[\]]/g, "\\$&")
    .slice(0, 300);
}
