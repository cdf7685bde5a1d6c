import { define } from "../base/own.ts";
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

/**
 * Wraps an exported function, as one of as many parameters. For the usual numbers of them each has a function of its
 * own: to pass arguments on as an array costs more than a short call. The function is the same nine times, since what
 * they had in common would be one more call.
 *
 * @param name - Its name.
 * @param exported - The function.
 * @param calls - What the guarded calls share.
 */
export function wrapExport(name: string, exported: ExportedFunction, calls: Calls): ExportedFunction {
  switch (exported.length) {
    case 0:
      return () => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported();
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    case 1:
      return (a) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(a);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    case 2:
      return (a, b) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(a, b);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    case 3:
      return (a, b, c) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(a, b, c);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    case 4:
      return (a, b, c, d) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(a, b, c, d);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    case 5:
      return (a, b, c, d, e) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(a, b, c, d, e);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    case 6:
      return (a, b, c, d, e, f) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(a, b, c, d, e, f);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    case 7:
      return (a, b, c, d, e, f, g) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(a, b, c, d, e, f, g);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    case 8:
      return (a, b, c, d, e, f, g, h) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(a, b, c, d, e, f, g, h);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
    default: {
      const wrapped = (...args: unknown[]) => {
        const mark = calls.depth++ === 0 ? calls.resting : enter(name, calls);
        try {
          return exported(...args);
        } catch (error) {
          throw calls.failed(name, error, mark);
        } finally {
          if (--calls.depth !== 0) calls.left();
        }
      };
      return define(wrapped, "length", { value: exported.length, configurable: true });
    }
  }
}

/** A call that is refused is not counted. */
function enter(name: string, calls: Calls): unknown {
  calls.depth--;
  const mark = calls.enter(name);
  calls.depth++;
  return mark;
}
