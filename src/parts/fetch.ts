import type { Shape } from "../types/index.ts";
import type { Parts } from "./parts.ts";

/**
 * Fetches the parts that a module needs, each a chunk of its own.
 *
 * @param shape - The module's shape.
 */
export async function fetchParts({ imports, memories, tables: declared, complete }: Shape): Promise<Parts> {
  const [externs, memory, tables] = await Promise.all([
    imports.some(({ kind }) => kind !== "function") ? import("../externs/index.ts") : undefined,
    memories.length > 0 || !complete ? import("../memory/index.ts") : undefined,
    declared.length > 0 || !complete ? import("../table/index.ts") : undefined,
  ]);
  return { externs, memory, tables };
}
