import type { Shape } from "../../public/index.ts";
import { readAbi } from "../../toolchains/wasm-bindgen/abi.ts";
import { initializerOf } from "../start-calls.ts";

/** Texts that a module expects in its table of references, and that only its JavaScript has. */
export interface TableTexts {
  /** The table's export. */
  readonly table: string;
  /** The texts by their places in the table; `undefined` for one that is not known. */
  readonly texts: ReadonlyMap<number, string | undefined>;
  /** The initializer that the option `initialize` has to call when it is a function. */
  readonly initializer: string | undefined;
}

/** The first place after the values that every module has. Until wasm-bindgen 0.2.130, no table was as long at the start. */
const firstText = 1028;
/** More places than a program has constant texts. */
const mostTexts = 10_000;

/**
 * Finds the constant texts of a module that wasm-bindgen 0.2.130 or later made.
 *
 * @param shape - The module's shape.
 * @param read - The texts that its JavaScript puts into the table.
 * @returns The texts; `undefined` if the module needs none.
 */
export function findTexts(
  shape: Shape,
  read: ReadonlyMap<number, string> = new Map<number, string>(),
): TableTexts | undefined {
  if (shape.toolchain.name !== "wasm-bindgen") return undefined;
  const isFilled = shape.imports.some(({ name }) => name === "__wbindgen_init_externref_table");
  const { externrefs: table } = readAbi(shape);
  const one = shape.exports.find(({ name }) => name === table);
  if (table === undefined || !isFilled || one?.kind !== "table" || !one.type) return undefined;
  // With the engine's string constants the module fills the places itself.
  const fillsItself = shape.imports.some(({ kind, type }) => kind === "global" && type?.value.includes("extern"));
  const end = fillsItself ? firstText : Math.min(Number(one.type.initial), firstText + mostTexts);
  const texts = new Map<number, string | undefined>(read);
  for (let place = firstText; place < end; place++) if (!texts.has(place)) texts.set(place, undefined);
  if (texts.size === 0) return undefined;
  return { table, texts, initializer: initializerOf(shape) };
}
