/** Facts that are added to the error of a trap by those who called the function that trapped. */
import { ownValue } from "../base/own.ts";
import { amend } from "./amend.ts";
import { describe } from "./describe.ts";
import type { MemoryUse } from "./details.ts";
import { withoutAddress } from "./docs-address.ts";
import { UnglueError } from "./unglue-error.ts";

/**
 * Adds to a trap the function that the program called, if the trap was in another export: one that allocates or frees what
 * the function is given or returns.
 *
 * @param error - Any caught value; only a trap changes.
 * @param call - The function's name.
 * @param exported - The export that it calls, if it is one.
 * @returns The same value.
 */
export function calledBy(error: unknown, call: string, exported?: string): unknown {
  if (!UnglueError.is(error, "trap") || error.details.export === exported) return error;
  const before = ownValue(error.details, "call");
  // A declared function allocates through the memory. Any other call within a call is one that the program made.
  if (before !== undefined && !before.startsWith("memory.")) return error;
  const text = withoutAddress(error.message, "trap");
  const rest = before === undefined ? text.replace(/^The /, "the ") : text.slice(prefix(before).length);
  amend(error, { call }, `${prefix(call)}${rest}`);
  return error;
}

/**
 * Names the function that the program called in the refusal of one that would have allocated for it. Nothing was called.
 *
 * @param error - What lowering the arguments threw; only the error of an instance that refuses calls changes.
 * @param exported - The export that was to be called.
 * @returns The same value.
 */
export function refusedFor(error: unknown, exported: string): unknown {
  const refused = UnglueError.is(error, "poisoned") ? ownValue(error.details, "export") : undefined;
  if (refused !== undefined && refused !== exported) {
    const { message } = error as UnglueError;
    const text = withoutAddress(message, "poisoned").replace(describe(refused), () => describe(exported));
    amend(error as UnglueError, { export: exported }, text);
  }
  return error;
}

/**
 * Adds to a trap of an allocator that it asked for more memory than there may be.
 *
 * @param error - Any caught value; only a trap changes.
 * @param size - The bytes that were asked for.
 * @param use - Returns the memory's size.
 * @returns The same value.
 */
export function askingFor(error: unknown, size: number, use: () => MemoryUse | undefined): unknown {
  if (!UnglueError.is(error, "trap")) return error;
  // The names of the functions may have said already that memory ran out, but not for how much.
  const known = ownValue(error.details, "memory");
  if (known && ownValue(known, "asked") !== undefined) return error;
  const memory = known ?? use();
  if (!memory) return error;
  const asked = Math.ceil(size / memory.pageSize);
  if (!known && memory.pages + asked <= memory.maximum) return error;
  const before = withoutAddress(error.message, "trap").replace(known ? ` ${outOfMemory(known)}` : "", "");
  const text = `${before} ${outOfMemory({ ...memory, asked })}`;
  amend(error, { memory: { ...memory, asked } }, text);
  return error;
}

/**
 * Describes a memory that cannot grow as far as was asked.
 *
 * @param use - Its size, and the pages that were asked for, if that is known.
 */
export function outOfMemory(use: MemoryUse): string {
  const { pages, maximum, asked } = use;
  const wanted = asked === undefined ? "" : `asked for ${count(asked)} more, and `;
  return `Out of memory: ${wanted}it has ${pages} of at most ${count(maximum)}. ${freeOrGrow(use)}`;
}

/** Says what helps if a memory has no more room. */
export function freeOrGrow(use: MemoryUse | undefined): string {
  const more =
    use && ownValue(use, "limit") ? "raise limits.memoryPages" : "build the module with a larger maximum memory";
  return `Free what is not needed, or ${more}.`;
}

function count(pages: number): string {
  return `${pages} page${pages === 1 ? "" : "s"}`;
}

function prefix(call: string): string {
  return `In a call of ${call}, `;
}
