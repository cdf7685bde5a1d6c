import type { DtsModule } from "./dts-model.ts";

/** A use of a named type: `Name`, `Name.Member`, `Name<A, B>`. */
export interface TypeUse {
  readonly name: string;
  readonly isQualified: boolean;
  /** The number of type arguments. */
  readonly args: number;
}

/** Returns the reason why a named type cannot be used as it is; `undefined` if it can. */
export type CheckUse = (use: TypeUse) => string | undefined;

/** How many type arguments the generic types of the language take: at least, and at most. */
const generics: ReadonlyMap<string, readonly [number, number]> = new Map([
  ...list(1, 1, "Promise PromiseLike Array ReadonlyArray ArrayLike Set ReadonlySet WeakSet Awaited Partial Required"),
  ...list(1, 1, "Readonly NonNullable Parameters ConstructorParameters ReturnType InstanceType NoInfer"),
  ...list(2, 2, "Map ReadonlyMap WeakMap Record Pick Omit Exclude Extract"),
  ...list(1, 3, "Iterable Iterator IterableIterator AsyncIterable AsyncIterator AsyncIterableIterator"),
]);

function list(least: number, most: number, names: string): [string, readonly [number, number]][] {
  return names.split(" ").map((name) => [name, [least, most]]);
}

/**
 * Makes the check of the types that a package's declarations use. They may be wrong by themselves: a type without its
 * arguments, or one that is taken for a namespace, would be an error in each program that has the file.
 *
 * @param dts - The declarations.
 */
export function useChecker({ types, classes, enums, imports }: DtsModule): CheckUse {
  const parameters = new Map(types.map((one) => [one.name, one.parameters ?? ([0, 0] as const)]));
  const isPlain = new Set(classes.map(({ name }) => name));
  const isEnumeration = new Set(enums.map(({ name }) => name));
  const isRelative = new Set(
    imports.flatMap(({ source, names }) => (/^\.{0,2}\//.test(source) ? [...(names?.keys() ?? [])] : [])),
  );
  const isImported = new Set(imports.flatMap(({ names }) => [...(names?.keys() ?? [])]));
  return ({ name, isQualified, args }) => {
    const isOwn = parameters.has(name) || isPlain.has(name);
    if (isQualified) {
      if (isEnumeration.has(name)) return undefined;
      return isOwn || isRelative.has(name) ? `${name} is a type here, and no namespace` : undefined;
    }
    if (isImported.has(name) && !isOwn) {
      // A type that is unknown here takes no arguments.
      return isRelative.has(name) && args > 0 ? `${name} is unknown here` : undefined;
    }
    const [least, most] = isPlain.has(name)
      ? [0, 0]
      : (parameters.get(name) ?? generics.get(name) ?? [0, Number.POSITIVE_INFINITY]);
    if (args >= least && args <= most) return undefined;
    return `${name} takes ${least === most ? least : `${least} to ${most}`} type ${most === 1 ? "argument" : "arguments"}, not ${args}`;
  };
}
