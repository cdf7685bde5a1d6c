import type { ImportShape } from "../types/index.ts";
import { castTypes } from "./casts.ts";

/**
 * Whether an import makes closures, up to 0.2.101.
 *
 * @param wanted - The import.
 */
export function isWrapper({ name }: ImportShape): boolean {
  return name.startsWith("__wbindgen_closure_wrapper");
}

/**
 * Whether an import is a cast of two words, of which nothing tells what it casts: text, bytes or a closure.
 *
 * @param wanted - The import.
 */
export function mayCastClosure(wanted: ImportShape): boolean {
  const [, hash] = /^__wbindgen_(?:cast|generic)_([0-9a-f]+)$/.exec(wanted.name) ?? [];
  if (hash === undefined || castTypes.has(hash)) return false;
  const type = wanted.kind === "function" ? wanted.type : undefined;
  return type?.params.length === 2 && type.params.every((word) => word === "i32");
}
