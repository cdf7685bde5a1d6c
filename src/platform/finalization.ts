import { messageOf } from "../errors/caught.ts";

/** Receives failures that no caller waits for. */
export type Warn = (message: string) => void;

/**
 * Returns the user's function for warnings, or the console's.
 *
 * @param options - The user's options.
 * @param options.warn - Receives the text.
 */
export function warnBy({ warn }: { readonly warn?: Warn | undefined }): Warn {
  return (
    warn ??
    ((message) => {
      // Some engine shells have no console.
      if (typeof console === "object") console.warn(message);
    })
  );
}

/**
 * Makes a registry that cleans up after a value is garbage-collected. Errors of the cleanup do not escape: an error in a
 * finalizer would end the process.
 *
 * @param what - The collected value, as in "an object of the class Thing".
 * @param cleanUp - Cleans up.
 * @param warn - Receives the failure.
 * @returns `undefined` if the engine does not report garbage collection.
 */
export function createRegistry<Held>(
  what: string,
  cleanUp: (held: Held) => void,
  warn: Warn,
): FinalizationRegistry<Held> | undefined {
  if (typeof FinalizationRegistry !== "function") return undefined;
  return new FinalizationRegistry((held: Held) => {
    try {
      cleanUp(held);
    } catch (error) {
      try {
        warn(`unglue: ${what} was collected, and freeing it failed: ${messageOf(error)}`);
      } catch {
        // Nobody is left to tell.
      }
    }
  });
}
