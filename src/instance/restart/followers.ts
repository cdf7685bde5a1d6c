import { frozenRecord } from "../../base/frozen-record.ts";
import { define } from "../../base/own.ts";
import type { DefaultExports, ExportedFunction } from "../../public/index.ts";

/** The guarded functions of an instance, each of which calls the function of the current life. */
export interface Followers {
  /** The functions that the user gets. */
  readonly functions: DefaultExports;
  /**
   * Redirects them to another life.
   *
   * @param guarded - Its guarded functions.
   */
  readonly follow: (guarded: DefaultExports) => void;
}

/** The link to the function of the current life. */
interface Target {
  call: ExportedFunction;
}

/**
 * Makes functions that call those of one life and can be redirected to another. The names are the module's.
 *
 * @param guarded - The functions of the first life.
 */
export function createFollowers(guarded: DefaultExports): Followers {
  const targets = new Map<string, Target>();
  const functions: [name: string, call: ExportedFunction][] = [];
  for (const [name, call] of Object.entries(guarded)) {
    const target = { call };
    targets.set(name, target);
    functions.push([name, callTarget(target)]);
  }
  return {
    functions: frozenRecord(functions),
    follow: (later) => {
      for (const [name, target] of targets) target.call = later[name] ?? target.call;
    },
  };
}

/** Written out by number of parameters, as guarded functions are. */
function callTarget(target: Target): ExportedFunction {
  const { length } = target.call;
  switch (length) {
    case 0:
      return () => target.call();
    case 1:
      return (a) => target.call(a);
    case 2:
      return (a, b) => target.call(a, b);
    case 3:
      return (a, b, c) => target.call(a, b, c);
    case 4:
      return (a, b, c, d) => target.call(a, b, c, d);
    default:
      return define((...args: unknown[]) => target.call(...args), "length", {
        value: length,
        configurable: true,
      });
  }
}
