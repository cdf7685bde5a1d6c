import type { Warn } from "../platform/finalization.ts";
import type { Callee, Calls } from "../base/callee.ts";
import { isThere } from "../base/buffers.ts";
import { invalidParameter } from "../errors/invalid.ts";
import { type UnglueError } from "../errors/unglue-error.ts";
import type {
  AllocationLog,
  Calling,
  ExportedFunction,
  Instance,
  LifeContext,
  Lowering,
  Word,
} from "../public/index.ts";
import { objectText } from "./object-use.ts";
import { adopt, type ObjectClass } from "./objects.ts";
import { nullPointer } from "./null.ts";
import type { PendingCalls } from "./pending.ts";
import type { Suspension } from "./suspension.ts";
import { type Part, Unreadable } from "./types/description.ts";
import type { FunctionPlan, KeptPlan, LinkedPlan, ObjectUse } from "./plans.ts";
import type { TypeNode } from "./types/node.ts";
import { addressOf } from "./word.ts";

/** A calling convention in one instance. */
export interface CallingState {
  /** The state that it keeps for the current life. */
  life: unknown;
}

/** The steps of the calls of an export, around the call of the module. */
export interface CallSteps<Call> {
  /** Reads and checks the arguments. Errors: `invalid-argument`, `object-unusable`. */
  readonly begin: (object: unknown, passed: readonly unknown[]) => Call;
  /** Lowers the arguments, and gives away the objects that the call takes. */
  readonly lower: (call: Call, object: unknown) => void;
  /** Converts what the module has returned. */
  readonly finish: (call: Call, returned: unknown) => unknown;
  /** Whether the life that was called has not ended. */
  readonly isLive: (call: Call) => boolean;
  /** Frees what the call needed. */
  readonly end: (call: Call, hasFailed: boolean) => void;
}

/** The parts of calls that few functions need, which are fetched for those. */
export interface CallExtras {
  createAsynchronous(
    call: BoundFunction,
    plan: FunctionPlan,
    host: Host,
    kind: ObjectClass | undefined,
    takesSelf: boolean,
  ): BoundFunction;
  createKeptField(name: string, plan: KeptPlan, host: Host, kind: ObjectClass, isReadonly: boolean): PropertyDescriptor;
  createLinked(plan: FunctionPlan, linked: LinkedPlan, host: Host, hasSelf: boolean): Linked;
  createSuspended<Call extends { readonly words: readonly unknown[] }>(
    plan: FunctionPlan,
    host: Host,
    steps: CallSteps<Call>,
  ): (object: unknown, args: readonly unknown[]) => unknown;
  createSuspension(calls: Calls, exports: LifeContext["exports"], log: AllocationLog | undefined): Suspension;
  collecting(call: BoundFunction, plan: FunctionPlan, rest: TypeNode, isWide: boolean): BoundFunction;
}

/** The values of one call. */
export interface CallValues {
  readonly life: unknown;
  /** The address of the room of the call. */
  readonly room: number;
  readonly args: readonly unknown[];
  readonly words: Word[];
  readonly later: (() => void)[];
}

/** Passes and receives the linked parameters of a function. */
export interface Linked {
  /**
   * Lowers all parameters.
   *
   * @param call - The call.
   * @param params - How those are passed that the caller passes.
   * @param begin - Receives the index of each of these before it is lowered.
   */
  lower(call: CallValues, params: readonly Lowering[], begin: (at: number) => void): void;
  /**
   * Returns a result together with what the module has written.
   *
   * @param call - The call.
   * @param result - The result.
   */
  receive(call: CallValues, result: unknown): unknown;
}

/** The state that the bound functions of one instance share. */
export interface Host {
  /** The instance that calls go to, through all its lives. */
  instance: Instance;
  /** The conventions of the interface, each with its state. */
  readonly states: ReadonlyMap<Calling, CallingState>;
  /** Whether the first life has begun. */
  hasBegun: boolean;
  /** The ledger's log of the current life, if there is a ledger. */
  log: AllocationLog | undefined;
  /**
   * Returns the function that an export's guarded function calls; `undefined` if only the guarded function will do. Absent
   * if that holds for every export.
   */
  calleeOf: ((name: string) => Callee | undefined) | undefined;
  readonly noGuard: Calls;
  readonly classes: Pick<ReadonlyMap<string, ObjectClass>, "get">;
  /** Receives failures that no caller waits for. */
  readonly warn: Warn;
  /** Whether an asynchronous call waits for an object that another one uses. */
  readonly onBusy: "queue" | "throw";
  /** The asynchronous calls of the current life. */
  pending: PendingCalls;
  /** The calls of the current life that the engine may suspend. Set if the extras are at hand. */
  suspension: Suspension | undefined;
  /** Whether a ledger records the objects. */
  readonly isLogged: boolean;
  /** Present if a function needs them: planning asked for them. */
  readonly extras: CallExtras | undefined;
  /** The function that the program has called, if there is a ledger. */
  entry: BoundFunction | undefined;
}

