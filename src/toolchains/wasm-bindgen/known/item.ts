import type { Declaration, DeclarationKind } from "./declaration.ts";
import { type Enums, splitTypes, typeCode } from "./type-code.ts";

/** A crate with items in a table. */
export interface Crate {
  /** Its name: `js-sys`. */
  readonly name: string;
  /** Its versions, as written in the table: `0.3.N-23` follows wasm-bindgen 0.2.N, `0.2.1-3` is a list. */
  readonly versions: string;
  /** The string enums of its items: their texts, joined by `|`, by name. */
  readonly enums: Enums;
  /** Whether its source spells out paths: `::wasm_bindgen::JsValue`. */
  readonly paths: boolean;
}

/** An item of a crate, as in its source: a line of a table, combined with the lines above it. */
export interface Item {
  readonly crate: Crate;
  readonly kind: DeclarationKind;
  /** The type that it belongs to: its name in Rust and in JavaScript. Both are empty if it belongs to none. */
  readonly rustClass: string;
  readonly jsClass: string;
  readonly namespace: readonly string[];
  /** The raw module that it is imported from; empty for none. */
  readonly module: string;
  /** Its name in Rust. */
  readonly ident: string;
  /** Its name in JavaScript. */
  readonly name: string;
  /** The name in the import's own name, before characters are removed. */
  readonly importName: string;
  /** Whether the first parameter, which `params` leaves out, is the receiver. */
  readonly receiver: boolean;
  readonly params: string;
  readonly result: string;
  /** The function's head as in the source; empty for an item that is not a function. */
  readonly signature: string;
  readonly catch: boolean;
  readonly variadic: boolean;
  /** Whether a parameter is a closure, or holds one. */
  readonly takesClosure: boolean;
  /** The versions of its crate that contain it, if its name means something else in other versions: `0.2.1-0.2.6`, `0.3.0-`. */
  readonly range: string | undefined;
}

/**
 * Makes the declaration of an item.
 *
 * @param item - The item.
 * @param bindgen - The minor number of wasm-bindgen's version: a string enum is a number since 0.2.93.
 * @returns The declaration.
 */
export function declarationOf(item: Item, bindgen: number): Declaration {
  const enums = bindgen < 93 ? new Map<string, string>() : item.crate.enums;
  const result = item.result.replace(/ where .*/, "");
  return {
    crate: item.crate.name,
    kind: item.kind,
    path: item.jsClass ? [...item.namespace, item.jsClass] : item.namespace,
    name: item.name,
    params: splitTypes(item.params).map((param) => typeCode(param.slice(param.indexOf(":") + 1), enums)),
    receiver: item.receiver,
    result: result && typeCode(result, enums).replace(item.catch ? "!" : "", ""),
    catch: item.catch,
    variadic: item.variadic,
    closure: closureIn(item.params, enums),
  };
}

/** Finds the closure in the first parameter `&Closure<dyn FnMut(…)>`. */
function closureIn(params: string, enums: Enums): string | undefined {
  for (const param of splitTypes(params)) {
    const type = /^\w+:&Closure<dyn (Fn(?:Mut)?\(.*)>$/.exec(param)?.[1];
    if (type !== undefined) return typeCode(`&${type.startsWith("FnMut") ? "mut " : ""}dyn ${type}`, enums);
  }
  return undefined;
}
