import type { Effect, Evaluation } from "./evaluation.ts";
import { plainWord, splitAddress } from "./memory.ts";
import { isSame, type Term } from "./term.ts";

/** A call of the module, and what is known about its words. */
export interface ModuleCall {
  readonly effect: Extract<Effect, { kind: "wasm" }>;
  /** The address that it writes its results to, if it does. */
  readonly area: Term | undefined;
  /** Its place among the effects. */
  readonly at: number;
  /** Its words without that address. */
  readonly words: readonly Term[];
}

/** Finds the call of the module that a function is about. Before it, the function only takes place for results. */
export function moduleCall(evaluation: Evaluation): ModuleCall | undefined {
  let area: Term | undefined;
  for (const [at, effect] of evaluation.effects.entries()) {
    if (effect.kind !== "wasm" || effect.guards.some(({ kind }) => kind === "caught")) continue;
    const [first] = effect.args;
    if (effect.args.length === 1 && first?.kind === "constant" && typeof first.value === "number" && first.value < 0) {
      area = effect.result;
      continue;
    }
    const global = stackGlobal(first);
    if (first && ((area && isSame(plainWord(first), area)) || global)) {
      return { effect, at, area: plainWord(first), words: effect.args.slice(1) };
    }
    return { effect, at, area: undefined, words: effect.args };
  }
  return undefined;
}

/** Before 0.2.70, the stack pointer was an exported global. */
function stackGlobal(term: Term | undefined): boolean {
  if (term?.kind === "operation" && /^[-+]$/.test(term.operator)) return stackGlobal(term.args[0]);
  return term?.kind === "member" && term.name === "value" && term.of.kind === "export";
}

/** Whether a term is a word of the results of a call. */
export function isResultOf({ effect, area, at }: ModuleCall): (term: Term) => boolean {
  return (term) => {
    if (term.kind === "read") {
      const { base } = splitAddress(term.address);
      return area !== undefined && base !== undefined && isSame(base, area) && term.after > at;
    }
    const of = term.kind === "member" && /^\d$/.test(term.name) ? term.of : term;
    return of === effect.result;
  };
}
