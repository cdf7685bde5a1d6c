/** The names of imports, read before the adapter is fetched. */
import type { ImportShape, Shape } from "../../public/index.ts";

const hashed = /^__wbg_\w+_[\da-f]{16}$/;
const likelyOwn = /^__wbg_(__wbindgen_\w+|new|stack|error)_[\da-f]{16}$/;

/**
 * Whether an import's name ends with the hash of a declaration.
 *
 * @param wanted - The import.
 */
export function isHashed({ name }: Pick<ImportShape, "name">): boolean {
  return hashed.test(name);
}

/**
 * Whether a module seems to import something that only a table identifies. Without a version, the hashes of wasm-bindgen's own
 * imports tell it.
 *
 * @param shape - The module's shape.
 */
export function asksTables({ imports, producers }: Shape): boolean {
  const isStated = producers?.processedBy.some(({ name }) => name === "wasm-bindgen");
  return imports.some((one) => isHashed(one) && !(isStated && likelyOwn.test(one.name)));
}
