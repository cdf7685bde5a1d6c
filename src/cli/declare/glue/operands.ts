import { isObject } from "./evaluation.ts";
import { constant, isConstant, isNothing, isSame, type Term } from "./term.ts";

/** Operators, by those that mean the same with exchanged operands. */
const exchanged: ReadonlyMap<string, string> = new Map([
  ["|", "|"],
  ["<", ">"],
  [">", "<"],
  ["<=", ">="],
  [">=", "<="],
]);

/** `x === undefined || x === null` is one question. */
export function noneOf(first: Term, second: Term): Term | undefined {
  const [a, b] = [nothingTested(first), nothingTested(second)];
  return a && b && isSame(a, b) ? { kind: "is-none", of: a } : undefined;
}

function nothingTested(term: Term): Term | undefined {
  if (term.kind === "is-none") return term.of;
  if (term.kind !== "operation" || term.operator !== "===") return undefined;
  const [left, right] = term.args;
  return isNothing(right) ? left : isNothing(left) ? right : undefined;
}

/** The opposite of a condition. */
export function negated(term: Term): Term {
  if (term.kind === "constant") return constant(!term.value);
  if (isObject(term)) return constant(false);
  const [inner] = term.kind === "operation" && term.operator === "!" ? term.args : [];
  if (inner && isTruth(inner)) return inner;
  return { kind: "operation", operator: "!", args: [term] };
}

/** Whether a term is `true` or `false`. */
export function isTruth(term: Term): boolean {
  return (
    term.kind === "is-none" ||
    (term.kind === "operation" && /^(!|[=!]==?|[<>]=?|instanceof|in)$/.test(term.operator)) ||
    isConstant(term, true, false)
  );
}

/** Applies an operator, as far as the operands are known. */
export function binary(operator: string, left: Term, right: Term): Term {
  if (operator === "!==" || operator === "!=")
    return negated(binary(operator.slice(0, -1).replace("!", "=="), left, right));
  // Constants stand on the right: a minifier prints `"u" < typeof x`.
  const turned = left.kind === "constant" && right.kind !== "constant" ? exchanged.get(operator) : undefined;
  if (turned !== undefined) return binary(turned, right, left);
  if (operator === "===" || operator === "==") {
    if (left.kind === "constant" && right.kind === "constant") {
      return constant(
        operator === "==="
          ? left.value === right.value
          : isNothing(left) === isNothing(right) && (isNothing(left) || left.value === right.value),
      );
    }
    const [nothingSide, other] = isNothing(left) ? [left, right] : isNothing(right) ? [right, left] : [];
    if (nothingSide && other && (isObject(other) || other.kind === "handle")) return constant(false);
    if (operator === "==" && nothingSide && other) return { kind: "is-none", of: other };
    if (isConstant(left) && !isConstant(right)) return { kind: "operation", operator: "===", args: [right, left] };
    // Between two values that are not known, it is another question.
    const isLoose = operator === "==" && !isConstant(right);
    return { kind: "operation", operator: isLoose ? "==" : "===", args: [left, right] };
  }
  const [a, b] = [
    left.kind === "constant" ? left.value : undefined,
    right.kind === "constant" ? right.value : undefined,
  ];
  if (typeof a === "number" && typeof b === "number") {
    if (operator === "+") return constant(a + b);
    if (operator === "-") return constant(a - b);
    if (operator === "*") return constant(a * b);
    if (operator === "<") return constant(a < b);
  }
  if (typeof a === "string" && typeof b === "string" && operator === "+") return constant(a + b);
  if (typeof a === "bigint" && typeof b === "bigint" && operator === "<<" && b < 200n) return constant(a << b);
  return { kind: "operation", operator, args: [left, right] };
}
