import { inspect } from "../node.ts";
import { compactShape } from "../reflect/compact.ts";
import { type BuiltinFlags, builtinsFrom } from "./builtins.ts";
import { exitCodes } from "./command-error.ts";
import { replaceOutput } from "./files.ts";
import { readInput } from "./input.ts";
import { type Output, toJson } from "./output.ts";

/** Whether a text is a shape, in one of its two forms. */
function isShape(text: string): boolean {
  try {
    const data: unknown = JSON.parse(text);
    return (
      Object(data) === data && Object.hasOwn(data as object, "imports") && Object.hasOwn(data as object, "exports")
    );
  } catch {
    return false;
  }
}

/**
 * Runs `unglue shape`.
 *
 * @param argument - The module.
 * @param options - Where to write, and whether in compact form.
 * @param output - The terminal.
 */
export async function shapeCommand(
  argument: string,
  { output: file, compact = false, ...flags }: BuiltinFlags & { readonly output?: string; readonly compact?: boolean },
  output: Output,
): Promise<number> {
  const { path, bytes } = await readInput(argument);
  // Classes and the allocator are for people: a loader does not read them here.
  const full = { ...inspect(bytes, builtinsFrom(flags)), classes: undefined, allocator: undefined };
  const shape = compact ? compactShape(full) : full;
  if (file === undefined) output.write(toJson(shape));
  else replaceOutput(file, toJson(shape), path, isShape);
  return exitCodes.fine;
}
