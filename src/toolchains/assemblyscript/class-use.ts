import { invalidValue } from "../../bind/types/invalid-value.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { classText } from "./class-table.ts";
import type { Heap } from "./heap.ts";

/** A declared type whose values are objects of a class. */
export interface ClassUse {
  /** The description of the type. */
  readonly text: string;
  /** The stated class. */
  readonly classId: number | undefined;
  /** How its declaration is written, up to the class. */
  readonly declaration: string;
  /** Whether a class with these flags can be the one. */
  readonly fits: (flags: number, id: number, heap: Heap) => boolean;
}

/**
 * Returns the class that objects of a type are made with: the stated one, or the only one that fits. Errors: `class-unclear`,
 * `unsupported-module`.
 *
 * @param heap - The life's objects.
 * @param use - The type.
 */
export function classOf(heap: Heap, use: ClassUse): number {
  const known = heap.found.get(use);
  if (known !== undefined) return known;
  const found = findClass(heap, use);
  heap.found.set(use, found);
  return found;
}

function findClass(heap: Heap, { text, classId, declaration, fits }: ClassUse): number {
  const { classes } = heap;
  const all = classes.flags ?? [];
  const candidates = all.flatMap((flags, id) => (fits(flags, id, heap) ? id : []));
  if (classId === undefined && candidates.length === 1) return candidates[0] as number;
  if (classId !== undefined && candidates.includes(classId)) return classId;
  const shown = candidates.slice(0, 3).map((id) => classText(classes, id));
  const rest = candidates.length > 3 ? ` and ${candidates.length - 3} more` : "";
  const fitting = candidates.length === 0 ? "no class of the module" : `${shown.join(", ")}${rest}`;
  const stated =
    classId === undefined
      ? ""
      : ` The stated one is ${classId < all.length ? classText(classes, classId) : `${classId}, and the module has ${all.length}`}.`;
  const fix =
    candidates.length === 0
      ? "Declare the type that the function takes."
      : `State the right one, as in ${declaration}{ classId: ${candidates[0]} }): the module's bindings have it, and unglue declare reads them.`;
  throw new UnglueError(
    "class-unclear",
    `The class to make ${text} with is not clear: ${fitting} would do.${stated} ${fix}`,
    { declared: text, candidates, ...(classId !== undefined && { classId }) },
  );
}

/**
 * Refuses an object of another class. Nothing is refused if the module does not export its classes. Errors: `invalid-value`,
 * `out-of-bounds`.
 *
 * @param heap - The life's objects.
 * @param address - The object.
 * @param use - The declared type.
 * @returns The flags of its class, and its size in bytes.
 */
export function expectClass(
  heap: Heap,
  address: number,
  { text, fits }: Pick<ClassUse, "text" | "fits">,
): { readonly flags: number | undefined; readonly classId: number; readonly size: number } {
  const { classId, size } = heap.header(address);
  const { classes } = heap;
  if (!classes.flags) return { flags: undefined, classId, size };
  const flags = classes.flags[classId];
  if (flags !== undefined && fits(flags, classId, heap)) return { flags, classId, size };
  const received =
    flags === undefined
      ? `the address ${address}, where there is no object,`
      : `an object of the class ${classText(classes, classId)}`;
  throw invalidValue(
    text,
    received,
    "so the declaration is of another type. Declare the type that the function returns.",
  );
}
