import { UnglueError } from "../errors.ts";
import { Failure, type FailureDetails } from "../failure.ts";
import type { Explanation, Explanations } from "./explanation.ts";
import { imports } from "./imports.ts";
import { options } from "./options.ts";
import { reader } from "./reader.ts";
import { sources } from "./sources.ts";

const explanations: Explanations = { ...options, ...reader, ...sources, ...imports };

/**
 * Puts a failure into words.
 *
 * @param failure - What was thrown; anything but a {@link Failure} is returned as it is.
 */
export function explain(failure: unknown): unknown {
  if (!(failure instanceof Failure)) return failure;
  const { code, details, cause }: Failure = failure;
  const put = explanations[code] as (details: FailureDetails[typeof code], cause: unknown) => Explanation<typeof code>;
  const [message, worded, better = code] = put(details, cause);
  return new UnglueError(better, message, worded, cause === undefined ? undefined : { cause });
}
