import { needsBuiltins } from "../options.ts";
import type { BuiltinOptions, ImportShape, Shape } from "../public/index.ts";
import { isStringBuiltin, requireBuiltinType, requireConstantType, type StringBuiltin } from "./signatures.ts";
import { stringModule } from "./string-imports.ts";

/**
 * Returns the builtin that an import names, `""` for a string constant, and `undefined` for any other import.
 *
 * @param wanted - The import.
 * @param options - The builtins that the module is compiled with.
 */
export function nameOf(
  { module, name }: Pick<ImportShape, "module" | "name">,
  { builtins, importedStringConstants }: BuiltinOptions,
): StringBuiltin | "" | undefined {
  if (module === importedStringConstants) return "";
  return module === stringModule && builtins?.includes("js-string") === true && isStringBuiltin(name)
    ? name
    : undefined;
}

/**
 * Refuses the import of a builtin or constant that is declared with another type. Fails with `import-mismatch`.
 *
 * @param wanted - The import.
 * @param name - What it names, as {@link nameOf} returns it.
 */
export function requireType(wanted: ImportShape, name: StringBuiltin | ""): void {
  if (name === "") requireConstantType(wanted);
  else requireBuiltinType(wanted, name);
}

/**
 * Leaves out the imports that an engine with builtins provides, as its own list of a module's imports does. Fails with
 * `import-mismatch`.
 *
 * @param shape - The module's shape, with types.
 * @param options - The builtins that the module is compiled with.
 */
export function withoutBuiltins<Of extends Pick<Shape, "imports">>(shape: Of, options: BuiltinOptions): Of {
  if (!needsBuiltins(options)) return shape;
  const imports = shape.imports.filter((one) => {
    const name = nameOf(one, options);
    if (name !== undefined) requireType(one, name);
    return name === undefined;
  });
  return { ...shape, imports };
}
