import { UnglueError } from "../errors/unglue-error.ts";
import { describe } from "../errors/describe.ts";
import { nearest } from "../errors/nearest.ts";
import type { FunctionType, Shape } from "../public/index.ts";
import { signatureText } from "../base/type-text.ts";
import type { Conventions, NamedCalling } from "./conventions.ts";
import type { InterfaceNodes } from "./types/node.ts";

/** The state of a comparison, and the misfits found so far. */
export interface Planning {
  readonly members: InterfaceNodes;
  readonly conventions: Conventions;
  /** The convention of what is compared. */
  readonly by: NamedCalling;
  /** The convention of each class, by the name of the class. */
  readonly classes: ReadonlyMap<string, NamedCalling>;
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
  /** The convention by which it was compared, if it was. */
  readonly by: NamedCalling | undefined;
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

/**
 * Refuses a declaration for which no export has to be looked for.
 *
 * @param planning - Receives the misfit.
 * @param name - The member.
 * @param declared - The declaration, in words.
 * @param reason - The reason, in words.
 */
export function refuseDeclared(
  { misfits, by }: Pick<Planning, "misfits" | "by">,
  name: string,
  declared: string,
  reason: string,
): void {
  misfits.push({ ...withoutExport, by, name, declared, reason });
}

/**
 * Returns the convention of a member; `undefined` is a misfit.
 *
 * @param conventions - Those of the module.
 * @param misfits - Receives the misfit.
 * @param name - The member.
 * @param convention - The name of its convention; `undefined` for the module's.
 */
export function under(
  conventions: Conventions,
  misfits: Misfit[],
  name: string,
  convention: string | undefined,
): NamedCalling | undefined {
  const by = conventions.named(convention);
  if (by || convention === undefined) return by;
  const names = conventions.names.map((one) => describe(one)).join(" and ");
  misfits.push({
    ...withoutExport,
    by: undefined,
    name,
    declared: `with the convention ${describe(convention)}`,
    reason: `the conventions of this module are ${names}`,
  });
  return undefined;
}

/** The number of export names that a message lists. */
const shownNames = 3;
/** The number of misfits that a message lists; the details have them all. */
const shown = 30;

/** The codes of advice that does not explain why an export is missing. */
const aboutImports: ReadonlySet<string> = /* @__PURE__ */ new Set(["casts", "closures"]);

/**
 * Makes the error for an interface that does not fit the module.
 *
 * @param planning - The misfits, and the exported functions.
 * @param cause - The error that reading the declaration threw.
 */
export function misfitError(
  { misfits, exported, advice }: Pick<Planning, "misfits" | "exported" | "advice">,
  cause?: unknown,
): UnglueError<"interface-mismatch"> {
  const names = [...exported.keys()];
  const [by, ...others] = new Set(misfits.flatMap((one) => one.by?.calling.name ?? []));
  const lines = misfits
    .slice(0, shown)
    .map((misfit) => lineOf(misfit, names) + (others.length > 0 && misfit.by ? `, by ${misfit.by.calling.name}` : ""));
  const lacks = misfits.some(({ tried, export: found }) => tried.length > 0 && found === undefined);
  const told = advice.filter(({ code }) => lacks && !aboutImports.has(code)).map(({ message }) => `\n${message}`);
  const more = misfits.length > shown ? `\n  … and ${misfits.length - shown} more, in error.details.misfits` : "";
  return new UnglueError(
    "interface-mismatch",
    `The declared interface does not fit the module${by === undefined || others.length > 0 ? "" : `, by the convention of ${by}`}:\n  ${lines.join("\n  ")}${more}\n` +
      "Correct the declaration, or name the export that is meant with the option `export`. inspect(bytes) lists what the module has." +
      told.join(""),
    {
      misfits: misfits.map(({ name, declared, by: compared, export: found, type, reason }) => ({
        name,
        declared,
        ...(compared && { convention: compared.name }),
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

/**
 * Returns the same comparison by another convention; `undefined` for an unknown one, which is a misfit.
 *
 * @param planning - The comparison.
 * @param name - The declared member.
 * @param convention - The name of its convention; `undefined` for that of the comparison.
 */
export function withConvention(planning: Planning, name: string, convention: string | undefined): Planning | undefined {
  if (convention === undefined) return planning;
  const by = under(planning.conventions, planning.misfits, name, convention);
  return by && { ...planning, by };
}
