import { ownMembers } from "../base/own.ts";
import { typeText } from "../base/type-text.ts";
import { loadError } from "../errors/load-error.ts";
import type { FunctionType, ImportShape, ValueType } from "../public/index.ts";
import { isStringConstant, stringModule, stringTypes } from "./string-imports.ts";

/** The builtins for strings with their types in letters: `r` is any reference, `s` a string, `a` an array of i16, `i` an i32. */
const signatures = ownMembers({
  cast: "r>s",
  test: "r>i",
  fromCharCodeArray: "aii>s",
  intoCharCodeArray: "rai>i",
  fromCharCode: "i>s",
  fromCodePoint: "i>s",
  charCodeAt: "ri>i",
  codePointAt: "ri>i",
  length: "r>i",
  concat: "rr>s",
  substring: "rii>s",
  equals: "rr>i",
  compare: "rr>i",
});

/** The name of a builtin for strings. */
export type StringBuiltin = keyof typeof signatures;

/** The builtins that take an array. */
export type ArrayBuiltin = "fromCharCodeArray" | "intoCharCodeArray";

/** The types of a letter: its own, and those that an import may declare in its place. */
const types: { readonly [letter: string]: { readonly own: string; readonly fits: RegExp } } = ownMembers({
  i: { own: "i32", fits: /^i32$/ },
  // A parameter may be narrower than the builtin's, and a result wider.
  r: { own: "externref", fits: /^(externref|nullexternref|\(ref (no)?extern\))$/ },
  s: { own: "(ref extern)", fits: stringTypes },
  a: { own: "(ref null (array (mut i16)))", fits: /^(nullref|\(ref (null )?\d+\)|\(ref none\))$/ },
});

/** Whether a name is one of a builtin for strings. */
export function isStringBuiltin(name: string): name is StringBuiltin {
  return Object.hasOwn(signatures, name);
}

/**
 * Refuses the import of a builtin that is declared with another type. Fails with `import-mismatch`.
 *
 * @param wanted - The import.
 * @param name - The builtin.
 */
export function requireBuiltinType(wanted: ImportShape, name: StringBuiltin): void {
  const [params = "", results = ""] = signatures[name].split(">");
  const isSame =
    wanted.kind === "function" &&
    (!wanted.type || (areTypes(wanted.type.params, params) && areTypes(wanted.type.results, results)));
  if (isSame) return;
  const own = (letters: string) => Array.from(letters, (letter) => types[letter]?.own as ValueType);
  refuse(wanted, `the builtin ${typeText({ kind: "function", type: { params: own(params), results: own(results) } })}`);
}

/**
 * Refuses a string constant that is not declared as one. Fails with `import-mismatch`.
 *
 * @param wanted - The import.
 */
export function requireConstantType(wanted: ImportShape): void {
  const { kind, type } = wanted;
  if (kind === "global" && (!type || isStringConstant(wanted))) return;
  refuse(wanted, "a string constant, (global (ref extern)),");
}

function areTypes(declared: FunctionType["params"], letters: string): boolean {
  return (
    declared.length === letters.length &&
    declared.every((type, at) => types[letters.charAt(at)]?.fits.test(type) === true)
  );
}

function refuse(wanted: ImportShape, given: string): never {
  const { module, name, kind, type } = wanted;
  const option = module === stringModule ? "builtins" : "importedStringConstants";
  throw loadError("import-mismatch", {
    module,
    name,
    expected: type ? typeText(wanted) : kind,
    given,
    reason: `Correct the declaration, or leave the option ${option} out and give the import yourself.`,
  });
}
