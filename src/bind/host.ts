import type { Warn } from "../platform/finalization.ts";
import type { Callee, Calls } from "../base/callee.ts";
import { isThere } from "../base/buffers.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { AllocationLog, Calling, ExportedFunction, Instance, Lowering, Word } from "../public/index.ts";
import { adopt, type ObjectClass } from "./objects.ts";
import { nullPointer } from "./null.ts";
import type { FunctionPlan, ObjectUse } from "./plans.ts";
import { addressOf } from "./word.ts";

/** What the bound functions of one instance share. */
export interface Host {
  /** The one that calls lead to, through all its lives. */
  instance: Instance;
  readonly calling: Calling;
  /** What the convention keeps of the current life. */
  life: unknown;
  /** Whether the first life has begun. */
  hasBegun: boolean;
  /** What the ledger keeps of the current life, where there is one. */
  log: AllocationLog | undefined;
  /**
   * Returns what the guarded function of an export calls; `undefined` where only the guarded function will do. Absent where
   * that is so of all.
   */
  calleeOf: ((name: string) => Callee | undefined) | undefined;
  readonly noGuard: Calls;
  readonly classes: ReadonlyMap<string, ObjectClass>;
  /** Receives what goes wrong where nobody waits. */
  readonly warn: Warn;
  /** Whether there is a ledger, which is told of objects. */
  readonly isLogged: boolean;
  /** The function that the program has called, where there is a ledger. */
  entry: BoundFunction | undefined;
}

/** A function that the user calls: where it is called on an object, that is `this`. */
export type BoundFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Makes the guard of what is guarded already. */
export function createNoGuard(): Calls {
  return { depth: 0, resting: undefined, enter: () => undefined, failed: (_, error) => error, left: () => undefined };
}

/**
 * The export of a name. Where there is one life and nobody else is told of the calls, it is the engine's function, and stays
 * the same: engines compile calls of what cannot change into the code around them.
 *
 * @param name - Its name.
 * @param host - The instance.
 */
export function linkTo(name: string, host: Host): Callee {
  const found = host.calleeOf?.(name);
  if (found) return found;
  const { noGuard: calls } = host;
  if (host.hasBegun) return { name, call: host.instance.guarded[name] as ExportedFunction, calls };
  // An import that the start function calls has made an object.
  let call: ExportedFunction = (...words) => {
    call = host.instance.guarded[name] as ExportedFunction;
    return call(...words);
  };
  return { name, call: (...words) => call(...words), calls };
}

/**
 * Makes what converts the only word that an export returned.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @returns `undefined` where that takes more than the word.
 */
export function createConvert({ name, result }: FunctionPlan, host: Host): ((word: Word) => unknown) | undefined {
  if (!result) return () => undefined;
  const { object, lifting } = result;
  if (lifting) return lifting.convert;
  return objectConvert(object, host, `What ${name} returned`);
}

/**
 * Makes what returns the object at an address.
 *
 * @param use - The object.
 * @param host - The instance.
 * @param what - What messages call it.
 */
export function objectConvert(use: ObjectUse, host: Host, what: string): (word: Word) => unknown {
  const kind = kindOf(use, host);
  return (word) => {
    const address = addressOf(word);
    if (address !== 0) return adopt(kind(), address, use.isOwned);
    if (use.isOptional) return undefined;
    throw nullPointer(what, use.class);
  };
}

/**
 * The class of an object, which may be made only after the functions that name it.
 *
 * @param use - The object.
 * @param host - The instance.
 */
export function kindOf({ class: name }: ObjectUse, { classes }: Host): () => ObjectClass {
  return () => classes.get(name) as ObjectClass;
}

/**
 * The error of an argument that cannot be passed.
 *
 * @param plan - How the function is called.
 * @param params - Its parameters.
 * @param at - Which of them it is.
 * @param args - All that was passed.
 * @param cause - What reading it threw.
 */
export function mistaken(
  { name }: FunctionPlan,
  params: readonly Lowering[],
  at: number,
  args: readonly unknown[],
  cause?: unknown,
): UnglueError<"invalid-argument"> {
  const expected = params[at]?.expected ?? "";
  const argument = `parameter ${at + 1}`;
  const given = args[at];
  // By its class alone it would be what is expected.
  const isGone = ArrayBuffer.isView(given) && !isThere(given);
  const received = isGone ? "a view of a buffer that is gone" : at < args.length ? describe(given) : "missing";
  return new UnglueError(
    "invalid-argument",
    `${name}: ${argument} of ${params.length} must be ${expected}, got ${received}. Nothing was called.`,
    { call: name, argument, expected, received },
    { cause },
  );
}
