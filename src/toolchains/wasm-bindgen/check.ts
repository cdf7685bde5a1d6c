import { isReadable } from "../../base/own.ts";
import { describe } from "../../errors/describe.ts";
import { invalidOption, unknownOption } from "../../errors/invalid.ts";
import type { UnglueError } from "../../errors/unglue-error.ts";
import { closureGrammar, readableCast, readableMeaning, type WasmBindgenOptions } from "./options.ts";
import { isMeaning, readMeaning } from "./meaning.ts";
import { anyTypeOf, readClosure, typeOf } from "./codes.ts";

const call = "wasmBindgen";

/**
 * Checks statements as far as possible without a module. Errors: `invalid-option`, `unknown-option`.
 *
 * @param options - The options, with own properties only.
 */
export function checkOptions(options: WasmBindgenOptions): void {
  requireObject("options", options, ["meanings", "closures", "casts", "tables"], "");
  const { meanings, closures, casts, tables } = options;
  for (const [name, meaning] of entries("meanings", meanings)) {
    if (typeof meaning !== "string" || !isMeaningOfTypes(meaning))
      throw invalid(at("meanings", name), readableMeaning, meaning);
  }
  for (const [name, code] of entries("casts", casts)) {
    if (typeof code !== "string" || !typeOf(code, () => undefined))
      throw invalid(at("casts", name), readableCast, code);
    if (closures?.[name]) throw invalid(at("casts", name), "left out, since closures has it", code);
  }
  for (const [name, closure] of entries("closures", closures)) {
    const option = at("closures", name);
    requireObject(option, closure, ["call", "signature", "destroy"], `${option}.`);
    const { call: shim, signature, destroy } = closure as Readonly<Record<string, unknown>>;
    if (typeof shim !== "string") throw invalid(`${option}.call`, "the name of an export", shim);
    if (typeof signature !== "string" || !readClosure(signature))
      throw invalid(`${option}.signature`, closureGrammar, signature);
    if (!["string", "number", "undefined"].includes(typeof destroy))
      throw invalid(`${option}.destroy`, "the name of an export, or an index of the exported table", destroy);
  }
  const isTexts =
    isReadable(tables) && Array.isArray(tables) && tables.every((table: unknown) => typeof table === "string");
  if (tables !== undefined && !isTexts) throw invalid("tables", "an array of texts, such as [webTable]", tables);
}

/** Whether a meaning has one of the forms, and known types. */
function isMeaningOfTypes(meaning: string): boolean {
  const read = readMeaning(meaning);
  if (!read) return isMeaning(meaning);
  const { params, result } = read;
  const codes = result === "" ? params : [...params, result];
  return codes.every((code) => anyTypeOf(code));
}

function at(option: string, name: string): string {
  return `${option}[${describe(name)}]`;
}

function entries(option: string, given: object | undefined): [string, unknown][] {
  if (given === undefined) return [];
  if (!isRecord(given)) throw invalid(option, "an object by the names of imports", given);
  return Object.entries(given);
}

function requireObject(option: string, given: unknown, allowed: readonly string[], prefix: string): void {
  if (!isRecord(given)) throw invalid(option, `an object with ${allowed.join(", ")}`, given);
  for (const key of Object.keys(given)) {
    if (allowed.includes(key)) continue;
    throw unknownOption(call, key, allowed, prefix);
  }
}

/** Whether a value is an object that is no list and no revoked proxy. */
function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && isReadable(value) && !Array.isArray(value);
}

function invalid(option: string, expected: string, value: unknown): UnglueError<"invalid-option"> {
  return invalidOption(call, option, expected, value);
}
