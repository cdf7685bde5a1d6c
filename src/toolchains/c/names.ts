import { snakeCase } from "../snake-case.ts";
import { freers, makers } from "./verbs.ts";
import type { DeclaredName } from "../../public/index.ts";

/**
 * Returns the names that an export may have in C: `counter_add`, `counterAdd` or `CounterAdd` for the method `add` of
 * `Counter`.
 *
 * @param declared - The declaration.
 */
export function exportNames({ kind, class: className, prefix, name }: DeclaredName): readonly string[] {
  // C has no functions that return the object of another class for one of a class.
  if (kind === "upcast") return [];
  if (className === undefined) return unique([name, snakeCase(name)]);
  const prefixes =
    prefix === undefined
      ? [`${snakeCase(className)}_`, `${className}_`, `${className.toLowerCase()}_`]
      : unique([prefix, prefix.endsWith("_") ? prefix : `${prefix}_`]);
  const verbs = verbsOf(kind, name);
  return unique([
    ...prefixes.flatMap((start) => verbs.flatMap((verb) => [start + verb, start + snakeCase(verb)])),
    ...(prefix === undefined
      ? verbs.flatMap((verb) => [
          className + upper(camel(verb)),
          lower(className) + upper(camel(verb)),
          `${snakeCase(verb)}_${snakeCase(className)}`,
        ])
      : []),
  ]);
}

function verbsOf(kind: DeclaredName["kind"], name: string): readonly string[] {
  switch (kind) {
    case "constructor":
      return name === "new" ? makers : [name, `new_${name}`];
    case "free":
      return freers;
    case "getter":
    case "field-get":
      return [`get_${name}`, name];
    case "setter":
    case "field-set":
      return [`set_${name}`];
    default:
      return [name];
  }
}

function camel(name: string): string {
  return name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function upper(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
