import { UnglueError } from "../errors/unglue-error.ts";
import type { Calling } from "../public/index.ts";

/**
 * Makes the error for functions that need memory nobody can allocate.
 *
 * @param needy - The functions, as messages name them.
 * @param calling - The convention by which they are called.
 * @param tried - The exports that allocate by a known convention.
 */
export function allocatorMissing(
  needy: readonly string[],
  { name, ownAllocator, allocators = [] }: Calling,
  tried: readonly string[],
): UnglueError<"invalid-option" | "no-allocator"> {
  const names = needy.slice(0, 5).join(", ") + (needy.length > 5 ? " and others" : "");
  if (ownAllocator === undefined) {
    return new UnglueError(
      "no-allocator",
      `${names} ${needy.length === 1 ? "needs" : "need"} memory for what is passed or returned, and the module exports no ` +
        `allocator that is known here; tried: ${tried.join(", ")}. If it has another, name its exports with the option ` +
        'allocator: { alloc: "…", free: "…" }; if it has none, allocator: "grow" allocates in memory that is grown.',
      { tried },
    );
  }
  const byHand = 'Declare an extern "C" function with { convention: "c" }.';
  if (ownAllocator) {
    return new UnglueError(
      "invalid-option",
      `allocator: "grow" cannot serve ${names}: by ${name}'s convention a function frees what it is given, with the ` +
        `module's own allocator. Leave the option out. ${byHand}`,
      { call: "load", option: "allocator", expected: "left out, or the names of exports", received: '"grow"' },
    );
  }
  return new UnglueError(
    "no-allocator",
    `${names} ${needy.length === 1 ? "is" : "are"} declared with what has to be allocated, and the module exports no allocator of ${name}'s: so none of ` +
      `its functions takes that by ${name}'s convention. ${byHand}`,
    { tried: allocators },
  );
}
