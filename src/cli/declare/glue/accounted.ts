import type { Node } from "@babel/types";
import { type Effect, type Evaluation, leavesOf } from "./evaluation.ts";
import { isResultOf, type ModuleCall } from "./module-call.ts";
import { isSameWord, plainWord } from "./memory.ts";
import { allParts, isConstant, isSame, type Term } from "./term.ts";

/** A closure that is marked as running, and an object that is given away, are no part of the outside. */
export function isBookkeeping(effect: Effect, { classes }: Evaluation): boolean {
  if (effect.kind !== "set" || effect.target.kind !== "member" || !isConstant(effect.value, 0)) return false;
  const { of } = effect.target;
  return of.kind === "record" || of.kind === "instance" || classes.some((one) => isSame(one.of, of));
}

/** Whether something is a conversion that belongs to how a value is passed. */
export function isConversion(effect: Effect): boolean {
  if (effect.kind !== "call" || effect.term.isNew) return false;
  const { callee } = effect.term;
  return callee.kind === "member" && /^(fromCodePoint|codePointAt|fround|indexOf|charCodeAt)$/.test(callee.name);
}

/**
 * Finds something that an exported function does besides calling the module, passing values, checking them, and releasing what
 * it took: generated JavaScript does nothing else, so someone has changed it.
 *
 * @param evaluation - The evaluation of the function.
 * @param call - Its call of the module.
 * @param isOwn - Whether an effect is another part of what the function is for.
 */
