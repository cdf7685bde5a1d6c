import { UnglueError } from "../errors/unglue-error.ts";
import { nearest } from "../errors/nearest.ts";
import type { Calling, FunctionType, Shape } from "../public/index.ts";
import { signatureText } from "../base/type-text.ts";
import type { InterfaceNodes } from "./types/node.ts";

/** The state of a comparison, and the misfits found so far. */
export interface Planning {
  readonly members: InterfaceNodes;
  readonly calling: Calling;
  /** The exported functions. */
  readonly exported: ReadonlyMap<string, FunctionType>;
  readonly misfits: Misfit[];
  /** The advice about the module, which may tell why it lacks exports. */
  readonly advice: Shape["advice"];
  /** Whether JavaScript can run during a call: through an import, or a function in a table. */
  readonly callsOut: boolean;
  /** The classes whose objects come out of the module, either lent or given away. */
  readonly received: { readonly object: ReadonlySet<string>; readonly owned: ReadonlySet<string> };
}

/** A declared member that the module lacks, or has with another signature. */
export interface Misfit {
  readonly name: string;
  /** The declared member. */
  readonly declared: string;
  /** The export names that were tried. */
  readonly tried: readonly string[];
  /** The export that was found, with its type. */
  readonly export: string | undefined;
  readonly type: FunctionType | undefined;
  /** The reason why it does not fit, in words, if the signatures do not show it. */
  readonly reason: string;
  /** Compares the declaration with the export again, for the message. */
  readonly compare: (() => Comparison) | undefined;
}

/** A declaration next to the export that it does not fit. */
export interface Comparison {
  /** The words that the declaration asks of the export. */
  readonly words: FunctionType | undefined;
  /** Similar declarations that fit. */
  readonly fitting: readonly string[];
}

/** The members of a {@link Misfit} for which no export was looked for. */
export const withoutExport = { tried: [], export: undefined, type: undefined, compare: undefined } as const;

/** The number of export names that a message lists. */
const shownNames = 3;
/** The number of misfits that a message lists; the details have them all. */
const shown = 30;

/**
 * Makes the error for an interface that does not fit the module.
 *
 * @param planning - The comparison and its misfits.
 * @param cause - The error that reading the declaration threw.
 */
export function misfitError(
  { misfits, calling, exported, advice }: Planning,
  cause?: unknown,
): UnglueError<"interface-mismatch"> {
  const names = [...exported.keys()];
  const lines = misfits.slice(0, shown).map((misfit) => lineOf(misfit, names));
  const lacks = misfits.some(({ tried, export: found }) => tried.length > 0 && found === undefined);
  const told = lacks ? advice.map(({ message }) => `\n${message}`).join("") : "";
  const more = misfits.length > shown ? `\n  … and ${misfits.length - shown} more, in error.details.misfits` : "";
  return new UnglueError(
    "interface-mismatch",
    `The declared interface does not fit the module, by the convention of ${calling.name}:\n  ${lines.join("\n  ")}${more}\n` +
      "Correct the declaration, or name the export that is meant with the option `export`. inspect(bytes) lists what the module has." +
      told,
    {
      misfits: misfits.map(({ name, declared, export: found, type, reason }) => ({
        name,
        declared,
        ...(found !== undefined && { export: found }),
        ...(type && { type }),
        ...(reason && { reason }),
      })),
    },
    { cause },
  );
}

function lineOf(misfit: Misfit, names: readonly string[]): string {
  const { name, declared, tried, export: found, type, reason, compare } = misfit;
  const because = reason && `: ${reason}`;
  if (found !== undefined && type) {
    const { words, fitting } = compare?.() ?? { words: undefined, fitting: [] };
    const text = words && signatureText(words);
    const asWords = text === undefined || text === declared ? "" : `, which is ${text}`;
    const fits = fitting.length > 0 ? `; would fit: ${fitting.join(", or ")}` : "";
    return `${name} is declared ${declared}${asWords}, and the export ${found} is ${signatureText(type)}${because}${fits}`;
  }
  if (reason && !tried.length) return `${name} is declared ${declared}${because}`;
  const more = tried.length > shownNames ? ` or ${tried.length - shownNames} other names` : "";
  const sought = `${tried.slice(0, shownNames).join(" or ")}${more}`;
  const near = likeNames(tried, names);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return `${name} is declared ${declared}, and the module exports no function ${sought}${because}${hint}`;
}

/** The export that was probably meant: one that has the words of the name in order, else the most similar one. */
function likeNames(tried: readonly string[], names: readonly string[]): string | undefined {
  for (const one of tried.slice(0, shownNames)) {
    const parts = one.split("_").filter((part) => part !== "");
    const longer = parts.length > 1 ? names.find((name) => hasInOrder(name, parts)) : undefined;
    if (longer !== undefined) return longer;
  }
  return tried.map((one) => nearest(one, names)).find((one) => one !== undefined);
}

function hasInOrder(name: string, parts: readonly string[]): boolean {
  let at = 0;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
