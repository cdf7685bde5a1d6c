import type { DeclaredType } from "../../public/index.ts";
import { isElement, plainNameOf } from "../../toolchains/wasm-bindgen/codes.ts";
import type { Declaration } from "../../toolchains/wasm-bindgen/known/declaration.ts";

/** A function that is given values instead of words. */
export interface ForeignHost {
  readonly params: readonly DeclaredType[];
  readonly result: DeclaredType;
  /** Whether the module receives exceptions itself. */
  readonly catch: boolean;
  /** Whether each parameter's text or array is given away. */
  readonly consumes: readonly boolean[];
  /** The operation on the imported thing. */
  readonly operation: "call" | "construct" | "method" | "get" | "set" | "read";
  /** The members that lead from the imported thing to that which is called. */
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
  const { kind, name, params, result, variadic, receiver } = declaration;
  const operations: Readonly<Partial<Record<Declaration["kind"], ForeignHost["operation"]>>> = {
    function: "call",
    static: "call",
    constructor: "construct",
    method: "method",
    getter: "get",
    setter: "set",
    "static-getter": "read",
    accessor: "read",
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
    catch: declaration.catch,
    consumes,
    operation,
    path: name === "" ? [] : [name],
    variadic,
  };
}

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
  const name = plainNameOf(code);
  if (name !== undefined) return { type: name };
  const [, reference, inner = ""] = /^(&m?)?\[(\w+)$/.exec(code) ?? [];
  const element = inner === "c8" ? "u8" : plainNameOf(inner);
  if (isElement(element)) {
    if (reference === "&m") return { type: "array", element, mutable: true };
    return element === "u8" ? { type: "bytes" } : { type: "array", element };
  }
  const item = inner === "S" || inner === "H" ? typeOfCode(inner) : undefined;
  return item && { type: "list", item };
}

/** Whether a text or an array is given away. */
function isGivenAway(code: string): boolean {
  return /^\??(S|\[)/.test(code);
}
