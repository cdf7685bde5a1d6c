import { UnglueError } from "../../errors/unglue-error.ts";
import type { FunctionType, Shape } from "../../public/index.ts";

/** The exports of the runtime by which values are passed. */
export interface Abi {
  /** The export that allocates, given a size and a class; `undefined` without the runtime. */
  readonly allocate: "__new" | "__alloc" | undefined;
  /** The export that keeps an object alive, and the one that lets it go. */
  readonly keep: "__pin" | "__retain";
  readonly letGo: "__unpin" | "__release";
  /**
   * Whether objects are counted, as before version 0.18: a container counts as a holder, and results come with one count.
   * Otherwise a collector follows references, and keeps what is pinned.
   */
  readonly isCounted: boolean;
  /** Whether the flags of the classes can be read. */
  readonly hasClasses: boolean;
  /** Whether functions with optional parameters are told the number of arguments. */
  readonly isToldCount: boolean;
}

/** How a module is built so that values can be passed to it. */
export const withRuntime = "build the module with asc --exportRuntime";

/**
 * Reads the ABI from a module's exports. Errors: `unsupported-module`.
 *
 * @param shape - The module's shape.
 */
export function abiOf(shape: Shape): Abi {
  refuseUnsupported(shape);
  const types = new Map<string, FunctionType>();
  for (const one of shape.exports) if (one.kind === "function" && one.type) types.set(one.name, one.type);
  const has = (name: string, params: number, results: number): boolean => {
    const type = types.get(name);
    return (
      type?.params.length === params &&
      type.results.length === results &&
      [...type.params, ...type.results].every((word) => word === "i32")
    );
  };
  const allocates = has("__new", 2, 1) ? "__new" : has("__alloc", 2, 1) ? "__alloc" : undefined;
  const isPinned = has("__pin", 1, 1) && has("__unpin", 1, 0);
  const isCounted = !isPinned && has("__retain", 1, 1) && has("__release", 1, 0);
  return {
    allocate: isPinned || isCounted ? allocates : undefined,
    keep: isCounted ? "__retain" : "__pin",
    letGo: isCounted ? "__release" : "__unpin",
    isCounted,
    hasClasses: shape.exports.some(
      ({ name, kind, type }) => name === "__rtti_base" && kind === "global" && type?.value === "i32",
    ),
    isToldCount: has("__setArgumentsLength", 1, 0),
  };
}

function refuseUnsupported({ memories }: Shape): void {
  const [memory] = memories;
  if (memory?.address === "i64") {
    throw new UnglueError(
      "unsupported-module",
      "This AssemblyScript module has 64-bit memory, and the layout of its objects there is not known. Build it for wasm32, " +
        'or declare functions of numbers with { convention: "c" }.',
      { toolchain: "assemblyscript", feature: "memory64" },
    );
  }
  if (memory?.shared) {
    throw new UnglueError(
      "unsupported-module",
      "This AssemblyScript module has shared memory, and its allocator and collector work on one thread only. Build it without " +
        '--sharedMemory, or declare functions of numbers with { convention: "c" }.',
      { toolchain: "assemblyscript", feature: "threads" },
    );
  }
}
