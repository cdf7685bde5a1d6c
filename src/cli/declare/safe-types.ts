import type { Node } from "@babel/types";
import type { KnownTypes } from "./known-types.ts";
import { parseText } from "./parse.ts";
import type { PrintOptions } from "./print-options.ts";
import { type PrintedType, Printer } from "./type-printer.ts";
import type { CheckUse } from "./type-uses.ts";

/** A printed type or declaration, or the reason why there is none. */
export type Printed = PrintedType | { readonly reason: string };

/**
 * Prints a type that a package wrote. It is parsed and printed by its syntax, so nothing but a type can come out.
 *
 * @param text - The type's own words.
 * @param check - Checks the named types in it.
 * @param place - Where it will stand.
 * @param place.types - The types of the file.
 * @param place.generics - The type parameters of the function.
 * @param place.member - The name of the member.
 */
export function printType(
  text: string,
  check: CheckUse = unchecked,
  { types, generics, member }: PrintOptions = {},
): Printed {
  // A predicate, as in `x is string`, is only the result of a function.
  const start = /^(?:asserts\s+)?[\p{ID_Start}$_][\p{ID_Continue}$]*\s+is\s|^asserts\s/u.test(text) ? "() => " : "";
  return print(
    `type T = ${start}${text};`,
    new Printer(false, check, types, generics, member),
    (printer, statement) => {
      if (statement.type !== "TSTypeAliasDeclaration") return undefined;
      const { typeAnnotation: type } = statement;
      const result = start !== "" && type.type === "TSFunctionType" ? type.typeAnnotation?.typeAnnotation : type;
      return result && printer.type(result, 0);
    },
  );
}

/**
 * Prints the declaration of an alias or interface that a package wrote.
 *
 * @param text - The declaration's own words, without `export`.
 * @param withDocs - Whether to print the comments of an interface's members.
 * @param check - Checks the named types in it.
 * @param types - The types of the file that it will stand in.
 */
export function printNamedType(
  text: string,
  withDocs: boolean,
  check: CheckUse = unchecked,
  types?: KnownTypes,
): Printed {
  const printer = new Printer(withDocs, check, types, undefined, /^\w+ ([\w$]+)/.exec(text)?.[1]);
  return print(text, printer, (_, statement) => printer.declaration(statement));
}

const unchecked: CheckUse = () => undefined;

function print(text: string, printer: Printer, by: (printer: Printer, statement: Node) => string | undefined): Printed {
  try {
    const { file } = parseText(text, "a type", "declarations");
    const [statement, ...others] = file.program.body;
    const printed = statement && others.length === 0 ? by(printer, statement) : undefined;
    return printed === undefined ? { reason: "it is no type" } : printer.result(printed);
  } catch (error) {
    // A text that is cut out of a whole may not be whole.
    return { reason: error instanceof Error ? error.message : "it cannot be parsed" };
  }
}
