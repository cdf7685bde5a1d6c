import type { allocatorNames } from "../toolchains/allocator-names.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";
import { signatureText } from "../reflect/index.ts";
import type { AllocatorNames, FunctionType, Shape } from "../public/index.ts";
import { unsigned } from "./arguments.ts";

/** A module's own allocator. Its functions run under the trap policy; what they throw passes through. */
export interface Allocator {
  /** Which exports it is, in words. */
  readonly evidence: string;
  /** How many arguments its function that frees takes, of address, size and alignment; 0 without such a function. */
  readonly frees: number;
  /**
   * Allocates.
   *
   * @param size - Bytes.
   * @param align - A power of two; an allocator that takes no alignment ignores it.
   * @returns The address as the module gave it; 0 mostly means that there is no memory.
   */
  alloc(size: number, align: number): number;
  /**
   * Frees; does nothing where the module has no function for it. Errors: `invalid-argument` without a needed size.
   *
   * @param address - What `alloc` returned.
   * @param size - What `alloc` was given.
   * @param align - What `alloc` was given.
   */
  free(address: number, size: number | undefined, align: number): void;
}

/** Exports that belong together, with the parameters that each may have, as an error lists them. */
interface Convention {
  readonly alloc: string;
  readonly takes: readonly string[];
  /** The export that frees, which a module may lack. */
  readonly free: string | undefined;
  readonly frees: readonly string[];
  /** An export that keeps what was allocated from a garbage collector. */
  readonly pin: string | undefined;
}

const takes = ["(size)", "(size, align)"];
const frees = ["(address)", "(address, size)", "(address, size, align)"];

const conventions: readonly (Convention & { readonly alloc: (typeof allocatorNames)[number] })[] = [
  { alloc: "__wbindgen_malloc", takes, free: "__wbindgen_free", frees, pin: undefined },
  { alloc: "malloc", takes: ["(size)"], free: "free", frees: ["(address)"], pin: undefined },
  { alloc: "alloc", takes, free: "dealloc", frees, pin: undefined },
  { alloc: "allocate", takes, free: "deallocate", frees, pin: undefined },
  { alloc: "__new", takes: ["(size, class)"], free: "__unpin", frees: ["(address)"], pin: "__pin" },
  // It cannot free: with a new size of 0 the usual C definition returns at once, and the Rust one forbids the call.
  { alloc: "cabi_realloc", takes: ["(address, size, align, new size)"], free: undefined, frees: [], pin: undefined },
];

// AssemblyScript's ArrayBuffer, and before version 0.21 its String: no references are looked for in either.
const bytesClass = 1;

type Call = (...args: (number | bigint | undefined)[]) => number | bigint;

const isFunction = (value: unknown): value is Call => typeof value === "function";

/**
 * Finds an instance's allocator by the names of its exports, and checks it by their signatures.
 * Errors: `no-allocator`, and `allocator-mismatch` where a name fits and its signature does not.
 *
 * @param exports - The instance's exported functions, under the trap policy.
 * @param shape - The module's shape; where it is not complete, only the number of parameters is checked.
 * @param names - The only exports to consider, if given.
 */
export function findAllocator(
  exports: Readonly<Record<string, unknown>>,
  shape: Shape,
  names: AllocatorNames | undefined,
): Allocator {
  const candidates: readonly Convention[] = names
    ? [{ free: undefined, ...names, takes, frees, pin: undefined }]
    : conventions;
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
      "Minified names, as in an optimised Emscripten build, tell nothing; its JavaScript shows which of them is malloc.",
    { tried },
  );
}

const remedy =
  'name its exports with the option allocator: { alloc: "…", free: "…" }; if it has none, allocator: "grow" allocates in memory that is grown.';

function createAllocator(exports: Readonly<Record<string, unknown>>, shape: Shape, convention: Convention): Allocator {
  const { alloc, free = "", pin } = convention;
  const check = (name: string, parameters: readonly string[], returns: boolean): Call => {
    const found = shape.exports.find((one) => one.name === name);
    // Without what frees, everything would leak in silence.
    if (found && found.kind !== "function") throw mismatchError(name, `a ${found.kind}`, parameters, returns);
    return checkedCall(name, exports[name] as Call, found?.type, parameters, returns);
  };
  const allocate = check(alloc, convention.takes, true);
  const isExported = free !== "" && shape.exports.some(({ name }) => name === free);
  const release = isExported ? check(free, convention.frees, false) : undefined;
  const keep = pin === undefined ? undefined : check(pin, ["(address)"], true);
  // An exported function's length is the count of its parameters.
  const frees = release ? (exports[free] as Call).length : 0;
  return {
    frees,
    evidence: release ? `its exports ${alloc} and ${free}` : `its export ${alloc}, without one that frees`,
    alloc(size, align) {
      if (keep) return toNumber(keep(toNumber(allocate(size, bytesClass))));
      // WebAssembly ignores arguments that it has no parameters for.
      return toNumber(alloc === "cabi_realloc" ? allocate(0, 0, align, size) : allocate(size, align));
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

/** An export as a function of numbers, if it has one of the given parameter lists and deals in addresses and sizes. */
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
