import type { SynchronousValue } from "./host.ts";
import type { Memory } from "./memory.ts";
import type { ImportShape } from "./shape.ts";
import type { Table } from "./table.ts";

/**
 * A function given for an import. Its arguments and result follow the import's type: `number`, `bigint`, or any value for a
 * reference.
 *
 * @category Imports
 */
// Parameters are checked contravariantly: `never` accepts a function of any parameters, without `any`.
export type ImportFunction = (...args: never[]) => unknown;

/**
 * A value for one import. A number or bigint serves an immutable global. A tag (`WebAssembly.Tag`) and a function that suspends
 * (`WebAssembly.Suspending`) are objects of the engine's that TypeScript's library lacks: any object has their type, and the load
 * checks it.
 *
 * @example
 * ```ts
 * declare const fault: ImportValue; // new WebAssembly.Tag({ parameters: ["i32"] })
 * const wasm = await load("./app.wasm", { imports: { env: { fault } } });
 * ```
 * @category Imports
 */
export type ImportValue =
  | ImportFunction
  | WebAssembly.Memory
  | WebAssembly.Table
  | WebAssembly.Global
  | Memory
  | Table
  | number
  | bigint
  | SynchronousValue;

/**
 * Imports by module name, then by name. Either may contain `*` for any run of characters; an exact name takes precedence.
 *
 * @example
 * ```ts
 * const imports: Imports = {
 *   env: { now: () => Date.now(), "log_*": console.log },
 * };
 * const wasm = await load("./app.wasm", { imports });
 * ```
 * @category Imports
 */
export interface Imports {
  readonly [module: string]: { readonly [name: string]: ImportValue };
}

/**
 * A console, or some of its functions. A class of your own can have them.
 *
 * @category Imports
 */
export type ConsoleLike = { readonly [Method in ConsoleMethod]?: ConsoleFunction };

/** A member written as a method, so that a function may take narrower parameters. */
type ConsoleFunction = { call(...values: unknown[]): void }["call"];

type ConsoleMethod =
  | "assert"
  | "clear"
  | "count"
  | "countReset"
  | "debug"
  | "dir"
  | "dirxml"
  | "error"
  | "group"
  | "groupCollapsed"
  | "groupEnd"
  | "info"
  | "log"
  | "table"
  | "time"
  | "timeEnd"
  | "timeLog"
  | "timeStamp"
  | "trace"
  | "warn";

/**
 * The policy for a missing function import, or a function that makes its stub.
 *
 * @category Imports
 */
export type MissingPolicy = "trap" | "error" | "zero" | "warn" | ((missing: ImportShape) => ImportFunction);

/**
 * Who provides an import. `"engine"` and `"polyfill"` are for the options `builtins` and `importedStringConstants`: the engine
 * itself, or this library in its place.
 *
 * @category Imports
 */
export type Provider = "user" | "adapter" | "created" | "stub" | "engine" | "polyfill";

/**
 * One line of the import report.
 *
 * @category Imports
 */
export type ImportReport = ImportShape & {
  /** Who provides it. */
  readonly provider: Provider;
  /** How that is known or what it does, as text. */
  readonly evidence: string;
  /** The name of the adapter that provides it; absent if none does. */
  readonly adapter?: string;
  /** Its meaning in JavaScript, as in `"console.log"`, if its adapter tells: a name for the option `importsByMeaning`. */
  readonly meaning?: string;
};

/**
 * One traced import call.
 *
 * @example
 * ```ts
 * const wasm = await load("./app.wasm", {
 *   trace: ({ module, name, args, result }) =>
 *     console.log(module, name, args, result),
 * });
 * ```
 * @category Imports
 */
export interface TraceEvent {
  /** The import's module name. */
  readonly module: string;
  /** The import's own name. */
  readonly name: string;
  /** The arguments that the module passed. */
  readonly args: readonly unknown[];
  /** The import's result; absent if it threw. */
  readonly result?: unknown;
  /** The value that the import threw; absent if it returned. */
  readonly error?: unknown;
}

/**
 * Ceilings on one instance. If the initial size that the module or its imports ask for exceeds one, the error is
 * `limit-exceeded`, before anything runs. Later growth beyond one fails as in the engine (`memory.grow` returns -1), or with
 * `limit-exceeded` through this library.
 *
 * @example
 * ```ts
 * const wasm = await load(bytes, {
 *   limits: { bytes: 5_000_000, memoryPages: 256, handles: 10_000 },
 * });
 * ```
 * @category Loading
 */
export interface Limits {
  /**
   * Pages of each memory, in the memory's own page size. Without this limit, a memory created for an import starts with at
   * most 16384 pages (1 GiB), and nothing else is capped. A memory that the module defines itself can only be capped from
   * its bytes, before they are compiled: see the error `limit-needs-bytes`.
   */
  readonly memoryPages?: number;
  /**
   * Elements of each table, likewise. Without this limit, a table created for an import starts with at most 10,000,000
   * elements.
   */
  readonly tableElements?: number;
  /** JavaScript values that the module knows by number at the same time, as counted by `handles.size`. */
  readonly handles?: number;
  /**
   * Bytes of the source, as received and, if this library decompresses them, as decompressed. They are counted as they
   * arrive, and the load fails as soon as the limit is exceeded. Without this limit, decompressed data may have 268435456
   * bytes (256 MiB), and other data is limited only by the engine. A compiled module has no bytes to count.
   */
  readonly bytes?: number;
}
