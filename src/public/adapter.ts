import type { BoundObjects, Calling } from "./calling.ts";
import type { ExportedFunction } from "./exports.ts";
import type { Handles } from "./handles.ts";
import type { ImportValue, Limits } from "./imports.ts";
import type { Instance } from "./instance.ts";
import type { Advice, ImportShape, Shape } from "./shape.ts";

/** The names of a module's own allocator functions, where they follow no known convention. */
export interface AllocatorNames {
  /** The export that allocates: `(size)` or `(size, align)`, returning an address. */
  readonly alloc: string;
  /** The export that frees: `(address)`, `(address, size)` or `(address, size, align)`. */
  readonly free?: string;
}

/** Why an adapter believes a module to be its own. */
export interface Evidence {
  /** The toolchain's version, where the module tells. */
  readonly version?: string;
  /** What in the module says so, in words; the strongest first. */
  readonly evidence: readonly string[];
}

/** What an adapter gives for an import. */
export interface Provided {
  /** The import's value. */
  readonly value: ImportValue;
  /** How the import's meaning is known, in words. */
  readonly evidence: string;
}

/** What an adapter has at hand while an instance is made: one such object for each life of an instance. */
export interface ProvideContext {
  /** The instance in the making: its memory and exports can be used once it runs. */
  readonly instance: Instance;
  /** The module's shape. */
  readonly shape: Shape;
  /** The engine's module. */
  readonly module: WebAssembly.Module;
  /** The objects of the declared interface, where there is one. */
  readonly objects?: BoundObjects | undefined;
  /**
   * Returns the exports, for the adapter's own calls: reading them from the instance makes each guarded call slower, as if
   * the user had. Errors: `not-ready`, `disposed`.
   */
  readonly exports: () => Readonly<Record<string, unknown>>;
  /**
   * Makes a function of the module one that runs under the trap policy, as those of `instance.guarded` do. For functions
   * that are no exports, such as those of a table.
   *
   * @param name - What errors call it: `"(table 5)"` for the function at the index 5.
   * @param call - The function.
   */
  readonly guard: (name: string, call: ExportedFunction) => ExportedFunction;
  /** Tells the user what went wrong where nobody waits, as when something was collected: the option `warn`. */
  readonly warn: (message: string) => void;
  /** The ceilings that the user set. */
  readonly limits?: Limits | undefined;
  /** The allocator that the user named. */
  readonly allocator?: AllocatorNames | undefined;
}

/** What an adapter knows of an instance's calling conventions. */
export interface Convention {
  /** The names of its allocator. */
  readonly allocator?: AllocatorNames | undefined;
  /** What the functions of {@link Adapter.calling} receive as `life`. */
  readonly life?: unknown;
  /** The values that it knows by number. */
  readonly handles?: Handles;
  /** An export to call once, after the initializers that every module may have. */
  readonly initializer?: string;
  /**
   * Returns what `unwind` needs to go back to the present state, such as the stack pointer. Called once the initializers
   * have ended, and before a guarded call where the state may be another: inside another call, and before each as soon
   * as the caller holds a function of the module that is not guarded.
   */
  mark?(): unknown;
  /**
   * Sets right what a call that threw has left behind, such as its part of the stack. Called also after a trap, where
   * `onTrap` is `"throw"` and the instance goes on.
   *
   * @param mark - What `mark` returned.
   */
  unwind?(mark: unknown): void;
  /** The exports with which a caller changes what `mark` returns, as when it makes room on the stack. */
  readonly stackExports?: readonly string[];
  /** After a trap: the message of the panic that led to it, if there was one. */
  takePanic?(): string | undefined;
}

/**
 * The knowledge of one toolchain: how to tell its modules, what their imports mean, which conventions they follow.
 *
 * @example
 * ```ts
 * const game: Adapter = {
 *   name: "game-sdk",
 *   detect: (shape) => (shape.imports.some((i) => i.module === "game") ? { evidence: ["imports from game"] } : undefined),
 *   provide: (wanted) => (wanted.name === "now" ? { value: () => Date.now(), evidence: "the SDK's clock" } : undefined),
 *   attach: () => ({ allocator: { alloc: "game_alloc", free: "game_free" } }),
 * };
 * ```
 */
export interface Adapter {
  /** The toolchain's name. */
  readonly name: string;
  /**
   * Tells whether a module is of this toolchain.
   *
   * @param shape - The module's shape.
   * @returns Why it is; `undefined` if it is not.
   */
  detect(shape: Shape): Evidence | undefined;
  /**
   * Fetches what the adapter needs for a module, in calls that can wait: before anything else is asked of it, except
   * `detect`. While the module streams, the shape may lack the sections at its end.
   *
   * @param shape - The module's shape.
   */
  prepare?(shape: Shape): Promise<void>;
  /**
   * Gives a value for an import that the user has not given.
   *
   * @param wanted - The import.
   * @param context - The instance and the shape.
   * @returns The value and how its meaning is known; `undefined` if the adapter does not know the import.
   */
  provide(wanted: ImportShape, context: ProvideContext): Provided | undefined;
  /**
   * Tells what is known of an import that `provide` gave nothing for. It stands in the report and in the error of the stub.
   *
   * @param wanted - The import.
   * @param context - As for `provide`.
   */
  hint?(wanted: ImportShape, context: ProvideContext): string | undefined;
  /**
   * Tells the conventions of an instance, once per life and before its initializers run.
   *
   * @param instance - The instance.
   * @param context - The object that `provide` received.
   */
  attach(instance: Instance, context: ProvideContext): Convention;
  /**
   * Tells how the module's functions are called, for declared interfaces. Without it they are called by C's convention, unless
   * the module's bytes show a toolchain that has another: then what needs a convention is refused with `convention-unavailable`.
   *
   * @param shape - The module's shape.
   */
  calling?(shape: Shape): Calling;
  /**
   * Tells what a user of this module should know.
   *
   * @param shape - The module's shape.
   */
  advise?(shape: Shape): readonly Advice[];
}
