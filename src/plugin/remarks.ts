import type { DeclaredModule } from "./declarations.ts";

/** Remarks that a message lists. */
const listed = 3;

/**
 * Says which members of a module are left out or guessed.
 *
 * @param module - The module.
 * @param importer - The file that imports it, for people.
 * @returns The message; `undefined` if there are none.
 */
export function remarksText({ name, declaration }: DeclaredModule, importer: string): string | undefined {
  const { holes, guesses } = declaration;
  if (holes.length + guesses.length === 0) return undefined;
  const parts = [
    ...(holes.length > 0 ? [`${counted(holes.length)} left out`] : []),
    ...(guesses.length > 0 ? [`${counted(guesses.length)} guessed`] : []),
  ];
  const all = [...holes, ...guesses];
  const lines = all.slice(0, listed).map(({ member, reason }) => `\n- ${member}: ${reason.replaceAll(/\s+/g, " ")}`);
  const rest = all.length > listed ? `\n- and ${all.length - listed} more: run \`npx unglue declare\` for all` : "";
  return `${name}, imported by ${importer}: ${parts.join(", ")}.${lines.join("")}${rest}`;
}

function counted(count: number): string {
  return count === 1 ? "1 member is" : `${count} members are`;
}
