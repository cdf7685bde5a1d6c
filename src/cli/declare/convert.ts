import type { DeclaredType, PlainName, ValueType } from "../../public/index.ts";
import { noneAmong } from "../../toolchains/wasm-bindgen/none-among.ts";
import type { DtsType } from "./dts-model.ts";
import type { GlueType } from "./glue/model.ts";

/** The names that types refer to. */
export interface Scope {
  /** The enumerations of numbers, by name. */
  readonly enums: ReadonlyMap<string, DeclaredType>;
  /** The types of aliases, by name. */
  readonly aliases: ReadonlyMap<string, DtsType>;
  readonly classes: ReadonlySet<string>;
}

/** A value whose declared type is wanted. */
export interface Value {
  readonly glue: GlueType;
  /** The package's TypeScript type. */
  readonly stated: DtsType | undefined;
  /** Its words; `undefined` if it is read from memory. */
  readonly words: readonly ValueType[] | undefined;
  /** Whether the caller gives it. */
  readonly isGiven: boolean;
}

/** A declared type, or the reason why there is none. */
export type Converted = DeclaredType | { readonly hole: string };

/** The number that stands for nothing among integers of at most 16 bits, booleans and characters. */
const noneOfNarrow = 0xffffff;

/**
 * Finds the declared type of a value.
 *
 * @param value - The value.
 * @param scope - The module's names.
 */
export function convert(value: Value, scope: Scope): Converted {
  const { glue, isGiven, stated, words } = value;
  switch (glue.kind) {
    case "void":
    case "bool":
    case "char":
    case "string":
      return { type: glue.kind };
    case "int128":
      return { type: glue.isUnsigned ? "u128" : "i128" };
    case "int64-halves":
      return { type: glue.isUnsigned ? "u64" : isGiven ? "bits64" : "i64" };
    case "plain":
      return plainOf(value, glue, words?.[0] ?? glue.inMemory, scope);
    case "js":
      return isGiven && glue.isLent ? { type: "js", borrowed: true } : { type: "js" };
    case "array": {
      const element = glue.element === "u8-clamped" ? "u8" : glue.element;
      const isMutable = glue.isMutable && isGiven;
      if (element === "u8" && !isMutable) return { type: "bytes" };
      return { type: "array", element, ...(isMutable && { mutable: true }) };
    }
    case "list": {
      const item = convert({ glue: glue.item, stated: undefined, words: undefined, isGiven: false }, scope);
      return "hole" in item ? item : { type: "list", item };
    }
    case "object":
      if (!scope.classes.has(glue.class)) return { hole: `the class ${glue.class} is not declared` };
      return { type: glue.isMoved || !isGiven ? "owned" : "object", class: glue.class };
    case "text-enum": {
      const item: DeclaredType = { type: "enumeration", values: glue.values, complete: true };
      // JavaScript reads none out of the list of texts like a value, so the package's types alone tell that it may be none.
      return !isGiven && (!stated || mayBeNone(stated, scope)) ? { type: "optional", item } : item;
    }
    case "optional":
      return optionalOf(value, glue, scope);
  }
}

type Plain = Extract<GlueType, { kind: "plain" }>;

/** The type of the numbers that a value is converted to: a word of any other type would hold another value without that. */
function convertedTo({ isFloat, bits }: Plain): ValueType | undefined {
  return isFloat ? "f32" : bits && `i${bits}`;
}

/** The type of a number, boolean or member of an enumeration, which generated JavaScript passes as it is. */
function plainOf({ stated, isGiven }: Value, glue: Plain, word: ValueType | undefined, scope: Scope): Converted {
  const { isUnsigned, isConverted } = glue;
  if (isConverted && word === "externref") return { hole: "a number is passed as a reference" };
  const held = convertedTo(glue);
  const isHeld = held ? word === held : !isConverted || word !== "i64";
  if (word && !isHeld) return { hole: `the JavaScript makes ${held ?? "a number"} of it, and its word is ${word}` };
  const meant = meantBy(stated, scope);
  if (meant === "boolean") return { type: "bool" };
  if (typeof meant === "object") return meant;
  const sized = (signed: PlainName, unsigned: PlainName, unknown: PlainName): DeclaredType => ({
    type: isUnsigned ? unsigned : isGiven && isUnsigned === undefined ? unknown : signed,
  });
  switch (word) {
    case "i32":
      return sized("i32", "u32", "bits32");
    case "i64":
      return sized("i64", "u64", "bits64");
    case "f32":
    case "f64":
      return { type: word };
    case "externref":
      return { type: "js" };
    default:
      return { hole: "the width of its result is not told, since the module writes it to memory" };
  }
}

