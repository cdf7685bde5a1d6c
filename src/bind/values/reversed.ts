import type { Lifting, Lowering, Receiving, Returning } from "../../public/index.ts";
import { plainReceiving, plainReturning } from "./none.ts";

// Imports pass values as exports do, in reverse.

/**
 * Makes an import receive a value as the result of an export is received.
 *
 * @param lifting - How a result is received.
 * @param isAlone - Whether it has the words of an only result.
 */
export function receivingBy<Runtime>(lifting: Lifting<Runtime>, isAlone: boolean): Receiving<Runtime> {
  const { words, pointerTo, convert } = lifting;
  return {
    ...plainReceiving,
    words,
    pointerTo,
    convert,
    lift: (life, from, at) => lifting.lift(life, from, at, isAlone),
  };
}

/**
 * Makes an import return a value as an argument of an export is passed.
 *
 * @param lowering - How an argument is passed.
 */
export function returningBy<Runtime>(lowering: Lowering<Runtime>): Returning<Runtime> {
  const { words, expected, copy, refused, isSame, allocates } = lowering;
  return {
    ...plainReturning,
    words,
    expected,
    copy,
    refused,
    isSame,
    allocates,
    accepts: (value) => lowering.accepts(value),
    lower: (life, value, to, later) => {
      lowering.lower(life, value, to, later);
    },
  };
}
