/** The errors of invalid arguments and options. Any call can throw them, so each has its message from the start. */
import { describe } from "./describe.ts";
import { nearest } from "./nearest.ts";
import { UnglueError } from "./unglue-error.ts";

/** Where a function says how it is passed to a load. Registered, because entry points may be bundled apart. */
export const usage = /* @__PURE__ */ Symbol.for("unglue.usage");

/**
 * Makes the error of an argument that cannot be used.
 *
 * @param call - The method, as in `"memory.read"`.
 * @param argument - The argument's name.
 * @param expected - A description of valid values, to follow "must be".
 * @param value - The value that was passed.
 * @param cause - The underlying error, if there is one.
 */
export function invalidArgument(
  call: string,
  argument: string,
  expected: string,
  value: unknown,
  cause?: unknown,
): UnglueError<"invalid-argument"> {
  const received = describe(value);
  return new UnglueError(
    "invalid-argument",
    `${call}: ${argument} must be ${expected}, got ${received}.`,
    { call, argument, expected, received },
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Makes the error of an argument of a declared function. Nothing has been called when it is thrown.
 *
 * @param call - The function's name.
 * @param at - The index of the parameter.
 * @param count - The number of parameters.
 * @param expected - A description of valid values, to follow "must be".
 * @param received - The value that was passed, in words.
 * @param cause - The underlying error, if there is one.
 * @param name - The parameter's declared name, if it has one.
 */
export function invalidParameter(
  call: string,
  at: number,
  count: number,
  expected: string,
  received: string,
  cause?: unknown,
  name?: string,
): UnglueError<"invalid-argument"> {
  const argument = name ?? `parameter ${at + 1}`;
  const which = name === undefined ? `${argument} of ${count}` : `the argument ${describe(name)}`;
  return new UnglueError(
    "invalid-argument",
    `${call}: ${which} must be ${expected}, got ${received}. Nothing was called.`,
    { call, argument, expected, received },
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Makes the error of an option whose value cannot be used.
 *
 * @param call - The call that takes the option.
 * @param option - The option's name.
 * @param expected - A description of valid values, to follow "must be".
 * @param value - The value that was passed.
 * @param cause - The underlying error, if there is one.
 */
export function invalidOption(
  call: string,
  option: string,
  expected: string,
  value: unknown,
  cause?: unknown,
): UnglueError<"invalid-option"> {
  const received = describe(value);
  return new UnglueError(
    "invalid-option",
    `${call}: ${option} must be ${expected}, got ${received}.`,
    { call, option, expected, received },
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Makes the error of an option that a call does not take.
 *
 * @param call - The call.
 * @param option - The name that was given.
 * @param allowed - The names that the call takes.
 * @param prefix - The path of the object that has the option, if it is inside another option.
 * @param meant - What was probably meant, if it is no option.
 */
export function unknownOption(
  call: string,
  option: string,
  allowed: readonly string[],
  prefix = "",
  meant?: string,
): UnglueError<"unknown-option"> {
  const near = nearest(option, allowed);
  const likely = meant ?? near;
  const hint = likely === undefined ? `It takes ${[...new Set(allowed)].join(", ")}.` : `Did you mean ${likely}?`;
  const full = `${prefix}${option}`;
  return new UnglueError("unknown-option", `${call}: there is no option ${describe(full)}. ${hint}`, {
    call,
    option: full,
    ...(near !== undefined && { nearest: near }),
  });
}

/**
 * Fails with `unknown-option` at the first name that a call does not take.
 *
 * @param call - The call.
 * @param names - The names that were given.
 * @param allowed - The names that the call takes.
 * @param prefix - The path of the object that has the options, if it is inside another option.
 */
export function requireKnownOptions(
  call: string,
  names: readonly string[],
  allowed: readonly string[],
  prefix?: string,
): void {
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw unknownOption(call, unknown, allowed, prefix);
}
