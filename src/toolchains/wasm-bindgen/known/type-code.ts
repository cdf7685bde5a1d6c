import { ownMembers } from "../../../base/own.ts";
import type { TypeCode } from "./declaration.ts";

const scalars: { readonly [rust: string]: TypeCode | undefined } = ownMembers({
  bool: "b",
  char: "c",
  i32: "i",
  isize: "i",
  u32: "u",
  usize: "u",
  i64: "I",
  u64: "U",
  f32: "f",
  f64: "d",
  String: "S",
  "&str": "s",
});

/** The texts of string enums, joined by `|`, by name. */
export type Enums = Pick<ReadonlyMap<string, string>, "get">;

/**
 * Returns the code of a Rust type.
 *
 * @param rust - The type as in its source.
 * @param enums - The texts of the string enums, joined by `|`, by name.
 * @returns The code. A type without another code is a handle: an imported type, or a type parameter.
 */
export function typeCode(rust: string, enums: Enums): TypeCode {
  // Paths and lifetimes do not matter.
  const type = rust
    .replace(/'\w+,?|dyn (?!Fn)/g, "")
    .replace(/\w*::(?!<)/g, "")
    .replace(/MaybeUninit<(\w+)>/g, "$1")
    .trim();
  const [, wrapper, inner = ""] = /^(\w+)<(.*)>$/.exec(type) ?? [];
  if (type === "()") return "";
  if (wrapper === "Option") return `?${typeCode(inner, enums)}`;
  if (wrapper === "Result") return `!${typeCode(splitTypes(inner)[0] ?? "", enums)}`;
  if (wrapper === "Clamped") return typeCode(inner, enums).replace("[u8", "[c8");
  if (wrapper === "Vec") return `[${typeCode(inner, enums)}`;
  const [, borrow, element] = /^(&mut ?|&|Box<)\[(.*)\]>?$/.exec(type) ?? [];
  if (element) return `${borrow === "&" ? "&" : borrow === "Box<" ? "" : "&m"}[${typeCode(element, enums)}`;
  const [closure, mutable] = /^&(mut )?dyn Fn(?:Mut)?(?=\()/.exec(type) ?? [];
  if (closure !== undefined) {
    const args = bracketed(type.slice(closure.length));
    const codes = splitTypes(args.slice(1, -1)).map((arg) => typeCode(arg, enums));
    const result = type.slice(closure.length + args.length).replace("->", "");
    return `${mutable ? "Mut" : "Fn"}(${codes.join()})${result ? typeCode(result, enums) : ""}`;
  }
  const texts = enums.get(type);
  if (texts !== undefined) return `"${texts}`;
  const scalar = Object.hasOwn(scalars, type) ? scalars[type] : undefined;
  return scalar ?? (/^[iu]\d+$/.test(type) ? type : type.startsWith("&") ? "h" : "H");
}

/**
 * Splits a list at the commas that are not within brackets.
 *
 * @param list - Types, or parameters with their types.
 * @returns The parts, without those that are empty.
 */
export function splitTypes(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [token] of list.matchAll(/->|./g)) {
    if (/[<([]/.test(token)) depth++;
    if (/^[>)\]]/.test(token)) depth--;
    if (token === "," && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + token);
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/**
 * Returns the bracketed part at the beginning of a text.
 *
 * @param text - The text.
 * @returns The brackets with their contents; empty if the text does not begin with a bracket.
 */
export function bracketed(text: string): string {
  if (!/^[<([]/.test(text)) return "";
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/->|./g)) {
    if (/^[<([]/.test(token)) depth++;
    else if (/^[>)\]]/.test(token)) depth--;
    if (depth === 0) return text.slice(0, index + 1);
  }
  return "";
}
