import type { FunctionType, ValueType } from "../../../public/index.ts";
import type { Effect, Evaluation } from "./evaluation.ts";
import { splitAddress } from "./memory.ts";
import { isConstant, type Term } from "./term.ts";

/** The result of an import: the words, and the types that they are stored with. */
export interface Returned {
  readonly words: readonly Term[];
  readonly types: readonly (ValueType | undefined)[];
  /** Whether they are written to the address that the first parameter holds. */
  readonly isStored: boolean;
}

/** The words of a result. */
export function returnedWords({
  evaluation,
  result,
  type,
}: {
  readonly evaluation: Evaluation;
  readonly result: Term;
  readonly type: FunctionType | undefined;
}): Returned | undefined {
  const writes = evaluation.effects.filter((one) => one.kind === "write" && !isCaught(one));
  if (writes.length > 0) {
    const placed = writes.map((one) => {
      const { address, value, element } = one as Extract<Effect, { kind: "write" }>;
      const type: ValueType =
        element === "f32" || element === "f64" ? element : element === "i64" || element === "u64" ? "i64" : "i32";
      return { ...splitAddress(address), value, type };
    });
    if (!placed.every(({ base }) => base?.kind === "param" && base.index === 0)) return undefined;
    placed.sort((a, b) => a.offset - b.offset);
    let end = 0;
    for (const { offset, type: stored } of placed) {
      const size = stored === "i64" || stored === "f64" ? 8 : 4;
      if (offset !== Math.ceil(end / size) * size) return undefined;
      end = offset + size;
    }
    return { words: placed.map(({ value }) => value), types: placed.map(({ type }) => type), isStored: true };
  }
  const value = uncaught(result);
  const count = type?.results.length ?? 0;
  if (isConstant(value, undefined)) return count > 0 ? undefined : { words: [], types: [], isStored: false };
  // A minifier shortens `new Array()`.
  const isReference = count === 1 && type?.results[0] === "externref";
  if (value.kind === "list" && isReference) return { words: [value], types: ["externref"], isStored: false };
  if (value.kind === "list" && (!type || count !== value.items.length || count < 2)) return undefined;
  if (value.kind === "list") return { words: value.items, types: type?.results ?? [], isStored: false };
  return { words: [value], types: [type?.results[0]], isStored: false };
}

/** The regular value of one that an exception changes. */
function uncaught(term: Term): Term {
  return term.kind === "either" && term.test.kind === "caught" ? uncaught(term.otherwise) : term;
}

/** Whether something happens after an exception. */
export function isCaught({ guards }: Effect): boolean {
  return guards.some(({ kind }) => kind === "caught");
}
