import { call0, call1, call2, call3, call4, type Callee } from "../base/callee.ts";
import type { Lowering } from "../public/index.ts";
import { type BoundFunction, createConvert, type Host, linkTo, mistaken } from "./host.ts";
import { Wrapper, type ObjectClass } from "./objects.ts";
import type { FunctionPlan } from "./plans.ts";

// Most calls are of numbers, objects and a text. They are written out by how many words they take, since a list of the
// words would cost more than the call.

/**
 * Makes the function that the user calls, where it has few parameters of one word each, or one of a text alone or first,
 * and a result of one word.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param kind - The class of the object that it is called on; absent for a function without one.
 * @returns `undefined` for any other.
 */
export function createFast(plan: FunctionPlan, host: Host, kind: ObjectClass | undefined): BoundFunction | undefined {
  if (plan.form !== "direct" || host.calling.address === "i64" || plan.params.length > 3 || plan.outs.length > 0)
    return undefined;
  const params: Lowering[] = [];
  for (const { lowering } of plan.params) {
    if (!lowering) return undefined;
    params.push(lowering);
  }
  const convert = createConvert(plan, host);
  if (!convert) return undefined;
  const context: FastContext = {
    host,
    callee: linkTo(plan.export, host),
    convert,
    wrong: (at, ...args) => mistaken(plan, params, at, args),
  };
  if (params.every(({ isSame }) => isSame)) return kind ? numbersOn(params, context, kind) : numbers(params, context);
  const [first, ...others] = params;
  if (!first?.pair || others.length > 1 || !others.every(({ isSame }) => isSame)) return undefined;
  return text(first, others[0], context, kind);
}

interface FastContext {
  readonly host: Host;
  readonly callee: Callee;
  readonly convert: (word: unknown) => unknown;
  readonly wrong: (at: number, ...args: unknown[]) => Error;
}

/** Parameters of one word each. */
function numbers(params: readonly Lowering[], context: FastContext): BoundFunction {
  const { callee, convert, wrong } = context;
  const [first, second, third] = params as [Lowering, Lowering, Lowering];
  switch (params.length) {
    case 0:
      return () => convert(call0(callee));
    case 1:
      return (a) => {
        if (!first.accepts(a)) throw wrong(0, a);
        return convert(call1(callee, a));
      };
    case 2:
      return (a, b) => {
        if (!first.accepts(a)) throw wrong(0, a, b);
        if (!second.accepts(b)) throw wrong(1, a, b);
        return convert(call2(callee, a, b));
      };
    default:
      return (a, b, c) => {
        if (!first.accepts(a)) throw wrong(0, a, b, c);
        if (!second.accepts(b)) throw wrong(1, a, b, c);
        if (!third.accepts(c)) throw wrong(2, a, b, c);
        return convert(call3(callee, a, b, c));
      };
  }
}

/** The same, called on an object. */
function numbersOn(params: readonly Lowering[], context: FastContext, kind: ObjectClass): BoundFunction {
  const { callee, convert, wrong } = context;
  const [first, second, third] = params as [Lowering, Lowering, Lowering];
  switch (params.length) {
    case 0:
      return function () {
        return convert(call1(callee, Wrapper.address(this, kind)));
      };
    case 1:
      return function (a) {
        if (!first.accepts(a)) throw wrong(0, a);
        return convert(call2(callee, Wrapper.address(this, kind), a));
      };
    case 2:
      return function (a, b) {
        if (!first.accepts(a)) throw wrong(0, a, b);
        if (!second.accepts(b)) throw wrong(1, a, b);
        return convert(call3(callee, Wrapper.address(this, kind), a, b));
      };
    default:
      return function (a, b, c) {
        if (!first.accepts(a)) throw wrong(0, a, b, c);
        if (!second.accepts(b)) throw wrong(1, a, b, c);
        if (!third.accepts(c)) throw wrong(2, a, b, c);
        return convert(call4(callee, Wrapper.address(this, kind), a, b, c));
      };
  }
}

/** A text, or a text and a word. */
function text(
  first: Lowering,
  other: Lowering | undefined,
  context: FastContext,
  kind: ObjectClass | undefined,
): BoundFunction {
  const { host, callee, convert, wrong } = context;
  const pair = first.pair as NonNullable<Lowering["pair"]>;
  if (!other) {
    return function (a) {
      if (!first.accepts(a)) throw wrong(0, a);
      const object = kind && Wrapper.address(this, kind);
      const { life } = host;
      const address = pair.first(life, a);
      const size = pair.second(life);
      return convert(kind ? call3(callee, object, address, size) : call2(callee, address, size));
    };
  }
  return function (a, b) {
    if (!first.accepts(a)) throw wrong(0, a, b);
    if (!other.accepts(b)) throw wrong(1, a, b);
    const object = kind && Wrapper.address(this, kind);
    const { life } = host;
    const address = pair.first(life, a);
    const size = pair.second(life);
    return convert(kind ? call4(callee, object, address, size, b) : call3(callee, address, size, b));
  };
}
