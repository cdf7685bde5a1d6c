import type { FunctionType } from "../../../public/index.ts";
import { anyTypeOf } from "../codes.ts";
import { typeIn } from "../lowered.ts";
import type { Type } from "../type.ts";
import type { Declaration } from "./declaration.ts";

/**
 * The WebAssembly types that an import of a declaration can have.
 *
 * @param declaration - The declaration.
 * @param version - The minor number of wasm-bindgen's version: what `Option` takes has changed in 0.2.96.
 * @returns The type where handles are numbers, and where they are `externref`; none for a type that is not known.
 */
export function importTypesOf({ receiver, params: codes, result: code }: Declaration, version: number): FunctionType[] {
  const params = [...(receiver ? ["h"] : []), ...codes].map(anyTypeOf);
  const result = code === "" ? undefined : anyTypeOf(code);
  if (params.includes(undefined) || (code !== "" && !result)) return [];
  const wanted = { params: params as readonly Type[], result };
  return (["heap", "externref"] as const).map((handles) => typeIn(wanted, { handles, version }));
}
