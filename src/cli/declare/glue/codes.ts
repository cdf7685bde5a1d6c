import type { ValueType } from "../../../public/index.ts";
import type { GlueType } from "./model.ts";

/** The facts about a value that its type does not hold. */
export interface CodeFacts {
  /** The type of its words in the module; the last one counts. */
  readonly word: ValueType | undefined;
  /** Whether what lies in memory belongs to the receiver. */
  readonly isOwned: boolean;
}

const elements = {
  i8: "i8",
  u8: "u8",
  "u8-clamped": "c8",
  i16: "i16",
  u16: "u16",
  i32: "i",
  u32: "u",
  i64: "I",
  u64: "U",
  f32: "f",
  f64: "d",
} as const;

/** The code of a type, as declarations have it. Returns `undefined` for a type without one. */
export function codeOf(type: GlueType, facts: CodeFacts): string | undefined {
  const { word, isOwned } = facts;
  switch (type.kind) {
    case "void":
      return "";
    case "bool":
      return "b";
    case "char":
      return "c";
    case "string":
      return isOwned ? "S" : "s";
    case "js":
      return type.isLent ? "h" : "H";
    case "plain":
      if (word && !holdsConverted(type, word)) return undefined;
      if (type.isFloat) return "f";
      if (word === "i32") return type.isUnsigned ? "u" : "i";
      if (word === "i64") return type.isUnsigned ? "U" : "I";
      if (word === "f32") return "f";
      if (word === "f64") return type.isUnsigned ? "u" : "d";
      return word === "externref" ? (isOwned ? "H" : "h") : undefined;
    case "array":
      return `${isOwned ? "" : "&"}[${elements[type.element]}`;
    case "list": {
      const item = codeOf(type.item, { ...facts, isOwned: true });
      return item === undefined ? undefined : `${isOwned ? "" : "&"}[${isOwned ? item : item.toLowerCase()}`;
    }
    case "text-enum":
      return `"${type.values.join("|")}`;
    case "int128":
      return type.isUnsigned ? "u128" : "i128";
    case "int64-halves":
      return type.isUnsigned ? "U" : "I";
    case "optional": {
      const { item, none } = type;
      // A word that holds any number of 32 bits or none: the number is passed as it is.
      if (item.kind === "plain" && word === "f64" && (none === 0x100000001 || none === Number.MAX_SAFE_INTEGER)) {
        return item.isUnsigned ? "?u" : item.isUnsigned === false ? "?i" : "?f";
      }
      // None is a number that no integer of less than 32 bits is.
      if (item.kind === "plain" && none === 0xffffff) return item.isUnsigned ? "?u16" : "?i16";
      if (item.kind === "plain" && none !== undefined) return word === "i32" ? memberOrNone(none) : undefined;
      const code = codeOf(item, facts);
      return code === undefined ? undefined : `?${code}`;
    }
    case "object":
      return `@${type.class}`;
  }
}

/** Whether a word holds the number that a value is converted to. A float of 64 bits holds an unsigned one as it is. */
function holdsConverted({ isFloat, isUnsigned, bits }: Extract<GlueType, { kind: "plain" }>, word: ValueType): boolean {
  if (isFloat) return word === "f32";
  if (bits === undefined || word === `i${bits}`) return true;
  return bits === 32 && isUnsigned === true && word === "f64";
}

/** Larger enumerations are left out. */
const maximumMembers = 256;

/**
 * The code of a member of an enumeration or none. Its numbers are not checked, and none is the smallest from 0 that is not among
 * them, so the smaller ones say all.
 */
function memberOrNone(none: number): string | undefined {
  if (!Number.isInteger(none) || none < 0 || none > maximumMembers) return undefined;
  return none === 0 ? "?#1" : `?#${Array.from({ length: none }, (_, at) => at).join("|")}`;
}
