import type { DeclaredName } from "../../public/index.ts";
import { snakeCase } from "../snake-case.ts";
import type { Abi } from "./abi.ts";

/**
 * Returns the names that an export may have: `Counter#add` and `Counter#get:value` in modules of versions before 0.20, which
 * export members of classes; functions named `counterAdd`, `counter_add` or `Counter_add` in any.
 *
 * @param abi - The module's ABI.
 * @param declared - The declaration.
 */
export function exportNames(abi: Abi, { kind, class: className, prefix, name }: DeclaredName): readonly string[] {
  if (kind === "upcast") return [];
  if (kind === "free") return [abi.letGo];
  if (className === undefined) return [name];
  const of = prefix ?? className;
  const verbs = verbsOf(kind, name);
  return [
    `${of}${memberOf(kind, name)}`,
    ...verbs.flatMap((verb) => [
      `${lower(className)}${upper(verb)}`,
      `${snakeCase(className)}_${snakeCase(verb)}`,
      `${className}_${verb}`,
    ]),
    ...(kind === "constructor" && name === "new" ? ["new", "create", "make"].map((verb) => verb + className) : []),
  ].filter((one, at, all) => all.indexOf(one) === at);
}

/** Whether an export is a constructor of a class, which takes null for an object that it is to allocate. */
export function takesNull(name: string): boolean {
  return name.endsWith("#constructor");
}

function memberOf(kind: DeclaredName["kind"], name: string): string {
  switch (kind) {
    case "constructor":
      return name === "new" ? "#constructor" : `.${name}`;
    case "static":
      return `.${name}`;
    case "getter":
    case "field-get":
      return `#get:${name}`;
    case "setter":
    case "field-set":
      return `#set:${name}`;
    default:
      return `#${name}`;
  }
}

function verbsOf(kind: DeclaredName["kind"], name: string): readonly string[] {
  switch (kind) {
    case "getter":
    case "field-get":
      return [`get_${name}`, `get${upper(name)}`, name];
    case "setter":
    case "field-set":
      return [`set_${name}`, `set${upper(name)}`];
    default:
      return [name];
  }
}

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function upper(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
