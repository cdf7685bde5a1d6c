import { isSameList } from "../base/same.ts";
import { typeText } from "../base/type-text.ts";
import { loadError } from "../errors/load-error.ts";
import type { ErrorDetails } from "../errors/details.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import type { CompactShape, Extern, Shape } from "../public/index.ts";
import { expandShape } from "./compact.ts";

/** The imports and exports of a module. */
type Externs = Pick<Shape, "imports" | "exports">;
/** A shape in either form. */
type Stated = (Externs & Pick<Shape, "complete">) | CompactShape;
type Difference = NonNullable<ErrorDetails["declaration-mismatch"]["difference"]>;

/**
 * Makes the error of a declaration that is about another module. The first difference is told if the declaration has a shape.
 *
 * @param own - The module.
 * @param options - The declaration.
 * @param found - The module's fingerprint; `undefined` for a compiled module.
 */
export function declarationMismatch(
  own: Externs,
  { fingerprint = "", shape }: { readonly fingerprint?: string; readonly shape?: Stated },
  found?: string,
): UnglueError<"declaration-mismatch"> {
  const difference = shape && findDifference(shape, own);
  return loadError("declaration-mismatch", {
    declared: fingerprint,
    ...(found !== undefined && { found }),
    ...(difference && { difference }),
  });
}

/** Finds the first import or export that a module lacks, has besides, or has with another type. */
function findDifference(shape: Stated, own: Externs): Difference | undefined {
  try {
    const declared = Object.hasOwn(shape, "complete") ? (shape as Externs) : expandShape(shape as CompactShape);
    return (
      differ("import", declared.imports.map(nameImport), own.imports.map(nameImport)) ??
      differ("export", declared.exports, own.exports)
    );
  } catch {
    // A shape that cannot be read tells no difference.
    return undefined;
  }
}

type Named = Extern & { readonly name: string };

function nameImport({ module, name, ...rest }: Shape["imports"][number]): Named {
  return { ...rest, name: `${module}.${name}` };
}

function differ(of: Difference["of"], declared: readonly Named[], own: readonly Named[]): Difference | undefined {
  // A name may be imported several times, with several types.
  const byName = new Map<string, { readonly found: Named[]; compared: number }>();
  for (const one of own) {
    const same = byName.get(one.name);
    if (same) same.found.push(one);
    else byName.set(one.name, { found: [one], compared: 0 });
  }
  for (const one of declared) {
    const same = byName.get(one.name);
    const found = same?.found[same.compared++];
    if (!found) return { of, name: one.name, declared: typeText(one) };
    if (!isSame(one, found)) return { of, name: one.name, declared: typeText(one), found: typeText(found) };
  }
  for (const { found, compared } of byName.values()) {
    const more = found[compared];
    if (more) return { of, name: more.name, found: typeText(more) };
  }
  return undefined;
}

/** Whether two externs are of one kind, and of one type as far as both are known. Limits do not count. */
function isSame(a: Extern, b: Extern): boolean {
  if (a.kind === "function" && b.kind === "function") {
    return (
      !a.type || !b.type || (isSameList(a.type.params, b.type.params) && isSameList(a.type.results, b.type.results))
    );
  }
  if (a.kind === "global" && b.kind === "global") {
    return !a.type || !b.type || (a.type.value === b.type.value && a.type.mutable === b.type.mutable);
  }
  if (a.kind === "tag" && b.kind === "tag") return !a.type || !b.type || isSameList(a.type.params, b.type.params);
  return a.kind === b.kind;
}
