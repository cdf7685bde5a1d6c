import { describe } from "./describe.ts";
import { UnglueError } from "./unglue-error.ts";

/**
 * The error of an argument that cannot be used.
 *
 * @param call - The method, as in `"memory.read"`.
 * @param argument - The argument's name.
 * @param expected - What it must be, to stand after "must be".
 * @param value - What it is.
 * @param cause - The error underneath, where there is one.
 */
export function invalidArgument(
  call: string,
  argument: string,
  expected: string,
  value: unknown,
  cause?: unknown,
): UnglueError {
  const received = describe(value);
  const message = `${call}: ${argument} must be ${expected}, and is ${received}.`;
  return new UnglueError("invalid-argument", message, { call, argument, expected, received }, { cause });
}
