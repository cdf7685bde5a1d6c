import { tagOf } from "../errors/describe.ts";
import { memberOf } from "../base/own.ts";
import type { Convention } from "../public/index.ts";
import type { KnownExport } from "./known-exports.ts";

/** Removes what a call has left on the module's stack in linear memory. */
export interface Stack {
  /** Returns the stack pointer. */
  mark(): unknown;
  /**
   * Puts the stack pointer back.
   *
   * @param mark - The value that `mark` returned.
   * @param error - The value that the call threw.
   */
  unwind(mark: unknown, error: unknown): void;
  /** The exports by which a caller moves it. */
  readonly movers: readonly string[];
}

type Call = (...args: unknown[]) => unknown;

/** Functions that get and set the stack pointer, with those that allocate on the stack. */
const pairs = [
  { get: "emscripten_stack_get_current", set: "_emscripten_stack_restore", more: "_emscripten_stack_alloc" },
  { get: "stackSave", set: "stackRestore", more: "stackAlloc" },
] as const;
/** The function that moves it by a number of bytes and returns its new value. */
const adder = "__wbindgen_add_to_stack_pointer";

/**
 * Finds the stack pointer of a module: by the adapter's convention, or among the exports that linkers add.
 *
 * @param convention - The adapter's convention.
 * @param known - The exports that linkers and C libraries add to the module.
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
  // Without types, the number of parameters is available from the engine.
  const has = (name: KnownExport, params: number): boolean =>
    known.has(name) && (exports[name] as Call).length === params;
  for (const { get, set, more } of pairs) {
    // All three are required, because a program may have its own stack under one of these names.
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

/** Emscripten's main loop throws this text to leave `main`, and goes on using the frame of `main`. */
const keepsFrames = "unwind";

function unlessKept(
  mark: () => unknown,
  restore: (mark: unknown) => unknown,
  movers: readonly string[],
): Stack | undefined {
  try {
    mark();
  } catch {
    // It has only the name of such a function.
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

/** Returns a global if it is mutable, according to the engine, because types may be unknown. */
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
