/**
 * An address or a length in bytes. Whatever takes one accepts `number` and `bigint` in any memory, and whatever
 * returns one returns a `number` (a memory is always smaller than 2^53 bytes). In a 32-bit memory a negative number
 * is read as the unsigned 32-bit value that the module meant, since its exports return addresses above 2 GiB so.
 */
export type Address = number | bigint;

/** How text is stored. `"utf-16"` is little-endian, as everything in a memory is. */
export type StringEncoding = "utf-8" | "utf-16";

/**
 * What tells where stored text ends: `"nul"` a zero code unit after it, and `"u8"`, `"u16"`, `"u32"` an unsigned
 * little-endian count of code units before it (bytes for UTF-8, 16-bit units for UTF-16).
 */
export type StringLayout = "nul" | "u8" | "u16" | "u32";

/** How to read text. */
export interface ReadStringOptions {
  /** How it is stored. Default `"utf-8"`. */
  readonly encoding?: StringEncoding;
  /** Whether invalid UTF-8, or a lone surrogate in UTF-16, is the error `invalid-string`. Default false: invalid UTF-8 is read as U+FFFD, a lone surrogate is kept. */
  readonly fatal?: boolean;
}

/** How to write text. */
export interface WriteStringOptions {
  /** How to store it. Default `"utf-8"`. */
  readonly encoding?: StringEncoding;
  /** Whether a lone surrogate is the error `invalid-string`. Default false: UTF-8 stores U+FFFD for it, UTF-16 keeps it. */
  readonly fatal?: boolean;
  /** What marks its end. Default: nothing. */
  readonly layout?: StringLayout;
}

/** A piece of memory: where it is and how long. */
export interface Allocation {
  /** Where it starts, in bytes. */
  readonly address: number;
  /** How long it is, in bytes; for text, without its terminator or prefix. */
  readonly length: number;
}

/**
 * Allocations that are freed together. Made by {@link Memory.arena}.
 *
 * @example
 * ```ts
 * using arena = wasm.memory.arena();
 * const text = arena.string("hello");
 * wasm.exports.print(text.address, text.length);
 * ```
 */
export interface Arena {
  /**
   * Allocates memory that the arena frees. Errors: as {@link Memory.alloc}, and `disposed` after the arena's end.
   *
   * @param size - Bytes.
   * @param align - A power of two; default 8.
   */
  alloc(size: number, align?: number): number;
  /**
   * Allocates memory and copies bytes into it.
   *
   * @param data - A buffer, or any view of one.
   * @param align - A power of two; default 8.
   */
  bytes(data: ArrayBuffer | SharedArrayBuffer | ArrayBufferView, align?: number): Allocation;
  /**
   * Allocates memory and writes text into it.
   *
   * @param text - The text.
   * @param options - As for {@link Memory.allocString}.
   */
  string(text: string, options?: WriteStringOptions): Allocation;
  /**
   * Hands an allocation over: the arena will not free it, because the module now owns it. Includes
   * {@link Memory.release}.
   *
   * @param address - What `alloc`, `bytes` or `string` returned.
   */
  release(address: Address): void;
  /** Frees everything. A second call does nothing. */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * A linear memory. Views are made afresh whenever the memory has grown, so read them from here at each use and do not
 * keep them across calls into the module.
 *
 * @example
 * ```ts
 * const sum = wasm.memory.f64.subarray(address / 8, address / 8 + 4).reduce((a, b) => a + b);
 * ```
 */
export interface Memory {
  /** The engine's own object. */
  readonly raw: WebAssembly.Memory;
  /** The current buffer; growth replaces it. */
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** Its size in bytes. */
  readonly byteLength: number;
  /** The memory as signed 8-bit integers. */
  readonly i8: Int8Array;
  /** The memory as bytes. */
  readonly u8: Uint8Array;
  /** The memory as signed 16-bit integers; index = address / 2. */
  readonly i16: Int16Array;
  /** The memory as unsigned 16-bit integers; index = address / 2. */
  readonly u16: Uint16Array;
  /** The memory as signed 32-bit integers; index = address / 4. */
  readonly i32: Int32Array;
  /** The memory as unsigned 32-bit integers; index = address / 4. */
  readonly u32: Uint32Array;
  /** The memory as signed 64-bit integers; index = address / 8. */
  readonly i64: BigInt64Array;
  /** The memory as unsigned 64-bit integers; index = address / 8. */
  readonly u64: BigUint64Array;
  /** The memory as 32-bit floats; index = address / 4. */
  readonly f32: Float32Array;
  /** The memory as 64-bit floats; index = address / 8. */
  readonly f64: Float64Array;
  /** The memory for reads and writes at any alignment; pass `true` for little-endian. */
  readonly view: DataView;

