import { parse, type ParserPlugin } from "@babel/parser";
import type { File, Node } from "@babel/types";
import { CommandError } from "../command-error.ts";
import { withoutModules, type WithoutModules } from "../embedded.ts";

/** More is not what a toolchain prints. */
const maximumSize = 32 * 1024 * 1024;

/** Forms of imports that engines or bundlers have, and that scripts of packages use. */
const importPlugins: ParserPlugin[] = [
  "sourcePhaseImports",
  "deferredImportEvaluation",
  ["importAttributes", { deprecatedAssertSyntax: true }],
];

/** A parsed text. */
export interface Parsed {
  readonly file: File;
  /** The name of the text, for messages. */
  readonly name: string;
  /** Returns the words of a node. */
  readonly textOf: (node: Pick<Node, "start" | "end">) => string;
  /** Returns the line and column of a node, counted from 1. */
  readonly positionOf: (node: Pick<Node, "start" | "loc">) => Position;
  /** Returns the place of a node, as in `app.d.ts:12:3`. */
  readonly placeOf: (node: Pick<Node, "start" | "loc">) => string;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Parses JavaScript or the declarations of TypeScript. The text is only read: nothing of it runs.
 *
 * @param whole - The text. Modules that are embedded in a script are passed over.
 * @param name - Its name, for messages.
 * @param language - What it is.
 */
export function parseText(whole: string, name: string, language: "declarations" | "script"): Parsed {
  const { text, cuts } = language === "script" ? withoutModules(whole) : { text: whole, cuts: [] };
  if (text.length > maximumSize) {
    throw new CommandError(`${name} has ${text.length} characters: at most ${maximumSize} are read.`);
  }
  const plugins: ParserPlugin[] =
    language === "declarations" ? [["typescript", { dts: true }], "decoratorAutoAccessors"] : importPlugins;
  let file: ReturnType<typeof parse>;
  try {
    file = parse(text, {
      sourceType: "unambiguous",
      plugins,
      errorRecovery: language === "declarations",
      allowReturnOutsideFunction: true,
    });
  } catch (error) {
    throw new CommandError(`${name} cannot be parsed: ${reasonOf(error)}.`);
  }
  // A package may declare a type twice. Anything else is no text that can be trusted to be what it seems.
  const error = file.errors?.find(({ reasonCode }) => !/^(VarRedeclaration|DuplicateExport)$/.test(reasonCode));
  if (error) throw new CommandError(`${name} cannot be parsed: ${error.reasonCode}.`);
  const positionOf = positionsIn(whole, cuts);
  return {
    file,
    name,
    textOf: ({ start, end }) => text.slice(start ?? 0, end ?? 0),
    positionOf,
    placeOf: (node) => {
      const { line, column } = positionOf(node);
      return `${name}:${line}:${column}`;
    },
  };
}

function reasonOf(error: unknown): string {
  // Deep nesting exhausts the stack of the parser.
  if (error instanceof RangeError) return "it is nested too deeply";
  if (!(error instanceof Error)) return "";
  // The parser knows more languages, and names its own options for them.
  if (!("reasonCode" in error) || !/^Missing(?:One\w+)?Plugins?$/.test(String(error.reasonCode))) return error.message;
  const plugins = "missingPlugin" in error ? [error.missingPlugin].flat().map(String) : [];
  const [place = ""] = / \(\d+:\d+\)$/.exec(error.message) ?? [];
  const form = plugins.includes("jsx") ? "JSX" : plugins.includes("decorators") ? "a decorator" : "syntax";
  return `it has ${form} that no engine runs, so it is the source of another script${place}`;
}

/** Returns a function that finds the positions of nodes in a text of which parts were passed over. */
function positionsIn(whole: string, cuts: WithoutModules["cuts"]): Parsed["positionOf"] {
  if (cuts.length === 0) return ({ loc }) => ({ line: loc?.start.line ?? 1, column: (loc?.start.column ?? 0) + 1 });
  let starts: number[] | undefined;
  return ({ start }) => {
    if (!starts) {
      starts = [0];
      for (let at = whole.indexOf("\n"); at >= 0; at = whole.indexOf("\n", at + 1)) starts.push(at + 1);
    }
    let offset = start ?? 0;
    for (const { at, length } of cuts) if (at < (start ?? 0)) offset += length;
    const next = starts.findIndex((one) => one > offset);
    const line = next < 0 ? starts.length : next;
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}
