import { type Effect, type Evaluation, leavesOf } from "./evaluation.ts";
import { isResultOf, type ModuleCall } from "./module-call.ts";
import { isSameWord, plainWord } from "./memory.ts";
import { allParts, isConstant, type Term } from "./term.ts";

/** Conversions that belong to how a value is passed. */
const conversions = /^(fromCodePoint|codePointAt|fround|indexOf|charCodeAt)$/;

/**
 * Finds something that an exported function does besides calling the module, passing values, checking them, and releasing what
 * it took: generated JavaScript does nothing else, so someone has changed it.
 *
 * @param evaluation - The evaluation of the function.
 * @param call - Its call of the module.
 */
export function unaccountedEffect(evaluation: Evaluation, call: ModuleCall): Effect | undefined {
  const { effects } = evaluation;
  const at = effects.indexOf(call.effect);
  const thrown = new Set(effects.flatMap((one) => (one.kind === "throw" ? [...allParts(one.value)] : [])));
  const isWord = isResultOf(call);
  const isAccounted = (one: Effect, index: number): boolean => {
    if (one === call.effect) return one.guards.every((guard) => isCheck(guard, isWord));
    // Exceptions of the engine are converted there.
    if (one.guards.some(({ kind }) => kind === "caught")) return true;
    switch (one.kind) {
      case "wasm":
        return isStackMove(one.args) || (index > at && isRelease(one.args, call, isWord));
      case "call": {
        const { callee } = one.term;
        const isConversion = !one.term.isNew && callee.kind === "member" && conversions.test(callee.name);
        // A module that has ended in a trap is reported by a function of its table.
        const isCopiedBack = callee.kind === "member" && callee.name === "set" && callee.of.kind === "param";
        return isCopiedBack || thrown.has(one.term) || isConversion || callee.kind === "handled";
      }
      case "throw":
        return one.guards.every((guard) => isCheck(guard, isWord));
      case "set":
        return one.target.kind === "member" && isConstant(one.value, 0);
      case "drop":
        return isWord(plainWord(one.word));
      default:
        return false;
    }
  };
  return effects.find((one, index) => !isAccounted(one, index));
}

/** Whether a call reserves or releases a part of the stack. */
function isStackMove(args: readonly Term[]): boolean {
  const [only] = args;
  return args.length === 1 && only?.kind === "constant" && typeof only.value === "number";
}

/** Whether a call frees memory that the module has returned, or that was passed to it, or gives a handle back. */
function isRelease(args: readonly Term[], { words }: ModuleCall, isWord: (term: Term) => boolean): boolean {
  const [pointer, length] = args;
  if (!pointer || args.length > 3) return false;
  const isPassed = (term: Term): boolean => term.kind === "pointer" && words.some((word) => isSameWord(word, term));
  if (!leavesOf(pointer).every((one) => isWord(plainWord(one)) || (length && isPassed(one)))) return false;
  return !length || [...allParts(length)].some((one) => isWord(one) || one.kind === "length" || one.kind === "member");
}

/** Whether a condition is a check of a class, a type, an object that was given away, or a result. */
function isCheck(guard: Effect["guards"][number], isWord: (term: Term) => boolean): boolean {
  if (guard.kind !== "test") return false;
  return [...allParts(guard.test)].some(
    (one) =>
      isWord(plainWord(one)) ||
      one.kind === "read" ||
      one.kind === "is-none" ||
      (one.kind === "operation" && /^(instanceof|typeof)$/.test(one.operator)) ||
      (one.kind === "operation" && one.operator === "===" && isConstant(one.args[1], 0, 1) && isPlace(one.args[0])),
  );
}

function isPlace(term: Term | undefined): boolean {
  return term?.kind === "member" || term?.kind === "stack-place" || term?.kind === "handle";
}
