import type { DeclaredType } from "./declared.ts";
import type { BufferType } from "./memory-types.ts";
import type { ImportShape } from "./shape.ts";
import type { ValueType, Word } from "./wasm.ts";

/**
 * How an import receives a value of a declared type as an argument. `Runtime` is the convention's state for one life.
 *
 * @category Details of calling conventions
 */
export interface Receiving<Runtime = unknown> {
  /** The words of the value. */
  readonly words: readonly ValueType[];
  /** A description of what the first word points to, if it must not be null. */
  readonly pointerTo: string | undefined;
  /**
   * Makes the value from words.
   *
   * @param life - The life of the instance that calls.
   * @param words - The words of the call.
   * @param at - Where the value's words begin.
   */
  lift(life: Runtime, words: readonly Word[], at: number): unknown;
  /** The same for a single word, if nothing but the word is needed. */
  readonly convert: ((word: Word) => unknown) | undefined;
  /** Writes changes of the value back. Absent if the module does not see them. */
  readonly finish: Finishing<Runtime>["finish"] | undefined;
}

/**
 * Writes changes of an argument back; see {@link Receiving.finish}.
 *
 * @category Details of calling conventions
 */
export interface Finishing<Runtime = unknown> {
  /**
   * Prepares to write changes back after the function has returned. What can fail does so here.
   *
   * @param life - The life.
   * @param value - The value that `lift` made.
   * @param words - The words of the call.
   * @param at - Where the value's words begin.
   * @returns A function that only writes.
   */
  finish(life: Runtime, value: unknown, words: readonly Word[], at: number): () => void;
}

/** A check of a value of the caller's, and the words that the value takes. */
interface Given {
  /** The words. */
  readonly words: readonly ValueType[];
  /** A description of accepted values, to follow "must be" in messages. */
  readonly expected: string;
  /** Copies the contents of a value, so that nothing is read twice. Absent if it has none. */
  readonly copy: ((value: unknown) => unknown) | undefined;
  /**
   * Finds the part of a copied value that is not accepted: where it is, as in `pos.x`, and its value. Absent if a value has no
   * parts.
   */
  readonly refused: ((value: unknown) => { readonly path: string; readonly value: unknown } | undefined) | undefined;
  /**
   * Whether a value can be returned.
   *
   * @param value - Anything.
   */
  accepts(value: unknown): boolean;
}

/**
 * How an import returns a value of a declared type.
 *
 * @category Details of calling conventions
 */
export interface Returning<Runtime = unknown> extends Given {
  /** Set if the value is copied to memory of the module's allocator. */
  readonly allocates: true | undefined;
  /**
   * Appends the words of a value.
   *
   * @param life - The life.
   * @param value - The accepted value.
   * @param words - The words so far.
   * @param later - Collects functions that free the memory allocated for it, unless the module does: they run when the
   *   function is called the next time.
   */
  lower(life: Runtime, value: unknown, words: Word[], later: (() => void)[]): void;
  /**
   * Set if the value is written as a whole to the address in the first parameter, without words. Otherwise its words are
   * written there if there are several.
   */
  readonly store: Storing<Runtime>["store"] | undefined;
  /** Set if the value itself is the only word. */
  readonly isSame: true | undefined;
}

/**
 * Writes a result as a whole; see {@link Returning.store}.
 *
 * @category Details of calling conventions
 */
export interface Storing<Runtime = unknown> {
  /**
   * Writes a value, or nothing of it if it throws.
   *
   * @param life - The life.
   * @param value - The accepted value.
   * @param address - Where it goes.
   * @param later - As for {@link Returning.lower}.
   */
  store(life: Runtime, value: unknown, address: number, later: (() => void)[]): void;
}

/**
 * How an import writes a value to where a parameter of the module points. Its words come from the module.
 *
 * @category Details of calling conventions
 */
