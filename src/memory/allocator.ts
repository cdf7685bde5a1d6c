import { UnglueError } from "../errors/unglue-error.ts";
import { invalidArgument } from "../errors/invalid.ts";
import type { AllocatorNames, FunctionType, Shape } from "../public/index.ts";
import { unsigned } from "./arguments.ts";
import { signatureText } from "../base/type-text.ts";

/** A module's own allocator. Its functions run under the trap policy; their errors pass through. */
export interface Allocator {
  /** Its exports, in words. */
  readonly evidence: string;
  /** The number of arguments of its free function: address, size and alignment; 0 without such a function. */
  readonly frees: number;
  /**
   * Allocates.
   *
   * @param size - Bytes.
   * @param align - A power of two; an allocator that takes no alignment ignores it.
   * @returns The address as the module returned it; 0 usually means that there is no memory.
   */
  alloc(size: number, align: number): number;
  /**
   * Frees an allocation; does nothing if the module has no function for it. Errors: `invalid-argument` without a needed
   * size.
   *
   * @param address - The result of `alloc`.
   * @param size - The size given to `alloc`.
   * @param align - The alignment given to `alloc`.
   */
  free(address: number, size: number | undefined, align: number): void;
}

/** Exports that belong together, with the parameter lists that each may have, as an error shows them. */
export interface AllocatorExports {
  readonly alloc: string;
  readonly takes: readonly string[];
  /** The export that frees, which a module may lack. */
  readonly free: string | undefined;
  readonly frees: readonly string[];
  /** An export that protects an allocation from a garbage collector. */
  readonly pin: string | undefined;
  /** The class id, if `alloc` takes one as its second argument. */
  readonly classId: number | undefined;
  /** Whether `alloc` takes an earlier allocation with its size, followed by the alignment and the new size. */
  readonly reallocates: boolean;
}

/** The members that most allocators do not need. */
export const plainAllocator = {
  free: undefined,
  pin: undefined,
  classId: undefined,
  reallocates: false,
} as const satisfies Partial<AllocatorExports>;

/** The parameter lists of exports that a user may name. */
const takes = ["(size)", "(size, align)"];
const frees = ["(address)", "(address, size)", "(address, size, align)"];

type Call = (...args: (number | bigint | undefined)[]) => number | bigint;

const isFunction = (value: unknown): value is Call => typeof value === "function";

/**
 * Finds an instance's allocator by the names of its exports, and checks it by their signatures. Errors: `no-allocator`, and
 * `allocator-mismatch` if a name matches and its signature does not.
 *
 * @param exports - The instance's exported functions, under the trap policy.
 * @param shape - The module's shape; if it is not complete, only the number of parameters is checked.
 * @param names - The only exports to consider, if given.
 * @param known - The exports that allocate by a known convention, the most specific first.
 */
export function findAllocator(
  exports: Readonly<Record<string, unknown>>,
  shape: Shape,
  names: AllocatorNames | undefined,
  known: readonly AllocatorExports[],
): Allocator {
  const candidates: readonly AllocatorExports[] = names ? [{ ...plainAllocator, ...names, takes, frees }] : known;
  const tried: string[] = [];
  let mismatch: Error | undefined;
  for (const convention of candidates) {
    const needed = [convention.alloc, convention.pin, names && convention.free].filter((name) => name !== undefined);
    tried.push(...needed);
    if (!needed.every((name) => isFunction(exports[name]))) continue;
    try {
      return createAllocator(exports, shape, convention);
    } catch (error) {
      mismatch ??= error as Error;
    }
  }
  if (mismatch) throw mismatch;
  throw new UnglueError(
    "no-allocator",
    `The module exports no allocator that is known here; tried: ${tried.join(", ")}. If it has another, ${remedy} ` +
      "Minified names tell nothing; the JavaScript beside the module shows which of them is malloc.",
    { tried },
  );
}

const remedy =
  'name its exports with the option allocator: { alloc: "…", free: "…" }; if it has none, allocator: "grow" allocates in memory that is grown.';

function createAllocator(
  exports: Readonly<Record<string, unknown>>,
  shape: Shape,
  convention: AllocatorExports,
): Allocator {
  const { alloc, free = "", pin, classId, reallocates } = convention;
  const check = (name: string, parameters: readonly string[], returns: boolean): Call => {
    const found = shape.exports.find((one) => one.name === name);
    // Without a free function, everything would leak silently.
    if (found && found.kind !== "function") throw mismatchError(name, `a ${found.kind}`, parameters, returns);
    return checkedCall(name, exports[name] as Call, found?.type, parameters, returns);
  };
  const allocate = check(alloc, convention.takes, true);
  const isExported = free !== "" && shape.exports.some(({ name }) => name === free);
  const release = isExported ? check(free, convention.frees, false) : undefined;
  const keep = pin === undefined ? undefined : check(pin, ["(address)"], true);
  // An exported function's length is the number of its parameters.
  const frees = release ? (exports[free] as Call).length : 0;
  return {
    frees,
    evidence: release ? `its exports ${alloc} and ${free}` : `its export ${alloc}, without one that frees`,
    alloc(size, align) {
      // WebAssembly ignores extra arguments.
      const address = toNumber(reallocates ? allocate(0, 0, align, size) : allocate(size, classId ?? align));
      return keep ? toNumber(keep(address)) : address;
    },
    free(address, size, align) {
      if (release === undefined) return;
      if (size === undefined && frees > 1) {
        throw invalidArgument("memory.free", "size", `what alloc was given, since the module's ${free} takes it`, size);
      }
      release(address, size, align);
    },
  };
}

/** Returns an export as a function of numbers, if it has one of the given parameter lists, all of addresses and sizes. */
function checkedCall(
  name: string,
  call: Call,
  type: FunctionType | undefined,
  parameters: readonly string[],
  returns: boolean,
): Call {
  const results = returns ? (type?.results ?? []) : [];
  const words = [...(type?.params ?? []), ...results];
  if (
    parameters.some((list) => list.split(",").length === call.length) &&
    words.every((word) => word === "i32" || word === "i64" || word === "f64") &&
    (!returns || !type || type.results.length === 1)
  ) {
    if (!type?.params.includes("i64")) return call;
    const { params } = type;
    return (...args) => call(...params.map((word, at) => (word === "i64" ? BigInt(args[at] as number) : args[at])));
  }
  const given = type ? signatureText(type) : `${call.length} parameters`;
  throw mismatchError(name, given, parameters, returns);
}

function mismatchError(
  name: string,
  given: string,
  parameters: readonly string[],
  returns: boolean,
): UnglueError<"allocator-mismatch"> {
  const expected = parameters.join(" or ") + (returns ? " -> address" : "");
  return new UnglueError(
    "allocator-mismatch",
    `The export ${name} is ${given}, where an allocator has ${expected}. If other exports allocate, ${remedy}`,
    { name, expected, given },
  );
}

function toNumber(address: number | bigint): number {
  return unsigned(address, typeof address === "bigint");
}
