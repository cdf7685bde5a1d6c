import { ownMembers } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { FunctionType, SignatureLetters, ValueType } from "../public/index.ts";

const letters: { readonly [Letter in keyof SignatureLetters]: ValueType } = ownMembers({
  i: "i32",
  j: "i64",
  f: "f32",
  d: "f64",
  e: "externref",
});

/**
 * Reads a callback's signature. Errors: `invalid-signature`.
 *
 * @param signature - For example `"ij->f"`: letters of the parameters, `->`, letters of the results.
 */
export function parseSignature(signature: unknown): FunctionType {
  if (typeof signature !== "string") throw invalidSignature(describe(signature), 0);
  const text = signature;
  const [read, params = "", arrow, results = ""] = /^([ijfde]*)(?:(->)([ijfde]*))?/.exec(text) ?? [""];
  if (arrow === undefined || read.length < text.length) throw invalidSignature(text, read.length);
  return { params: types(params), results: types(results) };
}

function types(run: string): ValueType[] {
  return Array.from(run as Iterable<keyof SignatureLetters>, (letter) => letters[letter]);
}

function invalidSignature(signature: string, position: number): UnglueError {
  const found = position < signature.length ? `has ${JSON.stringify(signature[position])}` : "ends";
  return new UnglueError(
    "invalid-signature",
    `The callback signature ${JSON.stringify(signature)} ${found} at position ${position}, where it must go on otherwise. ` +
      'Write the letters of the parameters, "->", and the letters of the results, as in "ij->f" or "i->": ' +
      `${Object.entries(letters)
        .map(([letter, type]) => `${letter} for ${type}`)
        .join(", ")}.`,
    { signature, position },
  );
}
