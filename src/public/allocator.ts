/**
 * The names of the exports by which a module allocates and frees.
 *
 * @example
 * ```ts
 * const wasm = await load("./app.wasm", {
 *   allocator: { alloc: "game_alloc", free: "game_free" },
 * });
 * ```
 * @category Memory
 */
export interface AllocatorNames {
  /** The export that allocates: `(size)` or `(size, align)`, returning an address. */
  readonly alloc: string;
  /** The export that frees: `(address)`, `(address, size)` or `(address, size, align)`. */
  readonly free?: string;
}
