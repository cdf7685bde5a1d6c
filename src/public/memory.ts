/**
 * An address or a length in bytes. Every parameter accepts `number` and `bigint` for any memory, and every result is a
 * `number` (a memory is always smaller than 2^53 bytes). In a 32-bit memory a negative number is read as the unsigned 32-bit
 * value, because exports return addresses above 2 GiB as negative numbers.
 *
 * @category Memory
 */
export type Address = number | bigint;

/**
 * How text is stored. `"utf-16"` is little-endian, like everything in WebAssembly memory.
 *
 * @category Memory
 */
export type StringEncoding = "utf-8" | "utf-16";

/**
 * How the end of stored text is marked: `"nul"` by a zero code unit after it; `"u8"`, `"u16"` and `"u32"` by an unsigned
 * little-endian count of code units before it (bytes for UTF-8, 16-bit units for UTF-16).
 *
 * @category Memory
 */
export type StringLayout = "nul" | "u8" | "u16" | "u32";

/**
 * How to read text.
 *
 * @example
 * ```ts
 * const title = wasm.memory.readString(address, "nul", {
 *   encoding: "utf-16",
 *   fatal: true,
 * });
 * ```
 * @category Memory
 */
export interface ReadStringOptions {
  /** How it is stored. Default `"utf-8"`. */
  readonly encoding?: StringEncoding;
  /**
   * Whether invalid UTF-8, or a lone surrogate in UTF-16, throws `invalid-string`. Default false: invalid UTF-8 is read as
   * U+FFFD, and a lone surrogate is kept.
   */
  readonly fatal?: boolean;
}

/**
 * How to write text.
 *
 * @example
 * ```ts
 * const written = wasm.memory.writeString(address, "hello", 16, {
 *   layout: "nul",
 * });
 * ```
 * @category Memory
 */
export interface WriteStringOptions {
  /** How to store it. Default `"utf-8"`. */
  readonly encoding?: StringEncoding;
  /** Whether a lone surrogate throws `invalid-string`. Default false: UTF-8 stores U+FFFD instead, and UTF-16 keeps it. */
  readonly fatal?: boolean;
  /** How its end is marked. Default: not at all. */
  readonly layout?: StringLayout;
}

/**
 * A range of memory: its address and length.
 *
 * @example
 * ```ts
 * const { address, length } = wasm.memory.allocString("hello");
 * wasm.exports.print(address, length);
 * ```
 * @category Memory
 */
export interface Allocation {
  /** Where it starts, in bytes. */
  readonly address: number;
  /** Its length in bytes; for text, without the terminator or count. */
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
 * @category Memory
 */
export interface Arena {
  /**
   * Allocates memory that the arena frees. Errors: those of {@link Memory.alloc}, and `disposed` after the arena has ended.
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
   * Hands an allocation over to the module, which now owns it: the arena will not free it. Includes {@link Memory.release}.
   *
   * @param address - The address that `alloc`, `bytes` or `string` returned.
   */
  release(address: Address): void;
  /** Frees everything. A second call does nothing. */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * A linear memory. Its views are replaced whenever the memory has grown, so read them from here for each use and do not keep
 * them across calls into the module.
 *
 * @example
 * ```ts
 * const sum = wasm.memory.f64
 *   .subarray(address / 8, address / 8 + 4)
 *   .reduce((a, b) => a + b);
 * ```
 * @category Memory
 */
export interface Memory {
  /** The engine's own object. */
  readonly raw: WebAssembly.Memory;
  /** The current buffer. Growth replaces it. */
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
   * Grows the memory. Errors: `limit-exceeded` if the size would exceed its maximum or what the engine can provide;
   * `invalid-argument`.
   *
   * @param pages - How many pages to add.
   * @returns The previous number of pages.
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
   * Copies bytes in. Errors: `out-of-bounds`; in that case nothing is written.
   *
   * @param address - Where they go.
   * @param data - A buffer, or any view of one.
   */
  write(address: Address, data: ArrayBuffer | SharedArrayBuffer | ArrayBufferView): void;
  /**
   * Reads text. Errors: `out-of-bounds` (also if there is no terminator), `invalid-string` under `fatal`.
   *
   * @param address - Where the text starts, or its count for the layouts `"u8"`, `"u16"`, `"u32"`.
   * @param length - Its length in bytes, or the layout that marks its end. Default `"nul"`.
   * @param options - Encoding and strictness.
   * @example
   * ```ts
   * wasm.memory.readString(address, 5);
   * wasm.memory.readString(address, "nul", { encoding: "utf-16" });
   * ```
   */
  readString(address: Address, length?: Address | StringLayout, options?: ReadStringOptions): string;
  /**
   * Writes text into memory that the caller owns. Errors: `string-too-long` if it does not fit with its terminator or count,
   * `out-of-bounds`, `invalid-string` under `fatal` or for U+0000 in the layout `"nul"`. After an error nothing has been
   * written.
   *
   * @param address - Where the text goes, or its count.
   * @param text - The text.
   * @param capacity - Bytes available there, including the terminator or count.
   * @param options - Encoding, layout and strictness.
   * @returns Bytes written, including the terminator or count.
   */
  writeString(address: Address, text: string, capacity: Address, options?: WriteStringOptions): number;

