import { ownMembers } from "../base/own.ts";
import { signatureText } from "../base/type-text.ts";
import type { ImportShape, Producers } from "../public/index.ts";
import type { AdviceCode, UnadvisedShape } from "./advice.ts";
import { toolchains } from "./registry.ts";
import type { Clues, NameSign, Signs, Toolchain, WholeSign } from "./toolchain.ts";
import { isExpected } from "./evidence.ts";

/** The maximum length of a line of evidence, since a name may have any length. */
const longest = 200;

/** The evidence for a sign. */
interface Found {
  readonly line: string;
  readonly version: string | undefined;
}

type Find = (signs: Signs) => Found | undefined;

/**
 * Detects which toolchain made a module, and collects advice for using it. A name counts only with the kind and type that
 * the toolchain gives it.
 *
 * @param clues - A shape, or the available part of one.
 * @returns The toolchain; `"unknown"` without evidence. If only a language or the linker is known, its name.
 */
export function detectToolchain(clues: Clues): Pick<UnadvisedShape, "toolchain" | "advice"> {
  const find = finderIn(clues);
  for (const toolchain of toolchains) {
    const found = toolchain.signs.map(find).filter((one) => one !== undefined);
    if (found.length === 0) continue;
    const version = found.find((one) => one.version)?.version;
    return {
      toolchain: { name: toolchain.name, ...(version && { version }), evidence: found.map(({ line }) => line) },
      advice: adviceFor(find, toolchain),
    };
  }
  return { toolchain: { name: "unknown", evidence: [] }, advice: adviceFor(find, undefined) };
}

function adviceFor(find: Find, toolchain: Toolchain | undefined): AdviceCode[] {
  return toolchains.flatMap((one) =>
    one.advice
      .filter(({ own }) => !own || one === toolchain)
      .filter(({ all, none }) => all.every(find) && (!none || !find(none)))
      .map(({ code }) => code),
  );
}

/** Makes the function that looks for signs: first in the producers, then in the sections, the imports and the exports. */
function finderIn(clues: Clues): Find {
  const { imports, exports, customSections } = clues;
  const { processedBy = [], language = [], sdk = [] } = ownMembers<Partial<Producers>>(clues.producers ?? {});
  const producers = placeOf([...processedBy, ...language, ...sdk].map(({ name, version }) => `${name} ${version}`));
  const sections = placeOf(customSections.map(({ name }) => name));
  // A module may have thousands of imports and exports, and there are many lists of signs: each is written once.
  const imported = placeOf(imports.map(({ module, name }) => `${module}.${name}`));
  const exported = placeOf(exports.map(({ name }) => name));
  return (signs) => {
    if (isWhole(signs)) return signs.fits(clues) ? { line: signs.line, version: undefined } : undefined;
    return (
      search(signs, "producer", producers, (_, text, { groups }) => ({
        line: lineOf(`producer ${text}`),
        version: groups?.version,
      })) ??
      search(signs, "section", sections, (_, name) => ({ line: lineOf(`section ${name}`), version: undefined })) ??
      search(signs, "import", imported, ({ is }, text, _, at) => {
        const wanted = imports[at];
        if (!wanted || !is || !isExpected(wanted, is)) return undefined;
        return { line: lineOf(`import ${text} ${typeOf(wanted)}`), version: undefined };
      }) ??
      search(signs, "export", exported, ({ is }, name, _, at) => {
        const one = exports[at];
        return one && is && isExpected(one, is) ? { line: lineOf(`export ${name}`), version: undefined } : undefined;
      })
    );
  };
}

/** The texts of one place. */
interface Place {
  readonly texts: readonly string[];
  /** Whether a pattern may fit one of them: if not, it fits none. */
  readonly mayHave: (pattern: RegExp) => boolean;
}

/** From this many texts on, they are looked through as one before each is looked at. */
const many = 64;

/** A pattern that could see beyond its line: by what is not in a class, or by what follows. */
const looksBeyond = /\[\^|\\[SDW]|\(\?[=!]|\(\?<[=!]/;

function placeOf(texts: readonly string[]): Place {
  let lines: string | undefined;
  return {
    texts,
    mayHave: ({ source, flags }) =>
      texts.length < many ||
      looksBeyond.test(source) ||
      new RegExp(source, `${flags}m`).test((lines ??= texts.join("\n"))),
  };
}

/** Searches the texts of one place for the first that is evidence. Only the first sign that fits a text is asked. */
function search(
  signs: readonly NameSign[],
  from: NameSign["from"],
  { texts, mayHave }: Place,
  read: (sign: NameSign, text: string, match: RegExpExecArray, at: number) => Found | undefined,
): Found | undefined {
  if (texts.length === 0) return undefined;
  const here = signs.filter((sign) => sign.from === from && mayHave(sign.name));
  if (here.length === 0) return undefined;
  for (const [at, text] of texts.entries()) {
    for (const sign of here) {
      const match = sign.name.exec(text);
      if (!match) continue;
      const found = read(sign, text, match, at);
      if (found) return found;
      break;
    }
  }
  return undefined;
}

function isWhole(signs: Signs): signs is WholeSign {
  return !Array.isArray(signs);
}

function lineOf(text: string): string {
  return text.slice(0, longest).replace(/\s/g, " ").trimEnd();
}

function typeOf({ kind, type }: ImportShape): string {
  return kind === "function" && type ? signatureText(type) : kind;
}
