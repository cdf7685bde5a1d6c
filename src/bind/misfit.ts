import { UnglueError } from "../errors/unglue-error.ts";
import { nearest } from "../errors/nearest.ts";
import { signatureText } from "../base/type-text.ts";
import type { Shape } from "../public/index.ts";
import { type Misfit, misfitDetails, type Planning } from "./planning.ts";

/** The number of export names that a message lists. */
const shownNames = 3;
/** The number of misfits that a message lists; the details have them all. */
const shown = 30;

/** The codes of advice that does not explain why an export is missing. */
const aboutImports: ReadonlySet<string> = /* @__PURE__ */ new Set(["casts", "closures"]);

/**
 * Makes the error for an interface that does not fit the module.
 *
 * @param planning - The misfits, the exported functions, and the advice about the module, which may tell why it lacks some.
 * @param cause - The error that reading the declaration threw.
 */
export function misfitError(
  { misfits, exported, advice }: Pick<Planning, "misfits" | "exported"> & Pick<Shape, "advice">,
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
    misfitDetails(misfits),
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
  // Names of a runtime's own begin so: none is meant by a name that does not.
  const candidates = names.filter((name) => !name.startsWith("__") || tried.some((one) => one.startsWith("__")));
  for (const one of tried.slice(0, shownNames)) {
    const parts = one.split("_").filter((part) => part !== "");
    const longer = parts.length > 1 ? candidates.find((name) => hasInOrder(name, parts)) : undefined;
    if (longer !== undefined) return longer;
  }
  return tried.map((one) => nearest(one, candidates)).find((one) => one !== undefined);
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
