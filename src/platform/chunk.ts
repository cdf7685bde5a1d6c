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
