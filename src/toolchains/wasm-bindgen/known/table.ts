import type { DeclarationKind } from "./declaration.ts";
import type { Crate, Item } from "./item.ts";
import { bracketed, splitTypes } from "./type-code.ts";

/**
 * A table is text, with one entry per line. First come the crates:
 *
 * - `!js-sys 0.3.N-23 0` begins a crate, with the number of its first type; `!web-sys 0.3.N-23 57 ::` begins one whose source
 *   spells out paths;
 * - `~RequestMode=same-origin|no-cors` is a string enum of the crate.
 *
 * Then come the types. They have two-character codes by their order: `aA`, `aB` … `a9`, `bA`.
 *
 * - `@Memory=Memory|WebAssembly|` is a type: Rust name and generics, JavaScript name if different, namespace, raw module;
 *   without a name, it is for items that belong to no type. With `-` after the `@`, it is not for `instanceof`.
 *
 * Then come the items, grouped by the names in their imports' names, and sorted by the letters and digits of these names in
 * lower case, so that a name is found by a binary search:
 *
 * - `:append_child` begins a group. In its lines this name may be left out;
 * - the rest are items: marks, sign of the kind, Rust name if it is not the group's, generics, `=` and JavaScript name if it
 *   is not the Rust name in camel case, or `=` alone if it is the group's name in camel case, parameters without the receiver
 *   in brackets if there are any, `:` and the result if there is one, ` ?0.2.1-0.2.6` for the crate's versions that have it if
 *   its name means something else in other versions, and after `@` the codes of the types that have such an item.
 *
 * The marks: `^` may throw, and the result is written without its `Result<…, JsValue>`; `#` may throw, and the result is
 * written in full; `%` variadic; `,` the comma after the last parameter in the source is the opposite of rustfmt's; `;` the
 * first parameter is the receiver, which otherwise is not written. Within types `~` is `JsValue`, `%` is `::js_sys::`, `$`
 * is `String`, and `_` is the current type.
 *
 * A text may hold several tables with an empty line between them.
 */
export interface Table {
  /**
   * Whether it has a name. It may be another of the same letters in another case.
   *
   * @param name - As for {@link Table.itemsOf}.
   */
  has(name: string): boolean;
  /**
   * Reads the items of a name.
   *
   * @param name - The name in the items' imports' names, in the form of `bare`.
   * @returns The items in the order of their types: the same list for the same name.
   */
  itemsOf(name: string): readonly Item[];
}

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

const letters = "abcdefghijklmnopqrstuvwxyz";
const symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

const plainFunction = sign("function", false, "", false);

/**
 * Makes the reader of a table. It reads only what it is asked for, because tables are long and modules import few of their
 * items.
 *
 * @param text - The table.
 */
export function createTable(text: string): Table {
  const read = new Map<string, readonly Item[]>();
  const body = startOf(text, ":");
  const typesAt = Math.min(startOf(text, "@"), body);
  let types: readonly string[] | undefined;
  let crates: readonly NumberedCrate[] | undefined;

  return {
    has: (name) => groupOf(name.toLowerCase()).length > 0 || !checksOf(name).next().done,
    itemsOf(name) {
      const known = read.get(name) ?? readItems(name);
      read.set(name, known);
      return known;
    },
  };

  function readItems(name: string): readonly Item[] {
    const items: Numbered[] = [];
    items.push(...checksOf(name));
    const [header = "", ...lines] = groupOf(name.toLowerCase());
    for (const line of lines) {
      const end = line.lastIndexOf("@");
      const naming = readNaming(line, header.slice(1));
      if (bare(naming.importName) !== name) continue;
      for (const [code] of line.slice(end + 1).matchAll(/../g)) {
        const type = numberOf(code);
        items.push({ type, item: new LineItem(line.slice(0, end), naming, ...placeOf(type)) });
      }
    }
    return items.sort((a, b) => a.type - b.type).map(({ item }) => item);
  }

  /** Searches for the lines of a name, by halves. */
  function groupOf(key: string): readonly string[] {
    let low = body;
    let high = text.length;
    while (low < high) {
      const at = Math.max(low, text.lastIndexOf("\n:", (low + high) >> 1));
      const next = text.indexOf("\n:", at + 2);
      const end = next < 0 ? text.length : next;
      const lineEnd = text.indexOf("\n", at + 2);
      const found = bare(text.slice(at + 2, lineEnd < 0 ? end : lineEnd)).toLowerCase();
      if (found === key) return text.slice(at + 1, end).split("\n");
      if (found < key) low = end;
      else high = at;
    }
    return [];
  }

  function* checksOf(importName: string): Generator<Numbered> {
    const [, name] = /^instanceof(.+)$/.exec(importName) ?? [];
    if (name === undefined) return;
    const ofName = `@${name}`;
    for (let at = text.indexOf(`\n${ofName}`); at >= 0 && at < body; at = text.indexOf(`\n${ofName}`, at + 1)) {
      const [rustClass = ""] = /^\w+/.exec(text.slice(at + 2, at + 2 + 2 * ofName.length)) ?? [];
      if (bare(rustClass) !== name) continue;
      const type = countLines(text.slice(typesAt, at));
      yield { type, item: instanceOf(...placeOf(type)) };
    }
  }

  /** Returns the crate of a type, and the type. */
  function placeOf(type: number): [Crate, SectionContext] {
    types ??= text.slice(typesAt + 1, body).split("\n");
    crates ??= readCrates(text.slice(0, typesAt));
    const crate = crates.filter(({ first }) => first <= type).at(-1) ?? noCrate;
    return [crate, readType((types[type] ?? "").replace(/^@-?/, ""))];
  }
}

