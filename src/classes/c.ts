import { freers, makers } from "../c-verbs.ts";
import type { ClassFunction, ClassShape, ConstructorPattern, FunctionType } from "../types/index.ts";

/**
 * The classes of a C module: functions of one prefix, of which one makes an object and one frees it.
 *
 * @param functions - The exported functions.
 */
export function cClasses(functions: ReadonlyMap<string, FunctionType>): readonly ClassShape[] {
  const prefixes = new Map<string, string>();
  for (const [name, { params, results }] of functions) {
    const [, prefix, verb] = /^(.+)_([a-z]+)$/.exec(name) ?? [];
    if (prefix === undefined || verb === undefined || !freers.includes(verb)) continue;
    if (params.length === 1 && isAddress(params[0]) && results.length === 0) prefixes.set(prefix, name);
  }
  return [...prefixes].flatMap(([name, free]): readonly ClassShape[] => {
    const constructors: (ClassFunction & { readonly pattern: ConstructorPattern })[] = [];
    const methods: ClassFunction[] = [];
    for (const [exported, type] of functions) {
      if (!exported.startsWith(`${name}_`) || exported === free) continue;
      const one: ClassFunction = { name: exported.slice(name.length + 1), export: exported, type };
      const pattern = makers.includes(one.name) ? patternOf(one.name, type) : undefined;
      if (pattern) constructors.push({ ...one, pattern });
      else methods.push(one);
    }
    if (constructors.length === 0) return [];
    const [first] = constructors;
    return [{ name, constructors, methods, fields: [], free, evidence: `the exports ${first?.export} and ${free}` }];
  });
}

function patternOf(verb: string, { params, results }: FunctionType): ConstructorPattern | undefined {
  if (verb === "init" && isAddress(params[0])) return "in-place";
  return results.length === 1 && isAddress(results[0]) ? "factory" : undefined;
}

function isAddress(type: string | undefined): boolean {
  return type === "i32" || type === "i64";
}
