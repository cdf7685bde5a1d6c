import { call1, callAll } from "../base/callee.ts";
import { define } from "../base/own.ts";
import { invalidParameter } from "../errors/invalid.ts";
import { calledBy, refusedFor } from "../errors/trap.ts";
import type { Calling, Lowering, Memory, ValueType, Word } from "../public/index.ts";
import { plainLowering } from "./values/index.ts";
import { readWord } from "./layout.ts";
import { expectedOf, isNone, isObjectFor, refuseTwiceIn } from "./object-use.ts";
import { Wrapper, type ObjectClass } from "./objects.ts";
import { createFast } from "./fast.ts";
import {
  type BoundFunction,
  type CallSteps,
  createConvert,
  type Host,
  kindOf,
  linkTo,
  mistaken,
  stateOf,
} from "./host.ts";
import { nullPointer } from "./null.ts";
import { checkRange } from "./field.ts";
import type { FunctionPlan, ObjectUse, ParameterPlan } from "./plans.ts";
import type { Part } from "./types/description.ts";
import { addressOf, addressWord } from "./word.ts";

/** Calls a bound function with JavaScript values, on its object if it has one. */
export type Invoke = (object: unknown, args: readonly unknown[]) => unknown;

/** One call of an export, from its arguments to the cleanup after it. */
class OneCall {
  readonly life: unknown;
  readonly args: readonly unknown[];
  /** The address of the object that it is called on, if it is called on one. */
  readonly address: number | undefined;
  readonly words: Word[] = [];
  readonly later: (() => void)[] = [];
  /** The address of its room, if it has taken any. */
  room = 0;
  hasRoom = false;
  /** How many arguments were lowered, until the module is called, and the index of the first one's first word. */
  lowered = 0;
  before = 0;
  hasThrown = true;

  constructor(life: unknown, args: readonly unknown[], address: number | undefined) {
    this.life = life;
    this.args = args;
    this.address = address;
  }
}

/**
 * Makes the steps of the calls of an export as it was declared.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param self - Returns the address of the object that it is called on, once the arguments are checked; absent for a
 *   function without one.
 * @param take - Takes the object away from the caller, if the call gives it to the module.
 */
export function createSteps(
  plan: FunctionPlan,
  host: Host,
  self?: (object: unknown) => number,
  take?: (object: unknown) => void,
): CallSteps<OneCall> {
  const { calling } = plan;
  const { announce } = calling;
  const state = stateOf(plan, host);
  const params = plan.params.map((param) => lowering(param, plan, host));
  const lift = createLift(plan, host);
  const { area, hasError } = plan;
  const count = params.length;
  const errorAt = area ? area.words.length - 2 : resultWords(plan);
  const stored = plan.result?.lifting?.stored;
  const isDirect = plan.form === "direct";
  const { room: size } = plan;
  const linked = plan.linked && host.extras?.createLinked(plan, plan.linked, host, self !== undefined);

  /** Splits the returned words into the declared results. */
  const receive = (life: unknown, returned: unknown, room: number): unknown => {
    if (isDirect) return lift(life, [returned], true);
    if (!area) {
      const values = returned as readonly Word[];
      if (hasError && values[errorAt + 1] !== 0) throw calling.takeError(life, values[errorAt]);
      return lift(life, values, false);
    }
    const { memory } = host.instance;
    const values: Word[] = [];
    for (let at = 0; at < area.words.length; at++) {
      values.push(readWord(memory, area.words[at] as ValueType, room + (area.offsets[at] as number)));
    }
    if (hasError && values[errorAt + 1] !== 0) throw calling.takeError(life, values[errorAt]);
    return stored ? stored.read(life, room) : lift(life, values, false);
  };

  // Ownership moves only after everything that can fail before the call is done.
  const given = plan.params.flatMap(({ object: use }, at) => (use?.isOwned ? [at] : []));
  const givesObjects = take !== undefined || plan.params.some(({ items, object }) => items ?? object?.isOwned);

  const read = createRead(plan, params);

  const isLive = ({ life }: OneCall): boolean => state.life === life && host.instance.state === "live";

  return {
    begin: (object, passed) => {
      const args = read ? read(passed) : passed;
      for (let at = 0; at < count; at++) {
        if (!(params[at] as Lowering).accepts(args[at])) throw mistaken(plan, params, at, passed, args);
      }
      if (givesObjects) {
        // All of them first: if one is refused, none has moved.
        for (const one of refuseTwiceIn(plan, object, args, take !== undefined)) Wrapper.refuseLent(one);
      }
      return new OneCall(state.life, args, self?.(object));
    },
    lower: (call, object) => {
      const { life, args, address, words, later } = call;
      const told = announce ? countOf(plan, params, args) : count;
      if (size > 0) {
        call.room = calling.takeArea(life, size);
        call.hasRoom = true;
        if (area) words.push(addressWord(calling, call.room));
        // The module reports where its stack is, so the range is checked.
        checkRange(host.instance.memory, call.room, size);
        // A function that returns no error leaves the error's words as they are, and one that fails may write nothing.
        if (hasError || linked) clear(host.instance.memory, call.room, size);
      }
      if (address !== undefined) words.push(addressWord(calling, address));
      else if (plan.isNullFirst) words.push(addressWord(calling, 0));
      call.before = words.length;
      if (linked) linked.lower(call, params, (at) => (call.lowered = at));
      else {
        for (; call.lowered < count; call.lowered++)
          (params[call.lowered] as Lowering).lower(life, args[call.lowered], words, later);
      }
      call.lowered = 0;
      for (const at of given) takeAway(plan.params[at]?.object as ObjectUse, args[at], host);
      take?.(object);
      announce?.(life, told);
    },
    finish: (call, returned) => {
      call.hasThrown = false;
      const value = receive(call.life, returned, call.room);
      return linked ? linked.receive(call, value) : value;
    },
    isLive,
    end: (call, hasFailed) => {
      const { life, words, later, room, lowered, before, hasThrown } = call;
      if (call.hasRoom) later.push(() => calling.giveArea(life, room, size, hasThrown));
      // After a restart the loans belong to an ended life, and after a trap there is nothing to clean up.
      if (later.length + lowered > 0 && isLive(call)) {
        if (lowered > 0) undo(params.slice(0, lowered), life, words.slice(before), later);
        endAll(later, hasFailed);
      }
    },
  };
}

