import { isSameList } from "../base/same.ts";
import type { Calling, FunctionType, Lifting, Lowering, ValueType } from "../public/index.ts";
import { layOut } from "./layout.ts";

/** How results come back: directly, as several values, or through memory that a first parameter points to. */
export type Form = "direct" | "multi-value" | "return-pointer";

/** Room for results that the module writes. */
export interface Area {
  /** Bytes. */
  readonly size: number;
  /** The offset of each word, the error's words included. */
  readonly offsets: readonly number[];
  readonly words: readonly ValueType[];
}

/** One way in which the export that was found matches the declaration. */
export interface Fit {
  readonly params: readonly Lowering[];
  readonly result: Lifting | undefined;
  readonly form: Form;
  readonly area: Area | undefined;
  readonly hasError: boolean;
}

/** The declaration to fit to an export. */
export interface FitContext {
  readonly calling: Calling;
  /** The words before the parameters: those of the object that a method is called on. */
  readonly self: readonly ValueType[];
  /** The ways in which each parameter can be passed. */
  readonly lowerings: readonly (readonly Lowering[])[];
  /** The ways in which the result can be received; `undefined` means no result. */
  readonly liftings: readonly (Lifting | undefined)[];
}

const errorWords: readonly ValueType[] = ["i32", "i32"];

/**
 * Lists the ways in which an export can be called as declared.
 *
 * @param context - What was declared.
 * @param type - The export's type.
 */
export function fit(context: FitContext, type: FunctionType): readonly Fit[] {
  return context.liftings.flatMap((result) => fitResult(context, result, type));
}

function fitResult(context: FitContext, result: Lifting | undefined, type: FunctionType): Fit[] {
  const { calling, self } = context;
  const words = result?.words ?? [];
  const alone = result?.alone ?? words;
  const fits = (before: readonly ValueType[], more: Omit<Fit, "params" | "result">): Fit[] =>
    choices(context.lowerings, type.params, [...before, ...self]).map((params) => ({ params, result, ...more }));
  const returns = (...lists: (readonly ValueType[])[]) => isSameList(type.results, lists.flat());

  const isMany = words.length > 1;
  if (!isMany && !result?.stored && returns(alone)) {
    const found = fits([], { form: "direct", hasError: false, area: undefined });
    if (found.length > 0) return found;
  }
  if (isMany && returns(words)) return fits([], { form: "multi-value", hasError: false, area: undefined });
  if (calling.hasErrors && returns(words, errorWords))
    return fits([], { form: "multi-value", hasError: true, area: undefined });
  const isWritten = isMany || result?.stored !== undefined || calling.hasErrors;
  if (!isWritten || type.results.length > 0 || calling.hasAreas === false) return [];
  // No reference can be written to memory.
  if (words.some((word) => !isStorable(word))) return [];
  const all = calling.hasErrors ? [...words, ...errorWords] : words;
  const { offsets, size } = layOut(all);
  const area = { offsets, words: all, size: Math.max(size, result?.stored?.size ?? 0) };
  return fits([calling.address], { form: "return-pointer", hasError: calling.hasErrors, area });
}

function isStorable(word: ValueType): boolean {
  return word === "i32" || word === "i64" || word === "f32" || word === "f64";
}

/**
 * Finds the choices of one way for each parameter that give the words a function takes, after those before: none, one, or two
 * if there are more.
 *
 * @param lists - The ways of each parameter.
 * @param wanted - The words.
 * @param before - The words before the parameters.
 */
export function choices<Way extends { readonly words: readonly ValueType[] }>(
  lists: readonly (readonly Way[])[],
  wanted: readonly ValueType[],
  before: readonly ValueType[],
): readonly Way[][] {
  if (!isSameList(wanted.slice(0, before.length), before)) return [];
  // Keyed by the number of words taken. Two choices are enough to show that there is more than one.
  let open = new Map<number, readonly (Choice<Way> | undefined)[]>([[before.length, [undefined]]]);
  for (const ways of lists) {
    const next = new Map<number, (Choice<Way> | undefined)[]>();
    for (const [at, chosen] of open) {
      for (const way of ways) {
        const end = at + way.words.length;
        if (!isSameList(wanted.slice(at, end), way.words)) continue;
        const there = next.get(end) ?? [];
        next.set(end, there);
        for (const last of chosen) if (there.length < 2) there.push({ way, before: last });
      }
    }
    open = next;
  }
  return (open.get(wanted.length) ?? []).map(listOf);
}

/** A way for one parameter, and the ways for those before it. */
interface Choice<Way> {
  readonly way: Way;
  readonly before: Choice<Way> | undefined;
}

function listOf<Way>(last: Choice<Way> | undefined): Way[] {
  const ways: Way[] = [];
  for (let choice = last; choice; choice = choice.before) ways.push(choice.way);
  return ways.reverse();
}
