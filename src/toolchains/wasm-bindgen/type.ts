import type { ValueType } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import type { Runtime, Word } from "./runtime.ts";

/** The conventions of a module that decide which words a value takes. */
export type ValueAbi = Pick<Abi, "handles" | "version">;

/** The members of a {@link Type} that most types do not need. */
export const plainType = { resultWords: undefined, settle: undefined, none: "flag" } as const;

/** How a Rust type is converted between JavaScript and the module. */
export interface Type {
  /** The words that it takes. */
  readonly words: (abi: ValueAbi) => readonly ValueType[];
  /** The words that it takes as the result of an import, if they differ. */
  readonly resultWords: ((abi: ValueAbi) => readonly ValueType[]) | undefined;
  /** Makes the JavaScript value from words that the module passes. */
  readonly lift: (runtime: Runtime, words: readonly Word[], at: number) => unknown;
  /** Appends the words of a JavaScript value. */
  readonly lower: (runtime: Runtime, value: unknown, words: Word[]) => void;
  /**
   * How an option of it encodes none: by the handle or address 0; by a number outside 32 bits; by a separate word before it;
   * or by this number.
   */
  readonly none: "handle" | "address" | "number" | "flag" | number;
  /** Ends the loan of an argument, once the import has returned. */
  readonly settle: ((value: unknown) => void) | undefined;
}
