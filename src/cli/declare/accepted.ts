import { CommandError } from "../command-error.ts";
import { printable } from "../output.ts";
import type { Remark } from "./declared.ts";

/** Names of members in an error. */
const shown = 8;

/** The reasons why the exit code of a command that has written its files is not 0. */
export interface Remaining {
  /** How many members are left out and not accepted. */
  readonly holes: number;
  /** How many statements are guessed. */
  readonly guesses: number;
  /** Whether `load` refuses the module. */
  readonly isRefused: boolean;
}

/**
 * Returns the names of the members that are left out and accepted, each once. Fails for a name of none that is left out: the
 * package has changed, or the name is misspelled.
 *
 * @param holes - The members that are left out.
 * @param accept - The names that the user accepts; `*` is all.
 */
export function acceptedOf(holes: readonly Remark[], accept: readonly string[]): readonly string[] {
  const names = [...new Set(holes.map(({ member }) => member))];
  const unknown = accept.find((one) => one !== "*" && !names.includes(one));
  if (unknown !== undefined) {
    const more = names.length > shown ? `, and ${names.length - shown} more` : "";
    const list =
      names.length === 0 ? "Nothing is left out" : `Left out: ${names.slice(0, shown).map(printable).join(", ")}`;
    throw new CommandError(`--accept names ${printable(unknown)}, which is not left out. ${list}${more}.`);
  }
  return accept.includes("*") ? names : names.filter((one) => accept.includes(one));
}

/**
 * Whether the exit code is 0.
 *
 * @param remaining - What may be against it.
 */
export function isComplete({ holes, guesses, isRefused }: Remaining): boolean {
  return holes + guesses === 0 && !isRefused;
}

/**
 * Explains the exit code 1 of a command that has written its files. Returns nothing if it is 0.
 *
 * @param remaining - The reasons.
 */
export function statusText(remaining: Remaining): string | undefined {
  if (isComplete(remaining)) return undefined;
  const { holes, guesses, isRefused } = remaining;
  const reasons = [
    ...(isRefused ? ["load refuses the module"] : []),
    ...(holes > 0 ? [`${holes} ${holes === 1 ? "member is" : "members are"} left out`] : []),
    ...(guesses > 0 ? [`${guesses} ${guesses === 1 ? "member is" : "members are"} guessed`] : []),
  ];
  const because = [reasons.slice(0, -1).join(", "), ...reasons.slice(-1)].filter(Boolean).join(" and ");
  const advice = holes > 0 ? "; --accept <member> accepts one that is left out" : "";
  return `The files are written. The exit code is 1 because ${because}${advice}.`;
}
