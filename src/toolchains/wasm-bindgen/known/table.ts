import type { DeclarationKind } from "./declaration.ts";
import type { Crate, Item } from "./item.ts";
import { bracketed, splitTypes } from "./type-code.ts";

/**
 * A table is text, with one entry per line:
 *
 * - `!js-sys 0.3.N-23` begins a crate; `!web-sys 0.3.N-23 ::` begins one whose source spells out paths;
 * - `~RequestMode=same-origin|no-cors` is a string enum of the crate;
 * - `@Memory=Memory|WebAssembly|` begins a type: Rust name and generics, JavaScript name if different, namespace, raw
 *   module; without a name, the items that follow belong to no type;
 * - the rest are items: marks, sign of the kind, Rust name and generics, `=` and JavaScript name if it is not the Rust name
 *   in camel case, parameters without the receiver in brackets if there are any, `:` and the result if there is one; at the
 *   end ` ?0.2.1-0.2.6` for the crate's versions that have it, if its name means something else in other versions.
 *
 * The marks: `^` may throw, and the result is written without its `Result<…, JsValue>`; `#` may throw, and the result is
 * written in full; `%` variadic; `,` the comma after the last parameter in the source is the opposite of rustfmt's; `;` the
 * first parameter is the receiver, which otherwise is not written. Within types `~` is `JsValue`, `%` is `::js_sys::`, `$`
 * is `String`, and `_` is the current type.
 */
interface Sign {
  readonly kind: DeclarationKind;
  readonly receiver: boolean;
  /** A prefix of the Rust name that the table does not write. */
  readonly prefix: string;
  /** Whether the import is named after the Rust name, as it is where the source has no `js_name`. */
  readonly byIdent: boolean;
}

const sign = (kind: DeclarationKind, receiver: boolean, prefix: string, byIdent: boolean): Sign => ({
  kind,
  receiver,
  prefix,
  byIdent,
});

const signs: ReadonlyMap<string, Sign> = new Map([
  [".", sign("method", true, "", false)],
  ["<", sign("getter", true, "", false)],
  [">", sign("setter", true, "set_", false)],
  ["{", sign("getter", true, "get_", true)],
  ["}", sign("setter", true, "set_", true)],
  ["[", sign("index-getter", true, "", true)],
  ["]", sign("index-setter", true, "", true)],
  ["\\", sign("index-deleter", true, "", true)],
  ["+", sign("constructor", false, "", true)],
  ["/", sign("static", false, "", false)],
  ["*", sign("static-getter", false, "", false)],
  ["&", sign("static-setter", false, "set_", false)],
  ["-", sign("function", false, "", false)],
  ["=", sign("accessor", false, "", false)],
  ["_", sign("intrinsic", false, "__wbindgen_", true)],
]);

const plainFunction = sign("function", false, "", false);

/**
 * Reads the items of a table. Only lines with wanted names are read completely, because tables are long and modules import
 * few of their items.
 *
 * @param table - The table's text.
 * @param wanted - Names in the form of `bare`; if absent, all names.
 * @returns The items by the name in their imports' names, reduced to letters and digits.
 */
export function readTable(table: string, wanted?: ReadonlySet<string>): Map<string, Item[]> {
  const items = new Map<string, Item[]>();
  const add = (importName: string, make: () => Item): void => {
    const key = bare(importName);
    if (wanted && !wanted.has(key)) return;
    const same = items.get(key);
    if (same) same.push(make());
    else items.set(key, [make()]);
  };
  let enums = new Map<string, string>();
  let crate: Crate = { name: "", versions: "", enums, paths: false };
  let context = readType("");
  for (const line of table.split("\n")) {
    const rest = line.slice(1);
    if (line.startsWith("!")) {
      const [name = "", versions = "", paths] = rest.split(" ");
      enums = new Map();
      crate = { name, versions, enums, paths: paths !== undefined };
    } else if (line.startsWith("~")) {
      const [name = "", texts = ""] = rest.split(/=(.*)/);
      enums.set(name, texts);
    } else if (line.startsWith("@")) {
      context = readType(rest);
      const { rustClass } = context;
      if (rustClass) add(`instanceof_${rustClass}`, () => instanceOf(crate, context));
    } else if (line) {
      const naming = readNaming(line);
      add(naming.importName, () => readItem(line, naming, crate, context));
    }
  }
  return items;
}

/**
 * Removes the characters from a name that an import's name may lack.
 *
 * @param name - A name.
 * @returns Its letters and digits.
 */
