import type { FunctionType, ImportShape } from "../../public/index.ts";
import { declarationText } from "./declared.ts";
import { formatMeaning } from "./format-meaning.ts";
import type { Declaration, Identify } from "./known/index.ts";
import { readMeaning } from "./meaning.ts";
import { listedMeanings } from "./stating.ts";

/** An import, and what its meaning is looked for with. */
export interface Fitting {
  readonly identify: Identify;
  readonly wanted: ImportShape;
  /** The possible meanings of an import, as text, by the meanings of its name and by its type. */
  readonly hints: Map<readonly Declaration[], Map<FunctionType | undefined, readonly string[]>>;
  /** Whether the import's type follows from a declaration. */
  readonly isFit: (declaration: Declaration) => boolean;
}

/**
 * Returns the meanings that an import could have by its name and type, at most one more than are listed. A module may have
 * many imports with one name and type, and a name may have hundreds of meanings.
 *
 * @param fitting - The import.
 */
export function fittingMeanings(fitting: Fitting): readonly string[] {
  const { identify, wanted, hints, isFit } = fitting;
  const meanings = identify.meanings(wanted);
  const type = wanted.kind === "function" ? wanted.type : undefined;
  const byType = hints.get(meanings) ?? new Map<FunctionType | undefined, readonly string[]>();
  hints.set(meanings, byType);
  const known = byType.get(type);
  if (known) return known;
  const byText = new Map<string, Declaration[]>();
  for (const one of meanings) {
    const text = declarationText(one);
    const same = byText.get(text);
    if (!same && byText.size > listedMeanings) continue;
    if (isFit(one)) byText.set(text, [...(same ?? []), one]);
  }
  const found = [...byText].flatMap(([text, same]) => [
    ...(new Set(same.map(reading)).size > 1 ? listOf(statementFor(fitting, same)) : [text]),
    ...listOf(statementFor(fitting, same.flatMap(withText))),
  ]);
  byType.set(type, found);
  return found;
}

const listOf = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);

/** Returns a declaration with a text for its first two values in a row, whose words are the same if values are numbers. */
function withText(declaration: Declaration): readonly Declaration[] {
  const { params } = declaration;
  const isValue = (code: string | undefined): boolean => code === "h" || code === "H";
  const at = params.findIndex((code, index) => isValue(code) && isValue(params[index + 1]));
  return at < 0 ? [] : [{ ...declaration, params: [...params.slice(0, at), "s", ...params.slice(at + 2)] }];
}

/** States one of several declarations with its types, as it will be accepted; `undefined` if none can be stated so. */
function statementFor({ isFit }: Fitting, declarations: readonly Declaration[]): string | undefined {
  for (const one of [...declarations].sort((a, b) => claims(a) - claims(b))) {
    const text = formatMeaning({ ...one, closure: undefined });
    const read = text === undefined ? undefined : readMeaning(text);
    if (read && isFit(read)) return text;
  }
  return undefined;
}

/**
 * Chooses the declaration that a statement without types is about.
 *
 * @param fitting - The import.
 * @param stated - The statement.
 * @returns The declaration, if there is one; or, if several differ, what to state instead.
 */
export function chooseStated(
  fitting: Fitting,
  stated: string,
): { readonly safest: Declaration | undefined; readonly expected: string | undefined } {
  const { identify, wanted, isFit } = fitting;
  const chosen = identify.meanings(wanted).filter((one) => declarationText(one) === stated && isFit(one));
  const [safest] = chosen.sort((a, b) => claims(a) - claims(b));
  if (new Set(chosen.map(reading)).size <= 1) return { safest, expected: undefined };
  const example = statementFor(fitting, chosen);
  const such = example === undefined ? "" : `, as in ${JSON.stringify(example)}`;
  return { safest, expected: `stated with its types, since several declarations of ${stated} fit${such}` };
}

/** Returns a key for how a declaration reads its words: one JavaScript name may be declared with several signatures. */
function reading({ receiver, params, result }: Declaration): string {
  return JSON.stringify([receiver, params, result]).replaceAll("H", "h").replaceAll("S", "s");
}

/**
 * Ranks a declaration by how much it takes over. If the owner of a value is unknown, taking the least is safe, though the
 * rest may leak.
 */
function claims({ params, catch: catches }: Declaration): number {
  return params.join("").replaceAll(/[^HS]/g, "").length + Number(catches);
}
