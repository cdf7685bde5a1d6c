import { fetchChunk } from "../platform/chunk.ts";
import { ownValue } from "../base/own.ts";
import type { Api, InstantiateOptions, Shape } from "../public/index.ts";
import { toolchainNamed } from "../toolchains/registry.ts";
import type { messages } from "../errors/messages/index.ts";
import type * as binder from "./binder.ts";
import type * as cCalling from "./c-calling.ts";
import type * as extras from "./extras.ts";

/** Chunks that only some instances need. An asynchronous call fetches them when needed; a synchronous one has them bundled. */
export interface Chunks {
  /** Imports other than functions, restarts, growing memory, and text on platforms without coders. */
  readonly extras: typeof extras | undefined;
  /** Declared interfaces. */
  readonly binder: typeof binder | undefined;
  /** The convention of C, which declared interfaces are called by where the module's adapter has none. */
  readonly cCalling: typeof cCalling | undefined;
  /** The messages of what can go wrong in a load, for restarts: they fail in calls that cannot wait. */
  readonly messages: typeof messages | undefined;
}

/** Whether another life may follow one that has ended. */
export function restarts({ onTrap, onHostThrow }: Pick<InstantiateOptions, "onTrap" | "onHostThrow">): boolean {
  return onTrap === "restart" || onHostThrow === "restart";
}

/** Whether the platform lacks text coders, as some worklets and engine shells do. */
export function lacksCoders(): boolean {
  return typeof TextEncoder !== "function" || typeof TextDecoder !== "function";
}

/**
 * Fetches the chunks that an instance needs. Errors: `chunk-unavailable`.
 *
 * @param shape - The module's shape, with its toolchain.
 * @param options - The caller's.
 */
export async function fetchChunks(
  { imports, toolchain }: Pick<Shape, "imports" | "toolchain">,
  options: Pick<InstantiateOptions, "allocator" | "api" | "ledger" | "onTrap" | "onHostThrow" | "toolchain">,
): Promise<Chunks> {
  const { allocator, api, ledger, onHostThrow = "throw", toolchain: chosen } = options;
  const needsExtras =
    allocator === "grow" ||
    ledger ||
    restarts(options) ||
    onHostThrow !== "throw" ||
    lacksCoders() ||
    imports.some(({ kind }) => kind !== "function");
  // A guess, since the adapter is fetched meanwhile and the binder reads the declaration: `beginLives` completes it.
  const name = chosen ?? (toolchain as Shape["toolchain"] | undefined)?.name ?? "";
  const isCalledAsC = toolchainNamed(name)?.convention !== "adapter" || mentionsC(api);
  const [extras, binder, cCalling, catalogue] = await Promise.all([
    needsExtras ? fetchExtras() : undefined,
    api ? fetchChunk(() => import("./binder.ts")) : undefined,
    api && isCalledAsC ? fetchCCalling() : undefined,
    restarts(options) ? fetchChunk(() => import("../errors/messages/index.ts")) : undefined,
  ]);
  return { extras, binder, cCalling, messages: catalogue?.messages };
}

/** Whether a declaration seems to state C's convention. It may be anything, and reading it may throw. */
function mentionsC(api: Api<object> | undefined): boolean {
  const states = (one: unknown): boolean =>
    typeof one === "object" &&
    one !== null &&
    (ownValue(one, "convention") === "c" || states(ownValue(one, "options")) || hasOne(ownValue(one, "members")));
  const hasOne = (members: unknown): boolean =>
    typeof members === "object" && members !== null && Object.values(members).some(states);
  try {
    return states(api);
  } catch {
    return false;
  }
}

/** Fetches the convention of C. Errors: `chunk-unavailable`. */
export function fetchCCalling(): Promise<typeof cCalling> {
  return fetchChunk(() => import("./c-calling.ts"));
}

/** Fetches the extras, which few instances need. Errors: `chunk-unavailable`. */
export function fetchExtras(): Promise<typeof extras> {
  return fetchChunk(() => import("./extras.ts"));
}
