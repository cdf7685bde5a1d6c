import { createConvert, type Host } from "./host.ts";
import type { FunctionPlan, OutUse } from "./plans.ts";
import { addressWord } from "./word.ts";

/** Where the value of a `t.out` parameter is put after the call: what its lowering is given. */
export interface OutBox {
  /** What the module wrote. */
  value: unknown;
}

/**
 * Adds to what a function returns what the module writes to where its parameters point.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param invoke - Calls it with an argument for each parameter.
 * @returns What calls it with the arguments that a caller gives; the same function where nothing is written.
 */
export function withOuts<Call extends (object: unknown, args: readonly unknown[]) => unknown>(
  plan: FunctionPlan,
  host: Host,
  invoke: Call,
): Call | ((object: unknown, args: readonly unknown[]) => unknown) {
  const converts = plan.params.flatMap(({ out }) => (out ? [converting(out, plan, host)] : []));
  if (converts.length === 0) return invoke;
  return (object, args) => {
    const boxes: OutBox[] = [];
    let at = 0;
    const all = plan.params.map(({ out }) => {
      if (!out) return args[at++];
      const box: OutBox = { value: undefined };
      boxes.push(box);
      return box;
    });
    const result = invoke(object, all);
    const values = boxes.map(({ value }, index) => converts[index]?.(value));
    if (plan.result) return [result, ...values];
    return values.length === 1 ? values[0] : values;
  };
}

function converting({ object }: OutUse, plan: FunctionPlan, host: Host): (value: unknown) => unknown {
  if (!object) return (value) => value;
  const convert = createConvert({ ...plan, result: { object } }, host);
  return (value) => convert?.(addressWord(host.calling, value as number));
}