export function bare(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "");
}

interface SectionContext extends Pick<Item, "rustClass" | "jsClass" | "namespace" | "module"> {
  /** The type's parameters: `<K,V>`. */
  readonly generics: string;
}

function readType(text: string): SectionContext {
  const [names = "", namespace = "", module = ""] = text.split("|");
  const [, rustClass = "", generics = "", jsClass = rustClass] = /^(\w*)(<.*>)?(?:=(.*))?$/.exec(names) ?? [];
  return { rustClass, generics, jsClass, namespace: namespace ? namespace.split(".") : [], module };
}

function instanceOf(crate: Crate, context: SectionContext): Item {
  const importName = `instanceof_${context.rustClass}`;
  const nothing = { name: "", signature: "", result: "bool", catch: false, variadic: false, range: undefined };
  const { rustClass } = context;
  return {
    ...context,
    ...nothing,
    crate,
    kind: "instanceof",
    ident: rustClass,
    importName,
    receiver: true,
    params: "",
  };
}

/** The beginning of an item's line: the part that its name depends on. */
interface Naming {
  readonly marks: string;
  readonly kind: Item["kind"];
  readonly receiver: boolean;
  readonly ident: string;
  readonly generics: string;
  readonly name: string;
  readonly importName: string;
  /** The length of this part. */
  readonly length: number;
}

function readNaming(line: string): Naming {
  const [head = "", marks = "", mark = "", written = ""] = /^([\^#%,;]*)(.)([\w#]*)/.exec(line) ?? [];
  const { kind, receiver, prefix, byIdent } = signs.get(mark) ?? plainFunction;
  const generics = line[head.length] === "<" ? bracketed(line.slice(head.length)) : "";
  let length = head.length + generics.length;
  let given: string | undefined;
  if (line[length] === "=") {
    given = /^[^(: ]*/.exec(line.slice(length + 1))?.[0] ?? "";
    length += 1 + given.length;
  }
  const ident = prefix + written;
  const plain = ident.replace("r#", "");
  const name = given ?? (kind === "accessor" ? plain : kind === "intrinsic" ? written : camelCase(written));
  const importName = kind === "accessor" ? `static_accessor_${plain}` : byIdent ? plain : prefix + name;
  return { marks, kind, receiver, ident, generics, name, importName, length };
}

function readItem(text: string, naming: Naming, crate: Crate, context: SectionContext): Item {
  const { rustClass } = context;
  const { marks, kind, receiver, ident, generics, name, importName, length } = naming;
  const [line = "", range] = text.split(" ?");
  const list = line[length] === "(" ? bracketed(line.slice(length)) : "";
  const rest = line.slice(length + list.length + 1);

  const params = expand(list.slice(1, -1), crate, rustClass);
  const whole = expand(rest, crate, rustClass) || (kind === "constructor" ? rustClass : "");
  const result = marks.includes("^") ? `Result<${whole || "()"},JsValue>` : whole;
  const self = receiver && !marks.includes(";") ? [`this:&${rustClass}${generics && context.generics}`] : [];
  const start = `fn ${ident}${generics}(${[...self, ...(params ? [params] : [])].join()}`;
  const end = `)${result && "->"}${result}`;
  return {
    ...context,
    crate,
    kind,
    ident,
    name: kind === "constructor" || kind.startsWith("index") ? "" : name,
    importName,
    receiver,
    params: marks.includes(";") ? splitTypes(params).slice(1).join() : params,
    result,
    signature: start + (marks.includes(",") !== breaksInRustfmt(start + end) ? "," : "") + end,
    catch: /[\^#]/.test(marks),
    variadic: marks.includes("%"),
    range,
  };
}

function camelCase(ident: string): string {
  return ident.replace(/^r#|_$/g, "").replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function expand(types: string, { paths }: Crate, own: string): string {
  return types
    .replace(/~/g, paths ? "::wasm_bindgen::JsValue" : "JsValue")
    .replace(/\$/g, paths ? "::alloc::string::String" : "String")
    .replace(/%/g, "::js_sys::")
    .replace(/(?<!\w)_(?!\w)/g, own);
}

/** Whether rustfmt gives each parameter a line of its own, and the last one a comma. */
function breaksInRustfmt(signature: string): boolean {
  const spaced = signature
    .replace(/->/g, " -> ")
    .replace(/,/g, ", ")
    .replace(/(?<!:):(?!:)/g, ": ");
  return "    pub ;".length + spaced.length > 100;
}
