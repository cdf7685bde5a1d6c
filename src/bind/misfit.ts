import { UnglueError } from "../errors/unglue-error.ts";
import { nearest } from "../errors/nearest.ts";
import type { Calling, FunctionType } from "../public/index.ts";
import { signatureText } from "../base/type-text.ts";
import type { InterfaceNodes } from "./types/node.ts";

/** What is compared, and what has been found not to fit. */
export interface Planning {
  readonly members: InterfaceNodes;
  readonly calling: Calling;
  /** The exported functions. */
  readonly exported: ReadonlyMap<string, FunctionType>;
  readonly misfits: Misfit[];
  /** Whether JavaScript can run in the middle of a call: through an import, or a function in a table. */
  readonly callsOut: boolean;
  /** The classes whose objects come out of the module: lent, and given away. */
  readonly received: { readonly object: ReadonlySet<string>; readonly owned: ReadonlySet<string> };
}

/** Something declared that the module does not have, or has otherwise. */
export interface Misfit {
  readonly name: string;
  /** What was declared. */
  readonly declared: string;
  /** The names that its export may have. */
  readonly tried: readonly string[];
  /** The export that was found, and its type. */
  readonly export: string | undefined;
  readonly type: FunctionType | undefined;
  /** Why it does not fit, in words, where the signatures do not say it. */
  readonly reason: string;
}

/** How many misfits a message lists; the details have them all. */
const shown = 30;

/**
 * The error of an interface that is not the module's.
 *
 * @param planning - What was compared, and what does not fit.
 * @param cause - What reading the declaration threw.
 */
export function misfitError(
  { misfits, calling, exported }: Planning,
  cause?: unknown,
): UnglueError<"interface-mismatch"> {
  const names = [...exported.keys()];
  const lines = misfits.slice(0, shown).map((misfit) => lineOf(misfit, names));
  const more = misfits.length > shown ? `\n  … and ${misfits.length - shown} more, in error.details.misfits` : "";
  return new UnglueError(
    "interface-mismatch",
    `The declared interface does not fit the module, by the convention of ${calling.name}:\n  ${lines.join("\n  ")}${more}\n` +
      "Correct the declaration, or name the export that is meant with the option `export`. inspect(bytes) lists what the module has.",
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

function lineOf({ name, declared, tried, export: found, type, reason }: Misfit, names: readonly string[]): string {
  const because = reason && `: ${reason}`;
  if (found !== undefined && type) {
    return `${name} is declared ${declared}, and the export ${found} is ${signatureText(type)}${because}`;
  }
  if (reason && !tried.length) return `${name} is declared ${declared}${because}`;
  const near = tried.map((one) => nearest(one, names)).find((one) => one !== undefined);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return `${name} is declared ${declared}, and the module exports no function ${tried.join(" or ")}${because}${hint}`;
}
