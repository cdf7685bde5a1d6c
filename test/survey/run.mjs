// `npm run survey`: reads the wasm-bindgen modules of many npm packages, and compares what is known of their imports with
// the JavaScript that was generated for them, as text.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { importTypeScript } from "../../scripts/known-declarations/typescript.mjs";
import { differenceOf } from "./compare.mjs";
import { readGlue } from "./glue.mjs";

const here = import.meta.dirname;
const { readModule } = await importTypeScript(join(here, "read.ts"));
const folder = process.env.UNGLUE_SURVEY ?? join(tmpdir(), "unglue-survey");
const tables = process.env.UNGLUE_TABLES?.split(",").map((path) => readFileSync(path, "utf8"));

const packages = readFileSync(join(here, "packages.txt"), "utf8").trim().split("\n");
mkdirSync(folder, { recursive: true });
const missing = await fetchAll(packages);

const seen = new Set();
const rows = [];
const findings = [];
const unknown = [];
for (const name of packages) {
  const directory = directoryOf(name);
  if (!existsSync(directory)) continue;
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => /\.[mc]?js$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(directory, file), "utf8") }));
  for (const file of files.filter((file) => file.endsWith(".wasm"))) {
    const bytes = readFileSync(join(directory, file));
    const digest = createHash("sha256").update(bytes).digest("hex");
    if (seen.has(digest)) continue;
    seen.add(digest);
    let read;
    try {
      read = readModule(bytes, tables);
    } catch (error) {
      console.log(`${name} ${file}: ${error.message}`);
      continue;
    }
    if (!read || read.imports.length === 0) continue;
    const glue = glueFor(file, read, texts);
    const row = { package: name, file, half: halfOf(name), ...read, compared: 0, wrong: 0 };
    rows.push(row);
    for (const one of read.imports) {
      const text = glue?.get(one.name);
      if (one.by === "stub")
        unknown.push({
          package: name,
          half: row.half,
          name: one.name,
          hint: one.evidence,
          glue: text && { kind: text.kind, what: text.what, text: text.text },
        });
      if (!text) continue;
      const difference = check(one, text, read.abi);
      if (difference === null) continue;
      row.compared++;
      if (difference) {
        row.wrong++;
        findings.push(
          `${name} ${one.name} (${one.by}): ${difference}\n    ${text.text.replace(/\s+/g, " ").slice(0, 300)}`,
        );
      }
    }
  }
}

const count = (row, ...by) => row.imports.filter((one) => by.includes(one.by)).length;
for (const row of rows) {
  const known = row.imports.length - count(row, "stub");
  console.log(
    [
      row.package,
      basename(row.file),
      row.half,
      row.version,
      row.abi,
      row.imports.length,
      count(row, "own"),
      count(row, "hash"),
      count(row, "stub"),
      `${((known / row.imports.length) * 100).toFixed(0)}%`,
      row.compared,
      row.wrong,
      `${row.milliseconds.toFixed(0)} ms`,
    ].join("\t"),
  );
}
for (const half of ["chosen from", "held out", undefined]) {
  const of = rows.filter((row) => half === undefined || row.half === half);
  const total = of.reduce((sum, row) => sum + row.imports.length, 0);
  const known = of.reduce((sum, row) => sum + row.imports.length - count(row, "stub"), 0);
  console.log(
    `${half ?? "all"}: ${new Set(of.map((row) => row.package)).size} packages, ${of.length} modules, ${total} imports, ${known} known (${((known / total) * 100).toFixed(1)} %), ${of.reduce((sum, row) => sum + row.compared, 0)} compared, ${of.reduce((sum, row) => sum + row.wrong, 0)} differ`,
  );
}
if (missing.length) console.log(`not to be had: ${missing.join(", ")}`);
writeFileSync(join(folder, "rows.json"), JSON.stringify(rows));
writeFileSync(join(folder, "unknown.json"), JSON.stringify(unknown));
writeFileSync(join(folder, "findings.txt"), findings.join("\n"));
console.log(findings.slice(0, 40).join("\n"));

/** What differs; null where there is nothing to compare. */
function check({ name, by, declaration }, glue, abi) {
  if (declaration) return differenceOf(declaration, glue, abi);
  return null;
}

/** The definitions in the text that has most of a module's imports, and lies nearest. */
function glueFor(file, { imports }, texts) {
  const names = imports.map(({ name }) => name);
  const scored = texts
    .filter(({ text }) => /getObject\(|arg0/.test(text))
    .map((one) => ({ ...one, score: names.filter((name) => one.text.includes(name)).length }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || shared(b.file, file) - shared(a.file, file));
  for (const { text } of scored) {
    const glue = readGlue(text);
    if (glue.size > 0) return glue;
  }
  return undefined;
}

function shared(a, b) {
  const [left, right] = [dirname(a), dirname(b)];
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}

/** The tables are chosen from one half of the packages; the other says what that is worth. */
function halfOf(name) {
  const bare = name.slice(0, name.lastIndexOf("@"));
  return createHash("sha256").update(bare).digest()[0] % 2 === 0 ? "chosen from" : "held out";
}

function directoryOf(name) {
  return join(folder, name.replace("/", "+"));
}

async function fetchAll(names) {
  const waiting = names.filter((name) => !existsSync(directoryOf(name)));
  const failed = [];
  const work = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      const part = `${directoryOf(name)}.part`;
      mkdirSync(part, { recursive: true });
      try {
        const { stdout } = await promisify(execFile)("npm", ["pack", "--silent", name], { cwd: part });
        await promisify(execFile)("tar", ["xzf", stdout.trim()], { cwd: part });
        rmSync(join(part, stdout.trim()));
        renameSync(part, directoryOf(name));
      } catch {
        failed.push(name);
        rmSync(part, { recursive: true });
      }
    }
  };
  await Promise.all([work(), work(), work()]);
  return failed;
}
