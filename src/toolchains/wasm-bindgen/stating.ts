import { signatureText } from "../../base/type-text.ts";
import type { ImportShape, ValueType } from "../../public/index.ts";
import type { Abi, Shim } from "./abi.ts";
import { runs, shimsFor } from "./closures.ts";
import { readClosure } from "./codes.ts";
import { readableCast, type StatedClosure } from "./options.ts";

/** How many meanings a hint lists. */
export const listedMeanings = 8;
/** How many candidates a hint lists. */
export const listedShims = 3;

/**
 * Explains what to state for an import that makes or takes closures, if the export that runs them is not known.
 *
 * @param abi - The module's conventions.
 * @param name - The import's name.
 * @param code - The code of the closure's type; `undefined` if it is not known.
 */
export function closureHint(abi: Abi, name: string, code?: string): string {
  const signature = code === undefined ? undefined : readClosure(code);
  const shims = signature ? shimsFor(abi, signature) : abi.shims;
  const statements = statementsFor(abi, shims, code === undefined ? undefined : signatureOfCode(code));
  const subject =
    code === undefined
      ? "It may make a closure, and nothing in the module tells which export runs it"
      : `Nothing in the module tells which export runs its closure, ${code}`;
  const [first] = statements;
  if (!first) return `${subject}: no export has the name and type of one that could. Give it in \`imports\`.`;
  const one = ({ call, signature: own }: StatedClosure): string =>
    `${JSON.stringify(call)}${code === undefined ? ` with a signature such as ${JSON.stringify(own)}` : ""}`;
  const rest = shims.length > statements.length ? ` and ${shims.length - statements.length} more` : "";
  return (
    `${subject}. The candidates are ${statements.map(one).join(", ")}${rest}: the package's own JavaScript tells which. ` +
    `For the first, state: ${statementText("closures", name, closureText(first))}.`
  );
}

/** Returns the statements of closures that exports run, for the first that can be stated. */
function statementsFor(abi: Abi, shims: readonly Shim[], known: string | undefined): readonly StatedClosure[] {
  const found: StatedClosure[] = [];
  for (const shim of shims) {
    const signature = known ?? signatureFor(abi, shim);
    if (signature !== undefined) found.push({ call: shim.name, signature });
    if (found.length === listedShims) break;
  }
  return found;
}

function closureText({ call, signature }: StatedClosure): string {
  return `{ call: ${JSON.stringify(call)}, signature: ${JSON.stringify(signature)} }`;
}

/** Returns the code of a closure in the form of a statement: `mut (H)->H` for `Mut(H)H`. */
function signatureOfCode(code: string): string {
  const [, kind, params = "", result = ""] = /^(Fn|Mut)(\([^()]*\))(.*)$/.exec(code) ?? [];
  return kind === undefined ? code : `${kind === "Mut" ? "mut " : ""}${params}->${result}`;
}

/**
 * Writes the adapter with a statement about an import.
 *
 * @param option - The adapter's option.
 * @param name - The import's name.
 * @param value - The statement, as code.
 */
export function statementText(option: "meanings" | "casts" | "closures", name: string, value: string): string {
  return `adapters: [wasmBindgen({ ${option}: { ${JSON.stringify(name)}: ${value} } })]`;
}

/**
 * Returns a signature of closures that an export may run by its type. Types in Rust share WebAssembly types, so it is one of
 * several.
 *
 * @param abi - The module's conventions.
 * @param shim - The export.
 * @returns The signature; `undefined` if no signature has its type.
 */
export function signatureFor(abi: Abi, shim: Shim): string | undefined {
  const { params, results } = shim.type;
  const codes = params.slice(2).map((word) => codeOfWord(abi, word, "h"));
  const [first, second, third] = results;
  // The last two words of several are those of an error.
  const value = results.length === 2 || first === undefined ? "" : codeOfWord(abi, first, "H");
  const isError = results.length > 1 && second === "i32" && (results.length === 2 ? first : third) === "i32";
  if (codes.includes(undefined) || value === undefined || (results.length > 1 && !isError)) return undefined;
  const signature = `(${codes.join()})->${isError ? "!" : ""}${value}`;
  const read = readClosure(signature);
  return read && runs(abi, read, shim) ? signature : undefined;
}

/** Returns the code of a type that has one word. */
function codeOfWord({ handles }: Abi, word: ValueType, value: "h" | "H"): string | undefined {
  return word === (handles === "heap" ? "i32" : "externref") ? value : numbers.get(word);
}

const numbers: ReadonlyMap<ValueType, string> = new Map([
  ["i32", "i"],
  ["i64", "I"],
  ["f32", "f"],
  ["f64", "d"],
]);

/**
 * Returns a meaning that fits an import's type, with a name that stands for the function's own.
 *
 * @param abi - The module's conventions.
 * @param wanted - The import.
 * @returns The meaning; `undefined` if none has this type.
 */
export function exampleMeaning(abi: Abi, wanted: ImportShape): string | undefined {
  const { params = [], results = [] } = wanted.kind === "function" ? (wanted.type ?? {}) : {};
  const codes = params.map((word) => codeOfWord(abi, word, "h"));
  const [result] = results.map((word) => codeOfWord(abi, word, "H"));
  if (codes.includes(undefined) || results.length > 1 || (results.length > 0 && result === undefined)) return undefined;
  return `theFunction: (${codes.join()})${result === undefined ? "" : `->${result}`}`;
}

/**
 * Explains an import that a declaration file has no meaning of.
 *
 * @param abi - The module's conventions.
 * @param wanted - The import.
 */
export function holeHint(abi: Abi, wanted: ImportShape): string {
  // None of wasm-bindgen's own imports is a function of the program, which a meaning names.
  const example = wanted.name.includes("wbindgen") ? undefined : exampleMeaning(abi, wanted);
  const statement =
    example === undefined
      ? ""
      : ", or state its meaning in the file, with the function's name and types: " +
        `known.meanings[${JSON.stringify(wanted.name)}] = ${JSON.stringify(example)}`;
  return `It is a hole of the declaration file: \`unglue declare\` did not find its meaning. Give it in \`imports\`${statement}.`;
}

/**
 * Describes a valid statement for a cast, to follow "must be".
 *
 * @param wanted - The import.
 */
export function castGrammar(wanted: ImportShape): string {
  return `${readableCast}, that fits its type${typeOfImport(wanted)}`;
}

/**
 * Describes the type of an import, to follow "its type".
 *
 * @param wanted - The import.
 */
export function typeOfImport(wanted: ImportShape): string {
  return wanted.kind === "function" && wanted.type ? `, ${signatureText(wanted.type)}` : "";
}
