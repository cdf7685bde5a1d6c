import { UnglueError } from "../unglue-error.ts";
import { Failure, type FailureDetails } from "../failure.ts";
import type { Explanation, Explanations } from "./explanation.ts";
import { imports } from "./imports.ts";
import { options } from "./options.ts";
import { reader } from "./reader.ts";
import { sources } from "./sources.ts";

/**
 * Puts a failure into words.
 *
 * @param failure - What was thrown; anything but a {@link Failure} is returned as it is.
 */
export function explain(failure: unknown): unknown {
  return put(failure, { ...options, ...reader, ...sources, ...imports });
}

/**
 * Puts a failure of `inspect` into words: it needs few of them, and a bundle of it alone has no others.
 *
 * @param failure - As for {@link explain}.
 */
export function explainInspection(failure: unknown): unknown {
  return put(failure, { ...options, ...reader });
}

function put(failure: unknown, explanations: Partial<Explanations>): unknown {
  if (!Failure.is(failure)) return failure;
  const { code, details, cause } = failure;
  const words = explanations[code] as (
    details: FailureDetails[typeof code],
    cause: unknown,
  ) => Explanation<typeof code>;
  const [message, worded, better = code] = words(details, cause);
  return new UnglueError(better, message, worded, cause === undefined ? undefined : { cause });
}
