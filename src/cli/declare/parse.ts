import { parse, type ParserPlugin } from "@babel/parser";
import type { File, Node } from "@babel/types";
import { CommandError } from "../command-error.ts";

/** More is not what a toolchain prints. */
const maximumSize = 32 * 1024 * 1024;

/** A parsed text. */
export interface Parsed {
  readonly file: File;
  /** The name of the text, for messages. */
  readonly name: string;
  /** Returns the words of a node. */
  readonly textOf: (node: Pick<Node, "start" | "end">) => string;
  /** Returns the place of a node, as in `app.d.ts:12:3`. */
  readonly placeOf: (node: Pick<Node, "loc">) => string;
}

/**
 * Parses JavaScript or the declarations of TypeScript. The text is only read: nothing of it runs.
 *
 * @param text - The text.
 * @param name - Its name, for messages.
 * @param language - What it is.
 */
export function parseText(text: string, name: string, language: "declarations" | "script"): Parsed {
  if (text.length > maximumSize) {
    throw new CommandError(`${name} has ${text.length} characters: at most ${maximumSize} are read.`);
  }
  const plugins: ParserPlugin[] = language === "declarations" ? [["typescript", { dts: true }]] : [];
  let file: ReturnType<typeof parse>;
  try {
    file = parse(text, {
      sourceType: "unambiguous",
      plugins,
      errorRecovery: language === "declarations",
      allowReturnOutsideFunction: true,
    });
  } catch (error) {
    // Deep nesting exhausts the stack of the parser.
    const reason =
      error instanceof RangeError ? "it is nested too deeply" : error instanceof Error ? error.message : "";
    throw new CommandError(`${name} cannot be parsed: ${reason}.`);
  }
  // A package may declare a type twice. Anything else is no text that can be trusted to be what it seems.
  const error = file.errors?.find(({ reasonCode }) => !/^(VarRedeclaration|DuplicateExport)$/.test(reasonCode));
  if (error) throw new CommandError(`${name} cannot be parsed: ${error.reasonCode}.`);
  return {
    file,
    name,
    textOf: ({ start, end }) => text.slice(start ?? 0, end ?? 0),
    placeOf: ({ loc }) => `${name}:${loc?.start.line ?? 1}:${(loc?.start.column ?? 0) + 1}`,
  };
}
