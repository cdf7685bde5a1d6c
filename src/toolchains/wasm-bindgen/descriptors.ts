import { ownValue } from "../../base/own.ts";
import type { Shape } from "../../public/index.ts";

/**
 * The description of a numbered import in the `name` section. Since 0.2.102 the CLI names such an import by its types, as Rust
 * prints them: `Ref(String) -> Externref`. The name remains in a stripped build, and is lost to tools that drop the section.
 */
export interface Descriptor {
  /** The name in the section. */
  readonly text: string;
  /**
   * The conversion, if it is a cast of a type that is known here; with `closure`, the signature of the closure. `undefined`
   * for other casts, and for imports that are generic in Rust.
   */
  readonly code: string | undefined;
  readonly closure: DescribedClosure | undefined;
}

/** The facts about a closure besides its signature. */
export interface DescribedClosure {
  /** Whether JavaScript destroys it. If not, it ends when the module says so. */
  readonly isOwned: boolean;
  /** The function that runs it: its index in the function table, as a text. */
  readonly shim: string;
  /** The index of the function that destroys it, up to 0.2.114. */
  readonly destroy: number | undefined;
}

/**
 * Reads the descriptors of a module's casts.
 *
 * @param shape - The module's shape.
 * @returns The descriptors, by the import's name.
 */
export function readDescriptors({ imports, names }: Pick<Shape, "imports" | "names">): ReadonlyMap<string, Descriptor> {
  const read = new Map<string, Descriptor>();
  if (!names) return read;
  const texts = new Map(names.functions);
  const functions = imports.filter(({ kind }) => kind === "function");
  for (const [index, { name }] of functions.entries()) {
    const text = /^__wbindgen_(cast|generic)_/.test(name) ? texts.get(index) : undefined;
    const descriptor = text === undefined ? undefined : readDescriptor(text);
    if (descriptor) read.set(name, descriptor);
  }
  return read;
}

/**
 * Reads a descriptor.
 *
 * @param text - The name of an import in the `name` section.
 * @returns The descriptor; `undefined` for a name of another form.
 */
export function readDescriptor(text: string): Descriptor | undefined {
  // An import that is generic in Rust: its own name, then the types of its parameters and its result.
  if (/^[\w$.]+: \[/.test(text)) return { text, code: undefined, closure: undefined };
  const values = parse(text);
  if (values?.length !== 2) return undefined;
  const [from, to] = values;
  const isCast = /^(Named)?Externref$/.test(nameOf(to));
  const closure = isCast && nameOf(from) === "Closure" ? innerOf(from) : undefined;
  const code = !isCast ? undefined : closure === undefined ? codeOf(from) : signatureOf(closure);
  const shim = fieldOf(fieldOf(closure, "function"), "shim_idx");
  const isRun = code !== undefined && closure !== undefined;
  return {
    text,
    code,
    closure: isRun
      ? {
          isOwned: nameOf(fieldOf(closure, "owned")) !== "false",
          shim: nameOf(shim),
          destroy: numberOf(fieldOf(closure, "dtor_idx")),
        }
      : undefined,
  };
}

/** Returns the signature of a closure; `undefined` if it has a type that is not known here. */
function signatureOf(closure: unknown): string | undefined {
  const called = fieldOf(closure, "function");
  const list = fieldOf(called, "arguments");
  const result = fieldOf(called, "ret");
  if (!Array.isArray(list)) return undefined;
  const params = list.map(codeOf);
  const isResult = nameOf(result) === "Result";
  const value = isResult ? innerOf(result) : result;
  const returned = nameOf(value) === "Unit" ? "" : codeOf(value);
  if (params.includes(undefined) || returned === undefined) return undefined;
  const mutable = nameOf(fieldOf(closure, "mutable")) === "true" ? "mut " : "";
  return `${mutable}(${params.join()})->${isResult ? "!" : ""}${returned}`;
}

/** The codes of types without others inside. */
const plain: ReadonlyMap<string, string> = new Map([
  ["I8", "i8"],
  ["U8", "u8"],
  ["I16", "i16"],
  ["U16", "u16"],
  ["I32", "i"],
  ["U32", "u"],
  ["I64", "I"],
  ["U64", "U"],
  ["I128", "i128"],
  ["U128", "u128"],
  ["F32", "f"],
  ["F64", "d"],
  ["Boolean", "b"],
  ["Char", "c"],
  ["String", "S"],
  ["Externref", "H"],
  ["NamedExternref", "H"],
]);

/** The codes of what a slice or a vector holds. */
const elements: ReadonlyMap<string, string> = new Map([
  ...[...plain].filter(([name]) => /^([IU](8|16|32|64)|F\d+)$/.test(name)),
  ["ClampedU8", "c8"],
  ["Externref", "h"],
  ["NamedExternref", "h"],
]);

const borrowed: ReadonlyMap<string, string> = new Map([
  ["String", "s"],
  ["CachedString", "s"],
  ["Externref", "h"],
  ["NamedExternref", "h"],
]);

/** Returns the code of a type; `undefined` for one that is not known here. */
function codeOf(type: unknown): string | undefined {
  const name = nameOf(type);
  const inner = innerOf(type);
  if (name === "Vector" || name === "Slice") {
    const element = elements.get(nameOf(inner));
    return element && `[${element}]`;
  }
  if (name === "Ref") {
    const slice = nameOf(inner) === "Slice" ? codeOf(inner) : undefined;
    return slice === undefined ? borrowed.get(nameOf(inner)) : `&${slice}`;
  }
  if (name === "Option") {
    const code = nameOf(inner) === "Option" ? undefined : codeOf(inner);
    return code && `?${code}`;
  }
  return plain.get(name);
}

function numberOf(value: unknown): number | undefined {
  return /^\d{1,9}$/.test(nameOf(value)) ? Number(nameOf(value)) : undefined;
}

/**
 * Parses values as Rust prints them, with ` -> ` between two: `Name`, `Name(value, …)`, `Name { field: value, … }`,
 * `[value, …]`, numbers and texts. They are translated to JSON: names to lists that begin with them, texts to empty ones.
 */
function parse(text: string): readonly unknown[] | undefined {
  const json = text.replace(
    /"(?:[^"\\]|\\.)*"| -> | \}|\)|(\w+)( \{ |\(|: )?/g,
    (token, name?: string, next?: string) => {
      if (name === undefined) return { " -> ": ",", " }": "}", ")": "]" }[token] ?? '[""]';
      return next === ": " ? `"${name}":` : next === " { " ? "{" : next === "(" ? `["${name}",` : `["${name}"]`;
    },
  );
  try {
    return JSON.parse(`[${json}]`) as unknown[];
  } catch {
    return undefined;
  }
}

/** Returns the name of a parsed value; an empty text if it has none. */
function nameOf(value: unknown): string {
  const [name] = Array.isArray(value) ? (value as unknown[]) : [];
  return typeof name === "string" ? name : "";
}

/** Returns the only value inside another. */
function innerOf(value: unknown): unknown {
  const [, inner, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  return more.length === 0 ? inner : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return ownValue(Object(value) as Record<string, unknown>, name);
}
