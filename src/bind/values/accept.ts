import { ownMembers } from "../../base/own.ts";
import { arrayClassOf, isThere } from "../../base/buffers.ts";
import type { DeclaredType } from "../../public/index.ts";

/** What a value of a declared type must be. */
export interface Acceptance {
  /** In words that stand after "must be". */
  readonly expected: string;
  /** Whether a value is such. */
  readonly accepts: (value: unknown) => boolean;
  /**
   * Reads what is inside a value, once, for all that asks for it later: a getter or a proxy may answer otherwise the next
   * time. Throws what they throw. Absent where there is nothing inside.
   */
  readonly copy: ((value: unknown) => unknown) | undefined;
}

/** More items than this are refused before they are read: an empty array of any length costs its maker nothing. */
const mostItems = 2 ** 24;

/** What throws when it is looked at, as a revoked proxy or a getter of the user's does, is not accepted. */
function unlessThrown(accepts: Acceptance["accepts"]): Acceptance["accepts"] {
  return (value) => {
    try {
      return accepts(value);
    } catch {
      return false;
    }
  };
}

/** Describes a type without others inside. */
const flat = (expected: string, accepts: Acceptance["accepts"]): Acceptance => ({ expected, accepts, copy: undefined });

const integer = (least: number, most: number): Acceptance =>
  flat(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );

const bigInteger = (bits: number, isSigned: boolean): Acceptance => {
  const most = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n;
  const least = isSigned ? -most - 1n : 0n;
  return flat(
    `a bigint from ${least} to ${most}`,
    (value) => typeof value === "bigint" && value >= least && value <= most,
  );
};

const number = flat("a number", (value) => typeof value === "number");

// The two that are on the way of most calls are written out: they compile to a comparison. What is no number is not
// converted: a symbol or a bigint would throw, and an object run code.
const plain: { readonly [type: string]: Acceptance | undefined } = ownMembers({
  i8: integer(-(2 ** 7), 2 ** 7 - 1),
  u8: integer(0, 2 ** 8 - 1),
  i16: integer(-(2 ** 15), 2 ** 15 - 1),
  u16: integer(0, 2 ** 16 - 1),
  i32: { ...integer(-(2 ** 31), 2 ** 31 - 1), accepts: (value) => typeof value === "number" && (value | 0) === value },
  u32: { ...integer(0, 2 ** 32 - 1), accepts: (value) => typeof value === "number" && value >>> 0 === value },
  i64: bigInteger(64, true),
  u64: bigInteger(64, false),
  i128: bigInteger(128, true),
  u128: bigInteger(128, false),
  f32: number,
  f64: number,
  bool: flat("a boolean", (value) => typeof value === "boolean"),
  char: flat("a string of one Unicode character", isCharacter),
  string: flat("a string without lone surrogates", isText),
  cstring: flat(
    "a string without lone surrogates and without U+0000",
    (value) => isText(value) && !(value as string).includes("\0"),
  ),
  bytes: flat("a Uint8Array", (value) => isTypedArray(value, "u8")),
  void: flat("undefined", (value) => value === undefined),
  js: flat("any value", () => true),
  closure: flat("a function", (value) => typeof value === "function"),
  promise: flat(
    "a promise",
    unlessThrown((value) => typeof value === "object" && value !== null && "then" in value),
  ),
});

const arrayNames: { readonly [element: string]: string } = ownMembers({
  i8: "Int8Array",
  u8: "Uint8Array",
  i16: "Int16Array",
  u16: "Uint16Array",
  i32: "Int32Array",
  u32: "Uint32Array",
  i64: "BigInt64Array",
  u64: "BigUint64Array",
  f32: "Float32Array",
  f64: "Float64Array",
});

/**
 * What a parameter of a declared type must be.
 *
 * @param type - The declared type.
 * @param isWide - Whether addresses have 64 bits.
 */
export function acceptanceOf(type: DeclaredType, isWide: boolean): Acceptance {
  switch (type.type) {
    case "size":
      return integer(0, isWide ? Number.MAX_SAFE_INTEGER : 2 ** 32 - 1);
    case "array": {
      const name = arrayNames[type.element] ?? "";
      return flat(`${/^[AIO]/.test(name) ? "an" : "a"} ${name}`, (value) => isTypedArray(value, type.element));
    }
    case "list": {
      const item = acceptanceOf(type.item as DeclaredType, isWide);
      const { copy = same } = item;
      return {
        expected: `an array of at most ${mostItems} items, each ${item.expected}`,
        accepts: (value) => Array.isArray(value) && (value as readonly unknown[]).every((one) => item.accepts(one)),
        copy: (value) => (Array.isArray(value) ? copyItems(value, copy) : value),
      };
    }
    case "optional": {
      const item = acceptanceOf(type.item as DeclaredType, isWide);
      return {
        expected: `${item.expected}, or undefined`,
        accepts: (value) => value === undefined || value === null || item.accepts(value),
        copy: item.copy,
      };
    }
    case "enumeration": {
      const { values } = type;
      return flat(`one of ${values.map((value) => JSON.stringify(value)).join(", ")}`, (value) =>
        values.includes(value as never),
      );
    }
    case "record": {
      const fields = Object.entries(type.fields).map(
        ([name, field]) => [name, acceptanceOf(field as DeclaredType, isWide)] as const,
      );
      return {
        expected: `an object of ${fields.map(([name, { expected }]) => `${name} (${expected})`).join(", ")}`,
        accepts: (value) =>
          typeof value === "object" &&
          value !== null &&
          fields.every(([name, { accepts }]) => accepts((value as Record<string, unknown>)[name])),
        copy: (value) => {
          if (typeof value !== "object" || value === null) return value;
          const read = Object.create(null) as Record<string, unknown>;
          for (const [name, { copy = same }] of fields) read[name] = copy(Reflect.get(value, name));
          return read;
        },
      };
    }
    case "object":
    case "owned":
      // Whether it is one can only be told where the class is made.
      return flat(`an object of the class ${type.class}`, (value) => typeof value === "object" && value !== null);
    default:
      return plain[type.type] ?? flat("nothing that can be passed", () => false);
  }
}

function same(value: unknown): unknown {
  return value;
}

/** A copy without holes, so that each item is what was read. A proxy may say anything of its length. */
function copyItems(array: readonly unknown[], copy: (item: unknown) => unknown): unknown[] {
  const { length } = array;
  if (!Number.isInteger(length) || length < 0 || length > mostItems) {
    throw new RangeError(`An array of ${mostItems} items is the longest that is read.`);
  }
  const items: unknown[] = [];
  for (let at = 0; at < length; at++) items.push(copy(array[at]));
  return items;
}

/** Whether a value is the typed array of an element type, and its buffer is still there. */
function isTypedArray(value: unknown, element: string): boolean {
  const name = arrayClassOf(value);
  // Clamping is of how JavaScript writes: to a module they are bytes.
  if (name !== arrayNames[element] && !(element === "u8" && name === "Uint8ClampedArray")) return false;
  return name !== undefined && isThere(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && isWellFormed(value);
}

function isCharacter(value: unknown): boolean {
  if (!isText(value)) return false;
  const [first = ""] = value as string;
  return first !== "" && first === value;
}

/** Engines of 2023 and later have it built in, which takes no time for most texts. */
function isWellFormed(text: string): boolean {
  const { isWellFormed } = text as unknown as { readonly isWellFormed?: () => boolean };
  return isWellFormed ? isWellFormed.call(text) : !/\p{Surrogate}/u.test(text);
}
