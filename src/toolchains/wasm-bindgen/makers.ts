import type { ImportShape } from "../../public/index.ts";
import { type CastCode, someClosure, someImport, someList, someView } from "./casts.ts";

/**
 * Whether an import makes closures, up to 0.2.101.
 *
 * @param wanted - The import.
 */
export function isWrapper({ name }: ImportShape): boolean {
  return name.startsWith("__wbindgen_closure_wrapper");
}

/**
 * Whether an import is a cast that may make closures.
 *
 * @param wanted - The import.
 * @param casts - The possible conversions of the module's casts.
 */
export function mayCastClosure({ name }: ImportShape, casts: ReadonlyMap<string, readonly CastCode[]>): boolean {
  return casts.get(name)?.includes(someClosure) ?? false;
}

/**
 * Whether an import is a cast whose conversion the module does not reveal.
 *
 * @param wanted - The import.
 * @param casts - The possible conversions of the module's casts.
 */
export function isOpenCast({ name }: ImportShape, casts: ReadonlyMap<string, readonly CastCode[]>): boolean {
  const codes = casts.get(name);
  return codes !== undefined && certainCast(codes) === undefined;
}

/**
 * Returns the conversion of a cast, if that is certain.
 *
 * @param codes - Its possible conversions.
 */
export function certainCast(codes: readonly CastCode[] = []): CastCode | undefined {
  const [code] = codes;
  const isType = code !== someClosure && code !== someView && code !== someList && code !== someImport;
  return codes.length === 1 && isType ? code : undefined;
}