export function unaccountedEffect(
  evaluation: Evaluation,
  call: ModuleCall,
  isOwn: (effect: Effect) => boolean = () => false,
): Effect | undefined {
  const { effects } = evaluation;
  const at = effects.indexOf(call.effect);
  const thrown = new Set(effects.flatMap((one) => (one.kind === "throw" ? [...allParts(one.value)] : [])));
  const isWord = isResultOf(call);
  let moved = 0;
  for (const one of effects) if (one.kind === "wasm" && isStackMove(one.args)) moved += stackMove(one.args);
  const isAccounted = (one: Effect, index: number): boolean => {
    if (moved !== 0 && one.kind === "wasm" && isStackMove(one.args)) return false;
    if (isOwn(one)) return true;
    if (one === call.effect) return one.guards.every((guard) => isCheck(guard, isWord));
    // Exceptions of the engine are converted there.
    if (one.guards.some(({ kind }) => kind === "caught")) {
      const isConverted =
        one.kind === "call" &&
        (thrown.has(one.term) || one.term.callee.kind === "handled" || isOfException(one.term.callee));
      return isConverted || isHandling(one);
    }
    switch (one.kind) {
      case "wasm":
        return isStackMove(one.args) || (index > at && isRelease(one.args, call, isWord));
      case "call": {
        const { callee } = one.term;
        // A module that has ended in a trap is reported by a function of its table.
        const isCopiedBack = callee.kind === "member" && callee.name === "set" && callee.of.kind === "param";
        return isCopiedBack || thrown.has(one.term) || isConversion(one) || callee.kind === "handled";
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

/** Whether a value is the one that an exception carries. */
function isCarried(value: Term): boolean {
  const callee = value.kind === "call" ? value.callee : undefined;
  return callee?.kind === "member" && callee.name === "getArg" && callee.of.kind === "caught";
}

/** Whether something belongs to the end of a call by an exception, which goes on as it is, or with the value that it carries. */
function isHandling(effect: Effect): boolean {
  switch (effect.kind) {
    case "throw":
      return effect.value.kind === "caught" || isCarried(effect.value);
    case "write":
      // Rust that unwinds has its end marked.
      return isConstant(effect.value, 1);
    case "set":
      return effect.target.kind !== "member" || effect.target.of.kind !== "caught";
    case "wasm":
      return typeof effect.callee === "number" || effect.callee.startsWith("__");
    default:
      return effect.kind === "drop";
  }
}

/** A place that does something which generated JavaScript does not do there. */
export interface Strange {
  readonly kind: "strange";
  readonly node: Node;
}

/**
 * Finds something that an import does besides its operation, passing values, checking them, and releasing what it took.
 *
 * @param evaluation - The evaluation of the import, as the module calls it.
 * @param main - Its operation.
 */
export function strangeEffect(evaluation: Evaluation, main: Effect | undefined): Strange | undefined {
  const { effects } = evaluation;
  const thrown = new Set(effects.flatMap((one) => (one.kind === "throw" ? [...allParts(one.value)] : [])));
  const isWord = (term: Term): boolean => term.kind === "param";
  const isRethrown = rethrows(effects);
  const released: Term[] = [];
  let stored = 0;
  const isAccounted = (one: Effect): boolean => {
    if (one.guards.some(({ kind }) => kind === "caught")) {
      if (isHeapCheck(one)) return one.kind === "throw" || (one.kind === "call" && thrown.has(one.term));
      if (!isRethrown) return one.kind === "wasm" && ++stored === 1;
      // Builds for debugging report the error and throw it again.
      if (one.kind === "call") return thrown.has(one.term) || isReport(one.term.callee);
      return one.kind === "throw" && isPassedOn(one.value);
    }
    if (one === main) return one.guards.length === 0;
    switch (one.kind) {
      case "wasm": {
        const [first, second] = one.args;
        const isFirst =
          first !== undefined && isWord(plainWord(first)) && !released.some((word) => isSameWord(word, first));
        if (first) released.push(first);
        const isLength = !second || [...allParts(second)].some(isWord);
        return isFirst && isLength && one.args.length <= 3 && one.guards.every((guard) => isCheck(guard, isWord));
      }
      case "call":
        return thrown.has(one.term) || isConversion(one);
      case "throw":
        return one.guards.length > 0 && one.guards.every((guard) => isCheck(guard, isWord));
      case "set":
        return isBookkeeping(one, evaluation);
      case "drop":
        return isWord(plainWord(one.word));
      case "write":
        return one.guards.length === 0;
      default:
        return false;
    }
  };
  const found = effects.find((one) => !isAccounted(one));
  return found && { kind: "strange", node: found.node };
}

/** Whether every exception that is caught is thrown again. */
export function rethrows(effects: readonly Effect[]): boolean {
  return effects.some(({ kind, guards }) => {
    const at = guards.findIndex((one) => one.kind === "caught");
    // Those that a test excludes have been thrown before.
    const isAlways = guards.slice(at + 1).every((one) => one.kind === "caught" || (one.kind === "test" && !one.is));
    return kind === "throw" && at >= 0 && isAlways;
  });
}

/** Whether something depends on the next free place of a list, which builds for debugging check. */
function isHeapCheck({ guards }: Effect): boolean {
  return guards.some((one) => one.kind === "test" && [...allParts(one.test)].some(({ kind }) => kind === "free-place"));
}

/** Whether a value is what was caught, as it is or in an exception of the engine. */
function isPassedOn(value: Term): boolean {
  if (value.kind === "caught" || isCarried(value)) return true;
  const payload = value.kind === "call" && value.isNew ? value.args[1] : undefined;
  return payload?.kind === "list" && payload.items.length === 1 && payload.items[0]?.kind === "caught";
}

/** Whether a function only tells people about an exception. */
function isReport(callee: Term): boolean {
  if (callee.kind !== "member") return false;
  if (callee.of.kind === "caught") return callee.name === "toString" || isOfException(callee);
  return callee.name === "error" && callee.of.kind === "global" && callee.of.name === "console";
}

/** Whether a call reserves or releases a part of the stack. */
function isStackMove(args: readonly Term[]): boolean {
  const [only] = args;
  return args.length === 1 && only?.kind === "constant" && typeof only.value === "number";
}

function stackMove([only]: readonly Term[]): number {
  return only?.kind === "constant" && typeof only.value === "number" ? only.value : 0;
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

/**
 * Whether a function is a member of an exception, or one that the module exports or has in a table: where Rust unwinds, the
 * JavaScript asks an exception for its tag, and calls the hook of an abort.
 */
function isOfException(callee: Term): boolean {
  switch (callee.kind) {
    case "caught":
    case "export":
      return true;
    case "member":
      return callee.of.kind === "caught" ? /^(is|getArg)$/.test(callee.name) : isOfException(callee.of);
    case "index":
      return isOfException(callee.of);
    case "call":
      return isOfException(callee.callee);
    default:
      return false;
  }
}
