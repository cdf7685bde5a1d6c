import { supportOf } from "../errors/messages/features.ts";
import type { Extern, Shape, ValueType } from "../public/index.ts";

/** A feature of WebAssembly that a module uses. */
export interface Feature {
  readonly name: string;
  /** The first versions of the engines that support it; absent for what every engine has had for years. */
  readonly since?: string;
}

/** The features by their names in the `target_features` section; an empty name is a detail of object files. */
const targetFeatures: Readonly<Record<string, string>> = {
  atomics: "threads",
  "bulk-memory": "bulk memory",
  "bulk-memory-opt": "bulk memory",
  "call-indirect-overlong": "",
  "exception-handling": "exceptions",
  "extended-const": "extended constant expressions",
  fp16: "half precision",
  gc: "garbage collection",
  memory64: "64-bit memory",
  multimemory: "several memories",
  multivalue: "several results",
  "mutable-globals": "mutable globals across the boundary",
  "nontrapping-fptoint": "conversions that do not trap",
  "reference-types": "reference types",
  "relaxed-simd": "relaxed SIMD",
  "sign-ext": "sign extension",
  simd128: "SIMD",
  "tail-call": "tail calls",
};

/**
 * Finds the features that a module states in its `target_features` section or shows in its types. Instructions are not
 * read, so a module without that section may use more.
 *
 * @param shape - The module's shape.
 */
export function featuresOf({
  targetFeatures: stated = [],
  memories,
  tables,
  imports,
  exports,
}: Shape): readonly Feature[] {
  const names = new Set<string>();
  for (const { prefix, name } of stated) {
    if (prefix !== "-") names.add(Object.hasOwn(targetFeatures, name) ? (targetFeatures[name] as string) : name);
  }
  for (const { shared, address, pageSize } of memories) {
    if (shared) names.add("threads");
    if (address === "i64") names.add("64-bit memory");
    if (pageSize !== 65536) names.add("custom page sizes");
  }
  if (memories.length > 1) names.add("several memories");
  if (tables.length > 1) names.add("reference types");
  for (const one of [...imports, ...exports]) {
    if (one.kind === "tag") names.add("exceptions");
    if (one.kind === "global" && one.type?.mutable) names.add("mutable globals across the boundary");
    if (one.kind === "function" && one.type && one.type.results.length > 1) names.add("several results");
    for (const type of valuesOf(one)) {
      if (type === "v128") names.add("SIMD");
      else if (type === "externref" || type === "funcref") names.add("reference types");
      else if (type.startsWith("(ref") || type.endsWith("ref")) names.add("garbage collection");
    }
  }
  names.delete("");
  return [...names].sort().map((name) => {
    const since = supportOf(name);
    return since === undefined ? { name } : { name, since };
  });
}

function valuesOf({ kind, type }: Extern): readonly ValueType[] {
  if (!type) return [];
  if (kind === "function") return [...type.params, ...type.results];
  return kind === "global" ? [type.value] : [];
}
