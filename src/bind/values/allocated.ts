import type { DeclaredType } from "../../public/index.ts";

/**
 * Whether a value lies in memory that is allocated for it, and that someone must free.
 *
 * @param type - Its declared type.
 */
export function isAllocated(type: DeclaredType): boolean {
  if (type.type === "optional") return isAllocated(type.item as DeclaredType);
  return ["string", "cstring", "bytes", "array", "list"].includes(type.type);
}
