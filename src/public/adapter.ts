import type { AllocatorNames } from "./allocator.ts";
import type { BoundObjects, Calling } from "./calling.ts";
import type { Known } from "./declaration-file.ts";
import type { ExportedFunction } from "./exports.ts";
import type { Handles } from "./handles.ts";
import type { ImportFunction, ImportValue, Limits } from "./imports.ts";
import type { Instance } from "./instance.ts";
import type { Advice, ImportShape, Shape } from "./shape.ts";

/**
 * Why an adapter takes a module for its own.
 *
 * @category Details of adapters
 */
export interface Evidence {
  /** The toolchain's version, if the module states it. */
  readonly version?: string;
  /** The evidence in the module, as text; the strongest first. */
  readonly evidence: readonly string[];
}

/**
 * An adapter's value for an import.
 *
 * @category Details of adapters
 */
export interface Provided {
  /** The import's value. */
  readonly value: ImportValue;
  /** How the import's meaning is known, as text. */
  readonly evidence: string;
  /**
   * Whether the import throws on the module's behalf, such as an exit or an exception of its language. The option
   * `onHostThrow` does not apply to what it throws. Default false.
   */
  readonly unwinds?: boolean;
  /** Its meaning in JavaScript, for the report: the one that `byMeaning` was asked for. */
  readonly meaning?: string;
}

/**
 * An adapter's description of an import whose value it makes later.
 *
 * @category Details of adapters
 */
export interface Deferred {
  /** How the import's meaning is known, as text; `undefined` if the adapter does not know the import. */
  readonly evidence?: string | undefined;
  /** Its meaning in JavaScript, as in {@link Provided}. */
  readonly meaning?: string | undefined;
  /** For an import that the adapter does not know: what `hint` returns. */
  readonly hint?: string | undefined;
}

/**
 * The context in which an adapter works while an instance is made. There is one for each life of an instance (the engine's
 * instance between two restarts).
 *
 * @category Details of adapters
 */
export interface ProvideContext {
  /** The instance being made. Its memory and exports can be used once it runs. */
  readonly instance: Instance;
  /** The module's shape. */
  readonly shape: Shape;
  /** The engine's module. */
  readonly module: WebAssembly.Module;
  /** The objects of the declared interface, if there is one. */
  readonly objects?: BoundObjects | undefined;
  /**
   * Returns the exports, for the adapter's own calls. Reading them from the instance would make each guarded call slower, as
   * if the user had read them. Errors: `not-ready`, `disposed`.
   */
  readonly exports: () => Readonly<Record<string, unknown>>;
  /**
   * Wraps a function of the module so that it runs under the trap policy, like those of `instance.guarded`. For functions
   * that are not exports, such as those of a table.
   *
   * @param name - Its name in errors: `"(table 5)"` for the function at the index 5.
   * @param call - The function.
   */
  readonly guard: (name: string, call: ExportedFunction) => ExportedFunction;
  /**
   * Wraps a function of the module that the engine calls later, as a microtask, a timer or the continuation of a promise, where
   * nobody can catch what it throws. An exception then rejects the asynchronous calls of the declared interface that have
   * begun; it is thrown if there are none. Once the life has ended, the function does nothing.
   *
   * @param call - The function.
   */
  readonly continuation: (call: ImportFunction) => ImportFunction;
  /**
   * Returns the user's function for an import with a meaning, such as `"console.log"`: from the option `importsByMeaning` or
   * `console`. The adapter calls it with JavaScript values, and with the receiver as `this` if there is one. Errors:
   * `invalid-option`.
   *
   * @param meaning - The meaning.
   * @returns The function; `undefined` if the user gave none.
   */
  readonly byMeaning?: ((meaning: string) => ImportFunction | undefined) | undefined;
  /** Reports a failure that no caller waits for, such as one during garbage collection: the option `warn`. */
  readonly warn: (message: string) => void;
  /** The ceilings that the user set. */
  readonly limits?: Limits | undefined;
  /** The allocator that the user named. */
  readonly allocator?: AllocatorNames | undefined;
}

/**
 * An instance's calling conventions, as its adapter knows them.
 *
 * @category Details of adapters
 */
