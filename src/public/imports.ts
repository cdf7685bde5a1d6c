import type { Memory } from "./memory.ts";
import type { ImportShape } from "./shape.ts";
import type { Table } from "./table.ts";

/** A function given for an import. It receives and returns what the import's type says: `number`, `bigint`, or any value for a reference. */
// Parameters are checked contravariantly: `never` accepts a function of any parameters, without `any`.
export type ImportFunction = (...args: never[]) => unknown;

/** What can be given for one import. A number or bigint serves an immutable global. */
export type ImportValue =
  | ImportFunction
  | WebAssembly.Memory
  | WebAssembly.Table
  | WebAssembly.Global
  | Memory
  | Table
  | number
  | bigint
  | object;

/** Imports by module name, then by name. Either may hold `*` for any run of characters; an exact name wins. */
export interface Imports {
  readonly [module: string]: { readonly [name: string]: ImportValue };
}

/** What a missing function import gets: a policy, or a function that makes the stub for the import. */
export type MissingPolicy = "trap" | "error" | "zero" | "warn" | ((missing: ImportShape) => ImportFunction);

/** Who provides an import. */
export type Provider = "user" | "adapter" | "created" | "stub";

/** One line of the import report. */
export type ImportReport = ImportShape & {
  /** Who provides it. */
  readonly provider: Provider;
  /** How that is known or what it does, in words. */
  readonly evidence: string;
};

/** One traced import call. */
export interface TraceEvent {
  /** The import's module name. */
  readonly module: string;
  /** The import's own name. */
  readonly name: string;
  /** What the module passed. */
  readonly args: readonly unknown[];
  /** What the import returned; absent where it threw. */
  readonly result?: unknown;
  /** What the import threw; absent where it returned. */
  readonly error?: unknown;
}

/**
 * Ceilings on one instance. What the module or its imports ask for at the start beyond one of them is the error
 * `limit-exceeded` before anything runs; growth beyond one fails as the engine has it (`memory.grow` returns -1), and
 * through this library with `limit-exceeded`.
 */
export interface Limits {
  /**
   * Pages of each memory, of its own page size. Without it a memory that is created for an import has 16384 (1 GiB) at
   * the start at the most, and nothing else is capped. A memory that the module defines itself can only be capped from
   * its bytes, before they are compiled: see the error `limit-needs-bytes`.
   */
  readonly memoryPages?: number;
  /** Elements of each table, likewise. Without it a table that is created for an import has 10,000,000 at the start at the most. */
  readonly tableElements?: number;
  /** JavaScript values that the module knows by number at once, as `handles.size` counts them. */
  readonly handles?: number;
  /**
   * Bytes of the source, as received and, if this library decompresses them, as decompressed. They are counted as they
   * arrive, and the load fails as soon as there are more. Without it, what this library decompresses may have 268435456
   * bytes (256 MiB), and what comes as it is has no ceiling but the engine's. A compiled module has no bytes to count.
   */
  readonly bytes?: number;
}
