import type { Bound } from "./bound.ts";
import type { NoMembers } from "./members.ts";
import type { DefaultExports, GuardedExports } from "./exports.ts";
import type { Handles } from "./handles.ts";
import type { ImportReport } from "./imports.ts";
import type { Memory } from "./memory.ts";
import type { Shape, Toolchain } from "./shape.ts";
import type { CallbackFunction, Table } from "./table.ts";

/**
 * Whether an instance can be used. `"restarting"` lasts from a trap or an exception until the next life begins, and occurs
 * only under `onTrap: "restart"` or `onHostThrow: "restart"`.
 *
 * @category Instances
 */
export type InstanceState = "live" | "poisoned" | "restarting" | "disposed";

/**
 * One instance of a module, with everything that belongs to it. Two instances share nothing.
 *
 * @example
 * ```ts
 * const wasm = await load<{ add(a: number, b: number): number }>(
 *   "./math.wasm",
 * );
 * wasm.exports.add(1, 2); // 3
 * ```
 * @category Instances
 */
export interface Instance<Exports extends object = DefaultExports, Members = NoMembers> {
  /**
   * The exports as the engine made them: without wrapper or overhead, and not under the trap policy. Errors: `not-ready`
   * before instantiation.
   */
  readonly exports: Exports;
  /**
   * The engine's own instance of the current life, for runtimes that require one, such as those of Go and WASI. Like
   * `exports` it is not under the trap policy. Errors: `not-ready` before instantiation; otherwise those of `memory`.
   *
   * @example
   * ```ts
   * const go = new Go(); // of Go's wasm_exec.js
   * const wasm = await load("./app.wasm", { imports: () => go.importObject });
   * await go.run(wasm.instance);
   * ```
   */
  readonly instance: WebAssembly.Instance;
  /**
   * The exported functions under the trap policy. A trap throws the error `trap`, which names the export. Depending on
   * `onTrap`, later calls then throw `poisoned` or go to the next life. Exceptions from imports pass through unchanged, and
   * `onHostThrow` decides what follows.
   * Calls after `dispose` throw `disposed`, and calls while the instance restarts throw `restarting`.
   */
  readonly guarded: GuardedExports<Exports>;
  /**
   * The functions and classes of the interface given as the option `api`, under the trap policy like `guarded`. Without one
   * it is an empty object. Errors: `no-interface` if none was given.
   */
  readonly api: Bound<Members>;
  /**
   * The first memory. Errors: `no-memory`; `not-ready` while the start function runs, unless the memory is imported.
   */
  readonly memory: Memory;
  /**
   * All memories that are exported, or imported and not exported, in the order of their indices, under the export name or
   * `module.name`. If two names are the same, the first memory has it, and the later one has its position added, as in
   * `env.a#1`.
   */
  readonly memories: Readonly<Record<string, Memory>>;
  /** The first table of functions. Errors: `no-table`; `not-ready` as for `memory`. */
  readonly table: Table;
  /** All tables that are exported, or imported and not exported, under keys as in `memories`. */
  readonly tables: Readonly<Record<string, Table<unknown>>>;
  /** The JavaScript values that the module knows by number, if its toolchain has such values. Errors: `no-handles`. */
  readonly handles: Handles;
  /** The import report: who provides each import and how that is known, in the module's order. */
  readonly imports: readonly ImportReport[];
  /**
   * The error of the last call of a host function that returned its error value instead (the option `error` of `t.host`);
   * `undefined` if there was none in the current life.
   */
  readonly hostError: unknown;
  /** The module's shape. */
  readonly shape: Shape;
  /** The toolchain that made the module. */
  readonly toolchain: Toolchain;
  /** Whether the instance can be used. */
  readonly state: InstanceState;
  /**
   * Fulfilled when the instance can be used: immediately, or after a restart that has to be asynchronous. Errors:
   * `poisoned`, `disposed`.
   *
   * @example
   * ```ts
   * if (wasm.state === "restarting") await wasm.ready;
   * ```
   */
  readonly ready: Promise<void>;

  /**
   * Places a JavaScript function in the first table of functions, for a module that takes function pointers. Errors:
   * `invalid-signature`, `no-table`, `table-full`, `trampoline-unavailable`.
   *
   * @param signature - Letters of the parameters, `->`, letters of the results: `i` i32, `j` i64, `f` f32, `d` f64, `e`
   *   externref.
   * @param callback - The function; for several results it returns an array.
   * @returns The table index to pass to the module. `freeCallback` and `dispose` free it for reuse.
   * @example
   * ```ts
   * const compare = wasm.callback("ii->i", (a, b) => a - b);
   * wasm.exports.sort(address, 100, compare);
   * wasm.freeCallback(compare);
   * ```
   */
  callback<Signature extends string>(signature: Signature, callback: CallbackFunction<Signature>): number;
  /**
   * Removes a callback from the table. Make sure that the module will not call it again, because its index is reused for
   * other callbacks. Errors: `unknown-callback`, `invalid-argument`.
   *
   * @param index - The index that `callback` returned.
   */
  freeCallback(index: number): void;
  /**
   * Ends the instance: removes its callbacks from their table and releases everything it holds. Later use throws `disposed`,
   * also of memories, tables, arenas, handles and guarded functions that were taken from it before. The engine's own objects
   * refuse nothing: raw exports, views of a memory, functions read from a table. A second call does nothing.
   */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
}
