/** The errors of imports that cannot be resolved. */
import { isReadable } from "../base/own.ts";
import { typeText } from "../base/type-text.ts";
import { loadError } from "../errors/load-error.ts";
import { nearest } from "../errors/nearest.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import type { Imports, ImportShape } from "../public/index.ts";

/** The number of missing imports that are compared with the given ones: each comparison costs time, and a message shows few. */
const compared = 50;

/**
 * Makes the error for a value that does not fit its import.
 *
 * @param wanted - The import.
 * @param given - The given value, in words.
 * @param cause - The engine's error, if the engine found the mismatch.
 */
export function importMismatch(wanted: ImportShape, given: string, cause?: unknown): UnglueError<"import-mismatch"> {
  const { module, name, kind, type } = wanted;
  return loadError("import-mismatch", { module, name, expected: type ? typeText(wanted) : kind, given }, cause);
}

/**
 * Makes the error for imports of one name that cannot share one value.
 *
 * @param wanted - The imports.
 */
export function importConflict([first, ...others]: readonly [
  ImportShape,
  ...ImportShape[],
]): UnglueError<"import-conflict"> {
  const { module, name } = first;
  return loadError("import-conflict", { module, name, types: [...new Set([first, ...others].map(typeText))] });
}

/**
 * Makes the error for imports that could be created if their types were known.
 *
 * @param wanted - The imports.
 */
export function typesUnknown(wanted: readonly ImportShape[]): UnglueError<"types-unknown"> {
  return loadError("types-unknown", { imports: wanted.map(({ module, name, kind }) => ({ module, name, kind })) });
}

/**
 * Makes the error for imports that nothing provides.
 *
 * @param wanted - The imports.
 * @param given - The user's imports, which are searched for similar names.
 * @param hintFor - Describes what an import belongs to.
 */
export function unresolvedImports(
  wanted: readonly ImportShape[],
  given: Imports | undefined,
  hintFor: (wanted: ImportShape) => string | undefined,
): UnglueError<"unresolved-imports"> {
  const names = given ? [...namesOf(given)] : [];
  const imports = wanted.map((one, at) => {
    const { module, name, kind, type } = one;
    const hint = hintFor(one);
    const near = at < compared ? nearest(`${module}.${name}`, names) : undefined;
    return {
      module,
      name,
      kind,
      ...(type && { type }),
      ...(near !== undefined && { nearest: near }),
      ...(hint !== undefined && { hint }),
    };
  });
  return loadError("unresolved-imports", { imports });
}

function* namesOf(given: Imports): Iterable<string> {
  for (const [module, group] of Object.entries(given as Record<string, unknown>)) {
    if ((typeof group !== "object" && typeof group !== "function") || !isReadable(group)) continue;
    for (const name of Object.keys(group ?? {})) yield `${module}.${name}`;
  }
}
