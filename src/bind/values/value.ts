import { UnglueError } from "../../errors/unglue-error.ts";

/**
 * The error of a value that its declared type does not have.
 *
 * @param declared - The declared type.
 * @param received - What the module gave.
 * @param advice - Why it does not fit, and what to do: it ends the sentence and begins another.
 */
export function invalidValue(declared: string, received: string, advice: string): UnglueError<"invalid-value"> {
  return new UnglueError("invalid-value", `The module gave ${received} where ${declared} is declared, ${advice}`, {
    declared,
    received,
  });
}

/**
 * The character of a number. Errors: `invalid-value` for a surrogate, and for what is no Unicode character.
 *
 * @param code - What the module gave.
 */
export function characterOf(code: number): string {
  if (code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
  throw invalidValue(
    "t.char",
    String(code),
    "and no character has that number. Declare t.u32 if it is a number, and t.u8 for a char of C's.",
  );
}

/**
 * An address or a size as a number. Errors: `invalid-value` where no number is exact.
 *
 * @param word - The 64 bits.
 */
export function sizeOf(word: bigint): number {
  const size = BigInt.asUintN(64, word);
  if (size <= Number.MAX_SAFE_INTEGER) return Number(size);
  throw invalidValue(
    "t.size",
    `${size}n`,
    "which no number holds exactly. Declare t.u64, or t.i64 if a negative one stands for a failure.",
  );
}

/**
 * Makes what finds the value of an enumeration by the word of it. Errors: `invalid-value` for a word that none has.
 *
 * @param values - All texts, by their place, or all numbers.
 */
export function createEnumerationLift(values: readonly (string | number)[]): (word: number) => string | number {
  const refuse = (word: number): never => {
    throw invalidValue(
      "t.enumeration",
      String(word),
      `which is none of its ${values.length} values. Add the one that is missing, in the module's order where they are texts.`,
    );
  };
  if (isOfTexts(values)) return (word) => values[word] ?? refuse(word);
  const known = new Set(values);
  const isUnsigned = isOfGreatNumbers(values);
  return (word) => {
    const value = isUnsigned ? word >>> 0 : word;
    return known.has(value) ? value : refuse(value);
  };
}

/** Whether an enumeration is one of texts. */
export function isOfTexts(values: readonly (string | number)[]): boolean {
  return typeof values[0] === "string";
}

/** Whether the numbers of an enumeration have no sign. */
function isOfGreatNumbers(values: readonly (string | number)[]): boolean {
  return values.some((value) => typeof value === "number" && value > 2 ** 31 - 1);
}
