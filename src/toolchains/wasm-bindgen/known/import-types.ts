import { ownMembers } from "../../../base/own.ts";
import type { FunctionType, ValueType } from "../../../public/index.ts";
import type { Declaration, TypeCode } from "./declaration.ts";

/**
 * The WebAssembly types that an import of a declaration can have.
 *
 * @param declaration - The declaration.
 * @param bindgen - The minor number of wasm-bindgen's version: what `Option` takes has changed in 0.2.96.
 * @returns The type where handles are numbers, and where they are `externref`.
 */
export function importTypesOf(declaration: Declaration, bindgen: number): FunctionType[] {
  return (["i32", "externref"] as const).map((handle) => {
    const receiver = declaration.receiver ? [handle] : [];
    const params = [...receiver, ...declaration.params.flatMap((code) => wordsOf(code, handle, bindgen))];
    // A nullable handle comes back as a number in any case.
    const results = wordsOf(declaration.result, declaration.result.startsWith("?") ? "i32" : handle, bindgen);
    return results.length > 1 ? { params: ["i32", ...params], results: [] } : { params, results };
  });
}

const scalars: { readonly [code: string]: readonly ValueType[] | undefined } = ownMembers({
  "": [],
  I: ["i64"],
  U: ["i64"],
  i128: ["i64", "i64"],
  u128: ["i64", "i64"],
  f: ["f32"],
  d: ["f64"],
});

/** The words of a type; the first of an optional number says whether there is one. */
function wordsOf(code: TypeCode, handle: ValueType, bindgen: number): readonly ValueType[] {
  if (/^\??[hH]$/.test(code)) return [handle];
  if (/^\?[iuf]$/.test(code)) return bindgen < 96 ? ["i32", ...wordsOf(code.slice(1), handle, bindgen)] : ["f64"];
  if (/^\?([IUd]|[iu]128)$/.test(code)) return ["i32", ...wordsOf(code.slice(1), handle, bindgen)];
  if (/^\??([sS]|&?m?\[)|^Fn|^Mut/.test(code)) return ["i32", "i32"];
  return scalars[code] ?? ["i32"];
}
