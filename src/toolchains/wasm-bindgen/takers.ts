import type { Advice } from "../../public/index.ts";

/** An import that takes a closure. */
export interface Taker {
  readonly name: string;
  /** The code of the closure's type. */
  readonly code: string;
  /** The exports that could run it. */
  readonly runners: readonly string[];
}

/**
 * Returns advice about imports that take closures.
 *
 * @param takers - The imports.
 */
export function adviseTakers(takers: readonly Taker[]): readonly Advice[] {
  if (takers.length === 0) return [];
  const texts = some(takers, "; ", ({ name, code, runners }) =>
    brief(`${name} takes ${code}, run by ${some(runners, " or ", (one) => one) || "none that is known"}`),
  );
  const message = `These imports take closures, and the module does not tell which export runs them: ${texts}. State it in the adapter's option \`closures\`.`;
  return [{ code: "closures", message }];
}

/**
 * How many imports or exports the message lists, and how many characters of each: a module may have thousands of any length.
 */
const shown = 20;
const longest = 200;

/**
 * Lists some of many.
 *
 * @param items - All of them.
 * @param separator - The text between two.
 * @param text - Writes one.
 */
export function some<Item>(items: readonly Item[], separator: string, text: (item: Item) => string): string {
  const rest = items.length > shown ? `${separator}and ${items.length - shown} more` : "";
  return items.slice(0, shown).map(text).join(separator) + rest;
}

/** Shortens the name of an import or export. */
export function brief(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
