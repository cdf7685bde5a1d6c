import { call0, call1, call2, call3, call4, type Callee } from "../base/callee.ts";
import { calledBy, refusedFor } from "../errors/trap.ts";
import type { Lowering } from "../public/index.ts";
import { type BoundFunction, type CallingState, createConvert, type Host, linkTo, mistaken, stateOf } from "./host.ts";
import { Wrapper, type ObjectClass } from "./objects.ts";
import type { FunctionPlan } from "./plans.ts";

// Most calls pass numbers, objects and a text. Each word count is written out, since a list of the words would cost more
// than the call.

/**
 * Makes the function that the user calls, if it has few parameters of one word each, or a text alone or first, and a result
 * of one word.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param kind - The class of the object that it is called on; absent for a function without one.
 * @returns `undefined` for any other.
 */
export function createFast(plan: FunctionPlan, host: Host, kind: ObjectClass | undefined): BoundFunction | undefined {
  if (plan.form !== "direct" || plan.calling.address === "i64" || plan.params.length > 3 || plan.linked)
    return undefined;
  if (plan.calling.announce || plan.isNullFirst) return undefined;
  const params: Lowering[] = [];
  for (const { lowering } of plan.params) {
    if (!lowering) return undefined;
    params.push(lowering);
  }
  const convert = createConvert(plan, host);
  if (!convert) return undefined;
  const context: FastContext = {
    state: stateOf(plan, host),
    callee: linkTo(plan.export, host),
    convert,
    wrong: (at, ...args) => mistaken(plan, params, at, args),
    passing: (error) => calledBy(refusedFor(error, plan.export), plan.name, plan.export),
  };
  if (params.every(({ isSame }) => isSame)) return kind ? numbersOn(params, context, kind) : numbers(params, context);
  const [first, ...others] = params;
  if (!first?.pair || others.length > 1 || !others.every(({ isSame }) => isSame)) return undefined;
  return text(first, others[0], context, kind);
}

interface FastContext {
  readonly state: CallingState;
  readonly callee: Callee;
  readonly convert: (word: unknown) => unknown;
  readonly wrong: (at: number, ...args: unknown[]) => Error;
  /** Adds the function to an error that passing its text threw. */
  readonly passing: (error: unknown) => unknown;
}

// V8 treats an import as a variable, and looks it up and compares it at each call. A constant in the enclosing function is
// compiled in: a call with numbers then takes 0.5 to 1 ns less of 5, in Node 20 to 26 and in Chromium.

/** Parameters of one word each. */
function numbers(params: readonly Lowering[], context: FastContext): BoundFunction {
  const { callee, convert, wrong } = context;
  const [with0, with1, with2, with3] = [call0, call1, call2, call3];
  const [first, second, third] = params as [Lowering, Lowering, Lowering];
  switch (params.length) {
    case 0:
      return () => convert(with0(callee));
    case 1:
      return (a) => {
        if (!first.accepts(a)) throw wrong(0, a);
        return convert(with1(callee, a));
      };
    case 2:
      return (a, b) => {
        if (!first.accepts(a)) throw wrong(0, a, b);
        if (!second.accepts(b)) throw wrong(1, a, b);
        return convert(with2(callee, a, b));
      };
    default:
      return (a, b, c) => {
        if (!first.accepts(a)) throw wrong(0, a, b, c);
        if (!second.accepts(b)) throw wrong(1, a, b, c);
        if (!third.accepts(c)) throw wrong(2, a, b, c);
        return convert(with3(callee, a, b, c));
      };
  }
}

/** The same parameters, for a function that is called on an object. */
function numbersOn(params: readonly Lowering[], context: FastContext, kind: ObjectClass): BoundFunction {
  const { callee, convert, wrong } = context;
  const [with1, with2, with3, with4] = [call1, call2, call3, call4];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- static, and without `this`
  const { address: addressOf } = Wrapper;
  const [first, second, third] = params as [Lowering, Lowering, Lowering];
  switch (params.length) {
    case 0:
      return function () {
        return convert(with1(callee, addressOf(this, kind)));
      };
    case 1:
      return function (a) {
        if (!first.accepts(a)) throw wrong(0, a);
        return convert(with2(callee, addressOf(this, kind), a));
      };
    case 2:
      return function (a, b) {
        if (!first.accepts(a)) throw wrong(0, a, b);
        if (!second.accepts(b)) throw wrong(1, a, b);
        return convert(with3(callee, addressOf(this, kind), a, b));
      };
    default:
      return function (a, b, c) {
        if (!first.accepts(a)) throw wrong(0, a, b, c);
        if (!second.accepts(b)) throw wrong(1, a, b, c);
        if (!third.accepts(c)) throw wrong(2, a, b, c);
        return convert(with4(callee, addressOf(this, kind), a, b, c));
      };
  }
}

/** A text, or a text and one word. */
function text(
  first: Lowering,
  other: Lowering | undefined,
  context: FastContext,
  kind: ObjectClass | undefined,
): BoundFunction {
  const { state, callee, convert, wrong, passing } = context;
  const [with2, with3, with4] = [call2, call3, call4];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- static, and without `this`
  const { address: addressOf } = Wrapper;
  const pair = first.pair as NonNullable<Lowering["pair"]>;
  const lowered = (life: unknown, value: unknown): unknown => {
    try {
      return pair.first(life, value);
    } catch (error) {
      throw passing(error);
    }
  };
  if (!other) {
    return function (a) {
      if (!first.accepts(a)) throw wrong(0, a);
      const object = kind && addressOf(this, kind);
      const { life } = state;
      const address = lowered(life, a);
      const size = pair.second(life);
      return convert(kind ? with3(callee, object, address, size) : with2(callee, address, size));
    };
  }
  return function (a, b) {
    if (!first.accepts(a)) throw wrong(0, a, b);
    if (!other.accepts(b)) throw wrong(1, a, b);
    const object = kind && addressOf(this, kind);
    const { life } = state;
    const address = lowered(life, a);
    const size = pair.second(life);
    return convert(kind ? with4(callee, object, address, size, b) : with3(callee, address, size, b));
  };
}
