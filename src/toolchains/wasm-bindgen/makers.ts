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
 * @param casts - What the module's casts may convert.
 */
export function mayCastClosure({ name }: ImportShape, casts: ReadonlyMap<string, readonly CastCode[]>): boolean {
  return casts.get(name)?.includes(someClosure) ?? false;
}

/**
 * Whether an import is a cast of which the module does not tell what it converts.
 *
 * @param wanted - The import.
 * @param casts - What the module's casts may convert.
 */
export function isOpenCast({ name }: ImportShape, casts: ReadonlyMap<string, readonly CastCode[]>): boolean {
  const codes = casts.get(name);
  return codes !== undefined && certainCast(codes) === undefined;
}

/**
 * What a cast converts, where that is certain.
 *
 * @param codes - What it may convert.
 */
export function certainCast(codes: readonly CastCode[] = []): CastCode | undefined {
  const [code] = codes;
  const isType = code !== someClosure && code !== someView && code !== someList && code !== someImport;
  return codes.length === 1 && isType ? code : undefined;
}
