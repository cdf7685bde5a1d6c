import type { DeclaredType } from "../../public/index.ts";
import { isElement, plainNameOf } from "../../toolchains/wasm-bindgen/codes.ts";
import type { Declaration } from "../../toolchains/wasm-bindgen/known/declaration.ts";

/** A function that is given values instead of words. */
export interface ForeignHost {
  readonly params: readonly DeclaredType[];
  readonly result: DeclaredType;
  /** How the engine converts a result that the JavaScript hands it as it is. */
  readonly conversion: "i32" | "i64" | "number" | undefined;
  /** Whether the module receives exceptions itself. */
  readonly catch: boolean;
  /** Whether each parameter's text or array is given away. */
  readonly consumes: readonly boolean[];
  /** The operation on the imported thing. */
  readonly operation: "call" | "construct" | "get" | "set" | "instanceof";
  /** The members that lead from the imported thing to that which is called, read or set. */
  readonly path: readonly string[];
  /** Whether the last parameter is a list to be spread. */
  readonly variadic: boolean;
}

/**
 * Finds out how a function of the package is given to the module.
 *
 * @param declaration - What the generated JavaScript does with it.
 */
export function foreignHost(declaration: Omit<Declaration, "crate">): ForeignHost | { readonly reason: string } {
  const { kind, path, name, params, result, variadic, receiver } = declaration;
  const operations: Readonly<Partial<Record<Declaration["kind"], ForeignHost["operation"]>>> = {
    function: "call",
    static: "call",
    constructor: "construct",
    "static-getter": "get",
    accessor: "get",
    "static-setter": "set",
    instanceof: "instanceof",
  };
  const operation = operations[kind];
  if (!operation) return { reason: `a function of the package is used for ${kind}, which no host function can state` };
  const types: DeclaredType[] = receiver ? [{ type: "js", borrowed: true }] : [];
  const consumes = receiver ? [false] : [];
  for (const code of params) {
    const type = typeOfCode(code);
    if (!type) return { reason: `a function of the package takes a type that no host function can state: ${code}` };
    types.push(type);
    consumes.push(isGivenAway(code));
  }
  const returned = result === "" ? ({ type: "void" } as const) : typeOfCode(result);
  if (!returned)
    return { reason: `a function of the package returns a type that no host function can state: ${result}` };
  return {
    params: types,
    result: returned,
    conversion: Object.hasOwn(conversions, result) ? conversions[result] : undefined,
    catch: declaration.catch,
    consumes,
    operation,
    path: name === "" ? path : [...path, name],
    variadic,
  };
}

/** The codes of results that are not converted in JavaScript: `true` is 1 for the engine, and nothing is 0. */
const conversions: Readonly<Record<string, ForeignHost["conversion"]>> = {
  i: "i32",
  I: "i64",
  f: "number",
  d: "number",
};

/** Returns the declared type of a type code, if there is one. */
function typeOfCode(code: string): DeclaredType | undefined {
  if (code.startsWith("?")) {
    const item = typeOfCode(code.slice(1));
    return item && { type: "optional", item };
  }
  if (code === "H") return { type: "js" };
  if (code === "h") return { type: "js", borrowed: true };
  if (code.startsWith('"')) return { type: "enumeration", values: code.slice(1).split("|"), complete: true };
  if (code === "s" || code === "S") return { type: "string" };
  if (code.startsWith("@")) return { type: "owned", class: code.slice(1) };
  const name = plainNameOf(code);
  if (name !== undefined) return { type: name };
  const [, reference, inner = ""] = /^(&m?)?\[(\w+)$/.exec(code) ?? [];
  const element = inner === "c8" ? "u8" : plainNameOf(inner);
  if (isElement(element)) {
    // The JavaScript passes a view of what is lent, so that writes reach the module.
    if (reference !== undefined) return { type: "array", element, mutable: true };
    return element === "u8" ? { type: "bytes" } : { type: "array", element };
  }
  const item = inner === "S" || inner === "H" ? typeOfCode(inner) : undefined;
  return item && { type: "list", item };
}

/** Whether a text or an array is given away. */
function isGivenAway(code: string): boolean {
  return /^\??(S|\[)/.test(code);
}
