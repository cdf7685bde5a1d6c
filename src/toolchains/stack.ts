import { tagOf } from "../errors/describe.ts";
import { memberOf } from "../base/own.ts";
import type { Convention } from "../public/index.ts";
import type { KnownExport } from "./known-exports.ts";

/** How what a call leaves on the module's stack in memory is taken off it. */
export interface Stack {
  /** Returns where the stack pointer is. */
  mark(): unknown;
  /**
   * Puts the stack pointer back.
   *
   * @param mark - What `mark` returned.
   * @param error - What the call threw.
   */
  unwind(mark: unknown, error: unknown): void;
  /** The exports with which a caller moves it. */
  readonly movers: readonly string[];
}

type Call = (...args: unknown[]) => unknown;

/** Functions that get and set the stack pointer, with those that move it. */
const pairs = [
  { get: "emscripten_stack_get_current", set: "_emscripten_stack_restore", more: "_emscripten_stack_alloc" },
  { get: "stackSave", set: "stackRestore", more: "stackAlloc" },
] as const;
/** A function that moves it by a number of bytes, and returns where it is then. */
const adder = "__wbindgen_add_to_stack_pointer";

/**
 * Finds the stack pointer of a module: by the adapter's convention, or among the exports that linkers give it.
 *
 * @param convention - The adapter's.
 * @param known - The exports that linkers and C libraries give the module.
 * @param exports - The exports.
 */
export function findStack(
  convention: Convention | undefined,
  known: ReadonlySet<KnownExport>,
  exports: WebAssembly.Exports,
): Stack | undefined {
  if (convention && memberOf(convention, "mark")) {
    const movers = memberOf(convention, "stackExports") ?? [];
    return {
      mark: () => convention.mark?.(),
      unwind: (mark) => memberOf(convention, "unwind")?.call(convention, mark),
      movers,
    };
  }
  const global = known.has("__stack_pointer") ? writable(exports["__stack_pointer"]) : undefined;
  if (global) {
    return unlessKept(
      () => global.value,
      (mark) => {
        global.value = mark;
      },
      [],
    );
  }
  // Without types the engine tells the number of parameters.
  const has = (name: KnownExport, params: number): boolean =>
    known.has(name) && (exports[name] as Call).length === params;
  for (const { get, set, more } of pairs) {
    // All three, since a program may have a stack of its own by one of these names.
    if (has(get, 0) && has(set, 1) && has(more, 1))
      return unlessKept(exports[get] as Call, exports[set] as Call, [set, more]);
  }
  if (!has(adder, 1)) return undefined;
  const move = exports[adder] as (delta: number) => number;
  return unlessKept(
    () => move(0),
    (mark) => {
      const drift = (mark as number) - move(0);
      if (drift !== 0) move(drift);
    },
    [adder],
  );
}

/** Emscripten's main loop throws this text to leave `main`, whose frame the loop goes on using. */
const keepsFrames = "unwind";

function unlessKept(
  mark: () => unknown,
  restore: (mark: unknown) => unknown,
  movers: readonly string[],
): Stack | undefined {
  try {
    mark();
  } catch {
    // Only its name is that of such a function.
    return undefined;
  }
  return {
    mark: () => mark(),
    unwind: (to, error) => {
      if (error !== keepsFrames) restore(to);
    },
    movers,
  };
}

/** A global that can be written, as far as the engine tells: the types may not be known. */
function writable(value: unknown): { value: unknown } | undefined {
  if (tagOf(value) !== "WebAssembly.Global") return undefined;
  const global = value as { value: unknown };
  try {
    const now = global.value;
    if (typeof now !== "number" && typeof now !== "bigint") return undefined;
    global.value = now;
    return global;
  } catch {
    return undefined;
  }
}
