import type { Lowering } from "../public/index.ts";
import { type BoundFunction, createConvert, type Host, linkTo, mistaken } from "./host.ts";
import type { FunctionPlan } from "./plans.ts";

// Most calls are of numbers, objects and a text. They are written out by how many words they take, since a list of the
// words would cost more than the call.

/**
 * Makes the function that the user calls, where it has few parameters of one word each, or one of a text alone or first,
 * and a result of one word.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param self - Returns the address of the object that it is called on; absent for a function without one.
 * @returns `undefined` for any other.
 */
export function createFast(
  plan: FunctionPlan,
  host: Host,
  self: ((object: unknown) => number) | undefined,
): BoundFunction | undefined {
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
    call: linkTo(plan.export, host),
    convert,
    wrong: (at, ...args) => mistaken(plan, params, at, args),
  };
  if (params.every(({ isSame }) => isSame)) return self ? numbersOn(params, context, self) : numbers(params, context);
  const [first, ...others] = params;
  if (!first?.pair || others.length > 1 || !others.every(({ isSame }) => isSame)) return undefined;
  return self ? textOn(first, others[0], context, self) : text(first, others[0], context);
}

interface FastContext {
  readonly host: Host;
  readonly call: ReturnType<typeof linkTo>;
  readonly convert: (word: unknown) => unknown;
  readonly wrong: (at: number, ...args: unknown[]) => Error;
}

/** Parameters of one word each. */
function numbers(params: readonly Lowering[], { call: link, convert, wrong }: FastContext): BoundFunction {
  const [first, second, third] = params as [Lowering, Lowering, Lowering];
  switch (params.length) {
    case 0:
      return () => convert(link.call());
    case 1:
      return (a) => {
        if (!first.accepts(a)) throw wrong(0, a);
        return convert(link.call(a));
      };
    case 2:
      return (a, b) => {
        if (!first.accepts(a)) throw wrong(0, a, b);
        if (!second.accepts(b)) throw wrong(1, a, b);
        return convert(link.call(a, b));
      };
    default:
      return (a, b, c) => {
        if (!first.accepts(a)) throw wrong(0, a, b, c);
        if (!second.accepts(b)) throw wrong(1, a, b, c);
        if (!third.accepts(c)) throw wrong(2, a, b, c);
        return convert(link.call(a, b, c));
      };
  }
}

/** The same, called on an object. */
function numbersOn(
  params: readonly Lowering[],
  { call: link, convert, wrong }: FastContext,
  self: (object: unknown) => number,
): BoundFunction {
  const [first, second, third] = params as [Lowering, Lowering, Lowering];
  switch (params.length) {
    case 0:
      return function () {
        return convert(link.call(self(this)));
      };
    case 1:
      return function (a) {
        if (!first.accepts(a)) throw wrong(0, a);
        return convert(link.call(self(this), a));
      };
    case 2:
      return function (a, b) {
        if (!first.accepts(a)) throw wrong(0, a, b);
        if (!second.accepts(b)) throw wrong(1, a, b);
        return convert(link.call(self(this), a, b));
      };
    default:
      return function (a, b, c) {
        if (!first.accepts(a)) throw wrong(0, a, b, c);
        if (!second.accepts(b)) throw wrong(1, a, b, c);
        if (!third.accepts(c)) throw wrong(2, a, b, c);
        return convert(link.call(self(this), a, b, c));
      };
  }
}

/** A text, or a text and a word. */
function text(
  first: Lowering,
  other: Lowering | undefined,
  { host, call: link, convert, wrong }: FastContext,
): BoundFunction {
  const pair = first.pair as NonNullable<Lowering["pair"]>;
  if (!other) {
    return (a) => {
      if (!first.accepts(a)) throw wrong(0, a);
      const { life } = host;
      const address = pair.first(life, a);
      return convert(link.call(address, pair.second(life)));
    };
  }
  return (a, b) => {
    if (!first.accepts(a)) throw wrong(0, a, b);
    if (!other.accepts(b)) throw wrong(1, a, b);
    const { life } = host;
    const address = pair.first(life, a);
    return convert(link.call(address, pair.second(life), b));
  };
}

/** The same, called on an object. */
function textOn(
  first: Lowering,
  other: Lowering | undefined,
  { host, call: link, convert, wrong }: FastContext,
  self: (object: unknown) => number,
): BoundFunction {
  const pair = first.pair as NonNullable<Lowering["pair"]>;
  if (!other) {
    return function (a) {
      if (!first.accepts(a)) throw wrong(0, a);
      const object = self(this);
      const { life } = host;
      const address = pair.first(life, a);
      return convert(link.call(object, address, pair.second(life)));
    };
  }
  return function (a, b) {
    if (!first.accepts(a)) throw wrong(0, a, b);
    if (!other.accepts(b)) throw wrong(1, a, b);
    const object = self(this);
    const { life } = host;
    const address = pair.first(life, a);
    return convert(link.call(object, address, pair.second(life), b));
  };
}
