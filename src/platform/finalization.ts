import { messageOf } from "../errors/caught.ts";

/** Receives what happened where nobody waits. */
export type Warn = (message: string) => void;

/**
 * The user's way to be warned, or the console's.
 *
 * @param options - The user's.
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
 * Makes a registry of what is to be cleaned up once something has been collected. Nothing that cleaning up throws gets out:
 * thrown by a finalizer, it would end the process.
 *
 * @param what - The thing that is collected, as in "an object of the class Thing".
 * @param cleanUp - Cleans up.
 * @param warn - Receives what went wrong.
 * @returns `undefined` where the engine does not tell of what it collects.
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
        // There is nobody left to tell.
      }
    }
  });
}
