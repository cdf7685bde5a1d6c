// From described items to the lines of a table; the format is described in src/toolchains/wasm-bindgen/known/table.ts.

import { split } from "./describe.mjs";

const signs = {
  method: ".",
  getter: "<",
  setter: ">",
  "index-getter": "[",
  "index-setter": "]",
  "index-deleter": "\\",
  constructor: "+",
  static: "/",
  "static-getter": "*",
  "static-setter": "&",
  function: "-",
  accessor: "=",
  intrinsic: "_",
};
const prefixes = { ">": "set_", "{": "get_", "}": "set_", "&": "set_", _: "__wbindgen_" };

const camelCase = (ident) => ident.replace(/^r#|_$/g, "").replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * The line of an item.
 *
 * @param {object} item - As `describe` gives it.
 * @param {boolean} paths - Whether the crate spells paths out.
 * @param {boolean} comma - Whether the mark for an unexpected comma is set.
 * @param {string} [typeGenerics] - The parameters of its type.
 * @returns {string}
 */
export function lineOf(item, paths, comma, typeGenerics = "") {
  let sign = signs[item.kind];
  const byIdent = item.explicit && item.importName !== item.name && (item.kind === "getter" || item.kind === "setter");
  if (byIdent) sign = item.kind === "getter" ? "{" : "}";
  const prefix = prefixes[sign] ?? "";
  if (!item.ident.startsWith(prefix)) return "";
  const written = item.ident.slice(prefix.length);
  const expected =
    item.kind === "accessor" ? item.ident.replace("r#", "") : item.kind === "intrinsic" ? written : camelCase(written);
  const nameless = item.kind === "constructor" || item.kind.startsWith("index") || item.kind === "intrinsic";
  const naming = nameless || item.name === expected ? "" : `=${item.name}`;
  const short = (types) => abbreviate(types, paths, item.rustClass);
  const generic = item.generics ? typeGenerics : "";
  const unusual = item.receiver && item.first !== `this:&${item.rustClass}${generic}`;
  const listed = unusual ? [item.first, ...item.params] : (item.params ?? []);
  const params = listed.length ? `(${short(listed.join())})` : "";

  let result = item.result;
  let mark = "";
  if (item.catch) {
    const inner = /^Result<(.*)>$/.exec(result)?.[1];
    const [value, error, ...rest] = split(inner ?? "");
    mark = error === "JsValue" && !rest.length ? "^" : "#";
    if (mark === "^") result = value === "()" ? "" : value;
  }
  if (item.kind === "constructor" && result === item.rustClass) result = "";
  const marks = mark + (item.variadic ? "%" : "") + (comma ? "," : "") + (unusual ? ";" : "");
  return `${marks}${sign}${written}${item.generics ?? ""}${naming}${params}${result ? `:${short(result)}` : ""}`;
}

/**
 * The line of the type that an item belongs to.
 *
 * @param {object} item
 * @param {string} generics - The type's parameters, as the receivers of its generic methods have them.
 * @returns {string}
 */
export function typeLineOf({ rustClass, jsClass, namespace, module }, generics = "") {
  const names = rustClass + generics + (jsClass === rustClass ? "" : `=${jsClass}`);
  return `@${[names, namespace.join("."), module].join("|").replace(/\|+$/, "")}`;
}

function abbreviate(types, paths, own) {
  const named = paths
    ? types
        .replaceAll("::wasm_bindgen::JsValue", "~")
        .replaceAll("::alloc::string::String", "$")
        .replaceAll("::js_sys::", "%")
    : types.replace(/(?<![\w:])JsValue(?!\w)/g, "~").replace(/(?<![\w:])String(?!\w)/g, "$");
  return own ? named.replace(new RegExp(`(?<![\\w:])${own}(?!\\w)`, "g"), "_") : named;
}