export interface Filling<Runtime = unknown> extends Given {
  /** A description of what the word points to, which must not be null. */
  readonly pointerTo: string;
  /**
   * Reads the value that is there.
   *
   * @param life - The life.
   * @param words - The words of the call.
   * @param at - Where the words of the parameter begin.
   */
  read(life: Runtime, words: readonly Word[], at: number): unknown;
  /**
   * Prepares to write a value. What can fail does so here.
   *
   * @param life - The life.
   * @param value - The accepted value.
   * @param words - The words of the call.
   * @param at - Where the words of the parameter begin.
   * @returns A function that only writes.
   */
  prepare(life: Runtime, value: unknown, words: readonly Word[], at: number): () => void;
}

/**
 * How an import fills memory of the module, whose address is a parameter. The value is what is written.
 *
 * @category Details of calling conventions
 */
export interface Buffering<Runtime = unknown> extends Given {
  /**
   * Prepares to write a value. What can fail does so here.
   *
   * @param life - The life.
   * @param value - The accepted value.
   * @param address - The word of the parameter.
   * @param capacity - How many elements fit there.
   */
  prepare(life: Runtime, value: unknown, address: Word, capacity: number): Prepared;
}

/**
 * A value that is about to be written to a buffer.
 *
 * @category Details of calling conventions
 */
export interface Prepared {
  /** The number of elements that the module is told: without a terminating zero. */
  readonly count: number;
  /** The number of elements that it takes. */
  readonly needed: number;
  /** The number of elements that fit: none where the module gave null. */
  readonly capacity: number;
  /** Writes it. Called only if it fits. */
  readonly write: () => void;
}

/**
 * How the imports of a module are served with values, by the convention that its exports are called by.
 *
 * @category Details of calling conventions
 */
export interface Hosting<Runtime = unknown> {
  /**
   * Whether an import is the toolchain's own, so that it follows this convention unless a declaration says otherwise.
   *
   * @param wanted - The import.
   */
  owns(wanted: ImportShape): boolean;
  /**
   * Returns the ways to receive a type; none if it cannot be received. Never called for objects.
   *
   * @param type - The declared type.
   * @param consumes - Whether the module gives it away; `undefined` if that was not stated.
   */
  receivings(type: DeclaredType, consumes: boolean | undefined): readonly Receiving<Runtime>[];
  /**
   * Returns the ways to return a type; none if it cannot be returned. Never called for objects.
   *
   * @param type - The declared type.
   * @param owned - Whether the module frees it; `undefined` if that was not stated.
   */
  returnings(type: DeclaredType, owned: boolean | undefined): readonly Returning<Runtime>[];
  /**
   * Returns the ways to write a type to where a parameter points; none if there is none. Never called for objects.
   *
   * @param type - The declared type of the value.
   */
  fillings(type: DeclaredType): readonly Filling<Runtime>[];
  /**
   * Returns how a buffer is filled; `undefined` if the convention has none.
   *
   * @param type - The buffer.
   */
  buffer(type: BufferType): Buffering<Runtime> | undefined;
  /**
   * Explains why a type has no way, if there is more to say.
   *
   * @param type - The declared type.
   * @param use - How it is used.
   * @param stated - The option `consumes` for a parameter, and `owned` for the result.
   */
  refusal(type: DeclaredType, use: "parameter" | "result" | "output", stated: boolean | undefined): string | undefined;
  /** Whether an object of the interface can be lent to an import or by it; otherwise it can only be given away. */
  readonly lendsObjects: boolean;
  /** Hands an exception to the module. Absent if the module has no way to receive one. */
  readonly hand: Handing<Runtime>["hand"] | undefined;
}

/**
 * Hands exceptions to the module; see {@link Hosting.hand}.
 *
 * @category Details of calling conventions
 */
export interface Handing<Runtime = unknown> {
  /**
   * Hands an exception to the module.
   *
   * @param life - The life.
   * @param error - The exception.
   */
  hand(life: Runtime, error: unknown): void;
}