function optionalOf(value: Value, { item, none }: Extract<GlueType, { kind: "optional" }>, scope: Scope): Converted {
  const { words } = value;
  if (item.kind === "plain" && none !== undefined) return numberOrNone(value, item, none, scope);
  const inner =
    item.kind === "plain"
      ? // A word says whether there is a value.
        plainOf(value, item, words?.[1] ?? item.inMemory, scope)
      : convert({ ...value, glue: item }, scope);
  return "hole" in inner ? inner : { type: "optional", item: inner };
}

/** The type of a number, boolean or member of an enumeration if one number stands for nothing. */
function numberOrNone(
  { stated, isGiven }: Value,
  { isUnsigned, isFloat, bits }: Plain,
  none: number,
  scope: Scope,
): Converted {
  const meant = meantBy(stated, scope);
  if (none === noneOfNarrow) return { type: "optional", item: { type: meant === "boolean" ? "bool" : "bits16" } };
  // Since 0.2.119 it is the greatest safe integer.
  if (none === 0x100000001 || none === Number.MAX_SAFE_INTEGER) {
    // As an f64, which has all of these. Only what is passed is converted.
    if (!isGiven && bits) return { hole: `the JavaScript makes i${bits} of it, and its word is f64` };
    const whole = isUnsigned === undefined ? "bits32" : isUnsigned ? "u32" : "i32";
    return { type: "optional", item: { type: isGiven ? (isFloat ? "f32" : whole) : "bits32" } };
  }
  // Only a member of an enumeration is left: none is the smallest number from 0 that no member has.
  if (isFloat || !Number.isInteger(none) || none < 0 || none >= 2 ** 32)
    return { hole: `the number ${none} stands for nothing, which no type of an interface can say` };
  if (typeof meant === "object" && meant.type === "enumeration" && noneAmong(meant.values) === none)
    return { type: "optional", item: meant };
  return { type: "optional", item: { type: isUnsigned ? "u32" : "i32" }, none };
}

/** Finds what the package's type says of a number: that it is a boolean, or of an enumeration. */
function meantBy(stated: DtsType | undefined, scope: Scope, depth = 0): "boolean" | DeclaredType | undefined {
  if (!stated || depth > 16) return undefined;
  switch (stated.kind) {
    case "keyword":
      return stated.name === "boolean" ? "boolean" : undefined;
    case "reference": {
      const alias = scope.aliases.get(stated.name);
      return scope.enums.get(stated.name) ?? (alias ? meantBy(alias, scope, depth + 1) : undefined);
    }
    case "union": {
      const [only, ...others] = stated.members.filter((one) => !isNone(one));
      if (others.length === 0) return meantBy(only, scope, depth + 1);
      return stated.members.every((one) => isNone(one) || (one.kind === "literal" && typeof one.value === "boolean"))
        ? "boolean"
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a value of a type may be nothing. */
function mayBeNone(stated: DtsType, scope: Scope, depth = 0): boolean {
  const alias = stated.kind === "reference" ? scope.aliases.get(stated.name) : undefined;
  if (alias && depth <= 16) return mayBeNone(alias, scope, depth + 1);
  return isNone(stated) || (stated.kind === "union" && stated.members.some((one) => mayBeNone(one, scope, depth + 1)));
}

/** Whether a type is `null` or `undefined`. */
export function isNone(type: DtsType): boolean {
  return type.kind === "keyword" && (type.name === "null" || type.name === "undefined");
}
