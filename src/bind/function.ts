import type { ExportedFunction, Lowering, Memory, ValueType, Word } from "../types/index.ts";
import { readWord } from "./layout.ts";
import { Bound } from "./objects.ts";
import { withOuts } from "./outs.ts";
import { createFast } from "./fast.ts";
import { type BoundFunction, createConvert, type Host, kindOf, linkTo, mistaken } from "./host.ts";
import type { FunctionPlan, ObjectUse, ParameterPlan } from "./plans.ts";
import { addressWord } from "./word.ts";

/** Calls a bound function: on its object, if it has one, and with JavaScript's values. */
export type Invoke = (object: unknown, args: readonly unknown[]) => unknown;

/**
 * Makes what calls an export as it was declared.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param self - Returns the address of the object that it is called on; absent for a function without one.
 */
export function createInvoke(plan: FunctionPlan, host: Host, self?: (object: unknown) => number): Invoke {
  const { calling } = host;
  const link = linkTo(plan.export, host);
  const params = plan.params.map((param) => lowering(param, host));
  const lift = createLift(plan, host);
  const { area, hasError } = plan;
  const count = params.length;
  // Objects are given away when nothing can fail any more before the call.
  const given = plan.params.flatMap(({ object }, at) => (object?.isOwned ? [at] : []));
  const errorAt = area ? area.words.length - 2 : resultWords(plan);
  const stored = plan.result?.lifting?.stored;
  const isDirect = plan.form === "direct";

  /** Takes the results of a call apart. */
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

  return (object, args) => {
    for (let at = 0; at < count; at++) {
      if (!(params[at] as Lowering).accepts(args[at])) throw mistaken(plan, params, at, args);
    }
    // After the arguments, since asking for it may take the object away.
    const address = self?.(object);
    const { life } = host;
    const words: Word[] = [];
    const later: (() => void)[] = [];
    let room = 0;
    let hasThrown = true;
    if (area) {
      room = calling.takeArea(life, area.size);
      words.push(addressWord(calling, room));
      // What returns no error leaves the words of the error as they are.
      if (hasError) clear(host.instance.memory, room, area.size);
    }
    try {
      if (address !== undefined) words.push(addressWord(calling, address));
      for (let at = 0; at < count; at++) (params[at] as Lowering).lower(life, args[at], words, later);
      for (const at of given) {
        const { object } = plan.params[at] as { readonly object: ObjectUse };
        if (args[at] !== undefined && args[at] !== null) Bound.take(args[at], kindOf(object, host)());
      }
      const returned = callWith(link.call, words);
      hasThrown = false;
      return receive(life, returned, room);
    } finally {
      // What was lent to a life that has ended, or to an instance that takes no more calls, is gone with it.
      if (host.life === life && host.instance.state === "live") {
        if (area) later.push(() => calling.giveArea(life, room, area.size, hasThrown));
        endAll(later, hasThrown);
      }
    }
  };
}

/** Does all of it. What fails here must not take the place of what the call threw. */
function endAll(later: readonly (() => void)[], hasThrown: boolean): void {
  const failures: unknown[] = [];
  for (const end of later) {
    try {
      end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0 && !hasThrown) throw failures[0];
}

/**
 * Makes the function that the user calls. Those of numbers alone are written out by how many they take, since most calls
 * are such.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param self - Returns the address of the object that it is called on; absent for a function without one.
 */
export function createFunction(plan: FunctionPlan, host: Host, self?: (object: unknown) => number): BoundFunction {
  const invoke = withOuts(plan, host, createInvoke(plan, host, self));
  const made: BoundFunction =
    createFast(plan, host, self) ??
    createReader(plan, host, self) ??
    (self
      ? function (this: unknown, ...args: unknown[]) {
          return invoke(this, args);
        }
      : (...args: unknown[]) => invoke(undefined, args));
  return Object.defineProperty(made, "name", { value: plan.name.replace(/.*\./, ""), configurable: true });
}

/** A method without parameters whose result is several words: a getter of a text, mostly. */
function createReader(
  plan: FunctionPlan,
  host: Host,
  self: ((object: unknown) => number) | undefined,
): BoundFunction | undefined {
  const lifting = plan.result?.lifting;
  if (!self || !lifting || plan.params.length > 0 || plan.hasError || plan.form !== "multi-value") return undefined;
  const link = linkTo(plan.export, host);
  const isWide = host.calling.address === "i64";
  return function () {
    const address = self(this);
    return lifting.lift(host.life, link.call(isWide ? BigInt(address) : address) as readonly Word[], 0, false);
  };
}

function resultWords({ result }: FunctionPlan): number {
  return result ? (result.lifting?.words.length ?? 1) : 0;
}

/** Makes the JavaScript value of what an export returned. */
function createLift(
  plan: FunctionPlan,
  host: Host,
): (life: unknown, words: readonly Word[], isAlone: boolean) => unknown {
  const { result } = plan;
  if (!result) return () => undefined;
  const { lifting } = result;
  if (lifting) return (life, words, isAlone) => lifting.lift(life, words, 0, isAlone);
  const convert = createConvert(plan, host);
  return (_, [word]) => convert?.(word);
}

function lowering({ lowering, object }: ParameterPlan, host: Host): Lowering {
  if (lowering) return lowering;
  const kind = kindOf(object, host);
  const { class: name } = object;
  const isNone = (value: unknown) => object.isOptional && (value === undefined || value === null);
  return {
    words: [host.calling.address],
    expected: `an object of the class ${name}${object.isOptional ? ", or undefined" : ""}`,
    accepts: (value) => {
      if (isNone(value)) return true;
      if (Bound.kindOf(value)?.plan.name !== name) return false;
      // Refused before the call, and by its own name.
      Bound.address(value, kind());
      return true;
    },
    lower: (_, value, words) => {
      const address = isNone(value) ? 0 : Bound.address(value, kind());
      words.push(addressWord(host.calling, address));
    },
  };
}

/** Four bytes at a time: the areas are small, and aligned to 16 bytes. */
function clear({ i32 }: Memory, address: number, size: number): void {
  for (let at = address / 4; at < (address + size) / 4; at++) i32[at] = 0;
}

function callWith(call: ExportedFunction, words: readonly Word[]): unknown {
  switch (words.length) {
    case 0:
      return call();
    case 1:
      return call(words[0]);
    case 2:
      return call(words[0], words[1]);
    case 3:
      return call(words[0], words[1], words[2]);
    case 4:
      return call(words[0], words[1], words[2], words[3]);
    case 5:
      return call(words[0], words[1], words[2], words[3], words[4]);
    default:
      return call(...words);
  }
}
