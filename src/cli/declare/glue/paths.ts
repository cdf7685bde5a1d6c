import { isConstant, isNothing, type Term } from "./term.ts";

/** Something outside of the file: a global, or a name of another module, and a path of members. */
export interface Path {
  readonly module: string | undefined;
  readonly names: readonly string[];
}

/** The path that a term reads, also if it is checked first that it exists. */
export function pathOf(term: Term): Path | undefined {
  switch (term.kind) {
    case "global":
      return { module: undefined, names: [term.name] };
    case "foreign":
      return { module: term.module, names: term.name === "*" ? [] : [term.name] };
    case "member": {
      const of = pathOf(term.of);
      return of && { ...of, names: [...of.names, term.name] };
    }
    case "either": {
      // `typeof X === 'undefined' ? null : X`
      const check = missingTest(term.test);
      const [value, other] = check?.is ? [term.otherwise, term.then] : [term.then, term.otherwise];
      const path = check && pathOf(value);
      const isPlaceholder = isNothing(other) || other.kind === "call" || other.kind === "function";
      return isPlaceholder && check?.names.every((name, at) => name === path?.names[at]) ? path : undefined;
    }
    default:
      return undefined;
  }
}

/** The path that a condition asks for, and whether the condition is that there is no such value. */
function missingTest(test: Term): { readonly names: readonly string[]; readonly is: boolean } | undefined {
  if (test.kind !== "operation") return undefined;
  const [left, right] = test.args;
  if (test.operator === "!") {
    const inner = left && missingTest(left);
    return inner && { ...inner, is: !inner.is };
  }
  const [of] = left?.kind === "operation" && left.operator === "typeof" ? left.args : [];
  const path = of && pathOf(of);
  if (!path) return undefined;
  // A minifier writes `typeof X > "u"`.
  const isEqual = test.operator === "===" && isConstant(right, "undefined");
  const isCompared = /^[<>]$/.test(test.operator) && isConstant(right, "u");
  const isFound = test.operator === "===" && isConstant(right, "function", "object");
  return isEqual || isCompared || isFound ? { names: path.names, is: !isFound && test.operator !== "<" } : undefined;
}

/** Whether a path names something. */
export function isPlainPath({ names }: Path): boolean {
  return names.length > 0;
}
