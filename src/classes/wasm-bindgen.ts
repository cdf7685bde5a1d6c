import type { ClassField, ClassFunction, ClassShape, ConstructorPattern, FunctionType } from "../types/index.ts";

/**
 * The classes of a wasm-bindgen module: each has a function that frees its objects.
 *
 * @param functions - The exported functions.
 */
export function wasmBindgenClasses(functions: ReadonlyMap<string, FunctionType>): readonly ClassShape[] {
  const names = [...functions.keys()].flatMap((name) => /^__wbg_(.+)_free$/.exec(name)?.[1] ?? []);
  // Where one name begins another, a function is of the longer.
  const ownerOf = (name: string) =>
    names.filter((one) => name.startsWith(`${one}_`)).reduce((a, b) => (b.length > a.length ? b : a), "");
  return names.map((name): ClassShape => {
    const constructors: (ClassFunction & { readonly pattern: ConstructorPattern })[] = [];
    const methods: ClassFunction[] = [];
    const fields = new Map<string, ClassField>();
    for (const [exported, type] of functions) {
      const [, verb, field] = /^__wbg_(get|set)_(.*)$/.exec(exported) ?? [];
      if (field !== undefined && ownerOf(field) === name) {
        const key = field.slice(name.length + 1);
        fields.set(key, { ...(fields.get(key) ?? { name: key }), [verb ?? ""]: exported });
      }
      if (ownerOf(exported) !== name) continue;
      const one: ClassFunction = { name: exported.slice(name.length + 1), export: exported, type };
      const pattern = one.name === "new" ? patternOf(type) : undefined;
      if (pattern) constructors.push({ ...one, pattern });
      else methods.push(one);
    }
    const free = `__wbg_${name}_free`;
    return { name, constructors, methods, fields: [...fields.values()], free, evidence: `the export ${free}` };
  });
}

/** A constructor returns the object's address, in a result area with an error, or among several results with one. */
function patternOf({ params, results }: FunctionType): ConstructorPattern | undefined {
  const words = results.join();
  if (words === "i32") return "direct";
  if (words === "i32,i32,i32") return "multi-value";
  return results.length === 0 && params[0] === "i32" ? "return-pointer" : undefined;
}
