import type { ExportedFunction } from "../public/index.ts";

/** What the guarded calls of one life share. */
export interface Calls {
  /** How many are running. Whatever forbids that a call is let through unasked counts as some, too. */
  depth: number;
  /** The convention's mark where none is running. */
  resting: unknown;
  /**
   * Begins a call that is not simply the outermost one of a live instance. Errors: what forbids it.
   *
   * @param name - The export.
   * @returns The convention's mark.
   */
  readonly enter: (name: string) => unknown;
  /**
   * Sets right what a call that threw has left.
   *
   * @param name - The export.
   * @param error - What it threw.
   * @param mark - The convention's mark when it began.
   * @returns What to throw.
   */
  readonly failed: (name: string, error: unknown, mark: unknown) => unknown;
  /** Told of each call that has ended and was not simply the outermost one of a live instance. */
  readonly left: () => void;
}

/** A function of one life of the module, with what guards its calls. */
export interface Callee {
  /** The export's name, for errors. */
  readonly name: string;
  readonly call: ExportedFunction;
  readonly calls: Calls;
}

// Passing words on as a list can take longer than a short call, so the usual numbers of them are written out, here and nowhere
// else; what they have in common would be two more calls. On most calls only constants are written to `depth`: a processor
// that adds one and takes it off again waits for its own writes. Measured on Node 20 to 26 and in Chromium, where a call of
// numbers takes 3 to 5 ns: a list costs up to 5, the two calls 0.4, the additions 0.3.

/** Calls a function of the module under the trap policy, with no word. Errors: why it is refused, and what it throws. */
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

/** The same with one word. Errors: why it is refused, and what it throws. */
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

/** The same with two words. Errors: why it is refused, and what it throws. */
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

/** The same with three words. Errors: why it is refused, and what it throws. */
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

/** The same with four words. Errors: why it is refused, and what it throws. */
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

/** The same with any number of words. Errors: why it is refused, and what it throws. */
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

/** The same with words that are a list already. Errors: why it is refused, and what it throws. */
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

/** Begins a call that is not simply the outermost one. One that is refused is not counted. */
function enter(calls: Calls, name: string): unknown {
  const mark = calls.enter(name);
  calls.depth++;
  return mark;
}

function leave(calls: Calls): void {
  if (--calls.depth !== 0) calls.left();
}

/** Ends a call that has thrown; returns what to throw. */
function fail(calls: Calls, name: string, error: unknown, mark: unknown): unknown {
  try {
    return calls.failed(name, error, mark);
  } finally {
    leave(calls);
  }
}
