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
  const producers = [...processedBy, ...language, ...sdk].map(({ name, version }) => `${name} ${version}`);
  return (signs) => {
    if (isWhole(signs)) return signs.fits(clues) ? { line: signs.line, version: undefined } : undefined;
    for (const text of producers) {
      const match = first(signs, "producer", text)?.match;
      if (match) return { line: lineOf(`producer ${text}`), version: match.groups?.version };
    }
    for (const { name } of customSections) {
      if (first(signs, "section", name)) return { line: lineOf(`section ${name}`), version: undefined };
    }
    for (const wanted of imports) {
      const text = `${wanted.module}.${wanted.name}`;
      const is = first(signs, "import", text)?.sign.is;
      if (is && isExpected(wanted, is)) return { line: lineOf(`import ${text} ${typeOf(wanted)}`), version: undefined };
    }
    for (const one of exports) {
      const is = first(signs, "export", one.name)?.sign.is;
      if (is && isExpected(one, is)) return { line: lineOf(`export ${one.name}`), version: undefined };
    }
    return undefined;
  };
}

function first(
  signs: readonly NameSign[],
  from: NameSign["from"],
  text: string,
): { readonly sign: NameSign; readonly match: RegExpExecArray } | undefined {
  for (const sign of signs) {
    const match = sign.from === from ? sign.name.exec(text) : null;
    if (match) return { sign, match };
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
