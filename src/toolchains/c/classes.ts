import { freers, makers } from "./verbs.ts";
import type { ClassFunction, ClassShape, ConstructorPattern, FunctionType } from "../../public/index.ts";
import { createOwnerOf } from "../owners.ts";

/** A class with the exports found so far. */
interface Found {
  readonly free: string;
  readonly constructors: (ClassFunction & { readonly pattern: ConstructorPattern })[];
  readonly methods: ClassFunction[];
}

/**
 * Finds the classes of a C module: functions with a common prefix, one of which makes an object and one of which frees it.
 * If one prefix begins with another, a function belongs to the longer one.
 *
 * @param functions - The exported functions.
 */
export function cClasses(functions: ReadonlyMap<string, FunctionType>): readonly ClassShape[] {
  const freed = new Map<string, string>();
  const made = new Set<string>();
  for (const [exported, type] of functions) {
    const [prefix, verb] = splitLast(exported);
    if (prefix === "") continue;
    if (freers.includes(verb) && takesOne(type)) freed.set(prefix, exported);
    if (patternOf(verb, type)) made.add(prefix);
  }
  const classes = new Map<string, Found>();
  for (const [prefix, free] of freed)
    if (made.has(prefix)) classes.set(prefix, { free, constructors: [], methods: [] });
  const ownerOf = createOwnerOf(classes.keys());
  for (const [exported, type] of functions) {
    const owner = ownerOf(exported) ?? "";
    const found = classes.get(owner);
    if (!found || found.free === exported) continue;
    const one: ClassFunction = { name: exported.slice(owner.length + 1), export: exported, type };
    const pattern = patternOf(one.name, type);
    if (pattern) found.constructors.push({ ...one, pattern });
    else found.methods.push(one);
  }
  return [...classes].map(([name, { free, constructors, methods }]) => {
    const evidence = `the exports ${constructors[0]?.export} and ${free}`;
    return { name, constructors, methods, fields: [], free, evidence };
  });
}

/** Splits a name at its last underscore. */
function splitLast(name: string): readonly [before: string, behind: string] {
  const at = name.lastIndexOf("_");
  return at < 0 ? ["", name] : [name.slice(0, at), name.slice(at + 1)];
}

function takesOne({ params, results }: FunctionType): boolean {
  return params.length === 1 && isAddress(params[0]) && results.length === 0;
}

function patternOf(verb: string, { params, results }: FunctionType): ConstructorPattern | undefined {
  if (!makers.includes(verb)) return undefined;
  if (verb === "init" && isAddress(params[0])) return "in-place";
  return results.length === 1 && isAddress(results[0]) ? "factory" : undefined;
}

function isAddress(type: string | undefined): boolean {
  return type === "i32" || type === "i64";
}
