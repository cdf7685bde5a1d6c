import { describe } from "../describe.ts";
import type { Malformation } from "../failure.ts";

/** What a module does that the binary format forbids. */
const words: { readonly [problem in Malformation]: string | ((subject: string | number | undefined) => string) } = {
  byte: (byte) => `0x${byte?.toString(16)} is not allowed here`,
  encoding: "a name is not UTF-8",
  index: (item) => `there is no ${item}`,
  order: (section) => `the ${section} section comes twice or too late`,
  short: "the section ends too early",
  long: "the section goes on behind what belongs to it",
  supertype: "a type has another supertype than one before it",
  tag: "a tag has results",
  memory: "a memory is too large",
  unlimited: "a shared memory has no maximum",
  limits: "a maximum is below the initial size",
  mutable: "a global is mutable",
  elements: "a table's elements have no initial value",
  twice: (name) => `two exports have the name ${describe(name)}`,
  start: "the start function has parameters or results",
};

/**
 * Tells how a module breaks the binary format.
 *
 * @param problem - What is wrong.
 * @param subject - What it is about.
 */
export function malformationText(problem: Malformation, subject: string | number | undefined): string {
  const text = words[problem];
  return typeof text === "string" ? text : text(subject);
}
