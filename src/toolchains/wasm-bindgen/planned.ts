import type { ImportFunction } from "../../public/index.ts";
import type { Meaning } from "./declared.ts";
import type { Action } from "./lowered.ts";
import type { Runtime } from "./runtime.ts";

/** The plan for one import: the maker of its function, or the reason why there is none. */
export type Planned =
  | {
      readonly evidence: string;
      readonly make: (runtime: Runtime, action?: Action) => ImportFunction;
      /** Its meaning in JavaScript; `undefined` for wasm-bindgen's own imports. */
      readonly meaning: Meaning | undefined;
      readonly hint: undefined;
      readonly misstated: undefined;
      readonly takes: undefined;
    }
  | {
      readonly make: undefined;
      readonly hint: string;
      /** The user's statement that is the reason, and a description of valid ones. */
      readonly misstated: { readonly option: "meanings" | "casts"; readonly expected: string } | undefined;
      /** The code of the closure that it takes, if that is why: which export runs it is not known. */
      readonly takes: string | undefined;
    };

/** An import that cannot be made. */
type Unknown = Extract<Planned, { readonly make: undefined }>;

/**
 * Makes the plan of an import that cannot be made.
 *
 * @param hint - The reason, and what to do.
 * @param takes - The code of the closure that it takes, if that is the reason.
 */
export function unknown(hint: string, takes?: string): Unknown {
  return { make: undefined, hint, misstated: undefined, takes };
}

/**
 * Makes the plan of an import that cannot be made, with a hint that is written when it is read, since that takes a search of
 * many declarations.
 *
 * @param describe - Writes the hint.
 */
export function unidentified(describe: () => string): Unknown {
  let text: string | undefined;
  return {
    make: undefined,
    get hint() {
      return (text ??= describe());
    },
    misstated: undefined,
    takes: undefined,
  };
}
