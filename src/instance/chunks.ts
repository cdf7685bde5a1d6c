import { fetchChunk } from "../platform/chunk.ts";
import type { InstantiateOptions } from "../public/index.ts";
import type { ReadShape } from "../reflect/index.ts";
import type * as binder from "./binder.ts";
import type * as extras from "./extras.ts";

/** Chunks that only some instances need. A call that can wait fetches them by need; one that cannot has them at hand. */
export interface Chunks {
  /** Imports other than functions, restarts, memory that is grown, and text where the platform has no coders. */
  readonly extras: typeof extras | undefined;
  /** Declared interfaces. */
  readonly binder: typeof binder | undefined;
}

/** Whether the platform has no coders of its own, as some worklets and engine shells. */
export function lacksCoders(): boolean {
  return typeof TextEncoder !== "function" || typeof TextDecoder !== "function";
}

/**
 * Fetches what an instance needs. Errors: `chunk-unavailable`.
 *
 * @param shape - The module's shape.
 * @param options - The caller's.
 */
export async function fetchChunks(
  { imports }: Pick<ReadShape, "imports">,
  { allocator, api, ledger, onTrap }: Pick<InstantiateOptions, "allocator" | "api" | "ledger" | "onTrap">,
): Promise<Chunks> {
  const needsExtras =
    allocator === "grow" ||
    ledger ||
    onTrap === "restart" ||
    lacksCoders() ||
    imports.some(({ kind }) => kind !== "function");
  const [extras, binder] = await Promise.all([
    needsExtras ? fetchExtras() : undefined,
    api ? fetchChunk(() => import("./binder.ts")) : undefined,
  ]);
  return { extras, binder };
}

/** Fetches what few instances need. Errors: `chunk-unavailable`. */
export function fetchExtras(): Promise<typeof extras> {
  return fetchChunk(() => import("./extras.ts"));
}