/**
 * Makes the readers of the tables in a text.
 *
 * @param text - One or more tables.
 */
export function readTables(text: string): readonly Table[] {
  return text.split("\n\n").map(createTable);
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

/** An item, and the number of its type. */
interface Numbered {
  readonly type: number;
  readonly item: Item;
}

interface NumberedCrate extends Crate {
  /** The number of its first type. */
  readonly first: number;
}

const noCrate: Crate = { name: "", versions: "", paths: false, enums: new Map() };

/** Returns where the first line begins that starts with a character: the position of the line break before it. */
function startOf(text: string, first: string): number {
  const at = text.indexOf(`\n${first}`);
  return at < 0 ? text.length : at;
}

function countLines(text: string): number {
  return text === "" ? 0 : text.split("\n").length - 1;
}

function numberOf(code: string): number {
  return letters.indexOf(code.charAt(0)) * symbols.length + symbols.indexOf(code.charAt(1));
}

function readCrates(text: string): readonly NumberedCrate[] {
  return text.split("\n!").map((lines) => {
    const [name = "", versions = "", first, paths] = (lines.split("\n", 1)[0] ?? "").replace("!", "").split(" ");
    return {
      name,
      versions,
      first: Number(first),
      paths: paths !== undefined,
      enums: {
        get(ident) {
          const at = lines.indexOf(`\n~${ident}=`);
          return at < 0 ? undefined : lines.slice(at + ident.length + 3).split("\n", 1)[0];
        },
      },
    };
  });
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
  const nothing = {
    name: "",
    signature: "",
    result: "bool",
    catch: false,
    variadic: false,
    range: undefined,
    takesClosure: false,
  };
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

function readNaming(line: string, header: string): Naming {
  const [start = "", marks = "", mark = "", written = ""] = /^([\^#%,;]*)(.)([\w#]*)/.exec(line) ?? [];
  const { kind, receiver, prefix, byIdent } = signs.get(mark) ?? plainFunction;
  const omitted = kind === "accessor" ? accessorPrefix : prefix;
  const headed = header.startsWith(omitted) ? header.slice(omitted.length) : header;
  const generics = line[start.length] === "<" ? bracketed(line.slice(start.length)) : "";
  let length = start.length + generics.length;
  let given: string | undefined;
  if (line[length] === "=") {
    const own = /^[^(: @]*/.exec(line.slice(length + 1))?.[0] ?? "";
    length += 1 + own.length;
    given = own || camelCase(headed);
  }
  const short = written || headed;
  const ident = prefix + short;
  const plain = ident.replace("r#", "");
  const name = given ?? (kind === "accessor" ? plain : kind === "intrinsic" ? short : camelCase(short));
  const importName = kind === "accessor" ? accessorPrefix + plain : byIdent ? plain : prefix + name;
  return { marks, kind, receiver, ident, generics, name, importName, length };
}

const accessorPrefix = "static_accessor_";

/** An item of a line. Its types are read when they are asked for: of the items of a name, few are asked about. */
class LineItem implements Item {
  readonly crate: Crate;
  readonly kind: Item["kind"];
  readonly rustClass: string;
  readonly jsClass: string;
  readonly namespace: readonly string[];
  readonly module: string;
  readonly ident: string;
  readonly name: string;
  readonly importName: string;
  readonly receiver: boolean;
  readonly catch: boolean;
  readonly variadic: boolean;
  readonly range: string | undefined;
  readonly #naming: Naming;
  readonly #generics: string;
  readonly #line: string;
  #types: Types | undefined;

  constructor(text: string, naming: Naming, crate: Crate, context: SectionContext) {
    const { marks, kind, ident, name, importName, receiver } = naming;
    const [line = "", range] = text.split(" ?");
    this.crate = crate;
    this.kind = kind;
    this.rustClass = context.rustClass;
    this.jsClass = context.jsClass;
    this.namespace = context.namespace;
    this.module = context.module;
    this.ident = ident;
    this.name = kind === "constructor" || kind.startsWith("index") ? "" : name;
    this.importName = importName;
    this.receiver = receiver;
    this.catch = /[\^#]/.test(marks);
    this.variadic = marks.includes("%");
    this.range = range;
    this.#naming = naming;
    this.#generics = context.generics;
    this.#line = line;
  }

  get takesClosure(): boolean {
    return this.#line.includes("dyn Fn");
  }

  get params(): string {
    return (this.#types ??= this.#readTypes()).params;
  }

  get result(): string {
    return (this.#types ??= this.#readTypes()).result;
  }

  get signature(): string {
    return (this.#types ??= this.#readTypes()).signature;
  }

  #readTypes(): Types {
    const { crate, kind, rustClass, ident, receiver } = this;
    const { marks, generics, length } = this.#naming;
    const line = this.#line;
    const list = line[length] === "(" ? bracketed(line.slice(length)) : "";
    const params = expand(list.slice(1, -1), crate, rustClass);
    const written = expand(line.slice(length + list.length + 1), crate, rustClass);
    const whole = written || (kind === "constructor" ? rustClass : "");
    const result = marks.includes("^") ? `Result<${whole || "()"},JsValue>` : whole;
    const self = receiver && !marks.includes(";") ? [`this:&${rustClass}${generics && this.#generics}`] : [];
    const start = `fn ${ident}${generics}(${[...self, ...(params ? [params] : [])].join()}`;
    const end = `)${result && "->"}${result}`;
    return {
      params: marks.includes(";") ? splitTypes(params).slice(1).join() : params,
      result,
      signature: start + (marks.includes(",") !== breaksInRustfmt(start + end) ? "," : "") + end,
    };
  }
}

/** The types in an item's line. */
type Types = Pick<Item, "params" | "result" | "signature">;

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
