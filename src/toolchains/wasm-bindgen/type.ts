import type { ValueType } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import type { Runtime, Word } from "./runtime.ts";

/** What of the conventions of a module decides which words a value takes. */
export type ValueAbi = Pick<Abi, "handles" | "version">;

/** The members of a {@link Type} that most types do not need. */
export const plainType = { resultWords: undefined, settle: undefined, none: "flag" } as const;

/** How one of Rust's types crosses the border. */
export interface Type {
  /** The words that it takes. */
  readonly words: (abi: ValueAbi) => readonly ValueType[];
  /** The words that it takes as the result of an import, where they are others. */
  readonly resultWords: ((abi: ValueAbi) => readonly ValueType[]) | undefined;
  /** Makes the JavaScript value of words that the module passes. */
  readonly lift: (runtime: Runtime, words: readonly Word[], at: number) => unknown;
  /** Appends the words of a JavaScript value. */
  readonly lower: (runtime: Runtime, value: unknown, words: Word[]) => void;
  /**
   * How an option of it tells that there is none: by the handle or the address 0; by a number that is none of 32 bits; by a
   * word of its own before it; or by this number.
   */
  readonly none: "handle" | "address" | "number" | "flag" | number;
  /** Ends what was lent to an import, once the import has returned. */
  readonly settle: ((value: unknown) => void) | undefined;
}
