import { leavesOf } from "./evaluation.ts";
import { allParts, type Term } from "./term.ts";

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
      const isCheck = [...allParts(term.test)].some((one) => one.kind === "operation" && one.operator === "typeof");
      const [path, second] = leavesOf(term).filter(({ kind }) => kind !== "call" && kind !== "function");
      return isCheck && path && !second ? pathOf(path) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a path names something. */
export function isPlainPath({ names }: Path): boolean {
  return names.length > 0;
}
