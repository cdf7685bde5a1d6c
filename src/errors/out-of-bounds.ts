import { UnglueError } from "./unglue-error.ts";

/**
 * Makes the error of a range that lies outside a memory.
 *
 * @param what - The range in words, as in `memory.read: 5 bytes`.
 * @param range - Where it starts, its length in bytes, and the size of the memory.
 */
export function outOfBounds(
  what: string,
  range: UnglueError<"out-of-bounds">["details"] & { readonly address: number },
): UnglueError<"out-of-bounds"> {
  return new UnglueError(
    "out-of-bounds",
    `${what} at address ${range.address} cannot lie inside the memory of ${range.size} bytes. ` +
      "Check that the address came from this instance and is still allocated, and that the length counts bytes.",
    range,
  );
}
