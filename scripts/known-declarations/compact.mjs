// From the items of every version of a crate to the lines of a table, each checked by reading it back.

import { join } from "node:path";
import { describe } from "./describe.mjs";
import { lineOf, typeLineOf } from "./lines.mjs";
import { writeTable } from "./table.mjs";
import { compareVersions } from "./sources.mjs";
import { importTypeScript } from "./typescript.mjs";

const source = join(import.meta.dirname, "../../src/toolchains/wasm-bindgen/known");
const { bare, createTable } = await importTypeScript(join(source, "table.ts"));
const { printed } = await importTypeScript(join(source, "printed.ts"));
const { typeCode } = await importTypeScript(join(source, "type-code.ts"));

/**
 * The lines of a crate.
 *
 * @param {object} crate
 * @param {string} crate.name
 * @param {string} crate.versions - As a table has them.
 * @param {boolean} [crate.paths] - Whether its source spells paths out.
 * @param {{ version: string, bindgen: number, items: object[] }[]} crate.releases - Oldest first; `bindgen` is the newest
 *   wasm-bindgen that may hash the release's items.
 * @param {(item: object) => boolean} crate.select
 * @returns {{ head: string, entries: (import("./table.mjs").Entry & { item: object })[], enums: Map<string, string[]>, dropped: object[] }}
 */
export function linesOf({ name, versions, paths = false, releases, select }) {
  const head = `!${name} ${versions}${paths ? " ::" : ""}`;
  const enums = new Map();
  const structs = new Set();
  const variants = new Map();
  const dropped = [];
  for (const { version, bindgen, items } of releases) {
    for (const { item, ident, variants: texts } of items) {
      if (item === "enum" && texts) enums.set(ident, texts);
      if (item === "struct") structs.add(ident);
    }
    for (const raw of items.filter(({ item }) => ["fn", "static", "type"].includes(item))) {
      const item = describe(raw);
      if (!item || !select(item, raw)) continue;
      const key = JSON.stringify([
        item.kind,
        item.jsClass,
        item.rustClass,
        item.namespace,
        item.module,
        item.ident,
        item.name,
        item.importName,
        item.catch,
        item.variadic,
        item.explicit,
        item.signature,
        item.result,
      ]);
      const variant = variants.get(key) ?? {
        item,
        bindgen,
        first: version,
        isOld: bindgen < 96 || bindgen === Infinity,
      };
      variant.bindgen = Math.max(variant.bindgen, bindgen);
      variant.last = version;
      variants.set(key, variant);
    }
  }

  const all = [...variants.values()].filter(({ item }) => !mentions(item, structs));
  const modern = all.filter(({ bindgen }) => bindgen >= 96);
  // Before 0.2.96 the signature is not hashed: of items that mean the same, one will do.
  const meanings = new Set(modern.map(({ item }) => meaning(item, enums)));
  const old = all
    .filter(({ bindgen }) => bindgen < 96)
    .reverse()
    .filter(({ item }) => !meanings.has(meaning(item, enums)) && meanings.add(meaning(item, enums)));
  const generics = genericsOf(modern);
  const rangeOf = rangesOf(all, enums, releases);
  const entries = [...modern, ...old].flatMap(({ item }) => {
    const type = typeLineOf(item, generics.get(item.rustClass));
    const name = nameOf(item);
    if (item.kind === "instanceof") return [{ item, head, type, line: "", name }];
    const range = rangeOf(item);
    const line = [false, true]
      .map((comma) => lineOf(item, paths, comma, generics.get(item.rustClass)) + (range && ` ?${range}`))
      .find((line) => line && reads({ head, type, line, name }, item));
    if (line === undefined) dropped.push(item);
    return line === undefined ? [] : [{ item, head, type, line, name }];
  });
  return { head, entries, enums, dropped };
}

function mentions({ params = [], result = "" }, structs) {
  return [...params, result].some((type) => type.match(/\w+/g)?.some((word) => structs.has(word)));
}

/** The meaning of a declaration, apart from its spelling. */
function meaning(item, enums) {
  const codes = (item.params ?? []).map((param) =>
    typeCode(param.slice(param.indexOf(":") + 1), new Map([...enums].map(([name]) => [name, name]))),
  );
  const result = item.result && typeCode(item.result.replace(/ where .*/, ""), new Map());
  return JSON.stringify([
    item.kind,
    item.jsClass,
    item.rustClass,
    item.ident,
    item.name,
    item.catch,
    item.variadic,
    item.namespace,
    codes,
    result,
  ]);
}

/**
 * In which versions an item is, where its name has meant different things: before 0.2.96 the hash is of the name alone.
 */
function rangesOf(variants, enums, releases) {
  const nameOf = ({ kind, jsClass, ident, module }) => JSON.stringify([kind === "accessor", jsClass, ident, module]);
  const named = groupBy(
    variants.filter(({ item }) => item.kind !== "instanceof"),
    ({ item }) => nameOf(item),
  );
  return (item) => {
    const same = groupBy(named.get(nameOf(item)), (one) => meaning(one.item, enums));
    if (same.size === 1 || ![...same.values()].flat().some(({ isOld }) => isOld)) return "";
    const of = same.get(meaning(item, enums));
    const first = of.map(({ first }) => first).sort(compareVersions)[0];
    const last = of
      .map(({ last }) => last)
      .sort(compareVersions)
      .at(-1);
    const [from, to] = [first === releases[0].version ? "" : first, last === releases.at(-1).version ? "" : last];
    return from || to ? `${from}-${to}` : "";
  };
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

/** The parameters that types have, as most of their generic methods write them. */
function genericsOf(variants) {
  const counts = new Map();
  for (const { item } of variants) {
    const [, generics] = /^this:&\w+(<.*>)$/.exec(item.first ?? "") ?? [];
    if (!generics || !item.generics) continue;
    const ofType = counts.get(item.rustClass) ?? new Map();
    counts.set(item.rustClass, ofType.set(generics, (ofType.get(generics) ?? 0) + 1));
  }
  return new Map([...counts].map(([type, ofType]) => [type, [...ofType].sort((a, b) => b[1] - a[1])[0][0]]));
}

/** The name in the name of an item's import, in the form used to read tables. */
function nameOf({ kind, importName, ident }) {
  return bare(
    kind === "instanceof" ? `instanceof_${ident}` : (importName ?? `static_accessor_${ident.replace("r#", "")}`),
  );
}

/** Whether a table says of an item what its source says. */
function reads(entry, item) {
  const [read] = createTable(writeTable([entry], new Map())).itemsOf(entry.name);
  const nameless = item.kind === "constructor" || item.kind.startsWith("index") || item.kind === "intrinsic";
  return (
    read?.kind === item.kind &&
    read.ident === item.ident &&
    read.jsClass === item.jsClass &&
    (nameless || read.name === item.name) &&
    read.importName === (item.importName ?? `static_accessor_${item.ident}`) &&
    read.catch === (item.catch ?? false) &&
    read.variadic === (item.variadic ?? false) &&
    (item.kind === "accessor" ? read.result === item.result : printed(read.signature) === printed(item.signature))
  );
}
