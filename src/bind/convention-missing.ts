import { UnglueError } from "../errors/unglue-error.ts";
import type { Called } from "./conventions.ts";

/**
 * Makes the error for a declared member that needs a convention which is not at hand.
 *
 * @param member - The member.
 * @param isHidden - Whether the module does not export it.
 * @param convention - The name of the convention, if it states one.
 * @param called - The module.
 */
export function conventionMissing(
  member: string,
  isHidden: boolean,
  convention: string | undefined,
  called: Pick<Called, "toolchain" | "adapter" | "toolchainAdapter" | "askWayIn">,
): UnglueError<"convention-unavailable"> {
  const { toolchain } = called;
  const why = isHidden
    ? `is no export of the module: those of ${toolchain} give their functions to a runtime`
    : convention === undefined
      ? `is declared with more than numbers, and only ${toolchain}'s convention can call it`
      : `is declared with ${toolchain}'s convention, which is not available`;
  return conventionUnavailable(
    member,
    `${member} ${why}.`,
    called,
    called.askWayIn() ??
      `There is none for ${toolchain} yet. Declare functions of numbers and booleans, pass the rest by hand with wasm.memory ` +
        "and wasm.guarded, or give an adapter whose `calling` has the convention. A function that is C's is declared with " +
        '{ convention: "c" }.',
  );
}

/**
 * Makes the error for a declaration that needs a convention which is not at hand.
 *
 * @param member - The declared member, or the import.
 * @param reason - Why it needs the convention: a sentence.
 * @param called - The module.
 * @param remedy - What to do if there is no adapter that has it: sentences.
 */
export function conventionUnavailable(
  member: string,
  reason: string,
  { toolchain, adapter, toolchainAdapter }: Pick<Called, "toolchain" | "adapter" | "toolchainAdapter">,
  remedy: string,
): UnglueError<"convention-unavailable"> {
  const line = toolchainAdapter?.importLine;
  return new UnglueError(
    "convention-unavailable",
    `${reason} ${toolchainAdapter ? withAdapter(toolchainAdapter, adapter) : remedy}`,
    { toolchain, member, ...(line !== undefined && { import: line }), ...(adapter !== undefined && { adapter }) },
  );
}

function withAdapter(
  { importLine, call }: NonNullable<Called["toolchainAdapter"]>,
  adapter: string | undefined,
): string {
  return adapter === undefined
    ? `A synchronous call needs the adapter given: ${importLine} and adapters: [${call}]. load() and compile() fetch it by themselves.`
    : `The adapter ${JSON.stringify(adapter)}, which serves this module, has none. Leave out its attach, so that it only provides imports, and give the other too: ${importLine} and adapters: [${call}, …].`;
}