/** A function that the user calls. If it is called on an object, `this` is that object. */
export type BoundFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Makes a guard that adds nothing, for functions that are already guarded. */
export function createNoGuard(): Calls {
  return {
    depth: 0,
    resting: undefined,
    enter: () => undefined,
    failed: (_, error) => error,
    left: () => undefined,
    isIdle: () => true,
    suspend: () => undefined,
  };
}

/**
 * Returns the export of a name. With one life and no ledger it is the engine's function itself, which never changes: engines
 * compile calls of a constant into the code around them.
 *
 * @param name - Its name.
 * @param host - The instance.
 */
export function linkTo(name: string, host: Host): Callee {
  const found = host.calleeOf?.(name);
  if (found) return found;
  const { noGuard: calls } = host;
  if (host.hasBegun) return { name, call: host.instance.guarded[name] as ExportedFunction, calls };
  // An import that the start function called has made an object.
  let call: ExportedFunction = (...words) => {
    call = host.instance.guarded[name] as ExportedFunction;
    return call(...words);
  };
  return { name, call: (...words) => call(...words), calls };
}

/**
 * Makes the function that converts the one word that an export returned.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @returns `undefined` if the conversion takes more than the word.
 */
export function createConvert({ name, result }: FunctionPlan, host: Host): ((word: Word) => unknown) | undefined {
  if (!result) return () => undefined;
  const { object, lifting } = result;
  if (lifting) return lifting.convert;
  return objectConvert(object, host, `The result of ${name}`);
}

/**
 * Makes the function that returns the object at an address.
 *
 * @param use - The object.
 * @param host - The instance.
 * @param what - Its name in messages.
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
 * Returns the state of the convention by which a function is called.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 */
export function stateOf({ calling }: Pick<FunctionPlan, "calling">, { states }: Host): CallingState {
  return states.get(calling) as CallingState;
}

/**
 * Returns the class of an object. It may be made only after the functions that name it.
 *
 * @param use - The object.
 * @param host - The instance.
 */
export function kindOf({ class: name }: ObjectUse, { classes }: Host): () => ObjectClass {
  return () => classes.get(name) as ObjectClass;
}

/**
 * Makes the error for an argument that cannot be passed.
 *
 * @param plan - How the function is called.
 * @param params - Its parameters.
 * @param at - The index of that parameter.
 * @param args - All arguments that were passed.
 * @param copies - The copies of them that were checked, if they could be read.
 * @param cause - The error that reading it threw.
 */
export function mistaken(
  { name, labels }: FunctionPlan,
  params: readonly Lowering[],
  at: number,
  args: readonly unknown[],
  copies?: readonly unknown[],
  cause?: unknown,
): UnglueError<"invalid-argument"> {
  const expected = params[at]?.expected ?? "";
  const part = copies && params[at]?.refused?.(copies[at]);
  const given = args[at];
  const received = at < args.length ? receivedText(given, part, cause) : "missing";
  return invalidParameter(name, at, params.length, expected, received, thrownIn(cause), labels[at]);
}

/**
 * Describes a value that is refused, with the part of it that is at fault.
 *
 * @param given - The value.
 * @param part - The part, if one is known.
 * @param failure - The error that reading the value threw, if it did.
 */
export function receivedText(given: unknown, part: Part | undefined, failure?: unknown): string {
  // Its class alone would pass as the expected one.
  if (ArrayBuffer.isView(given) && !isThere(given)) return "a view of a buffer that is gone";
  if (failure instanceof Unreadable) return `${objectText(given)} whose ${failure.path} ${failure.message}`;
  return part ? `${objectText(given)} whose ${part.path} is ${objectText(part.value)}` : objectText(given);
}

/**
 * Returns the caller's error for one that reading a value threw.
 *
 * @param failure - The error.
 */
export function thrownIn(failure: unknown): unknown {
  return failure instanceof Unreadable ? failure.cause : failure;
}
