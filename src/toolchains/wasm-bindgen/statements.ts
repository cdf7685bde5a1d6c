import { ownMembers, ownTree } from "../../base/own.ts";
import { invalidOption } from "../../errors/invalid.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { Known } from "../../public/index.ts";
import { checkKnown } from "./check.ts";
import type { StatedClosure, WasmBindgenKnown, WasmBindgenOptions } from "./options.ts";

/** Statements about a module, from the adapter's options and from the option `known`. */
export interface Statements {
  readonly meanings: { readonly [importName: string]: string };
  readonly closures: { readonly [importName: string]: StatedClosure };
  readonly casts: { readonly [importName: string]: string };
  /** The imports that are known to have no meaning. */
  readonly holes: ReadonlySet<string>;
  /** Whether the meanings of `known` are read when they are first used, as they were compared with the module when written. */
  readonly areReadLater: boolean;
  /** Whether a meaning is one of these, and has not been read. */
  readonly isUnread: (importName: string) => boolean;
  /** How statements are called as evidence. */
  readonly evidence: string;
  /** Makes the error of a statement that does not fit the module. */
  readonly refuse: (option: string, expected: string, value: unknown) => UnglueError<"invalid-option">;
}

/**
 * Combines statements. Those in the adapter's options win.
 *
 * @param options - The adapter's options.
 * @param known - The facts of a declaration file, already checked.
 * @param isIdentified - Whether they are of this very module.
 */
export function combineStatements(
  options: WasmBindgenOptions,
  known: WasmBindgenKnown | undefined,
  isIdentified = false,
): Statements {
  const [call, prefix] = known ? ["load", "known."] : ["wasmBindgen", ""];
  const areReadLater = isIdentified && known?.checked === true;
  return {
    meanings: ownMembers({ ...known?.meanings, ...options.meanings }),
    closures: ownMembers({ ...known?.closures, ...options.closures }),
    casts: ownMembers({ ...known?.casts, ...options.casts }),
    holes: new Set(known?.holes),
    areReadLater,
    isUnread: (name) => areReadLater && !Object.hasOwn(options.meanings ?? {}, name),
    evidence: known ? "as the option known states" : "as stated in the adapter's options",
    refuse: (option, expected, value) => invalidOption(call, `${prefix}${option}`, expected, value),
  };
}

/**
 * Reads the option `known` of a wasm-bindgen module. Errors: `invalid-option`, `unknown-option`.
 *
 * @param known - The caller's option.
 * @param isIdentified - Whether it is of this very module.
 */
export function readKnown(known: Known, isIdentified: boolean): WasmBindgenKnown {
  try {
    const read = ownTree(known);
    checkKnown(read, isIdentified);
    return read;
  } catch (cause) {
    if (UnglueError.is(cause)) throw cause;
    // A getter or a proxy may throw anything.
    throw invalidOption("load", "known", "an object whose members can be read", known, cause);
  }
}