  /**
   * Grows the memory. Errors: `limit-exceeded` above its maximum or what the engine can provide.
   *
   * @param pages - How many pages to add.
   * @returns How many there were.
   */
  grow(pages: Address): number;
  /**
   * Copies bytes out. Errors: `out-of-bounds`.
   *
   * @param address - Where they start.
   * @param length - How many.
   */
  read(address: Address, length: Address): Uint8Array<ArrayBuffer>;
  /**
   * Copies bytes in. Errors: `out-of-bounds`, and then nothing is written.
   *
   * @param address - Where they go.
   * @param data - A buffer, or any view of one.
   */
  write(address: Address, data: ArrayBuffer | SharedArrayBuffer | ArrayBufferView): void;
  /**
   * Reads text. Errors: `out-of-bounds` (also where no terminator comes), `invalid-string` under `fatal`.
   *
   * @param address - Where the text, or its count for the layouts `"u8"`, `"u16"`, `"u32"`, starts.
   * @param length - Its length in bytes, or the layout that tells it. Default `"nul"`.
   * @param options - Encoding and strictness.
   * @example
   * ```ts
   * wasm.memory.readString(address, 5);
   * wasm.memory.readString(address, "nul", { encoding: "utf-16" });
   * ```
   */
  readString(address: Address, length?: Address | StringLayout, options?: ReadStringOptions): string;
  /**
   * Writes text into memory that the caller owns. Errors: `string-too-long` if it does not fit with its terminator or
   * count, `out-of-bounds`, `invalid-string` under `fatal` or for U+0000 in the layout `"nul"`; then nothing is written.
   *
   * @param address - Where it, or its count, goes.
   * @param text - The text.
   * @param capacity - Bytes there, terminator or count included.
   * @param options - Encoding, layout and strictness.
   * @returns Bytes written, terminator or count included.
   */
  writeString(address: Address, text: string, capacity: Address, options?: WriteStringOptions): number;

  /**
   * Allocates with the module's own allocator. Errors: `no-allocator`, `allocator-mismatch`, `allocation-failed`,
   * `invalid-argument`.
   *
   * @param size - Bytes; 0 gives what the module's allocator gives for it.
   * @param align - A power of two; default 8. An allocator that takes no alignment must return one that fits, else `allocation-failed`.
   * @returns The address.
   */
  alloc(size: number, align?: number): number;
  /**
   * Frees what the module's own allocator gave. Does nothing if the module has no function for it. Errors:
   * `invalid-argument`, `out-of-bounds`; with a ledger also `double-free` and `foreign-pointer`, and then nothing is freed.
   *
   * @param address - What `alloc` returned.
   * @param size - What `alloc` was given; allocators that want it make it an error `invalid-argument` to leave it out.
   * @param align - What `alloc` was given; default 8.
   */
  free(address: Address, size?: number, align?: number): void;
  /**
   * Says that an allocation of the module's now belongs to the caller, who is to free it. Only a ledger takes note; it
   * would otherwise refuse to have it freed as a `foreign-pointer`. Errors: `out-of-bounds`, `invalid-argument`.
   *
   * @param address - What the module gave; 0 is nothing to adopt.
   * @param size - Bytes.
   * @param align - What it is aligned to; default 8. An allocator that wants the alignment must later be given this one.
   * @example
   * ```ts
   * const [address = 0, length = 0] = wasm.memory.u32.subarray(results / 4, results / 4 + 2);
   * wasm.memory.adopt(address, length, 1);
   * const bytes = wasm.memory.read(address, length);
   * wasm.memory.free(address, length, 1);
   * ```
   */
  adopt(address: Address, size: number, align?: number): void;
  /**
   * Says that an allocation now belongs to the module, which frees it: call it before the call that takes the address.
   * Only a ledger takes note. Errors: `invalid-argument`; with a ledger also `double-free` and `foreign-pointer`.
   *
   * @param address - What `alloc` or `allocString` returned; 0 is nothing to release.
   * @example
   * ```ts
   * const text = wasm.memory.allocString("AAAA;AACA");
   * wasm.memory.release(text.address);
   * wasm.exports.parse_mappings(text.address); // frees the text
   * ```
   */
  release(address: Address): void;
  /**
   * Allocates memory and writes text into it. The address is not null, not for an empty text either. Errors: as
   * {@link Memory.alloc} and {@link Memory.writeString}.
   *
   * @param text - The text.
   * @param options - Encoding, layout and strictness.
   * @returns Where the text is: `address` is that of the allocation (of the count, for a counted layout).
   */
  allocString(text: string, options?: WriteStringOptions): Allocation;
  /** Begins a scope of allocations that its `dispose`, or `using`, frees. */
  arena(): Arena;
  /**
   * Runs a function with an arena and frees it afterwards, also when the function throws or its promise rejects.
   *
   * @param body - What to do; a promise it returns is waited for.
   * @returns What `body` returns.
   */
  arena<Result>(body: (arena: Arena) => Result): Result;
}
