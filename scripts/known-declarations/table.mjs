// From the lines of items to the text of a table, sorted by the names of their imports; the format is described in
// src/toolchains/wasm-bindgen/known/table.ts.

const prefixes = { ">": "set_", "{": "get_", "}": "set_", "&": "set_", "=": "static_accessor_", _: "__wbindgen_" };
const letters = "abcdefghijklmnopqrstuvwxyz";
const symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * An item with its line, or a type with a check and no line.
 *
 * @typedef {object} Entry
 * @property {string} head - The line of its crate.
 * @property {string} type - The line of its type.
 * @property {string} line - Empty for a check.
 * @property {string} name - The name in the import's name, reduced to letters and digits; empty for a type without a name.
 */

/**
 * Writes a table.
 *
 * @param {readonly Entry[]} entries - In the order in which candidates are tried.
 * @param {ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>} enums - The texts of string enums by crate and name.
 * @returns {string}
 */
export function writeTable(entries, enums) {
  const heads = groupBy(entries, ({ head }) => head);
  const codes = new Map();
  const top = [];
  const types = [];
  for (const [head, ofCrate] of heads) {
    const [name, versions, ...paths] = head.split(" ");
    top.push([name, versions, codes.size, ...paths].join(" "));
    const words = new Set(ofCrate.flatMap(({ line }) => line.match(/\w+/g) ?? []));
    const used = [...(enums.get(head) ?? [])].filter(([ident]) => words.has(ident));
    top.push(...used.map(([ident, texts]) => `~${ident}=${texts.join("|")}`));
    for (const [type, ofType] of groupBy(ofCrate, (one) => one.type)) {
      codes.set(`${head}\n${type}`, codeOf(codes.size));
      types.push(ofType.some(({ line, name }) => line === "" && name !== "") ? type : type.replace("@", "@-"));
    }
  }
  const groups = groupBy(
    entries.filter(({ line }) => line !== ""),
    ({ name }) => name.toLowerCase(),
  );
  const body = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => writeGroup(group, codes));
  return [...top, ...types, ...body].join("\n");
}

/** The code of a type: two characters. */
function codeOf(at) {
  if (at >= letters.length * symbols.length) throw new Error("A table has more types than codes.");
  return letters[Math.floor(at / symbols.length)] + symbols[at % symbols.length];
}

function writeGroup(group, codes) {
  const key = group[0].name.toLowerCase();
  const read = group.map(({ head, type, line }) => {
    const [start, marks, sign, written] = /^([\^#%,;]*)(.)([\w#]*)/.exec(line);
    return {
      code: codes.get(`${head}\n${type}`),
      marks,
      sign,
      written,
      rest: line.slice(start.length),
      headed: (prefixes[sign] ?? "") + written,
    };
  });
  const counts = new Map();
  for (const { headed } of read) if (bare(headed) === key) counts.set(headed, (counts.get(headed) ?? 0) + 1);
  const given = read
    .map(({ rest }) => /^(?:<.*?>)?=([^(: ]*)/.exec(rest)?.[1])
    .find((name) => bare(name ?? "") === key);
  const [header] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [given ?? group[0].name];
  const lineOf = ({ marks, sign, written, rest, headed }) => {
    const own = headed === header ? "" : written;
    // The name may be the header's in camel case.
    const prefix = prefixes[sign] ?? "";
    const named = `=${camelCase(header.startsWith(prefix) ? header.slice(prefix.length) : header)}`;
    const generics = rest.startsWith("<") ? bracketed(rest) : "";
    const tail = rest.slice(generics.length);
    const isNamed = tail.startsWith(named) && /^[(: ]|^$/.test(tail.slice(named.length));
    return marks + sign + own + generics + (isNamed ? `=${tail.slice(named.length)}` : tail);
  };
  // Types share a line if the lines of each stay in their order, in which candidates are tried.
  const lines = [];
  for (const [code, ofType] of groupBy(read, (one) => one.code)) {
    let after = 0;
    for (const line of new Set(ofType.map(lineOf))) {
      const shared = lines.findIndex((one, at) => at >= after && one.line === line);
      const at = shared < 0 ? after : shared;
      if (shared < 0) lines.splice(at, 0, { line, codes: "" });
      lines[at].codes += code;
      after = at + 1;
    }
  }
  return [`:${header}`, ...lines.map(({ line, codes }) => `${line}@${codes}`)];
}

function bracketed(text) {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/->|./g)) {
    if (/[<([]/.test(token)) depth++;
    else if (/^[>)\]]/.test(token)) depth--;
    if (depth === 0) return text.slice(0, index + 1);
  }
  return "";
}

const bare = (name) => name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
const camelCase = (ident) => ident.replace(/^r#|_$/g, "").replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
