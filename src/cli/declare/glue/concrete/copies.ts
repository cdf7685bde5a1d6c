import type { Function as FunctionNode } from "@babel/types";
import type { Glue } from "../evaluation.ts";
import { keeps, plain } from "./trial.ts";
import { List, provide, Thing, type Value } from "./values.ts";

const values = ["one", "two", "three", "four"];

/** Makes an object with an iterator of some values. */
function iterable(): Thing {
  let at = 0;
  const iterator = new Thing();
  const next = (): Value => {
    const result = new Thing();
    result.members.set("done", at >= values.length);
    result.members.set("value", values[at++]);
    return result;
  };
  iterator.members.set("next", provide(next));
  const made = new Thing();
  made.members.set(
    "[Symbol.iterator]",
    provide(() => iterator),
  );
  return made;
}

/**
 * Whether a function copies what an iterator returns to a list: all of it, or as many values as its second argument says.
 *
 * @param glue - The generated JavaScript.
 * @param node - The function.
 */
export function copiesIterators(glue: Glue, node: FunctionNode): boolean {
  let isWhole = false;
  const isKept = keeps(
    glue,
    node,
    (call, { program }) => {
      program.globals.set(
        "Symbol",
        provide(() => undefined),
      );
      const isCopied = (made: Value, count: number): boolean =>
        made instanceof List && made.items.length === count && made.items.every((one, at) => one === values[at]);
      isWhole =
        isCopied(call(iterable()), values.length) && (node.params.length < 2 || isCopied(call(iterable(), 2), 2));
      return isWhole;
    },
    plain,
  );
  return isKept && isWhole;
}
