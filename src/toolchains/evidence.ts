import { ownMembers } from "../base/own.ts";
import type { Extern, ExternKind, FunctionType, ValueType } from "../public/index.ts";

/**
 * The expected kind and type of a named import or export. A name alone proves nothing: anybody may name a global `malloc`.
 */
export interface Expected {
  /** The kind. */
  readonly kind: ExternKind;
  /** A pattern for the type in letters, see {@link lettersOf}; absent if any type of the kind is accepted. */
  readonly type?: RegExp;
  /** Whether the type must be known. Otherwise the kind decides, because a compiled module does not reveal types. */
  readonly needsType?: boolean;
}

const letters: { readonly [type in ValueType]?: string } = ownMembers({
  i32: "i",
  i64: "j",
  f32: "f",
  f64: "d",
  v128: "v",
});

/** Longer types are written as `?`: no pattern needs them, and thousands of items may share one. */
const longest = 64;

/**
 * Writes a type in letters: `i`, `j`, `f`, `d`, `v` for i32, i64, f32, f64 and v128, `r` for a reference.
 *
 * @param extern - A kind with its type.
 * @returns A function as `ii>i`, a global as `i` or `mut i`, a tag as `ii`, a table as its element type; `undefined` if the
 *   type is unknown.
 */
export function lettersOf(extern: Extern): string | undefined {
  const { kind, type } = extern;
  if (!type) return undefined;
  switch (kind) {
    case "function":
      return functionLetters(type);
    case "global":
      return (type.mutable ? "mut " : "") + write([type.value]);
    case "table":
      return type.element;
    case "tag":
      return write(type.params);
    case "memory":
      return type.address;
  }
}

/**
 * Writes a function's type in letters.
 *
 * @param type - The type.
 */
export function functionLetters({ params, results }: FunctionType): string {
  return `${write(params)}>${write(results)}`;
}

function write(types: readonly ValueType[]): string {
  return types.length > longest ? "?" : types.map((type) => letters[type] ?? "r").join("");
}

/**
 * Whether an import or export has an expected kind and type.
 *
 * @param extern - The import or export.
 * @param expected - The accepted kinds and types.
 */
export function isExpected(extern: Extern, expected: readonly Expected[]): boolean {
  return expected.some(({ kind, type, needsType }) => {
    if (kind !== extern.kind) return false;
    if (!type) return true;
    const written = lettersOf(extern);
    return written === undefined ? needsType !== true : type.test(written);
  });
}

/**
 * Expects a function with a type that matches a pattern.
 *
 * @param type - The pattern, in letters.
 */
export function functionOf(type: RegExp): readonly Expected[] {
  return [{ kind: "function", type }];
}
