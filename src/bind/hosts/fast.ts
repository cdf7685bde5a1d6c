import type { ImportFunction, Word } from "../../public/index.ts";
import { check, type Hosted } from "./check.ts";

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
  if (error || catches || (result && !result.isSame) || plan.length) return undefined;
  const converts: Convert[] = [];
  for (const { receiving, filling, buffer } of plan.params) {
    if (!receiving?.convert || receiving.finish || filling || buffer) return undefined;
    converts.push(receiving.convert);
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
