import { UnglueError } from "../../errors/unglue-error.ts";
import type { Buffering, Filling, Hosting, Returning } from "../../public/index.ts";
import { receivedText, thrownIn } from "../host.ts";
import type { HostPlan } from "./plan.ts";
import type { HostNode } from "./read.ts";

/** A host function with its plan. */
export interface Hosted {
  /** The import's name in messages. */
  readonly name: string;
  readonly node: HostNode;
  readonly plan: HostPlan;
  readonly hosting: Hosting;
}

/**
 * Copies the list that a function returned. Errors: `invalid-argument`.
 *
 * @param hosted - The host function.
 * @param returned - What it returned.
 * @param count - How many values there must be.
 */
export function checkList(hosted: Hosted, returned: unknown, count: number): readonly unknown[] {
  let cause: unknown;
  try {
    if (Array.isArray(returned) && returned.length === count)
      return Array.from({ length: count }, (_, at): unknown => returned[at]);
  } catch (error) {
    // A proxy may throw anything.
    cause = error;
  }
  throw wrongResult(hosted, "result", `a list of ${count} values`, receivedText(returned, undefined), cause);
}

/**
 * Copies and checks a value that a function returned. Errors: `invalid-argument`.
 *
 * @param hosted - The host function.
 * @param argument - The value's name in messages.
 * @param way - How it is passed.
 * @param given - The value.
 */
export function check(
  hosted: Hosted,
  argument: string,
  way: Returning | Filling | Buffering | undefined,
  given: unknown,
): unknown {
  if (!way) return undefined;
  let cause: unknown;
  let copied: { readonly value: unknown } | undefined;
  try {
    const value = way.copy ? way.copy(given) : given;
    if (way.accepts(value)) return value;
    copied = { value };
  } catch (error) {
    cause = error;
  }
  const received = receivedText(given, copied && way.refused?.(copied.value), cause);
  throw wrongResult(hosted, argument, way.expected, received, thrownIn(cause));
}

function wrongResult(
  { name }: Hosted,
  argument: string,
  expected: string,
  received: string,
  cause: unknown,
): UnglueError<"invalid-argument"> {
  const what = argument === "result" ? "return" : `return as ${argument}`;
  return new UnglueError(
    "invalid-argument",
    `The host function ${name} must ${what} ${expected}, got ${received}. Nothing was written.`,
    { call: name, argument, expected, received },
    cause === undefined ? undefined : { cause },
  );
}
