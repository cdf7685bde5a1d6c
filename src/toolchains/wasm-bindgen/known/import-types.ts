import type { FunctionType } from "../../../public/index.ts";
import { anyTypeOf } from "../codes.ts";
import { typeIn } from "../lowered.ts";
import type { Type } from "../type.ts";
import type { Declaration } from "./declaration.ts";

/**
 * Returns the WebAssembly types that an import of a declaration can have.
 *
 * @param declaration - The declaration.
 * @param version - The minor number of wasm-bindgen's version: the words of `Option` changed in 0.2.96.
 * @returns The types with handles as numbers and with handles as `externref`; none for an unknown type.
 */
export function importTypesOf({ receiver, params: codes, result: code }: Declaration, version: number): FunctionType[] {
  const params = [...(receiver ? ["h"] : []), ...codes].map(anyTypeOf);
  const result = code === "" ? undefined : anyTypeOf(code);
  if (params.includes(undefined) || (code !== "" && !result)) return [];
  const wanted = { params: params as readonly Type[], result };
  return (["heap", "externref"] as const).map((handles) => typeIn(wanted, { handles, version }));
}
