import { quote } from "../cli/declare/text.ts";

/** The first line of the file. */
export const header = "// The types of imports with ?unglue. Written by unglue/plugin.";

/** The types of one import. */
export interface Block {
  /** The name of the ambient module: the text of the import, or a pattern for it. */
  readonly name: string;
  /** The whole declaration. */
  readonly text: string;
}

/** A module that imports of one text name. */
export interface TypedModule {
  /** Its name for people. */
  readonly origin: string;
  /** Its types, as the body of a `declare module`. */
  readonly types: string;
}

/**
 * Returns the types of an import as an ambient module.
 *
 * @param specifier - The text of the import.
 * @param modules - The modules that imports of this text name.
 * @returns The block; `undefined` for a text that no ambient module can have.
 */
export function blockOf(specifier: string, modules: readonly TypedModule[]): Block | undefined {
  const name = ambientName(specifier);
  if (name === undefined) return undefined;
  const [only = "", ...others] = new Set(modules.map(({ types }) => types));
  const body = others.length === 0 ? only : unknownTypes;
  const origins = [...new Set(modules.map(({ origin }) => origin))].sort();
  const comments = origins.map((origin) => `// ${quote(origin).slice(1, -1)}\n`);
  const lines = `${comments.join("")}${body}`.trimEnd().split("\n");
  const indented = lines.map((line) => (line === "" ? "" : `  ${line}`)).join("\n");
  return { name, text: `declare module ${quote(name)} {\n${indented}\n}\n` };
}

/** For a text that names several modules: TypeScript does not see which file imports it. */
const unknownTypes = `import type * as unglue from "unglue";

/** Imports of this text name different modules: give one of them another path to have the types of both. */
const declaration: unglue.DeclarationFile;
export default declaration;

export const source: string;
`;

/**
 * The name of the ambient module. TypeScript allows no relative name, but a pattern, in which one star stands for any text. A
 * star after the dots fits the same text; the pattern with more before its star wins, or the one that comes first.
 */
function ambientName(specifier: string): string | undefined {
  const [, dots, rest = ""] = /^(\.{1,2})([\\/].*)$/s.exec(specifier) ?? [];
  if (dots !== undefined) return rest.includes("*") ? undefined : `${dots}*${rest}`;
  // The same for a path from the root: TypeScript takes it for one of the disk.
  if (/^([\\/]|[a-z]:[\\/])/i.test(specifier)) return specifier.includes("*") ? undefined : `*${specifier}`;
  return specifier.split("*").length > 2 ? undefined : specifier;
}

/**
 * Reads the blocks of a file.
 *
 * @param text - The text.
 * @returns The blocks; `undefined` if it is no file of this plugin.
 */
export function readBlocks(text: string): readonly Block[] | undefined {
  const lines = text.replaceAll("\r\n", "\n");
  if (!lines.startsWith(`${header}\n`)) return undefined;
  return [...lines.matchAll(/^declare module ("(?:[^"\\\n]|\\.)*") \{\n(?:[^}].*\n|\n)*\}\n/gm)].flatMap(
    ([block, name]) => {
      try {
        return [{ name: JSON.parse(name ?? "") as string, text: block }];
      } catch {
        return [];
      }
    },
  );
}

/**
 * Prints the file.
 *
 * @param blocks - The blocks, with unique names.
 */
export function printBlocks(blocks: readonly Block[]): string {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  // Of patterns that fit, the first counts: a longer one says more.
  const sorted = [...blocks].sort((a, b) => {
    const [left, right] = [isPattern(a), isPattern(b)];
    if (left !== right) return left ? 1 : -1;
    return (left ? b.name.length - a.name.length : 0) || compare(a.name, b.name);
  });
  return [`${header}\n`, ...sorted.map(({ text }) => text)].join("\n");
}

function isPattern({ name }: Block): boolean {
  return name.includes("*");
}
