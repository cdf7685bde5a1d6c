import type { ClassField, ClassFunction, ClassShape, ConstructorPattern, FunctionType } from "../../public/index.ts";
import { createOwnerOf } from "../owners.ts";
import { functionLetters } from "../evidence.ts";

/** A class with the exports found so far. */
interface Found {
  readonly constructors: (ClassFunction & { readonly pattern: ConstructorPattern })[];
  readonly methods: ClassFunction[];
  readonly fields: Map<string, ClassField>;
}

/**
 * Finds the classes of a wasm-bindgen module. Each has a function that frees its objects.
 *
 * @param functions - The exported functions.
 */
export function wasmBindgenClasses(functions: ReadonlyMap<string, FunctionType>): readonly ClassShape[] {
  const classes = new Map<string, Found>();
  for (const [exported, type] of functions) {
    const name = /^__wbg_(.+)_free$/.exec(exported)?.[1];
    if (name !== undefined && frees(type)) classes.set(name, { constructors: [], methods: [], fields: new Map() });
  }
  const ownerOf = createOwnerOf(classes.keys());
  for (const [exported, type] of functions) {
    const [, verb, field = ""] = /^__wbg_(get|set)_(.*)$/.exec(exported) ?? [];
    // The first parameter is the object, or the room for the value that is read from it.
    const fieldOwner = verb === undefined || type.params[0] !== "i32" ? undefined : ownerOf(field);
    if (fieldOwner !== undefined) {
      const fields = classes.get(fieldOwner)?.fields;
      const name = field.slice(fieldOwner.length + 1);
      fields?.set(name, { ...(fields.get(name) ?? { name }), [verb as "get" | "set"]: exported });
    }
    const owner = ownerOf(exported);
    const found = owner === undefined ? undefined : classes.get(owner);
    if (owner === undefined || !found) continue;
    const one: ClassFunction = { name: exported.slice(owner.length + 1), export: exported, type };
    const pattern = one.name === "new" ? patternOf(type) : undefined;
    if (pattern) found.constructors.push({ ...one, pattern });
    else found.methods.push(one);
  }
  return [...classes].map(([name, { constructors, methods, fields }]): ClassShape => {
    const free = `__wbg_${name}_free`;
    return { name, constructors, methods, fields: [...fields.values()], free, evidence: `the export ${free}` };
  });
}

/**
 * Whether a function frees an object. Since 0.2.93 its second parameter says whether to wait for calls that borrow the
 * object.
 */
function frees(type: FunctionType): boolean {
  return /^ii?>$/.test(functionLetters(type));
}

/**
 * A constructor returns the object's address, in a result area together with an error, or among several results with an
 * error.
 */
function patternOf({ params, results }: FunctionType): ConstructorPattern | undefined {
  const isAll = results.length <= 3 && results.every((type) => type === "i32");
  if (isAll && results.length === 1) return "direct";
  if (isAll && results.length === 3) return "multi-value";
  return results.length === 0 && params[0] === "i32" ? "return-pointer" : undefined;
}