/**
 * Makes the function that calls an export as it was declared.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param self - As for {@link createSteps}.
 * @param take - As for {@link createSteps}.
 */
export function createInvoke(
  plan: FunctionPlan,
  host: Host,
  self?: (object: unknown) => number,
  take?: (object: unknown) => void,
): Invoke {
  const steps = createSteps(plan, host, self, take);
  if (plan.isSuspended && host.extras) return host.extras.createSuspended(plan, host, steps);
  const { begin, lower, finish, end } = steps;
  const callee = linkTo(plan.export, host);
  return (object, passed) => {
    const call = begin(object, passed);
    let hasFailed = true;
    let isLowered = false;
    try {
      lower(call, object);
      isLowered = true;
      const value = finish(call, callAll(callee, call.words));
      hasFailed = false;
      return value;
    } catch (error) {
      throw calledBy(isLowered ? error : refusedFor(error, plan.export), plan.name, plan.export);
    } finally {
      end(call, hasFailed);
    }
  };
}

/**
 * Returns the number of arguments that a call has, for a module that has defaults for the others. Errors: `invalid-argument`
 * for one that is left out before another.
 */
function countOf(plan: FunctionPlan, params: readonly Lowering[], args: readonly unknown[]): number {
  let { length: count } = params;
  while (count > 0 && args[count - 1] === undefined && isOmittable(plan, count - 1)) count--;
  for (let at = 0; at < count; at++) {
    const param = params[at];
    const isNull = args[at] === null;
    if (!(isNull || args[at] === undefined) || !param?.needsCount) continue;
    const takesNull = param.accepts(null);
    // A parameter before one that must be passed has no default, so that null is its own.
    if (takesNull && plan.params.some((_, other) => other > at && !isOmittable(plan, other))) continue;
    const hint = takesNull ? "; declare t.optional(t.optional(…)) if the function takes null" : "";
    const expected = `${param.expected.replace(/, or undefined$/, ", or left out")} only with all arguments after it${hint}`;
    const received = isNull ? "null" : "undefined";
    throw invalidParameter(plan.name, at, params.length, expected, received, undefined, plan.labels[at]);
  }
  return count;
}

/** Whether an argument may be left out. */
function isOmittable({ params }: FunctionPlan, at: number): boolean {
  const param = params[at];
  if (!param) return false;
  return param.object ? param.object.isOptional : param.lowering.accepts(undefined);
}

/** Makes the function that reads arguments with contents; `undefined` if none has any. */
function createRead(
  plan: FunctionPlan,
  params: readonly Lowering[],
): ((args: readonly unknown[]) => readonly unknown[]) | undefined {
  if (!params.some(({ copy }) => copy)) return undefined;
  return (args) =>
    params.map((param, at) => {
      try {
        return param.copy ? param.copy(args[at]) : args[at];
      } catch (error) {
        throw mistaken(plan, params, at, args, undefined, error);
      }
    });
}

/** Schedules the release of values that were lowered for a call that is not made. */
function undo(lowered: readonly Lowering[], life: unknown, words: readonly Word[], later: (() => void)[]): void {
  let word = 0;
  for (const param of lowered) {
    const at = word;
    if (param.undo) later.push(() => param.undo?.(life, words, at));
    word += param.words.length;
  }
}

/**
 * Runs all deferred cleanup. A failed cleanup does not hide why the call failed.
 *
 * @param later - The deferred cleanup.
 * @param hasFailed - Whether the call failed.
 */
