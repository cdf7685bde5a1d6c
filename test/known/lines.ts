/**
 * The lines of the tables, each with the JavaScript that wasm-bindgen writes for it: read a second time from the text, so that a
 * mistake in the library's own reading is seen. The format is described in `src/toolchains/wasm-bindgen/known/table.ts`.
 */
import { createTable } from "../../src/toolchains/wasm-bindgen/known/table.ts";
import type { Item } from "../../src/toolchains/wasm-bindgen/known/item.ts";
import { bracketedAt, splitList } from "./rust.ts";

/** One declaration. */
export interface Line {
  /** The line as it stands, after its type's. */
  readonly text: string;
  /** The item that the library reads, of which only the hash is taken. */
  readonly item: Item;
  /** Its action, with `a0`, `a1` for the arguments: `a0.set(a1, a2)`. */
  readonly script: string;
  /** The global that it begins at, and what it takes of that; none where it begins at its first argument. */
  readonly root: readonly string[];
  /** The Rust types of the arguments, and of the result. */
  readonly params: readonly string[];
  readonly result: string;
  readonly catches: boolean;
  readonly isVariadic: boolean;
  /** Whether a global is read, and nothing done to it. */
  readonly isRead: boolean;
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

/** The lines of a text's tables that are imports with a hash; wasm-bindgen's own have a name only. */
export function* linesOf(text: string): Generator<Line> {
  for (const table of text.split("\n\n")) yield* linesIn(table.split("\n"));
}

/** The items of a text's tables, as the library reads them. */
export function itemsOf(text: string): Item[] {
  return text.split("\n\n").flatMap((table) => {
    const reader = createTable(table);
    const names = new Set(rowsOf(table.split("\n")).map(({ name }) => name));
    return [...names].flatMap((name) => reader.itemsOf(name));
  });
}

function* linesIn(table: readonly string[]): Generator<Line> {
  for (const { head, type, line, written, name, enums } of rowsOf(table)) {
    const owner = ownerOf(type);
    const item = createTable([head.replace(/^(\S+ \S+) \d+/, "$1 0"), type, ...written].join("\n")).itemsOf(
      name,
    )[0] as Item;
    const text = [head, type, ...(line === undefined ? [] : [line])].join("\n");
    if (line !== undefined) {
      if (!line.startsWith("_")) yield { text, item, ...meaningOf(line, owner), enums };
      continue;
    }
    yield {
      text,
      item,
      // A class that is not there has no instances.
      script: `(() => { try { return a0 instanceof ${access(owner.path)} } catch { return false } })()`,
      root: owner.path,
      params: ["&JsValue"],
      result: "bool",
      catches: false,
      isVariadic: false,
      isRead: false,
      enums,
    };
  }
}

interface Row {
  readonly head: string;
  readonly type: string;
  /** The line of an item with its names in full, or nothing for a check. */
  readonly line: string | undefined;
  /** The lines as they stand. */
  readonly written: readonly string[];
  /** The name in the import's name, in letters and digits. */
  readonly name: string;
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

function rowsOf(table: readonly string[]): Row[] {
  const heads: { head: string; enums: Map<string, readonly string[]> }[] = [];
  const types: { head: string; type: string; enums: Map<string, readonly string[]> }[] = [];
  const rows: Row[] = [];
  let header = "";
  const plain = (name: string) => name.replace(/[^A-Za-z0-9]/g, "");
  for (const written of table) {
    if (written.startsWith("!")) {
      heads.push({ head: written, enums: new Map() });
    } else if (written.startsWith("~")) {
      const [name = "", texts = ""] = written.slice(1).split("=");
      heads.at(-1)?.enums.set(name, texts.split("|"));
    } else if (written.startsWith("@")) {
      const of = heads.filter(({ head }) => Number(head.split(" ")[2]) <= types.length).at(-1);
      if (!of) throw new Error(`No crate has ${written}`);
      const type = written.replace("@-", "@");
      types.push({ ...of, type });
      const { rust } = ownerOf(type);
      const name = plain(`instanceof_${rust}`);
      if (rust !== "" && written === type) rows.push({ ...of, type, line: undefined, written: [], name });
    } else if (written.startsWith(":")) {
      header = written.slice(1);
    } else {
      const codes = written.slice(written.lastIndexOf("@") + 1).match(/../g) ?? [];
      const { line, name } = inFull(written.slice(0, written.lastIndexOf("@")), header);
      const own = `${written.slice(0, written.lastIndexOf("@"))}@aA`;
      for (const code of codes) {
        const number = (code.charCodeAt(0) - 97) * 36 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".indexOf(code.charAt(1));
        const of = types[number];
        if (!of) throw new Error(`No type has the code ${code}`);
        rows.push({ ...of, line, written: [`:${header}`, own], name: plain(name) });
      }
    }
  }
  return rows;
}

/** Writes a line with its names, and returns the name in the import's name. */
function inFull(line: string, header: string): { readonly line: string; readonly name: string } {
  const [start, marks = "", sign = "", written = ""] = /^([\^#%,;]*)(.)([\w#]*)/.exec(line) ?? [""];
  const prefix =
    { ">": "set_", "{": "get_", "}": "set_", "&": "set_", "=": "static_accessor_", _: "__wbindgen_" }[sign] ?? "";
  const ident = written || header.replace(new RegExp(`^${prefix}`), "");
  const rest = line.slice(start.length);
  const generics = rest.startsWith("<") ? `<${bracketedAt(rest)}>` : "";
  const [, given] = /^=([^(: ]*)/.exec(rest.slice(generics.length)) ?? [];
  const js = given === "" ? camel(header.replace(new RegExp(`^${prefix}`), "")) : given;
  const tail = rest.slice(generics.length + (given === undefined ? 0 : given.length + 1));
  const isByIdent = "{}[]\\+_=".includes(sign);
  const name = prefix + (isByIdent ? ident.replace("r#", "") : (js ?? camel(ident)));
  return { line: `${marks}${sign}${ident}${generics}${js === undefined ? "" : `=${js}`}${tail}`, name };
}

interface Owner {
  readonly rust: string;
  /** Where it lives; empty for what is global. */
  readonly path: readonly string[];
  readonly own: string;
}

function ownerOf(type: string): Owner {
  const [names = "", namespace = ""] = type.slice(1).split("|");
  const rust = /^\w*/.exec(names)?.[0] ?? "";
  const js = names.includes("=") ? names.slice(names.lastIndexOf("=") + 1) : rust;
  return { rust, own: rust, path: [namespace, js].filter(Boolean).flatMap((one) => one.split(".")) };
}

function meaningOf(text: string, { path, own }: Owner): Omit<Line, "text" | "item" | "enums"> {
  const [, marks = "", sign = "", ident = ""] = /^([\^#%,;]*)(.)([\w#]*)/.exec(text) ?? [];
  let rest = text.slice(marks.length + 1 + ident.length).replace(/ \?\S*$/, "");
  if (rest.startsWith("<")) rest = rest.slice(bracketedAt(rest).length + 2);
  const [, given] = /^=([^(:]*)/.exec(rest) ?? [];
  if (given !== undefined) rest = rest.slice(given.length + 1);
  const list = rest.startsWith("(") ? bracketedAt(rest) : "";
  if (rest.startsWith("(")) rest = rest.slice(list.length + 2);
  const name = given ?? (sign === "=" ? ident.replace("r#", "") : camel(ident));
  const long = (types: string) =>
    types
      .replaceAll("~", "JsValue")
      .replaceAll("$", "String")
      .replaceAll("%", "::js_sys::")
      .replace(/(?<!\w)_(?!\w)/g, own);
  const isReceived = ".<>{}[]\\".includes(sign);
  const all = splitList(long(list)).map((one) => one.slice(one.indexOf(":") + 1));
  const params = isReceived && !marks.includes(";") ? ["&JsValue", ...all] : all;
  const spoken = long(rest.replace(/^:/, ""));
  const result =
    sign === "+" && spoken === ""
      ? own
      : marks.includes("#")
        ? (splitList(bracketedAt(spoken.slice("Result".length)))[0] as string)
        : spoken;
  const isVariadic = marks.includes("%");
  const args = params.map((_, at) => (isVariadic && at === params.length - 1 ? `...a${at}` : `a${at}`));
  const [receiver = "", ...others] = args;
  const members = name.split(".");
  const at = access([...path, ...members]);
  const scripts: Readonly<Record<string, () => string>> = {
    ".": () => `${receiver}${inside(members)}(${others.join()})`,
    "<": () => `${receiver}${inside(members)}`,
    "{": () => `${receiver}${inside(members)}`,
    ">": () => `${receiver}${inside(members)} = ${others.join()}`,
    "}": () => `${receiver}${inside(members)} = ${others.join()}`,
    "[": () => `${receiver}[${others.join()}]`,
    "]": () => `${receiver}[${others[0] ?? ""}] = ${others[1] ?? ""}`,
    "\\": () => `delete ${receiver}[${others.join()}]`,
    "+": () => `new ${access(path)}(${args.join()})`,
    "/": () => `${at}(${args.join()})`,
    "-": () => `${at}(${args.join()})`,
    "*": () => at,
    "&": () => `${at} = ${args.join()}`,
    "=": () =>
      result.startsWith("Option<")
        ? `typeof ${access([...path, ...members].slice(0, 1))} === "undefined" ? null : ${[...path, ...members].join("?.")}`
        : at,
  };
  return {
    script: scripts[sign]?.() ?? "",
    root: isReceived ? [] : sign === "+" ? path : [...path, ...members],
    params,
    result,
    catches: /[\^#]/.test(marks),
    isVariadic,
    isRead: sign === "=" || sign === "*",
  };
}

function camel(ident: string): string {
  const [first = "", ...words] = ident.replace("r#", "").replace(/_$/, "").split("_");
  return first + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

const inside = (members: readonly string[]) =>
  members.map((one) => (/^[A-Za-z_$][\w$]*$/.test(one) ? `.${one}` : `[${JSON.stringify(one)}]`)).join("");
const access = ([root = "", ...members]: readonly string[]) => root + inside(members);
