import { ownMembers } from "../../base/own.ts";
import { elementArrays } from "../../bind/types/arrays.ts";
import type { ElementName, PlainName } from "../../public/index.ts";
import type { ClosureSignature, KnownClosure } from "./closures.ts";
import { givenObject } from "./given-object.ts";
import type { Type } from "./type.ts";
import { handle, list, numberEnum, option, slice, stackClosure, stringEnum, text, typeOfNode } from "./types.ts";

/** The codes of plain types whose code differs from their name. */
const names: { readonly [code: string]: PlainName | undefined } = ownMembers<{ readonly [code: string]: PlainName }>({
  i: "i32",
  u: "u32",
  I: "i64",
  U: "u64",
  f: "f32",
  d: "f64",
  b: "bool",
  c: "char",
});

/**
 * Returns the plain type of a code. Text is none: its code tells who owns it.
 *
 * @param code - The code.
 * @returns The name; `undefined` for the code of any other type.
 */
export function plainNameOf(code: string): PlainName | undefined {
  return /^[iu](8|16|128)$/.test(code) ? (code as PlainName) : names[code];
}

/**
 * Returns the type of a code: `h` `H` a value, borrowed and owned; `s` `S` text; `b` bool; `c` char; `i8` `i16` `i` `u8`
 * `u16` `u` integers of up to 32 bits; `I` `U` of 64; `i128` `u128`; `f` `d` floats; `&[u8]` `[u8]` contiguous numbers,
 * borrowed and owned; `&[h]` `[h]` contiguous values; `"a|b` one of some texts; `#0|4` one of some numbers; `Fn(h,s)H`
 * `Mut(h)` a closure; `@Game` an object of a class, given away; `?` before a code an option. A closing bracket may be omitted.
 *
 * @param code - The code.
 * @param findClosure - Finds the export that runs a closure with a code.
 * @returns The type; `undefined` for an unknown code, and for a closure that cannot be run.
 */
export function typeOf(code: string, findClosure: (code: string) => KnownClosure | undefined): Type | undefined {
  const name = plainNameOf(code);
  if (name !== undefined) return typeOfNode({ type: name });
  if (code.startsWith("?")) {
    const inner = typeOf(code.slice(1), findClosure);
    return inner && option(inner);
  }
  if (code === "h" || code === "H") return handle(code === "H");
  if (code === "s" || code === "S") return text(code === "S");
  if (code.startsWith("#")) return numberEnum(code.slice(1).split("|").map(Number));
  if (code.startsWith('"')) return stringEnum(code.slice(1).split("|"));
  if (code.startsWith("@"))
    return /^@[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(code) ? givenObject(code.slice(1)) : undefined;
  if (isClosure(code)) {
    const closure = findClosure(code);
    return closure && stackClosure(closure);
  }
  const [, borrowed, element = ""] = /^(&m?)?\[(\w+)]?$/.exec(code) ?? [];
  const isOwned = borrowed === undefined;
  if (/^[hHsS]$/.test(element)) return list(isOwned);
  const of = element === "c8" ? "clamped" : plainNameOf(element);
  return of === "clamped" || isElement(of) ? slice(of, isOwned) : undefined;
}

/**
 * Whether a plain type can be the element of a typed array.
 *
 * @param name - The type.
 */
export function isElement(name: PlainName | undefined): name is ElementName {
  return name !== undefined && Object.hasOwn(elementArrays, name);
}

/**
 * Returns the type of a code, regardless of what runs its closures.
 *
 * @param code - The code.
 * @returns The type; `undefined` for an unknown code.
 */
export function anyTypeOf(code: string): Type | undefined {
  return typeOf(code, (closure) => {
    const signature = readClosure(closure);
    return signature && { signature, shim: { name: "", type: { params: [], results: [] } } };
  });
}

/**
 * Reads the signature of a closure that neither takes nor returns closures.
 *
 * @param signature - The signature, as in `"mut (h)->"`.
 * @returns The parsed signature; `undefined` if it cannot be read.
 */
export function readClosure(signature: string): ClosureSignature | undefined {
  const found = /^(?:(mut )|(Mut)|Fn)?\(([^()]*)\)(?:->)?(!)?(.*)$/.exec(signature);
  if (!found) return undefined;
  const [, mutable, coded, list = "", fails, code = ""] = found;
  const read = (one: string) => typeOf(one, () => undefined);
  const params = list === "" ? [] : list.split(",").map(read);
  const result = code === "" ? undefined : read(code);
  if (params.includes(undefined) || (code !== "" && !result)) return undefined;
  return {
    params: params as readonly Type[],
    result,
    fails: fails !== undefined,
    isMutable: (mutable ?? coded) !== undefined,
  };
}

/** Whether a code stands for a closure. */
export function isClosure(code: string): boolean {
  return /^(Fn|Mut)\(/.test(code);
}