export interface Convention {
  /** The names of its allocator. */
  readonly allocator?: AllocatorNames | undefined;
  /** The value that the functions of {@link Adapter.calling} receive as `life`. */
  readonly life?: unknown;
  /** The JavaScript values that the module knows by number. */
  readonly handles?: Handles;
  /** An export to call once, after the initializers that any module may have. */
  readonly initializer?: string;
  /**
   * Returns what `unwind` needs to restore the present state, such as the stack pointer. Called once the initializers have
   * ended, and before a guarded call if the state may have changed: inside another call, and before every call once the
   * caller holds a function of the module that is not guarded.
   */
  mark?(): unknown;
  /**
   * Cleans up after a call that threw, such as its part of the stack. Also called after a trap if `onTrap` is `"throw"` and
   * the instance goes on.
   *
   * @param mark - The value that `mark` returned.
   */
  unwind?(mark: unknown): void;
  /**
   * Whether `unwind` leaves a call's part of the stack there, because the module exports nothing that moves its stack pointer.
   * Then a trap after many exceptions says that the stack may be used up.
   */
  readonly losesStack?: boolean;
  /** The exports by which a caller changes what `mark` returns, for example to reserve room on the stack. */
  readonly stackExports?: readonly string[];
  /**
   * After a trap: the panic or abort that led to it, if there was one.
   *
   * @param error - The error that left the module.
   */
  takePanic?(error: unknown): string | Abort | undefined;
  /**
   * Lets the module register its functions, for toolchains whose modules do not export them. Called once per life, after
   * the initializers.
   *
   * @returns The registered functions, which become `instance.api` unless an interface was declared.
   */
  register?(): unknown;
  /**
   * Called when no guarded call can follow: a trap ended the life, another life begins, or the instance is disposed. What it
   * throws is ignored.
   *
   * @param refusal - Makes the error of a call that had begun and will not end, from the export's name.
   */
  ended?(refusal: (name: string) => Error): void;
}

/**
 * How a module says that it aborts, before it traps.
 *
 * @category Details of adapters
 */
export interface Abort {
  /** The reason. */
  readonly message: string;
  /** The place in the module's source. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
}

/**
 * The knowledge of one toolchain: how to recognize its modules, what their imports mean, and which conventions they follow.
 *
 * Several adapters may serve a module. Each import has the value of the first that provides it, in the order of the option
 * `adapters`; those of this library follow, and those that let functions wait are asked after the others. Exactly one sets the
 * convention.
 *
 * @example
 * ```ts
 * const game: Adapter = {
 *   name: "game-sdk",
 *   detect: (shape) =>
 *     shape.imports.some((i) => i.module === "game")
 *       ? { evidence: ["imports from game"] }
 *       : undefined,
 *   provide: (wanted) =>
 *     wanted.name === "now"
 *       ? { value: () => Date.now(), evidence: "the SDK's clock" }
 *       : undefined,
 *   attach: () => ({
 *     allocator: { alloc: "game_alloc", free: "game_free" },
 *   }),
 * };
 * ```
 * @category Adapters
 */
export interface Adapter {
  /** The toolchain's name. */
  readonly name: string;
  /**
   * Detects whether a module comes from this toolchain.
   *
   * @param shape - The module's shape.
   * @returns The evidence; `undefined` if it does not.
   */
  detect(shape: Shape): Evidence | undefined;
  /**
   * Returns this adapter with facts about a module: the option `known`, if that names this toolchain. Such an adapter serves
   * that module only. Errors: `invalid-option`, `unknown-option`.
   *
   * @param known - The facts, as the caller gave them.
   * @param isIdentified - Whether the caller also gave the module's fingerprint, so that the facts are of this very module.
   */
  withKnown?(known: Known, isIdentified: boolean): Adapter;
  /**
   * Fetches what the adapter needs for a module, in asynchronous calls. It runs before every other method except `detect`.
   * While the module streams, the shape may lack the sections at its end.
   *
   * @param shape - The module's shape.
   */
  prepare?(shape: Shape): Promise<void>;
  /**
   * Provides a value for an import that the user did not provide.
   *
   * @param wanted - The import.
   * @param context - The instance and the shape.
   * @returns The value and how its meaning is known; `undefined` if the adapter does not know the import.
   */
  provide(wanted: ImportShape, context: ProvideContext): Provided | undefined;
  /**
   * Lets a function wait. `provide` is then called when the module first calls the function, and the returned function when the
   * report of the import is read. Both must give the same answer at any time, whatever was asked before. It is not called where
   * the answer is needed while the instance is made, such as under `missing: "error"`; then `provide` is called immediately.
   *
   * @param wanted - The import, a function.
   * @param context - As for `provide`.
   * @returns A function that describes the import; `undefined` if it must not wait.
   */
  defer?(wanted: ImportShape, context: ProvideContext): (() => Deferred) | undefined;
  /**
   * Describes an import for which `provide` returned nothing. The text appears in the report and in the stub's error.
   *
   * @param wanted - The import.
   * @param context - As for `provide`.
   */
  hint?(wanted: ImportShape, context: ProvideContext): string | undefined;
  /**
   * Returns the conventions of an instance. Called once per life, before its initializers run. An adapter with neither `attach`
   * nor `calling` only provides imports, and serves beside the one that sets the convention.
   *
   * @param instance - The instance.
   * @param context - The object that `provide` received.
   */
  attach?(instance: Instance, context: ProvideContext): Convention;
  /**
   * Returns the calling convention of the module's functions, for declared interfaces. Without it they are called by the C
   * convention, unless the module's bytes show a toolchain with another one. In that case members that need a convention are
   * refused with `convention-unavailable`.
   *
   * @param shape - The module's shape.
   */
  calling?(shape: Shape): Calling;
  /**
   * Returns advice for users of this module. Called when the shape's `advice` is read.
   *
   * @param shape - The module's shape.
   */
  advise?(shape: Shape): readonly Advice[];
}
