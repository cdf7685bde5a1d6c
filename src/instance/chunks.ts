import { fetchChunk } from "../platform/chunk.ts";
import type { InstantiateOptions } from "../public/index.ts";
import type { ReadShape } from "../reflect/index.ts";
import type * as binder from "./binder.ts";
import type * as extras from "./extras.ts";

/** Chunks that only some instances need. An asynchronous call fetches them when needed; a synchronous one has them bundled. */
export interface Chunks {
  /** Imports other than functions, restarts, growing memory, and text on platforms without coders. */
  readonly extras: typeof extras | undefined;
  /** Declared interfaces. */
  readonly binder: typeof binder | undefined;
}

/** Whether the platform lacks text coders, as some worklets and engine shells do. */
export function lacksCoders(): boolean {
  return typeof TextEncoder !== "function" || typeof TextDecoder !== "function";
}

/**
 * Fetches the chunks that an instance needs. Errors: `chunk-unavailable`.
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

/** Fetches the extras, which few instances need. Errors: `chunk-unavailable`. */
export function fetchExtras(): Promise<typeof extras> {
  return fetchChunk(() => import("./extras.ts"));
}
