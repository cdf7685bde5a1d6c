// `npm run survey`: reads the wasm-bindgen modules of many npm packages, and compares what is known of their imports with
// the JavaScript that was generated for them, as text. Writes .reliability/survey.json and docs/appendix/imports.md. Packages are kept in the folder
// that UNGLUE_SURVEY names, or in the system's temporary one. UNGLUE_TABLES names files of tables to use instead.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { env } from "node:process";
import { importTypeScript } from "../../../scripts/known-declarations/typescript.mjs";
import { differenceOf } from "./compare.mjs";
import { directoryOf, fetchPackages } from "../fetch.mjs";
import { glueFor } from "./glue.mjs";
import { writeSurvey } from "./render.mjs";

const { readModule } = await importTypeScript(join(import.meta.dirname, "read.ts"));
const tables = env.UNGLUE_TABLES?.split(",").map((path) => readFileSync(path, "utf8"));
/** Those of `surveyedSince` were looked at when tables and scripts were done, and nothing was changed since. */
const { surveyed, surveyedSince } = JSON.parse(readFileSync(join(import.meta.dirname, "../list.json"), "utf8"));
const packages = [...surveyed, ...surveyedSince];

const missing = await fetchPackages(packages);
const seen = new Set();
const modules = packages.flatMap(modulesOf);

const differences = modules.flatMap(({ differences }) => differences);
for (const module of modules) {
  const { package: name, file, group, version, abi, counts, compared, milliseconds } = module;
  console.log(
    [name, basename(file), group, version, abi, ...Object.values(counts), compared, `${milliseconds} ms`].join("\t"),
  );
}
for (const one of differences) console.log(one);
for (const group of ["chosen from", "held out", "new", undefined]) {
  const of = modules.filter((one) => group === undefined || one.group === group);
  const sum = (pick) => of.reduce((total, one) => total + pick(one), 0);
  const [all, stubs] = [sum(({ counts }) => counts.all), sum(({ counts }) => counts.stub)];
  console.log(
    `${group ?? "all"}: ${new Set(of.map((one) => one.package)).size} packages, ${of.length} modules, ${all} imports, ` +
      `${all - stubs} known (${(((all - stubs) / all) * 100).toFixed(1)} %), ` +
      `${sum(({ compared }) => compared)} compared, ${sum(({ differences }) => differences.length)} differ`,
  );
}
if (missing.length > 0) console.log(`not to be had: ${missing.join(", ")}`);

const results = new URL("../../../.reliability/", import.meta.url);
mkdirSync(results, { recursive: true });
writeFileSync(new URL("survey.json", results), JSON.stringify({ modules, missing }, undefined, 1));
await writeSurvey({ modules });
if (differences.length > 0) process.exitCode = 1;

/** The modules of a package that no package before it has. */
function modulesOf(name) {
  const directory = directoryOf(name);
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const read = (file) => readFileSync(join(directory, file));
  const texts = files
    .filter((file) => /\.[mc]?js$/.test(file))
    .map((file) => ({ file, text: read(file).toString("utf8") }));
  return files
    .filter((file) => file.endsWith(".wasm") && isFirst(read(file)))
    .flatMap((file) => {
      const module = readModule(read(file), tables);
      if (!module || module.imports.length === 0) return [];
      const glue = glueFor(file, module.imports, texts);
      const comparable = module.imports.filter((one) => one.declaration && glue?.has(one.name));
      const count = (by) => module.imports.filter((one) => one.by === by).length;
      return [
        {
          package: name,
          file,
          group: groupOf(name),
          version: module.version,
          abi: module.abi,
          counts: { all: module.imports.length, own: count("own"), hash: count("hash"), stub: count("stub") },
          stubs: module.imports.filter(({ by }) => by === "stub").map((one) => one.name),
          compared: comparable.length,
          differences: comparable.flatMap((one) => {
            const difference = differenceOf(one.declaration, glue.get(one.name), module);
            return difference === undefined ? [] : [`${name} ${one.name}: ${difference}`];
          }),
          milliseconds: Math.round(module.milliseconds),
        },
      ];
    });
}

function isFirst(bytes) {
  const digest = createHash("sha256").update(bytes).digest("hex");
  return seen.size !== seen.add(digest).size;
}

/** The contents of the tables were chosen with half of the packages in view. */
function groupOf(name) {
  if (surveyedSince.includes(name)) return "new";
  const bare = name.slice(0, name.lastIndexOf("@"));
  return createHash("sha256").update(bare).digest()[0] % 2 === 0 ? "chosen from" : "held out";
}
