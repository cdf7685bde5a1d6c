import { describe } from "../errors/describe.ts";
import { invalidParameter } from "../errors/invalid.ts";
import type { BoundFunction } from "./host.ts";
import type { FunctionPlan } from "./plans.ts";
import { elementArrays } from "./types/arrays.ts";
import type { TypeNode } from "./types/node.ts";
import { acceptanceOf } from "./types/types.ts";

/**
 * Makes a function that takes any number of arguments, and passes the last ones together.
 *
 * @param call - The function that takes them together.
 * @param plan - How it is called.
 * @param rest - The type of the collected arguments.
 * @param isWide - Whether addresses have 64 bits.
 */
export function collecting(call: BoundFunction, plan: FunctionPlan, rest: TypeNode, isWide: boolean): BoundFunction {
  const before = plan.params.length - 1;
  const collect = collectorOf(plan, rest, before, isWide);
  return function (...args) {
    const fixed = Array.from({ length: before }, (_, at) => args[at]);
    return call.apply(this, [...fixed, collect(args.slice(before))]);
  };
}

/** Makes the function that turns arguments into one value. Numbers are checked here: a typed array would convert them. */
function collectorOf(
  { name, labels }: FunctionPlan,
  rest: TypeNode,
  before: number,
  isWide: boolean,
): (args: readonly unknown[]) => unknown {
  const element = rest.type === "array" ? rest.element : rest.type === "bytes" ? "u8" : undefined;
  if (element === undefined) return (args) => args;
  const { accepts, expected } = acceptanceOf({ type: element }, isWide);
  const Numbers = elementArrays[element];
  return (args) => {
    const wrong = args.findIndex((one) => !accepts(one));
    if (wrong < 0) {
      const numbers = new Numbers(new ArrayBuffer(args.length * Numbers.BYTES_PER_ELEMENT));
      for (const [index, one] of args.entries()) numbers[index] = one as never;
      return numbers;
    }
    const at = before + wrong;
    const label = labels[before];
    throw invalidParameter(
      name,
      at,
      before + args.length,
      expected,
      describe(args[wrong]),
      undefined,
      label === undefined ? undefined : `${label}[${wrong}]`,
    );
  };
}
