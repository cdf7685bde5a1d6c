import type * as externs from "./externs/index.ts";
import type * as importing from "./imports/index.ts";
import type * as memory from "./memory/index.ts";
import type * as table from "./table/index.ts";
import type { Adapter, Shape } from "./types/index.ts";

/**
 * The parts of the library that only some modules need, as their shape tells. An asynchronous call fetches those that
 * its module needs; a synchronous one has them all at hand.
 */
export interface Parts {
  /** Finds a provider for each import, and makes the stubs. For modules that import anything. */
  readonly imports?: typeof importing | undefined;
  /** Creates and checks memories, tables, globals and tags. For modules that import one. */
  readonly externs?: typeof externs | undefined;
  /** Views, strings and allocation. For modules that have a memory. */
  readonly memory?: typeof memory | undefined;
  /** Tables and callbacks. For modules that have a table. */
  readonly tables?: typeof table | undefined;
  /** The adapter of the module's toolchain. For modules that need one; a synchronous call has it only if given. */
  readonly adapter?: Adapter | undefined;
}

/**
 * Fetches the parts that a module needs, each a chunk of its own.
 *
 * @param shape - The module's shape.
 */
export async function fetchParts(shape: Shape): Promise<Parts> {
  const { imports, exports } = shape;
  // What is neither imported nor exported is out of reach.
  const kinds = new Set([...imports, ...exports].map(({ kind }) => kind));
  const [importing, externs, memory, tables, adapter] = await Promise.all([
    imports.length > 0 ? import("./imports/index.ts") : undefined,
    imports.some(({ kind }) => kind !== "function") ? import("./externs/index.ts") : undefined,
    kinds.has("memory") ? import("./memory/index.ts") : undefined,
    kinds.has("table") ? import("./table/index.ts") : undefined,
    fetchAdapter(shape),
  ]);
  return { imports: importing, externs, memory, tables, adapter };
}

/**
 * Fetches the adapter that a module's toolchain has, each a chunk of its own.
 *
 * @param shape - The module's shape.
 */
export async function fetchAdapter({ toolchain }: Partial<Shape>): Promise<Adapter | undefined> {
  return toolchain?.name === "wasm-bindgen" ? (await import("./wasm-bindgen/index.ts")).wasmBindgen() : undefined;
}
