import { memberOf } from "../base/own.ts";
import { fetchChunk } from "../platform/chunk.ts";
import type * as bind from "../bind/index.ts";
import type * as externs from "../imports/externs/index.ts";
import { fetchWebTable } from "../toolchains/wasm-bindgen/known/fetch-web-table.ts";
import type * as importing from "../imports/index.ts";
import type * as memory from "../memory/index.ts";
import type * as restart from "./restart/index.ts";
import type * as table from "../table/index.ts";
import type { Adapter, LoadOptions, Shape } from "../public/index.ts";
import type { Utf8 } from "../base/utf8.ts";

/**
 * The parts of the library that only some modules need, as their shape tells. An asynchronous call fetches those that
 * its module needs; a synchronous one has them all at hand.
 */
export interface Parts {
  /** Finds a provider for each import, and makes the stubs. For modules that import anything. */
  readonly imports: typeof importing | undefined;
  /** Creates and checks memories, tables, globals and tags. For modules that import one. */
  readonly externs: typeof externs | undefined;
  /** Views, strings and allocation. For modules that have a memory. */
  readonly memory: typeof memory | undefined;
  /** Converts text. For modules that have a memory, where the platform has no coders. */
  readonly utf8: Utf8 | undefined;
  /** Tables and callbacks. For modules that have a table. */
  readonly tables: typeof table | undefined;
  /** Begins new lives after traps. For instances that restart. */
  readonly restart: typeof restart | undefined;
  /** Compares declared interfaces with modules, and makes what they declare. For a call that is given one. */
  readonly bind: typeof bind | undefined;
  /** The adapters to ask: those given, and the module's toolchain's where none of them knows it. A synchronous call has those given. */
  readonly adapters: readonly Adapter[] | undefined;
}

/** Whether the platform has no coders of its own, as some worklets and engine shells. */
export function lacksCoders(): boolean {
  return typeof TextEncoder !== "function" || typeof TextDecoder !== "function";
}

/**
 * Fetches the parts that a module needs, each a chunk of its own.
 *
 * @param shape - The module's shape.
 * @param options - The caller's.
 */
export async function fetchParts(
  shape: Shape,
  options: Pick<LoadOptions, "adapters" | "api" | "onTrap">,
): Promise<Parts> {
  const { imports, exports } = shape;
  // What is neither imported nor exported is out of reach.
  const kinds = new Set([...imports, ...exports].map(({ kind }) => kind));
  const [importing, externs, memory, utf8, tables, restart, bind, adapters] = await Promise.all([
    imports.length > 0 ? fetchChunk(() => import("../imports/index.ts")) : undefined,
    imports.some(({ kind }) => kind !== "function") ? fetchChunk(() => import("../imports/externs/index.ts")) : undefined,
    kinds.has("memory") ? fetchChunk(() => import("../memory/index.ts")) : undefined,
    kinds.has("memory") && lacksCoders()
      ? fetchChunk(() => import("../base/utf8.ts")).then(({ plainUtf8 }) => plainUtf8)
      : undefined,
    kinds.has("table") ? fetchChunk(() => import("../table/index.ts")) : undefined,
    options.onTrap === "restart" ? fetchChunk(() => import("./restart/index.ts")) : undefined,
    options.api ? fetchChunk(() => import("../bind/index.ts")) : undefined,
    fetchAdapters(shape, options.adapters),
  ]);
  return { imports: importing, externs, memory, utf8, tables, restart, bind, adapters };
}

/**
 * Fetches the adapter that a module's toolchain has, each a chunk of its own, unless one that is given knows the module. The
 * one that speaks for the module fetches what it needs.
 *
 * @param shape - The module's shape.
 * @param given - The adapters that the caller gave.
 */
export async function fetchAdapters(shape: Shape, given: readonly Adapter[] = []): Promise<readonly Adapter[]> {
  // The shape may be the caller's, and lack what it should have.
  const { toolchain } = shape as Partial<Shape>;
  if (!toolchain) return given;
  const known = given.find((adapter) => adapter.detect(shape));
  if (known) {
    await memberOf(known, "prepare")?.call(known, shape);
    return given;
  }
  if (toolchain.name !== "wasm-bindgen") return given;
  const [{ createAdapter }, { createTables, knownTable }] = await Promise.all([
    fetchChunk(() => import("../toolchains/wasm-bindgen/index.ts")),
    fetchChunk(() => import("../toolchains/wasm-bindgen/known/index.ts")),
  ]);
  const adapter = createAdapter(createTables([knownTable], fetchWebTable));
  await memberOf(adapter, "prepare")?.call(adapter, shape);
  return [...given, adapter];
}
