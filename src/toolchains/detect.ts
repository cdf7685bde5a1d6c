import { ownMembers } from "../base/own.ts";
import type { ImportShape, Producers, Shape } from "../public/index.ts";
import type { AdviceCode, UnadvisedShape } from "./advice.ts";
import { isExpected } from "../reflect/evidence.ts";
import { advices, type Sign, signs } from "./signs.ts";
import { signatureText } from "../reflect/text.ts";

/** All of a shape that a toolchain can be read from. */
export type Clues = Pick<Shape, "imports" | "exports" | "customSections" | "producers">;

/** How much of a name, which may have any length, is shown as evidence: so many characters of its line. */
const longest = 200;

/** A toolchain that is recognised. Each has a row in `conventions.ts`. */
export type ToolchainName = (typeof signs)[number][0];

/** The evidence of a sign. */
interface Found {
  readonly line: string;
  readonly version: string | undefined;
}

/**
 * Tells which toolchain made a module, and what to know before using it. A name counts only as that of the kind and type
 * that the toolchain gives it.
 *
 * @param clues - A shape, or the part of one that is at hand.
 * @returns The toolchain; `"unknown"` without evidence. Where only a language or the linker is known, that one's name.
 */
export function detectToolchain(clues: Clues): Pick<UnadvisedShape, "toolchain" | "advice"> {
  const find = finderIn(clues);
  let name: ToolchainName | "unknown" = "unknown";
  const own: Found[] = [];
  for (const [toolchain, of] of signs) {
    if (name !== "unknown" && name !== toolchain) continue;
    const found = find(of);
    if (!found) continue;
    name = toolchain;
    own.push(found);
  }
  const version = own.find((one) => one.version)?.version;
  return {
    toolchain: { name, ...(version && { version }), evidence: own.map(({ line }) => line) },
    advice: adviceFor(find, name),
  };
}

function adviceFor(find: ReturnType<typeof finderIn>, toolchain: string): AdviceCode[] {
  const found = new Set<AdviceCode>(advices.filter(([, of]) => find(of)).map(([code]) => code));
  if (toolchain === "component") found.add("component-core");
  // Of the two kinds of modules for dynamic linking it is one.
  if (!found.has("side-module")) found.delete("main-module");
  if (found.has("main-module")) found.delete("side-module");
  return [...found];
}

/** Makes what looks for signs: in the producers first, then in the sections, the imports and the exports. */
function finderIn(clues: Clues): (of: readonly Sign[] | "minified") => Found | undefined {
  const { imports, exports, customSections } = clues;
  const { processedBy = [], language = [], sdk = [] } = ownMembers<Partial<Producers>>(clues.producers ?? {});
  const producers = [...processedBy, ...language, ...sdk].map(({ name, version }) => `${name} ${version}`);
  return (of) => {
    if (of === "minified") {
      return isMinified(clues) ? { line: "minified names in all imports and exports", version: undefined } : undefined;
    }
    for (const text of producers) {
      const match = first(of, "producer", text)?.match;
      if (match) return { line: lineOf(`producer ${text}`), version: match.groups?.version };
    }
    for (const { name } of customSections) {
      if (first(of, "section", name)) return { line: lineOf(`section ${name}`), version: undefined };
    }
    for (const wanted of imports) {
      const text = `${wanted.module}.${wanted.name}`;
      const is = first(of, "import", text)?.sign.is;
      if (is && isExpected(wanted, is)) return { line: lineOf(`import ${text} ${typeOf(wanted)}`), version: undefined };
    }
    for (const one of exports) {
      const is = first(of, "export", one.name)?.sign.is;
      if (is && isExpected(one, is)) return { line: lineOf(`export ${one.name}`), version: undefined };
    }
    return undefined;
  };
}

function first(
  of: readonly Sign[],
  from: Sign["from"],
  text: string,
): { readonly sign: Sign; readonly match: RegExpExecArray } | undefined {
  for (const sign of of) {
    const match = sign.from === from ? sign.name.exec(text) : null;
    if (match) return { sign, match };
  }
  return undefined;
}

function lineOf(text: string): string {
  return text.slice(0, longest).replace(/\s/g, " ").trimEnd();
}

function typeOf({ kind, type }: ImportShape): string {
  return kind === "function" && type ? signatureText(type) : kind;
}

/** Emscripten names the one module `a`, and counts through the names of imports and exports: a, b, …, aa, ab. */
function isMinified({ imports, exports }: Clues): boolean {
  return (
    imports.some(({ name, kind }) => name === "a" && (kind === "function" || kind === "memory")) &&
    imports.every(({ module }) => module === "a") &&
    [...imports, ...exports].every(({ name }) => /^[\w$]{1,3}$/.test(name))
  );
}
