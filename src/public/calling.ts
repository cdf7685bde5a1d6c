import type { DeclaredType } from "./declared.ts";
import type { Announcing, Holding } from "./holding.ts";
import type { Hosting } from "./hosting.ts";
import type { LifeContext } from "./life-context.ts";
import type { FunctionType, ValueType, Word } from "./wasm.ts";

/**
 * How a value of a declared type is passed to the module. `Runtime` is the state that the calling convention keeps for one
 * life of an instance.
 *
 * @category Details of calling conventions
 */
export interface Lowering<Runtime = unknown> {
  /** The words that the value takes. */
  readonly words: readonly ValueType[];
  /** A description of accepted values, to follow "must be" in messages. */
  readonly expected: string;
  /**
   * Copies the contents of a value, such as the items of an array. The copy is what is checked and lowered, so that nothing
   * of the caller's is read twice. Absent if the value has no contents. If it throws, the value is refused.
   *
   * @param value - Anything.
   */
  readonly copy: ((value: unknown) => unknown) | undefined;
  /**
   * Whether a value can be passed. All arguments of a call are checked before any is lowered.
   *
   * @param value - Anything.
   */
  accepts(value: unknown): boolean;
  /**
   * Finds the part of a value that is refused, such as a field of a record, for the message. Absent if a value has no parts.
   *
   * @param value - The copy of a value that is not accepted.
   * @returns Where the part is, as in `"pos.x"`, and what it is; `undefined` if the value is refused as a whole.
   */
  readonly refused: ((value: unknown) => { readonly path: string; readonly value: unknown } | undefined) | undefined;
  /**
   * Appends the words of a value.
   *
   * @param life - The life of the instance that is called.
   * @param value - The accepted value.
   * @param words - The words so far.
   * @param later - Collects functions to run after the call, even if it throws.
   */
  lower(life: Runtime, value: unknown, words: Word[], later: (() => void)[]): void;
  /**
   * Takes back a lowered value when the call is not made because a later argument could not be lowered. Absent if nothing
   * was given to the module, or if `later` takes it back.
   *
   * @param life - The life of the instance.
   * @param words - The words of the call.
   * @param at - Where the words of the value begin.
   */
  readonly undo: Undoing<Runtime>["undo"] | undefined;
  /** Set if the value itself is the only word. */
  readonly isSame: true | undefined;
  /** Set if the value is copied to memory that the module's allocator provides for the call. */
  readonly allocates: true | undefined;
  /** Set for an out or in-out parameter: the words point to room that the module writes to and the caller receives. */
  readonly out: Room<Runtime> | undefined;
  /**
   * Set for a value that the caller may leave out at the end of a call, if the module is told how many arguments it gets; see
   * {@link Calling.announce}.
   */
  readonly needsCount: true | undefined;
  /** Set for memory that the module fills and the caller receives: the value is its capacity, its first word the address. */
  readonly filled: Filled<Runtime> | undefined;
  /**
   * The same as `lower`, without a list, for two words and nothing to do later: it returns the first word, then the second,
   * which `life` keeps until then.
   */
  readonly pair: WordPair<Runtime> | undefined;
}

/**
 * Takes a value back; see {@link Lowering.undo}.
 *
 * @category Details of calling conventions
 */
export interface Undoing<Runtime = unknown> {
  /**
   * Takes back a lowered value.
   *
   * @param life - The life of the instance.
   * @param words - The words of the call.
   * @param at - Where the words of the value begin.
   */
  undo(life: Runtime, words: readonly Word[], at: number): void;
}

/**
 * How a value is passed as two words.
 *
 * @category Details of calling conventions
 */
export interface WordPair<Runtime = unknown> {
  /**
   * Returns the first word and keeps the second.
   *
   * @param life - The life of the instance that is called.
   * @param value - The accepted value.
   */
  first(life: Runtime, value: unknown): Word;
  /**
   * Returns the second word.
   *
   * @param life - The life of the instance that is called.
   */
  second(life: Runtime): Word;
}

/**
 * Room that the module writes to during a call.
 *
 * @category Details of calling conventions
 */
export interface Room<Runtime = unknown> {
  /** Bytes. */
  readonly size: number;
  /** The offset that each word points to, from the room's start. */
  readonly pointers: readonly number[];
  /** A description of what the first pointer in the room points to, if it must not be null. */
  readonly pointerTo: string | undefined;
  /** Set for an in-out parameter: writes the caller's value before the call. */
  readonly write: Writing<Runtime>["write"] | undefined;
  /**
   * Makes the value from the written bytes.
   *
   * @param life - The life of the instance that was called.
   * @param address - Where the room starts.
   */
  read(life: Runtime, address: number): unknown;
}

