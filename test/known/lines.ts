/**
 * The lines of the tables, each with the JavaScript that wasm-bindgen writes for it: read a second time from the text, so that a
 * mistake in the library's own reading is seen. The format is described in `src/toolchains/wasm-bindgen/known/table.ts`.
 */
import { readTable } from "../../src/toolchains/wasm-bindgen/known/table.ts";
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

/** The lines of a table that are imports with a hash; wasm-bindgen's own have a name only. */
export function* linesOf(table: string): Generator<Line> {
  let head = "";
  let type = "";
  let enums = new Map<string, readonly string[]>();
  for (const text of table.split("\n")) {
    if (text.startsWith("!")) {
      [head, type, enums] = [text, "@", new Map()];
    } else if (text.startsWith("~")) {
      const [name = "", texts = ""] = text.slice(1).split("=");
      enums.set(name, texts.split("|"));
    } else if (text.startsWith("@")) {
      type = text;
      const owner = ownerOf(type);
      if (owner.rust === "") continue;
      yield {
        ...lineOf(`${head}\n${text}`, true),
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
    } else if (!text.startsWith("_") && text !== "") {
      yield { ...lineOf(`${head}\n${type}\n${text}`, false), ...meaningOf(text, ownerOf(type)), enums };
    }
  }
}

function lineOf(text: string, isCheck: boolean): Pick<Line, "text" | "item"> {
  const items = [...readTable(text).values()].flat();
  return { text, item: items.find(({ kind }) => (kind === "instanceof") === isCheck) as Item };
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