  /**
   * Allocates with the module's own allocator. Errors: `no-allocator`, `allocator-mismatch`, `allocation-failed`,
   * `invalid-argument`.
   *
   * @param size - Bytes; for 0 the result is up to the module's allocator.
   * @param align - A power of two; default 8. If an allocator that takes no alignment returns an address that is not
   *   aligned, the error is `allocation-failed`.
   * @returns The address.
   */
  alloc(size: number, align?: number): number;
  /**
   * Frees an allocation of the module's own allocator. Does nothing if the module has no function for it. Errors:
   * `invalid-argument`, `out-of-bounds`; with a ledger also `double-free` and `foreign-pointer`. After an error nothing has
   * been freed.
   *
   * @param address - The address that `alloc` returned.
   * @param size - The size passed to `alloc`. Omitting it is the error `invalid-argument` if the allocator needs it.
   * @param align - The alignment passed to `alloc`; default 8.
   */
  free(address: Address, size?: number, align?: number): void;
  /**
   * Declares that an allocation of the module now belongs to the caller, who must free it. This matters only to a ledger,
   * which would otherwise refuse to free it, with the error `foreign-pointer`. Errors: `out-of-bounds`, `invalid-argument`.
   *
   * @param address - The address that the module returned; 0 is ignored.
   * @param size - Bytes.
   * @param align - Its alignment; default 8. If the allocator needs the alignment, pass the same one to `free`.
   * @example
   * ```ts
   * const [start = 0, length = 0] = wasm.memory.u32.subarray(
   *   address / 4,
   *   address / 4 + 2,
   * );
   * wasm.memory.adopt(start, length, 1);
   * const bytes = wasm.memory.read(start, length);
   * wasm.memory.free(start, length, 1);
   * ```
   */
  adopt(address: Address, size: number, align?: number): void;
  /**
   * Declares that an allocation now belongs to the module, which frees it. Call this before the call that takes the address.
   * It matters only to a ledger. Errors: `invalid-argument`; with a ledger also `double-free` and `foreign-pointer`.
   *
   * @param address - The address that `alloc` or `allocString` returned; 0 is ignored.
   * @example
   * ```ts
   * const text = wasm.memory.allocString("AAAA;AACA");
   * wasm.memory.release(text.address);
   * wasm.exports.parse_mappings(text.address); // frees the text
   * ```
   */
  release(address: Address): void;
  /**
   * Allocates memory and writes text into it. The address is never null, even for empty text. Errors: the same as
   * {@link Memory.alloc} and {@link Memory.writeString}.
   *
   * @param text - The text.
   * @param options - Encoding, layout and strictness.
   * @returns Where the text is. `address` is the start of the allocation, which for a counted layout is the count.
   */
  allocString(text: string, options?: WriteStringOptions): Allocation;
  /** Begins a scope of allocations. Its `dispose`, or `using`, frees them. */
  arena(): Arena;
  /**
   * Runs a function with an arena and frees the arena afterwards, even if the function throws or its promise rejects.
   *
   * @param body - The function. If it returns a promise, the arena is freed once that settles.
   * @returns The result of `body`.
   */
  arena<Result>(body: (arena: Arena) => Result): Result;
}
