import { messageOf } from "../errors/caught.ts";
import { UnglueError } from "../errors/unglue-error.ts";

/**
 * Fetches a chunk that most calls do not need. Errors: `chunk-unavailable`.
 *
 * @param load - Imports it with its own `import()`: bundlers look for the literal.
 */
export async function fetchChunk<Chunk>(load: () => Promise<Chunk>): Promise<Chunk> {
  try {
    return await load();
  } catch (cause) {
    throw new UnglueError(
      "chunk-unavailable",
      `A part of the library could not be loaded: ${messageOf(cause)}. Where dynamic import is forbidden, as in service workers, ` +
        'import from "unglue/whole", which is one file; elsewhere check that all files of the build are served.',
      {},
      { cause },
    );
  }
}

/**
 * Makes the function that fetches a chunk at its first call, and has it at hand later: `import()` of what was fetched takes a
 * tenth of a millisecond in browsers. A chunk that could not be fetched is asked for again. Errors: `chunk-unavailable`.
 *
 * @param load - Imports it with its own `import()`.
 */
export function keepChunk<Chunk extends object>(load: () => Promise<Chunk>): () => Chunk | Promise<Chunk> {
  let kept: Chunk | Promise<Chunk> | undefined;
  const fetchOnce = async (): Promise<Chunk> => {
    try {
      return (kept = await fetchChunk(load));
    } catch (error) {
      kept = undefined;
      throw error;
    }
  };
  return () => {
    if (!kept) {
      const fetching = (kept = fetchOnce());
      // It may fail before anyone waits for it, or if nobody does.
      fetching.catch(() => undefined);
    }
    return kept;
  };
}
