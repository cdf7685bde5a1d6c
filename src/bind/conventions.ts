import type { Calling, Shape } from "../public/index.ts";
import { readCalling } from "./read-calling.ts";

/** The facts about a module that tell its calling conventions. */
export interface Called {
  readonly shape: Shape;
  /** The toolchain whose convention its exports have, by its bytes or as the user says. */
  readonly toolchain: string;
  /** The name of the adapter that serves it. */
  readonly adapter: string | undefined;
  /** Whether the toolchain uses C's convention. Any other convention is its adapter's, or unknown. */
  readonly isCallableAsC: boolean;
  /** Whether its modules register their functions with a runtime instead of exporting them. */
  readonly registersFunctions: boolean;
  /** Tells how its functions come about, if it exports none of them: sentences. Asking may take a search for all advice. */
  readonly askWayIn: () => string | undefined;
  /** The toolchain's adapter: the line that imports it, and the expression that makes it. */
  readonly toolchainAdapter: { readonly importLine: string; readonly call: string } | undefined;
  /** Asks the adapter for its convention, which may be anything. Errors: the adapter's. */
  readonly askCalling: () => unknown;
  /** Makes C's convention. */
  readonly callAsC: (shape: Shape) => Calling;
}

/** A calling convention, and the name by which a declaration states it. */
export interface NamedCalling {
  readonly name: string;
  readonly calling: Calling;
}

/** The conventions by which a module's exports can be called. Each is made once. */
export interface Conventions {
  /** The names that a declaration can state. */
  readonly names: readonly string[];
  /** The convention of members that state none, if one was asked for. */
  readonly usual: Calling | undefined;
  /** C's convention. */
  c(): Calling;
  /** The adapter's convention. Errors: the adapter's, `invalid-option`. */
  own(): Calling | undefined;
  /**
   * Returns a convention. Errors: those of `own`.
   *
   * @param name - Its name; `undefined` for the module's own.
   * @returns `undefined` if the module has none of that name.
   */
  named(name: string | undefined): NamedCalling | undefined;
}

/** The name of C's convention in declarations. */
export const ofC = "c";

/**
 * Returns the conventions of a module.
 *
 * @param called - The module.
 */
export function createConventions({ shape, adapter, isCallableAsC, askCalling, callAsC }: Called): Conventions {
  let asked: { readonly calling: Calling | undefined } | undefined;
  let made: Calling | undefined;
  let usual: NamedCalling | undefined;
  const own = (): Calling | undefined => (asked ??= { calling: readCalling(askCalling()) }).calling;
  const asC = (): Calling => (made ??= callAsC(shape));
  const findUsual = (): NamedCalling => {
    const calling = own();
    if (calling) return { name: adapter ?? ofC, calling };
    // Every toolchain passes numbers by C's convention, but messages must not call such a module C's.
    return {
      name: ofC,
      calling: isCallableAsC ? asC() : { ...asC(), name: "C, by which every toolchain passes numbers" },
    };
  };
  return {
    names: adapter === undefined || adapter === ofC ? [ofC] : [ofC, adapter],
    get usual() {
      return usual?.calling;
    },
    c: asC,
    own,
    named(name) {
      if (name === ofC) return { name, calling: asC() };
      if (name === undefined) return (usual ??= findUsual());
      const calling = name === adapter ? own() : undefined;
      return calling && { name, calling };
    },
  };
}
