import type { ImportShape } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import { type CastCode, someClosure, someImport, someList, someView } from "./casts.ts";
import type { Descriptor } from "./descriptors.ts";
import { closureHint, exampleMeaning, statementText } from "./stating.ts";

/** How many characters of a description a hint shows. */
const longest = 300;

/** Explains how to state what an import does, if nothing tells it. */
function meaningByType(abi: Abi, wanted: ImportShape): string {
  const example = exampleMeaning(abi, wanted);
  if (example === undefined) return "Give it in `imports`.";
  const statement = statementText("meanings", wanted.name, JSON.stringify(example));
  return `Give it in \`imports\`, or state its meaning, with the function's name and types: ${statement}.`;
}

/**
 * Explains what to state for an import that the `name` section describes, if that does not suffice.
 *
 * @param abi - The module's conventions.
 * @param wanted - The import.
 * @param descriptor - The description.
 */
export function describedHint(abi: Abi, wanted: ImportShape, { text, code = "", closure }: Descriptor): string {
  const described = `The name section describes it as ${brief(text)}.`;
  return closure
    ? `${described} ${closureHint(abi, wanted.name, code)}`
    : `${described} That is not known here. ${meaningByType(abi, wanted)}`;
}

function brief(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/**
 * Explains what to state for a cast.
 *
 * @param abi - The module's conventions.
 * @param wanted - The import.
 * @param codes - Its possible conversions.
 */
export function castHint(abi: Abi, wanted: ImportShape, codes: readonly CastCode[]): string {
  const mayClose = codes.includes(someClosure) && (abi.shims.length > 0 || codes.length === 1);
  const closure = mayClose ? closureHint(abi, wanted.name) : "";
  const texts = [...new Set(codes.flatMap((code) => castTexts.get(code) ?? []))];
  const [first] = texts;
  const generic = codes.includes(someImport)
    ? ` If it is a function that is generic in Rust: ${meaningByType(abi, wanted)}`
    : "";
  if (first === undefined) {
    return (
      closure ||
      generic.trim() ||
      `It casts a value of a type that no release of wasm-bindgen casts. ${meaningByType(abi, wanted)}`
    );
  }
  const code = first.slice(1, first.indexOf('"', 1));
  const which = closure ? " If it makes none, s" : "The module does not tell what it converts. S";
  const statement = statementText("casts", wanted.name, JSON.stringify(code));
  return `${closure}${which}tate it: ${statement}: ${texts.join(", ")}.${generic}`;
}

const castTexts: ReadonlyMap<CastCode, string> = new Map([
  ["s", '"s" for text'],
  [someView, '"&[u8]" for bytes'],
  [someList, '"[u8]" for bytes that are given away, or "[h]" for a list'],
  ["d", '"d" for a number'],
  ["I", '"I" for a signed integer'],
  ["U", '"U" for an unsigned one'],
  ["i128", '"i128" for a signed integer'],
  ["u128", '"u128" for an unsigned one'],
]);
