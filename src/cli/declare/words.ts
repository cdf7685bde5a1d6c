import type { FunctionType, ValueType } from "../../public/index.ts";
import type { GlueFunction, GlueType } from "./glue/model.ts";

/** How an export's words are shared out among its parameters and its result. */
export interface Words {
  /** The words of each parameter, without those of the object and of the result area. */
  readonly params: readonly (readonly ValueType[])[];
  /** The words of the result, without those of an error; `undefined` if it is in memory. */
  readonly result: readonly ValueType[] | undefined;
}

/**
 * Shares out the words of an export.
 *
 * @param call - How the function is called.
 * @param type - The export's type.
 * @returns `undefined` if they are not the words of these values.
 */
export function shareWords({ params, result, self, throws }: GlueFunction, type: FunctionType): Words | undefined {
  for (const size of sizesOf(result)) {
    const all = size + (throws ? 2 : 0);
    const isInMemory = all > 1 && type.results.length === 0;
    if (!isInMemory && type.results.length !== all) continue;
    const shared = shareOut(
      params.map((one) => sizesOf(one.type)),
      type.params.slice((isInMemory ? 1 : 0) + (self === undefined ? 0 : 1)),
    );
    if (shared) return { params: shared, result: isInMemory ? undefined : type.results.slice(0, size) };
  }
  return undefined;
}

/** Shares out words among values that may take several numbers of them. The first way that uses all is taken. */
function shareOut(
  sizes: readonly (readonly number[])[],
  words: readonly ValueType[],
): (readonly ValueType[])[] | undefined {
  // Which numbers of words the values from each on can take: a table keeps the search linear.
  const ends: ReadonlySet<number>[] = [new Set([0])];
  for (const options of [...sizes].reverse()) {
    const after = ends[0] ?? new Set<number>();
    const next = new Set<number>();
    for (const one of options) for (const rest of after) if (one + rest <= words.length) next.add(one + rest);
    ends.unshift(next);
  }
  if (!ends[0]?.has(words.length)) return undefined;
  let at = 0;
  return sizes.map((options, index) => {
    const size = options.find((one) => ends[index + 1]?.has(words.length - at - one)) ?? 0;
    at += size;
    return words.slice(at - size, at);
  });
}

/** The numbers of words that a value may take. */
function sizesOf(type: GlueType): readonly number[] {
  switch (type.kind) {
    case "void":
      return [0];
    case "plain":
      return [1];
    case "bool":
    case "char":
    case "js":
    case "object":
    case "text-enum":
      return [1];
    case "string":
    case "list":
    case "int128":
    case "int64-halves":
      return [2];
    case "array":
      // Since 0.2.84 the array itself is passed, too, for the module's writes.
      return type.isMutable ? [3, 2] : [2];
    case "optional": {
      const { item, none } = type;
      if (none !== undefined) return [1];
      if (item.kind === "plain") return [2];
      if (item.kind === "int128" || item.kind === "int64-halves") return [3];
      return sizesOf(item);
    }
  }
}