/**
 * Writes a value; see {@link Room.write}.
 *
 * @category Details of calling conventions
 */
export interface Writing<Runtime = unknown> {
  /**
   * Writes a value to room.
   *
   * @param life - The life of the instance that is called.
   * @param address - Where the room starts.
   * @param value - The accepted value.
   */
  write(life: Runtime, address: number, value: unknown): void;
}

/**
 * Memory that the module fills during a call.
 *
 * @category Details of calling conventions
 */
export interface Filled<Runtime = unknown> {
  /**
   * Makes the value from what was written.
   *
   * @param life - The life of the instance that was called.
   * @param address - The word of the address.
   * @param count - The number of elements written, at most the capacity.
   */
  read(life: Runtime, address: Word, count: number): unknown;
  /** Whether it is text, which takes one element more for its terminating zero. */
  readonly isText: boolean;
  /**
   * Whether a text's terminating zero is the last of `count` elements.
   *
   * @param life - The life of the instance that was called.
   * @param address - The word of the address.
   * @param count - The number of elements written, at most the capacity.
   */
  isEnded(life: Runtime, address: Word, count: number): boolean;
}

/**
 * A value that the module writes to an address it is given.
 *
 * @category Details of calling conventions
 */
export interface Written<Runtime = unknown> {
  /** Its size in bytes. */
  readonly size: number;
  /** Its alignment. */
  readonly align: number;
  /**
   * Makes the value from the written bytes.
   *
   * @param life - The life of the instance that was called.
   * @param address - Where it was written.
   */
  read(life: Runtime, address: number): unknown;
}

/**
 * How a value of a declared type is received from the module.
 *
 * @category Details of calling conventions
 */
export interface Lifting<Runtime = unknown> {
  /** The words of the value when it is one of several results. */
  readonly words: readonly ValueType[];
  /** The word of the value when it is the only result, if that differs from `words`; empty if it then takes no word. */
  readonly alone: readonly ValueType[] | undefined;
  /** The layout of the value when the module writes it to memory. Absent if its words are written one after the other. */
  readonly stored: Written<Runtime> | undefined;
  /**
   * Makes the value from words.
   *
   * @param life - The life of the instance that was called.
   * @param words - The words that the module returned.
   * @param at - Where the value's words begin.
   * @param isAlone - Whether the words are those of `alone`.
   */
  lift(life: Runtime, words: readonly Word[], at: number, isAlone: boolean): unknown;
  /** A description of what the first word points to, if it must not be null. */
  readonly pointerTo: string | undefined;
  /** The same as `lift` for a single word, if nothing but the word is needed. */
  readonly convert: ((word: Word) => unknown) | undefined;
}

/**
 * The declared name of an export: a member, or what frees an object, or returns its object of the class that it extends.
 *
 * @category Details of calling conventions
 */
export interface DeclaredName {
  /** The kind of export. */
  readonly kind:
    | "function"
    | "constructor"
    | "method"
    | "static"
    | "getter"
    | "setter"
    | "field-get"
    | "field-set"
    | "free"
    | "upcast";
  /** The class that it belongs to; `undefined` for a function. */
  readonly class: string | undefined;
  /** The stated prefix of the class's export names, if any. */
  readonly prefix: string | undefined;
  /** Its name. It is empty for `free`; for `upcast` it is the prefix or the name of the other class. */
  readonly name: string;
}

/**
 * The calling convention of a toolchain's modules. It depends on the module alone and serves all its instances.
 *
 * @category Details of calling conventions
 */
