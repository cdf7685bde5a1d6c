import type { Function as FunctionNode } from "@babel/types";
import type { Glue } from "../evaluation.ts";
import type { Model } from "./model.ts";
import { type Call, heapOf, keeps, plain } from "./trial.ts";
import { Thing, type Value } from "./values.ts";

/**
 * Whether a part of wasm-bindgen's runtime does its task, if it is one whose task can be tried.
 *
 * @param glue - The generated JavaScript.
 * @param node - The function.
 * @param name - Its name, without underscores.
 */
export function doesAsNamed(glue: Glue, node: FunctionNode, name: string): boolean {
  return name !== "cbdrop" || keeps(glue, node, (call, model) => dropsClosures(glue, call, model), plain);
}

/** Whether the last owner of a closure takes its address and is told so, and the others are not. */
function dropsClosures(glue: Glue, call: Call, model: Model): boolean {
  const heap = heapOf(glue, model);
  return [1, 2, 3].every((count) => {
    const state = new Thing();
    const members: readonly (readonly [string, Value])[] = [
      ["a", 81_000],
      ["b", 82_000],
      ["cnt", count],
    ];
    for (const [name, value] of members) state.members.set(name, value);
    const closure = new Thing();
    closure.members.set("original", state);
    const place = heap ? heap.items.push(closure) - 1 : undefined;
    const isTaken = call(place ?? closure);
    const isGivenBack = !heap || place === undefined || heap.items[place] !== closure;
    const isLast = count === 1;
    const address = isLast ? 0 : 81_000;
    return (
      isGivenBack && isTaken === isLast && state.members.get("a") === address && state.members.get("cnt") === count - 1
    );
  });
}
