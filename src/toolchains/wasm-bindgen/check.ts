import { isReadable, isRecord } from "../../base/own.ts";
import { describe } from "../../errors/describe.ts";
import { invalidOption, requireKnownOptions } from "../../errors/invalid.ts";
import type { UnglueError } from "../../errors/unglue-error.ts";
import type { Known } from "../../public/index.ts";
import { closureGrammar, harmlessMeaning, readableCast, readableMeaning, type WasmBindgenKnown } from "./options.ts";
import { evaluates, isMeaning, readMeaning } from "./meaning.ts";
import { anyTypeOf, readClosure, typeOf } from "./codes.ts";

/** The call whose options are checked, and what precedes their names. */
export type Checked = readonly [call: string, prefix: string];

/**
 * Checks the option `known` as far as possible without a module. Errors: `invalid-option`, `unknown-option`.
 *
 * @param known - The option, with own properties only.
 * @param isIdentified - Whether it is of this very module. Meanings that were checked then are left to their first use.
 */
export function checkKnown(known: Known, isIdentified: boolean): asserts known is WasmBindgenKnown {
  const checked: Checked = ["load", "known."];
  requireObject(
    ["load", ""],
    "known",
    known,
    ["toolchain", "version", "meanings", "closures", "casts", "holes", "checked"],
    "known.",
  );
  const { version, meanings, casts, closures, holes, checked: isChecked } = known as Readonly<Record<string, unknown>>;
  const isLater = isIdentified && isChecked === true;
  for (const [name, meaning] of entries(checked, "meanings", meanings)) {
    const expected = isLater ? undefined : expectedMeaning(meaning, name);
    if (expected !== undefined) throw invalid(checked, at("meanings", name), expected, meaning);
  }
  checkCastsAndClosures(checked, { casts, closures });
  if (version !== undefined && !(typeof version === "string" && /^\d+(\.\d+)+$/.test(version)))
    throw invalid(checked, "version", 'a version of wasm-bindgen, such as "0.2.92"', version);
  if (holes !== undefined && !isTexts(holes))
    throw invalid(checked, "holes", "an array of the names of imports", holes);
  if (isChecked !== undefined && typeof isChecked !== "boolean")
    throw invalid(checked, "checked", "a boolean", isChecked);
}

/**
 * Returns what a meaning that data states must be; `undefined` if it is that.
 *
 * @param meaning - The meaning.
 * @param importName - The name of the import.
 */
export function expectedMeaning(meaning: unknown, importName: string): string | undefined {
  const read = typeof meaning === "string" && isMeaningOfTypes(meaning) ? readMeaning(meaning) : undefined;
  if (!read) return `${readableMeaning}, with its types`;
  return evaluates(read, importName) ? harmlessMeaning : undefined;
}

/** Checks the statements about casts and closures. */
export function checkCastsAndClosures(
  checked: Checked,
  { casts, closures }: { readonly casts?: unknown; readonly closures?: unknown },
): void {
  const stated = new Set(entries(checked, "closures", closures).map(([name]) => name));
  for (const [name, code] of entries(checked, "casts", casts)) {
    if (typeof code !== "string" || !typeOf(code, () => undefined))
      throw invalid(checked, at("casts", name), readableCast, code);
    if (stated.has(name)) throw invalid(checked, at("casts", name), "left out, since closures has it", code);
  }
  for (const [name, closure] of entries(checked, "closures", closures)) {
    const option = at("closures", name);
    requireObject(checked, option, closure, ["call", "signature", "destroy"], `${checked[1]}${option}.`);
    const { call: shim, signature, destroy } = closure as Readonly<Record<string, unknown>>;
    if (typeof shim !== "string") throw invalid(checked, `${option}.call`, "the name of an export", shim);
    if (typeof signature !== "string" || !readClosure(signature))
      throw invalid(checked, `${option}.signature`, closureGrammar, signature);
    if (!["string", "number", "undefined"].includes(typeof destroy)) {
      const expected = "the name of an export, or an index of the exported table";
      throw invalid(checked, `${option}.destroy`, expected, destroy);
    }
  }
}

/** Whether a meaning has one of the forms, and known types. */
export function isMeaningOfTypes(meaning: string): boolean {
  const read = readMeaning(meaning);
  if (!read) return isMeaning(meaning);
  const { params, result } = read;
  const codes = result === "" ? params : [...params, result];
  return codes.every((code) => anyTypeOf(code));
}

/** Whether a value is an array of strings. */
export function isTexts(value: unknown): boolean {
  return isReadable(value) && Array.isArray(value) && value.every((text: unknown) => typeof text === "string");
}

/** Names an option about an import. */
export function at(option: string, name: string): string {
  return `${option}[${describe(name)}]`;
}

/** Returns the statements of an option by the names of imports. */
export function entries(checked: Checked, option: string, given: unknown): [string, unknown][] {
  if (given === undefined) return [];
  if (!isRecord(given)) throw invalid(checked, option, "an object by the names of imports", given);
  return Object.entries(given);
}

/** Requires an object without unknown members. */
export function requireObject(
  checked: Checked,
  option: string,
  given: unknown,
  allowed: readonly string[],
  prefix: string,
): void {
  if (!isRecord(given)) throw invalid(checked, option, `an object with ${allowed.join(", ")}`, given);
  requireKnownOptions(checked[0], Object.keys(given), allowed, prefix);
}

/** Makes the error of an option. */
export function invalid(
  [call, prefix]: Checked,
  option: string,
  expected: string,
  value: unknown,
): UnglueError<"invalid-option"> {
  return invalidOption(call, `${prefix}${option}`, expected, value);
}
