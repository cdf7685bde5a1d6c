import { declarationText } from "./declared.ts";
import type { Declaration } from "./known/index.ts";
import { readMeaning } from "./meaning.ts";

/**
 * Writes a declaration as a meaning that `readMeaning` reads as the same. The name of the crate is not written, nor the
 * difference between a static method and a function of an object, which are called alike.
 *
 * @param declaration - The declaration.
 * @returns The meaning; `undefined` for a declaration that no meaning can state, such as one of wasm-bindgen's own.
 */
export function formatMeaning(declaration: Declaration): string | undefined {
  const { kind, params, result, catch: catches, variadic, closure } = declaration;
  const text = declarationText(declaration).replace(/\(\)$/, "");
  const codes = params.map((code, at) => `${variadic && at === params.length - 1 ? "..." : ""}${writeCode(code)}`);
  const returned = `${catches ? "!" : ""}${writeCode(result)}`;
  const signature =
    kind === "accessor"
      ? writeCode(result)
      : `(${codes.join()})${returned && `->${returned}`}${closure === undefined ? "" : ` with ${closure}`}`;
  const meaning = `${text}: ${signature}`;
  const read = readMeaning(meaning);
  return read && JSON.stringify(read) === JSON.stringify(plainly(declaration)) ? meaning : undefined;
}

/**
 * Returns a declaration as `readMeaning` returns it: the members that an operation finds its object by are in its path.
 *
 * @param declaration - The declaration.
 */
export function plainly(declaration: Declaration): Declaration {
  const { kind, path, name, params, receiver, result, variadic, closure } = declaration;
  const names = [...path, ...(receiver ? [] : [name])].flatMap((one) => (one === "" ? [] : one.split(".")));
  const isNamed = !receiver && kind !== "constructor";
  return {
    crate: "",
    kind: kind === "static" ? "function" : kind,
    path: isNamed ? names.slice(0, -1) : names,
    name: isNamed ? (names.at(-1) ?? "") : name,
    params,
    receiver,
    result,
    catch: declaration.catch,
    variadic,
    closure,
  };
}

function writeCode(code: string): string {
  const [, options = "", texts] = /^(\?*)"([^]*)$/.exec(code) ?? [];
  return texts === undefined ? code : options + JSON.stringify(texts);
}
