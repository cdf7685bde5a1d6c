import { ownValue } from "../../base/own.ts";
import { amend } from "../../errors/amend.ts";
import { describe } from "../../errors/describe.ts";
import type { AtImport, ErrorCode } from "../../errors/details.ts";
import { withoutAddress } from "../../errors/docs-address.ts";
import { UnglueError } from "../../errors/unglue-error.ts";

/** A part of an import's signature, as errors name it. */
export interface Place {
  /** The import. */
  readonly call: string;
  /** In details; `undefined` for the import as a whole. */
  readonly argument: string | undefined;
  /** In messages. */
  readonly text: string;
}

/**
 * Returns the place of a parameter.
 *
 * @param call - The import's name in messages.
 * @param at - The index of the parameter.
 * @param label - Its declared name, if it has one.
 */
export function parameterPlace(call: string, at: number, label: string | undefined): Place {
  const argument = label ?? `parameter ${at + 1}`;
  const start = label === undefined ? `Parameter ${at + 1}` : `The parameter ${describe(label)}`;
  return { call, argument, text: `${start} of the import ${call}` };
}

/**
 * Returns the place of the result.
 *
 * @param call - The import's name in messages.
 */
export function resultPlace(call: string): Place {
  return { call, argument: "result", text: `The result of the import ${call}` };
}

/**
 * Returns the place of all of an import.
 *
 * @param call - The import's name in messages.
 */
export function importPlace(call: string): Place {
  return { call, argument: undefined, text: `The import ${call}` };
}

/** The codes of errors that converting a value may throw, and that do not name a call by themselves. */
const placed = {
  "allocation-failed": true,
  "array-detached": true,
  busy: true,
  "closure-unusable": true,
  "engine-limit": true,
  "invalid-string": true,
  "invalid-value": true,
  "limit-exceeded": true,
  "no-memory": true,
  "not-ready": true,
  "object-unusable": true,
  "out-of-bounds": true,
  "string-too-long": true,
} as const satisfies { readonly [Code in ErrorCode]?: true };

/**
 * Converts a value at a place, which the errors of the conversion then name.
 *
 * @param place - The place.
 * @param convert - The conversion. It must not call a function of the user's, whose errors are its own.
 */
export function convertAt<Result>(place: Place, convert: () => Result): Result {
  try {
    return convert();
  } catch (error) {
    throw namingPlace(error, place);
  }
}

function namingPlace(error: unknown, { call, argument, text }: Place): unknown {
  if (!UnglueError.is(error) || ownValue(placed, error.code) === undefined) return error;
  // A length is read for its buffer, and named already.
  if (ownValue(error.details, "argument") !== undefined) return error;
  const facts: AtImport = { call, ...(argument !== undefined && { argument }) };
  const message = withoutAddress(error.message, error.code).replace(/^(An?|The) /, (word) => word.toLowerCase());
  amend(error, facts, `${text}: ${message}`);
  return error;
}
