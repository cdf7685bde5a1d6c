import type { DeclaredType } from "../types/index.ts";

/** What a value of a declared type must be. */
export interface Acceptance {
  /** In words that stand after "must be". */
  readonly expected: string;
  /** Whether a value is such. */
  readonly accepts: (value: unknown) => boolean;
}

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

const integer = (least: number, most: number): Acceptance => ({
  expected: `a whole number from ${least} to ${most}`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
});

const bigInteger = (bits: number, isSigned: boolean): Acceptance => {
  const most = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n;
  const least = isSigned ? -most - 1n : 0n;
  return {
    expected: `a bigint from ${least} to ${most}`,
    accepts: (value) => typeof value === "bigint" && value >= least && value <= most,
  };
};

const number: Acceptance = { expected: "a number", accepts: (value) => typeof value === "number" };

// The two that are on the way of most calls are written out: they compile to a comparison. What is no number is not
// converted: a symbol or a bigint would throw, and an object run code.
const plain: { readonly [type: string]: Acceptance | undefined } = {
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
  bool: { expected: "a boolean", accepts: (value) => typeof value === "boolean" },
  char: { expected: "a string of one Unicode character", accepts: isCharacter },
  string: { expected: "a string without lone surrogates", accepts: isText },
  cstring: {
    expected: "a string without lone surrogates and without U+0000",
    accepts: (value) => isText(value) && !(value as string).includes("\0"),
  },
  bytes: { expected: "a Uint8Array", accepts: (value) => isTypedArray(value, "u8") },
  void: { expected: "undefined", accepts: (value) => value === undefined },
  js: { expected: "any value", accepts: () => true },
  closure: { expected: "a function", accepts: (value) => typeof value === "function" },
  promise: {
    expected: "a promise",
    accepts: unlessThrown((value) => typeof value === "object" && value !== null && "then" in value),
  },
};

const arrayNames: { readonly [element: string]: string } = {
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
};

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
      return {
        expected: `${/^[AIO]/.test(name) ? "an" : "a"} ${name}`,
        accepts: (value) => isTypedArray(value, type.element),
      };
    }
    case "list": {
      const item = acceptanceOf(type.item as DeclaredType, isWide);
      return {
        expected: `an array, each item ${item.expected}`,
        accepts: unlessThrown((value) => Array.isArray(value) && isEach(value, item.accepts)),
      };
    }
    case "optional": {
      const item = acceptanceOf(type.item as DeclaredType, isWide);
      return {
        expected: `${item.expected}, or undefined`,
        accepts: (value) => value === undefined || value === null || item.accepts(value),
      };
    }
    case "enumeration": {
      const { values } = type;
      return {
        expected: `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`,
        accepts: (value) => values.includes(value as never),
      };
    }
    case "record": {
      const fields = Object.entries(type.fields).map(
        ([name, field]) => [name, acceptanceOf(field as DeclaredType, isWide)] as const,
      );
      return {
        expected: `an object of ${fields.map(([name, { expected }]) => `${name} (${expected})`).join(", ")}`,
        accepts: unlessThrown(
          (value) =>
            typeof value === "object" &&
            value !== null &&
            fields.every(([name, { accepts }]) => accepts((value as Record<string, unknown>)[name])),
        ),
      };
    }
    case "object":
    case "owned":
      // Whether it is one can only be told where the class is made.
      return {
        expected: `an object of the class ${type.class}`,
        accepts: (value) => typeof value === "object" && value !== null,
      };
    default:
      return plain[type.type] ?? { expected: "nothing that can be passed", accepts: () => false };
  }
}

/** Whether all items of an array are such; a hole is `undefined`, as for what reads the array. */
function isEach(array: readonly unknown[], accepts: (value: unknown) => boolean): boolean {
  for (const item of array) if (!accepts(item)) return false;
  return true;
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
/** Tells the class of a typed array, whichever realm it is of and whatever it says of itself. */
const tagged = Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag) as {
  readonly get: (this: unknown) => string | undefined;
};
/** Throws for an array whose buffer is not there. */
const keysOf = Object.getOwnPropertyDescriptor(typedArray, "keys")?.value as () => unknown;

/** Whether a value is the typed array of an element type, and its buffer is still there. */
function isTypedArray(value: unknown, element: string): boolean {
  if (!ArrayBuffer.isView(value)) return false;
  const tag = tagged.get.call(value);
  // Clamping is of how JavaScript writes: to a module they are bytes.
  if (tag !== arrayNames[element] && !(element === "u8" && tag === "Uint8ClampedArray")) return false;
  return value.byteLength > 0 || isThere(value);
}

/** Whether an array that has no length is empty; otherwise its buffer was detached, or became too short for it. */
function isThere(array: ArrayBufferView): boolean {
  try {
    keysOf.call(array);
    return true;
  } catch {
    return false;
  }
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