export interface Calling<Runtime = unknown> {
  /** The name of the convention in messages, such as `"wasm-bindgen"`. */
  readonly name: string;
  /**
   * Returns the possible export names of a declaration, the likeliest first.
   *
   * @param declared - The declaration.
   */
  exportNames(declared: DeclaredName): readonly string[];
  /**
   * Returns the ways to pass a type to the module, the usual one first; none if it cannot be passed. Never called for
   * objects.
   *
   * @param type - The declared type.
   * @param owned - As for `liftings`, for an out parameter's value.
   */
  lowerings(type: DeclaredType, owned?: boolean | string): readonly Lowering<Runtime>[];
  /**
   * Returns the ways to receive a type from the module; none if it cannot be received. Never called for objects.
   *
   * @param type - The declared type.
   * @param owned - Whether the caller must free what it points to, if the convention leaves that open; or the name of an
   *   export that frees it.
   */
  liftings(type: DeclaredType, owned: boolean | string): readonly Lifting<Runtime>[];
  /**
   * Explains why a type cannot be passed or received, if there is more to say than that there is no way. Absent or
   * `undefined` otherwise.
   *
   * @param type - The declared type.
   */
  readonly refusal: ((type: DeclaredType) => string | undefined) | undefined;
  /**
   * Whether an export can free the result of a function. Absent if the convention leaves nothing open.
   *
   * @param name - The export.
   */
  readonly canFree: ((name: string) => boolean) | undefined;
  /**
   * Whether the caller always owns the result of a function and frees it with the module's own allocator. Then neither
   * `owned: false` nor `free` can be declared. `undefined` if the declaration names the owner.
   */
  readonly givesAway: boolean | undefined;
  /**
   * Begins a life of an instance. If it is absent, `life` comes from the adapter's convention.
   *
   * @param context - The instance.
   * @returns The value that the other functions receive as `life`.
   */
  readonly begin: ((context: LifeContext) => Runtime) | undefined;
  /** The type of an address. */
  readonly address: "i32" | "i64";
  /** The property that holds the address of an object, if the module looks for it there. */
  readonly addressKey: string | undefined;
  /**
   * Set if the module keeps its objects in boxes of its own, for example with a count of borrows. A function of another
   * convention then cannot use an object by its address.
   */
  readonly boxesObjects: true | undefined;
  /** Whether two words can follow the results: an error, and whether there is one. */
  readonly hasErrors: boolean;
  /** Set if exports return promises themselves. Otherwise the engine suspends those declared so, and makes the promises. */
  readonly hasPromises: true | undefined;
  /** Whether the module can write results to room that the caller reserves. Default true. */
  readonly hasAreas: boolean | undefined;
  /** Whether a constructor may write into storage that the caller provides. */
  readonly hasInPlace: boolean;
  /** The parameters that may follow the address in a function that frees an object, and the words to pass for them. */
  readonly freeing: readonly {
    readonly type: FunctionType;
    readonly words: readonly Word[];
    /** Set if the module itself frees an object only after the calls that use it. */
    readonly waits: true | undefined;
  }[];
  /** Set if `takeArea` needs the module's allocator. */
  readonly areaAllocates: boolean | undefined;
  /**
   * Set if functions free their arguments, so that only the module's own allocator will do: whether the module has one.
   * Without it, values that must be allocated cannot be passed.
   */
  readonly ownAllocator: boolean | undefined;
  /** The names that this allocator may have, for messages. */
  readonly allocators: readonly string[] | undefined;
  /**
   * Reserves room for results that the module writes.
   *
   * @param life - The life of the instance.
   * @param size - Bytes.
   * @returns The room's address.
   */
  takeArea(life: Runtime, size: number): number;
  /**
   * Releases room for results.
   *
   * @param life - The life of the instance.
   * @param address - The address that `takeArea` returned.
   * @param size - Bytes.
   * @param hasThrown - Whether the call threw, and may have left more behind.
   */
  giveArea(life: Runtime, address: number, size: number, hasThrown: boolean): void;
  /**
   * Returns the value of an error word.
   *
   * @param life - The life of the instance.
   * @param word - The error word.
   */
  takeError(life: Runtime, word: Word): unknown;
  /** Whether types can state the class that their values are made with, as `classId`. */
  readonly hasClassIds?: boolean | undefined;
  /**
   * Whether an export is a constructor that takes null before its arguments, for an object that it is to allocate.
   *
   * @param name - The export.
   */
  readonly takesNull?: ((name: string) => boolean) | undefined;
  /** Tells the module how many arguments the next call has. Absent if functions have no optional parameters. */
  readonly announce?: Announcing<Runtime>["announce"] | undefined;
  /** How objects are kept alive that a collector would free. Absent without a collector. */
  readonly holding?: Holding<Runtime> | undefined;
  /** How imports are served with values, for `t.host`. Absent if the convention serves none. */
  readonly hosting?: Hosting<Runtime> | undefined;
}

/**
 * The objects of an interface, for an adapter whose module passes and receives them in its imports.
 *
 * @category Details of adapters
 */
export interface BoundObjects {
  /**
   * Returns the object of a class at an address that the module has given away; `undefined` for a class that is not
   * declared.
   *
   * @param className - The class, spelled as in the module's names.
   * @param address - Where it lives.
   */
  wrap(className: string, address: number): object | undefined;
  /**
   * Returns the address of an object that is given to the module; 0 for anything else.
   *
   * @param className - The class, spelled as in the module's names.
   * @param value - Anything.
   */
  unwrap(className: string, value: unknown): number;
}
