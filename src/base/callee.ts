import type { ExportedFunction } from "../public/index.ts";

/** The state that the guarded calls of one life share. */
export interface Calls {
  /** The number of running calls. Anything that keeps calls off the fast path adds to it too. */
  depth: number;
  /** The convention's mark when no call is running. */
  resting: unknown;
  /**
   * Begins a call that is not the outermost one of a live instance. Errors: the reason for refusing the call.
   *
   * @param name - The export.
   * @returns The convention's mark.
   */
  readonly enter: (name: string) => unknown;
  /**
   * Cleans up after a call that threw.
   *
   * @param name - The export.
   * @param error - The error that it threw.
   * @param mark - The convention's mark when the call began.
   * @returns The error to throw.
   */
  readonly failed: (name: string, error: unknown, mark: unknown) => unknown;
  /** Called after each call that was not simply the outermost one of a live instance. */
  readonly left: () => void;
  /** Whether no call is running. One that is suspended does not run. */
  readonly isIdle: () => boolean;
  /**
   * Called when a call begins that the engine may suspend (1), and when it has ended (-1). Meanwhile each call looks where the
   * stack pointer is.
   */
  readonly suspend: (change: 1 | -1) => void;
}

/** A function of one life of the module, with the state that guards its calls. */
export interface Callee {
  /** The export's name, for errors. */
  readonly name: string;
  readonly call: ExportedFunction;
  readonly calls: Calls;
}

// A list of words can take longer than a short call, so the usual counts are written out, here and nowhere else. Their
// common parts stay inline, since they would be two more calls. Most calls write only constants to `depth`: a processor that
// increments and decrements waits for its own writes. Measured on Node 20 to 26 and in Chromium, where a call of numbers
// takes 3 to 5 ns: a list costs up to 5, the two calls 0.4, the additions 0.3.

/**
 * Calls a function of the module under the trap policy, with no words. Errors: the reason for a refusal, and those of the
 * call.
 */
export function call0(callee: Callee): unknown {
  const { calls, name } = callee;
  let mark = calls.resting;
  if (calls.depth === 0) calls.depth = 1;
  else mark = enter(calls, name);
  let result: unknown;
  try {
    result = callee.call();
  } catch (error) {
    throw fail(calls, name, error, mark);
  }
  if (calls.depth === 1) calls.depth = 0;
  else leave(calls);
  return result;
}

/** The same with one word. Errors: the reason for a refusal, and those of the call. */
export function call1(callee: Callee, a: unknown): unknown {
  const { calls, name } = callee;
  let mark = calls.resting;
  if (calls.depth === 0) calls.depth = 1;
  else mark = enter(calls, name);
  let result: unknown;
  try {
    result = callee.call(a);
  } catch (error) {
    throw fail(calls, name, error, mark);
  }
  if (calls.depth === 1) calls.depth = 0;
  else leave(calls);
  return result;
}

/** The same with two words. Errors: the reason for a refusal, and those of the call. */
export function call2(callee: Callee, a: unknown, b: unknown): unknown {
  const { calls, name } = callee;
  let mark = calls.resting;
  if (calls.depth === 0) calls.depth = 1;
  else mark = enter(calls, name);
  let result: unknown;
  try {
    result = callee.call(a, b);
  } catch (error) {
    throw fail(calls, name, error, mark);
  }
  if (calls.depth === 1) calls.depth = 0;
  else leave(calls);
  return result;
}

/** The same with three words. Errors: the reason for a refusal, and those of the call. */
export function call3(callee: Callee, a: unknown, b: unknown, c: unknown): unknown {
  const { calls, name } = callee;
  let mark = calls.resting;
  if (calls.depth === 0) calls.depth = 1;
  else mark = enter(calls, name);
  let result: unknown;
  try {
    result = callee.call(a, b, c);
  } catch (error) {
    throw fail(calls, name, error, mark);
  }
  if (calls.depth === 1) calls.depth = 0;
  else leave(calls);
  return result;
}

/** The same with four words. Errors: the reason for a refusal, and those of the call. */
export function call4(callee: Callee, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
  const { calls, name } = callee;
  let mark = calls.resting;
  if (calls.depth === 0) calls.depth = 1;
  else mark = enter(calls, name);
  let result: unknown;
  try {
    result = callee.call(a, b, c, d);
  } catch (error) {
    throw fail(calls, name, error, mark);
  }
  if (calls.depth === 1) calls.depth = 0;
  else leave(calls);
  return result;
}

/** The same with any number of words. Errors: the reason for a refusal, and those of the call. */
export function callMany(callee: Callee, ...words: unknown[]): unknown {
  const { calls, name } = callee;
  let mark = calls.resting;
  if (calls.depth === 0) calls.depth = 1;
  else mark = enter(calls, name);
  let result: unknown;
  try {
    result = callee.call(...words);
  } catch (error) {
    throw fail(calls, name, error, mark);
  }
  if (calls.depth === 1) calls.depth = 0;
  else leave(calls);
  return result;
}

/** The same with words that are already a list. Errors: the reason for a refusal, and those of the call. */
export function callAll(callee: Callee, words: readonly unknown[]): unknown {
  switch (words.length) {
    case 0:
      return call0(callee);
    case 1:
      return call1(callee, words[0]);
    case 2:
      return call2(callee, words[0], words[1]);
    case 3:
      return call3(callee, words[0], words[1], words[2]);
    case 4:
      return call4(callee, words[0], words[1], words[2], words[3]);
    default:
      return callMany(callee, ...words);
  }
}

/** Begins a call that is not the outermost one. A refused call is not counted. */
function enter(calls: Calls, name: string): unknown {
  const mark = calls.enter(name);
  calls.depth++;
  return mark;
}

function leave(calls: Calls): void {
  if (--calls.depth !== 0) calls.left();
}

/** Ends a call that has thrown; returns the error to throw. */
function fail(calls: Calls, name: string, error: unknown, mark: unknown): unknown {
  try {
    return calls.failed(name, error, mark);
  } finally {
    leave(calls);
  }
}
