import type { DeclaredType, ObjectType, OwnedType } from "./declared.ts";
import type { ExportedFunction } from "./exports.ts";
import type { Instance } from "./instance.ts";
import type { FunctionType, ValueType } from "./wasm.ts";

/** A value as it crosses the border: what a WebAssembly function takes or returns. */
export type Word = unknown;

/**
 * How a value of a declared type is passed to the module. `Runtime` is what the
 * convention keeps of one life of an instance.
 */
export interface Lowering<Runtime = unknown> {
  /** The words that it takes. */
  readonly words: readonly ValueType[];
  /** What it must be, in words that stand after "must be". */
  readonly expected: string;
  /**
   * Reads what is inside a value, as the items of an array: what is accepted and lowered is what it returns, so that nothing
   * of the caller's is asked twice. Absent where nothing is inside. What it throws refuses the value.
   *
   * @param value - Anything.
   */
  readonly copy: ((value: unknown) => unknown) | undefined;
  /**
   * Whether a value can be passed. It is asked of all arguments of a call before any is lowered.
   *
   * @param value - Anything.
   */
  accepts(value: unknown): boolean;
  /**
   * Appends the words of a value.
   *
   * @param life - The life of the instance that is called.
   * @param value - What was accepted.
   * @param words - The words so far.
   * @param later - Takes what is to be done after the call, also after one that throws.
   */
  lower(life: Runtime, value: unknown, words: Word[], later: (() => void)[]): void;
  /**
   * Takes back what was lowered, for a call that is not made because a later argument could not be lowered. Absent where
   * nothing was given to the module, or `later` takes it back.
   *
   * @param life - The life of the instance.
   * @param words - The words of the call.
   * @param at - Where those of the value begin.
   */
  readonly undo: Undoing<Runtime>["undo"] | undefined;
  /** Set where the value is the only word, as it is. */
  readonly isSame: true | undefined;
  /** Set where what is passed is allocated for the call with the module's allocator. */
  readonly allocates: true | undefined;
  /** Set where nothing is passed: the words point to room, which the module writes to and the caller receives. */
  readonly out: Room<Runtime> | undefined;
  /**
   * The same as `lower` for two words and nothing to be done later, without a list: the first word, and then the second,
   * which `life` keeps until it is asked for.
   */
  readonly pair: WordPair<Runtime> | undefined;
}

/** Takes a value back; see {@link Lowering.undo}. */
export interface Undoing<Runtime = unknown> {
  /**
   * Takes back what was lowered.
   *
   * @param life - The life of the instance.
   * @param words - The words of the call.
   * @param at - Where those of the value begin.
   */
  undo(life: Runtime, words: readonly Word[], at: number): void;
}

/** How a value is passed as two words. */
export interface WordPair<Runtime = unknown> {
  /**
   * Returns the first word, and keeps the second.
   *
   * @param life - The life of the instance that is called.
   * @param value - What was accepted.
   */
  first(life: Runtime, value: unknown): Word;
  /**
   * Returns the second word.
   *
   * @param life - The life of the instance that is called.
   */
  second(life: Runtime): Word;
}

/** Room that the module writes to during a call. */
export interface Room<Runtime = unknown> {
  /** Bytes. */
  readonly size: number;
  /** Where each word points, from the room's start. */
  readonly pointers: readonly number[];
  /**
   * Makes the value of what was written.
   *
   * @param life - The life of the instance that was called.
   * @param address - Where the room starts.
   */
  read(life: Runtime, address: number): unknown;
}

/** A value that the module writes where it is told to. */
export interface Written<Runtime = unknown> {
  /** How much room it takes, in bytes. */
  readonly size: number;
  /** Its alignment. */
  readonly align: number;
  /**
   * Makes the value of what was written.
   *
   * @param life - The life of the instance that was called.
   * @param address - Where it was written.
   */
  read(life: Runtime, address: number): unknown;
}

/** How a value of a declared type is received from the module. */
export interface Lifting<Runtime = unknown> {
  /** The words that it takes among several results. */
  readonly words: readonly ValueType[];
  /** The one word that it is as the only result, where that differs from `words`; empty where there is none. */
  readonly alone: readonly ValueType[] | undefined;
  /** Where it is written by the module: how much room that takes, in bytes. Absent where the words are written one after the other. */
  readonly stored: Written<Runtime> | undefined;
  /**
   * Makes the value of words.
   *
   * @param life - The life of the instance that was called.
   * @param words - What the module returned.
   * @param at - Where the value's words begin.
   * @param isAlone - Whether the words are those of `alone`.
   */
  lift(life: Runtime, words: readonly Word[], at: number, isAlone: boolean): unknown;
  /** What the first word is the address of, where it must not be null. */
  readonly pointerTo: string | undefined;
  /** The same for the only word, where that takes no more than the word itself. */
  readonly convert: ((word: Word) => unknown) | undefined;
}

/** What names an export: a member of an interface, or what frees the objects of a class. */
export interface DeclaredName {
  /** What it is. */
  readonly kind:
    "function" | "constructor" | "method" | "static" | "getter" | "setter" | "field-get" | "field-set" | "free";
  /** The class that it belongs to; absent for a function. */
  readonly class: string | undefined;
  /** What the names of the class's exports begin with, where that was stated. */
  readonly prefix: string | undefined;
  /** Its name; empty for `free`. */
  readonly name: string;
}

