import type { ImportShape } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import { type CastCode, someClosure, someList, someView } from "./casts.ts";
import { shimsFor } from "./closures.ts";
import { readClosure } from "./codes.ts";
import type { Descriptor } from "./descriptors.ts";
import { readableCast } from "./options.ts";
import { signatureText } from "../../base/type-text.ts";

/** How many candidates a hint lists. */
export const listedShims = 3;
/** How many characters of a description a hint shows. */
const longest = 300;

/**
 * Explains what to state for an import that may make closures.
 *
 * @param abi - The module's conventions.
 * @param name - The import's name.
 * @param code - The code of the closure's type, as far as it is known.
 */
export function closureHint({ shims }: Abi, name: string, code: string): string {
  const names = shims.slice(0, listedShims).map((one) => JSON.stringify(one.name));
  const rest = shims.length > listedShims ? ` and ${shims.length - listedShims} more` : "";
  return (
    `It may make a closure (${code}), and nothing in the module tells which export runs it` +
    `${names.length > 0 ? `; the candidates are ${names.join(", ")}${rest}` : ""}. State it: adapters: [wasmBindgen({ closures: ` +
    `{ ${JSON.stringify(name)}: { call: "…", signature: "(h)->" } } })].`
  );
}

/**
 * Explains an import that a declaration file has no meaning of.
 *
 * @param name - The import's name.
 */
export function holeHint(name: string): string {
  return (
    "It is a hole of the declaration file: `unglue declare` did not find its meaning. Give it in `imports`, or state the " +
    `meaning with its types in the file: known.meanings[${JSON.stringify(name)}] = "…".`
  );
}

/**
 * Explains what to state for an import that the `name` section describes, if that does not suffice.
 *
 * @param abi - The module's conventions.
 * @param name - The import's name.
 * @param descriptor - The description.
 */
export function describedHint(abi: Abi, name: string, { text, code = "", closure }: Descriptor): string {
  const described = `The name section describes it as ${brief(text)}.`;
  const state = (option: string, value: string) =>
    `tate it: adapters: [wasmBindgen({ ${option}: { ${JSON.stringify(name)}: ${value} } })].`;
  if (!closure) {
    return `${described} That is not known here. Give it in \`imports\`, or s${state("meanings", '"console.log: (s)"')}`;
  }
  const signature = readClosure(code);
  const fitting = signature ? shimsFor(abi, signature) : [];
  const names = fitting.slice(0, listedShims).map((one) => JSON.stringify(one.name));
  const rest = fitting.length > listedShims ? ` and ${fitting.length - listedShims} more` : "";
  const call = names.length > 0 ? `one of ${names.join(", ")}${rest}` : "none that is known";
  const example = `{ call: "…", signature: ${JSON.stringify(code)} }`;
  return `${described} The export that runs such closures is ${call}. S${state("closures", example)}`;
}

function brief(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/**
 * Explains what to state for a cast.
 *
 * @param abi - The module's conventions.
 * @param name - The import's name.
 * @param codes - Its possible conversions.
 */
export function castHint(abi: Abi, name: string, codes: readonly CastCode[]): string {
  const mayClose = codes.includes(someClosure) && (abi.shims.length > 0 || codes.length === 1);
  const closure = mayClose ? closureHint(abi, name, "…") : "";
  const texts = [...new Set(codes.flatMap((code) => castTexts.get(code) ?? []))];
  const [first] = texts;
  if (first === undefined)
    return closure || `It casts a value of a type that no release of wasm-bindgen casts. Give it in \`imports\`.`;
  const code = first.slice(1, first.indexOf('"', 1));
  const which = `${closure ? " If it makes none, s" : "The module does not tell what it converts. S"}tate it: adapters: [wasmBindgen({ casts: `;
  return `${closure}${which}{ ${JSON.stringify(name)}: ${JSON.stringify(code)} } })]: ${texts.join(", ")}.`;
}

const castTexts: ReadonlyMap<CastCode, string> = new Map([
  ["s", '"s" for text'],
  [someView, '"&[u8]" for bytes'],
  [someList, '"[u8]" for bytes that are given away, or "[h]" for a list'],
  ["I", '"I" for a signed integer'],
  ["U", '"U" for an unsigned one'],
  ["i128", '"i128" for a signed integer'],
  ["u128", '"u128" for an unsigned one'],
]);

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
