import type { Extern, Shape } from "../public/index.ts";
import type { Resolved } from "../imports/index.ts";

/** A memory or table that JavaScript can reach, with its declared type. */
export interface Reachable<Raw> {
  /** Its export name, or `module.name` if it is imported and not exported. */
  readonly key: string;
  readonly raw: Raw;
  readonly extern: Extern;
}

/**
 * Finds the memories or tables of an instance that JavaScript can reach, in index order.
 *
 * @param kind - The kind to find.
 * @param shape - The module's shape.
 * @param resolved - The imports with values.
 * @param exports - The exports; `undefined` before the start function has ended.
 */
export function findReachable<Raw>(
  kind: "memory" | "table",
  shape: Shape,
  resolved: readonly Resolved[],
  exports: WebAssembly.Exports | undefined,
): Reachable<Raw>[] {
  const parts = new Map<Raw, Reachable<Raw> & { index: number }>();
  for (const one of exports ? shape.exports : []) {
    if (one.kind !== kind) continue;
    const raw = exports?.[one.name] as Raw;
    // Without types the indices are unknown; exports then keep their order, after the imports.
    if (!parts.has(raw)) parts.set(raw, { key: one.name, raw, extern: one, index: one.index ?? shape.imports.length });
  }
  const imported = resolved.filter(({ wanted }) => wanted.kind === kind);
  for (const [index, { wanted, value }] of imported.entries()) {
    const raw = value as Raw;
    const exported = parts.get(raw);
    if (exported) exported.index = Math.min(exported.index, index);
    else parts.set(raw, { key: `${wanted.module}.${wanted.name}`, raw, extern: wanted, index });
  }
  return [...parts.values()].sort((a, b) => a.index - b.index);
}