export function endAll(later: readonly (() => void)[], hasFailed: boolean): void {
  let failure: { readonly error: unknown } | undefined;
  for (const end of later) {
    try {
      end();
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure && !hasFailed) throw failure.error;
}

/**
 * Makes the function that the user calls. Most calls pass numbers, objects and a text, and take a fast path.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param kind - The class of the object that it is called on; absent for a function without one.
 * @param take - Takes the object away from the caller, if the call gives it to the module.
 */
export function createFunction(
  plan: FunctionPlan,
  host: Host,
  kind?: ObjectClass,
  take?: (object: unknown) => void,
): BoundFunction {
  const invoke = createInvoke(plan, host, kind && ((object) => Wrapper.address(object, kind)), take);
  const made: BoundFunction =
    (take || plan.isSuspended ? undefined : (createFast(plan, host, kind) ?? createReader(plan, host, kind))) ??
    (kind
      ? function (this: unknown, ...args: unknown[]) {
          return invoke(this, args);
        }
      : (...args: unknown[]) => invoke(undefined, args));
  const { extras } = host;
  const served =
    plan.asynchronous && extras ? extras.createAsynchronous(made, plan, host, kind, take !== undefined) : made;
  const call =
    plan.rest && extras ? extras.collecting(served, plan, plan.rest, plan.calling.address === "i64") : served;
  return define(call, "name", { value: plan.name.replace(/.*\./, ""), configurable: true });
}

/** A method without parameters whose result is several words: usually a getter of a text. */
function createReader(plan: FunctionPlan, host: Host, kind: ObjectClass | undefined): BoundFunction | undefined {
  const lifting = plan.result?.lifting;
  if (!kind || !lifting || plan.params.length > 0 || plan.linked || plan.hasError || plan.form !== "multi-value")
    return undefined;
  const callee = linkTo(plan.export, host);
  const { calling } = plan;
  const state = stateOf(plan, host);
  return function () {
    const words = call1(callee, addressWord(calling, Wrapper.address(this, kind)));
    try {
      return lifting.lift(state.life, words as readonly Word[], 0, false);
    } catch (error) {
      throw calledBy(error, plan.name, plan.export);
    }
  };
}

function resultWords({ result }: FunctionPlan): number {
  return result ? (result.lifting?.words.length ?? 1) : 0;
}

/** Makes the function that converts an export's result to a JavaScript value. */
function createLift(
  plan: FunctionPlan,
  host: Host,
): (life: unknown, words: readonly Word[], isAlone: boolean) => unknown {
  const { result } = plan;
  if (!result) return () => undefined;
  const { lifting } = result;
  if (lifting) {
    const { pointerTo } = lifting;
    if (pointerTo === undefined) return (life, words, isAlone) => lifting.lift(life, words, 0, isAlone);
    return (life, words, isAlone) => {
      if (addressOf(words[0]) === 0) throw nullPointer(`The result of ${plan.name}`, pointerTo);
      return lifting.lift(life, words, 0, isAlone);
    };
  }
  const convert = createConvert(plan, host);
  return (_, [word]) => convert?.(word);
}

function lowering({ lowering, object, items }: ParameterPlan, { calling }: FunctionPlan, host: Host): Lowering {
  if (lowering) {
    if (!items) return lowering;
    const item = objectLowering(items, calling, host);
    const acceptsAll = (value: unknown) =>
      lowering.accepts(value) && ((value ?? []) as unknown[]).every((one) => item.accepts(one));
    const refused = (value: unknown): Part | undefined => {
      if (!lowering.accepts(value)) return lowering.refused?.(value);
      const list = (value ?? []) as unknown[];
      const at = list.findIndex((one) => !isObjectFor(items, one));
      return at < 0 ? undefined : { path: `[${at}]`, value: list[at] };
    };
    return { ...lowering, accepts: acceptsAll, refused };
  }
  return objectLowering(object, calling, host);
}

function objectLowering(object: ObjectUse, calling: Calling, host: Host): Lowering {
  const kind = kindOf(object, host);
  return {
    ...plainLowering,
    words: [calling.address],
    expected: expectedOf(object),
    needsCount: object.isOptional && !object.isNullable && calling.announce ? true : undefined,
    accepts: (value) => {
      if (isNone(object, value)) return true;
      if (!isObjectFor(object, value)) return false;
      // Refused before the call, under its own name.
      Wrapper.address(value, kind());
      return true;
    },
    lower: (_, value, words, later) => {
      words.push(addressWord(calling, isNone(object, value) ? 0 : Wrapper.address(value, kind())));
      if (isNone(object, value) || object.isOwned || !kind().plan.isLent) return;
      Wrapper.lend(value, kind());
      later.push(() => Wrapper.giveBack(value, false));
    },
  };
}

/** Takes an object that is given to the module out of the caller's hands. */
function takeAway(object: ObjectUse, value: unknown, host: Host): void {
  if (value !== undefined && value !== null) Wrapper.take(value, kindOf(object, host)());
}

/** Clears four bytes at a time: the areas are small, and aligned to 16 bytes. */
function clear({ i32 }: Memory, address: number, size: number): void {
  for (let at = address / 4; at < (address + size) / 4; at++) i32[at] = 0;
}