/** The objects of an interface, for values that have them inside. */
export interface InnerObjects {
  /**
   * The object at an address.
   *
   * @param type - Its class, and whether it is given away.
   * @param address - Where it lives.
   */
  lift(type: ObjectType | OwnedType, address: number): object;
  /**
   * The address of an object. Errors: `object-unusable`.
   *
   * @param type - Its class, and whether it is given away.
   * @param value - The object.
   * @param later - Takes what ends the use of an object that is lent. Without it the use has no end that is known.
   */
  lower(type: ObjectType | OwnedType, value: unknown, later?: (() => void)[]): number;
}

/** One life of an instance, as it begins. */
export interface LifeContext {
  /** The instance of this life. */
  readonly instance: Instance;
  /** Its exports, as the engine made them. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** The objects of the interface. */
  readonly objects: InnerObjects;
  /**
   * Makes a function of the module that is no export one that runs under the trap policy.
   *
   * @param name - What errors call it: `"(table 5)"` for the function at the index 5.
   * @param call - The function.
   */
  readonly guard: (name: string, call: ExportedFunction) => ExportedFunction;
}

/** How the functions of a toolchain's modules are called. It depends on the module alone, and serves all its instances. */
export interface Calling<Runtime = unknown> {
  /** What the convention is called in messages, as in `"wasm-bindgen"`. */
  readonly name: string;
  /**
   * The export names that something declared may have, the likeliest first.
   *
   * @param declared - What was declared.
   */
  exportNames(declared: DeclaredName): readonly string[];
  /**
   * The ways in which a type can be passed to the module, the usual first; none where it cannot. Objects are not asked for.
   *
   * @param type - The declared type.
   * @param owned - As for `liftings`, for what the module writes where a parameter points.
   */
  lowerings(type: DeclaredType, owned?: boolean | string): readonly Lowering<Runtime>[];
  /**
   * The ways in which a type can be received from the module; none where it cannot. Objects are not asked for.
   *
   * @param type - The declared type.
   * @param owned - Whether what it points to is the caller's to free, where the convention leaves that open; the name of
   *   an export that frees it.
   */
  liftings(type: DeclaredType, owned: boolean | string): readonly Lifting<Runtime>[];
  /**
   * Why a type cannot be passed or received, where more is to be said than that there is no way. Absent or `undefined`
   * otherwise.
   *
   * @param type - The declared type.
   */
  readonly refusal: ((type: DeclaredType) => string | undefined) | undefined;
  /**
   * Whether an export can free what a function returned. Absent where the convention leaves nothing open.
   *
   * @param name - The export.
   */
  readonly canFree: ((name: string) => boolean) | undefined;
  /**
   * Whether what a function returns always is the caller's, freed with the module's own allocator: then neither `owned: false`
   * nor `free` can be declared of it. `undefined` where the declaration says whose it is.
   */
  readonly givesAway: boolean | undefined;
  /**
   * Begins a life of an instance. Where it is absent, a life is what the adapter's convention says.
   *
   * @param context - The instance.
   * @returns What the other functions receive as `life`.
   */
  readonly begin: ((context: LifeContext) => Runtime) | undefined;
  /** The type of an address. */
  readonly address: "i32" | "i64";
  /** Under which property an object has its address, where the module looks for it there. */
  readonly addressKey: string | undefined;
  /** Whether results can end in two more words: an error, and whether there is one. */
  readonly hasErrors: boolean;
  /** Whether the module can write results to room that the caller takes. Default true. */
  readonly hasAreas: boolean | undefined;
  /** Whether a constructor may write into storage that the caller gives it. */
  readonly hasInPlace: boolean;
  /** The parameters that a function which frees an object may have after its address, and what is passed for them. */
  readonly freeing: readonly {
    readonly type: FunctionType;
    readonly words: readonly Word[];
    /** Set where the module itself frees an object only after the calls that use it. */
    readonly waits: true | undefined;
  }[];
  /** Set where `takeArea` needs the module's allocator. */
  readonly areaAllocates: boolean | undefined;
  /**
   * Set where functions free what they are given, so that no allocator but the module's own will do: whether the module has
   * one. Without it no function takes what has to be allocated.
   */
  readonly ownAllocator: boolean | undefined;
  /** The names that this allocator may have, for messages. */
  readonly allocators: readonly string[] | undefined;
  /**
   * Takes room for results that the module writes.
   *
   * @param life - The life of the instance.
   * @param size - Bytes.
   * @returns The room's address.
   */
  takeArea(life: Runtime, size: number): number;
  /**
   * Gives room for results back.
   *
   * @param life - The life of the instance.
   * @param address - What `takeArea` returned.
   * @param size - Bytes.
   * @param hasThrown - Whether the call threw, and may have left more behind.
   */
  giveArea(life: Runtime, address: number, size: number, hasThrown: boolean): void;
  /**
   * The value that an error word stands for.
   *
   * @param life - The life of the instance.
   * @param word - The error word.
   */
  takeError(life: Runtime, word: Word): unknown;
}

/** The objects of an interface, for an adapter whose module makes and takes them in its imports. */
export interface BoundObjects {
  /**
   * The object of a class at an address; the module has given it away. `undefined` for a class that is not declared.
   *
   * @param className - The class, as the module's names have it.
   * @param address - Where it lives.
   */
  wrap(className: string, address: number): object | undefined;
  /**
   * The address of an object that is given to the module; 0 for anything else.
   *
   * @param className - The class, as the module's names have it.
   * @param value - Anything.
   */
  unwrap(className: string, value: unknown): number;
}
