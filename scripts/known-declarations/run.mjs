// Writes known-table.ts, web-names.ts and web/ in src/toolchains/wasm-bindgen/known from the published sources of the crates: `node scripts/known-declarations/run.mjs`.
// With `--rest FILE` it also writes a module with what they leave out, for `wasmBindgen({ tables: [restTable] })`.

import { argv } from "node:process";
import { linesOf } from "./compact.mjs";
import { core, family, oldestBindgen, others } from "./crates.mjs";
import { compareVersions, directoryOf, download, extract, published } from "./sources.mjs";
import { web } from "./web.mjs";
import { writeRest, writeTables } from "./write.mjs";

const tables = { known: [], web: [], rest: [] };
const enumsOf = new Map();

for (const crate of [...family, ...others]) {
  const versions = published(crate.name).filter((version) => compareVersions(version, firstOf(crate)) >= 0);
  const releases = releasesOf(crate, versions);
  const text = crate.series ? `${crate.series}.N-${crate.behind}` : ranges(versions);
  const { head, entries, enums, dropped } = linesOf({ ...crate, versions: text, releases, select: isStable });
  const tableOf = (item) => {
    if (crate.table === "rest") return "rest";
    const isKnown =
      crate.table === undefined ? !(crate.name in core) || isCore(crate.name, item) : crate.table === "known";
    return isKnown ? "known" : web(crate.name, item) ? "web" : "rest";
  };
  enumsOf.set(head, enums);
  for (const entry of entries) tables[tableOf(entry.item)].push(entry);
  console.log(
    `${crate.name}: ${releases.length} releases, ${entries.length} items, ${dropped.length} that the format has no way to write`,
  );
}

writeTables(tables, enumsOf);
const rest = argv.indexOf("--rest") + 1;
if (rest > 0 && argv[rest]) writeRest(argv[rest], tables.rest, enumsOf);

function firstOf({ series, behind, since }) {
  return since ?? `${series}.${oldestBindgen - behind}`;
}

/** The declarations of the versions of a crate; of other crates than the family, versions that declare the same are one. */
function releasesOf(crate, versions) {
  for (const version of versions) if (!directoryOf(crate.name, version)) download(crate.name, version);
  const lists = extract(versions.map((version) => directoryOf(crate.name, version)));
  return versions.map((version, index) => {
    const bindgen = crate.series ? Number(version.split(".")[2]) + crate.behind : Infinity;
    return { version, bindgen, items: lists[index] };
  });
}

/** The items that need no flag for unstable interfaces. */
function isStable(item, { cfg, file }) {
  const unstable = cfg.some((condition) => condition.includes("unstable") && !condition.startsWith("not"));
  return !unstable && !file.endsWith("Temporal.rs");
}

function isCore(crate, item) {
  const type = item.kind === "instanceof" || item.kind === "accessor" ? item.kind : item.rustClass;
  const names = Object.hasOwn(core[crate], type) ? core[crate][type] : "";
  return names === "*" || names.split(" ").includes(item.ident.replace("r#", ""));
}

/** `0.2.1,0.2.2,0.2.3,0.3.0` as `0.2.1-3,0.3.0`. */
function ranges(versions) {
  const found = [];
  for (const version of versions) {
    const [, series, patch] = /^(.*\.)(\d+)$/.exec(version);
    const last = found.at(-1);
    if (last?.series === series && last.to === patch - 1) last.to = Number(patch);
    else found.push({ series, from: Number(patch), to: Number(patch) });
  }
  return found.map(({ series, from, to }) => series + (from === to ? from : `${from}-${to}`)).join();
}
