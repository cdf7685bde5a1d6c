import type { ImportFunction, Word } from "../../public/index.ts";
import type { TypeNode } from "../types/node.ts";
import { check, type Hosted } from "./check.ts";
import { convertAt } from "./place.ts";

type Convert = (word: Word) => unknown;

/**
 * Makes the function of an import that takes and returns single words which convert by themselves, such as numbers. Nothing of
 * the instance is needed, and the usual numbers of parameters are written out, since a list takes longer than the call.
 *
 * @param hosted - The host function.
 * @returns `undefined` for any other.
 */
export function fastCall(hosted: Hosted): ImportFunction | undefined {
  const { node, plan } = hosted;
  const { call, error, catches } = node;
  const { result } = plan;
  if (error || catches || node.suspends || (result && !result.isSame) || plan.length) return undefined;
  const converts: Convert[] = [];
  for (const [at, { receiving, filling, buffer, place }] of plan.params.entries()) {
    if (!receiving?.convert || receiving.finish || filling || buffer) return undefined;
    const { convert } = receiving;
    converts.push(
      acceptsAnyWord(node.params[at] as TypeNode) ? convert : (word) => convertAt(place, () => convert(word)),
    );
  }
  const answer = result
    ? (value: unknown) => (result.accepts(value) ? value : check(hosted, "result", result, value))
    : () => undefined;
  const [first, second, third] = converts as [Convert, Convert, Convert];
  switch (converts.length) {
    case 0:
      return () => answer(call());
    case 1:
      return (a: Word) => answer(call(first(a)));
    case 2:
      return (a: Word, b: Word) => answer(call(first(a), second(b)));
    case 3:
      return (a: Word, b: Word, c: Word) => answer(call(first(a), second(b), third(c)));
    default:
      return (...words: Word[]) => answer(call(...converts.map((convert, at) => convert(words[at]))));
  }
}

/** Whether every word is a value of a type, so that no error has to name the parameter. */
function acceptsAnyWord({ type }: TypeNode): boolean {
  return /^([iuf]\d+|bool|js)$/.test(type);
}
