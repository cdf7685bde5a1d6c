import type { ImportShape, Shape } from "../../public/index.ts";
import { importerOf, refersToTypes } from "../../binary/helper.ts";

/**
 * Asks the engine whether a value fits an import.
 *
 * @param value - The given value.
 * @param wanted - The import, with its type.
 * @param shape - The shape of the module that declares it.
 * @returns False if the engine refuses to link it; true if it links, or if the engine cannot be asked.
 */
export function probe(value: unknown, wanted: ImportShape, shape: Shape): boolean {
  return links([{ value, wanted }], shape) !== false;
}

/**
 * Whether a value is a function of some module, whose type the engine compares with that of the import.
 *
 * @param value - The value.
 */
export function isExported(value: unknown): boolean {
  if (typeof value !== "function") return false;
  try {
    // No other function can be placed in a table.
    new WebAssembly.Table({ element: "anyfunc", initial: 1 }).set(0, value);
    return true;
  } catch {
    return false;
  }
}

/** A value for an import. */
export interface Given {
  readonly wanted: ImportShape;
  readonly value: unknown;
}

/**
 * Finds the first import whose value the engine refuses to link. Imports whose types refer to others by index are tried
 * together, since each try copies all types of the module.
 *
 * @param given - The imports with their types, and their values.
 * @param shape - The shape of the module that declares them.
 */
export function findMisfit<Of extends Given>(given: readonly Of[], shape: Shape): Of | undefined {
  const misfit = search(
    given.filter(({ wanted }) => refersToTypes(wanted) && isKnown(wanted)),
    shape,
  );
  return given.find((one) => one === misfit || (!refersToTypes(one.wanted) && !probe(one.value, one.wanted, shape)));
}

function search<Of extends Given>(given: readonly Of[], shape: Shape): Of | undefined {
  const [first] = given;
  const answer = first && links(given, shape);
  if (first === undefined || answer === true) return undefined;
  if (given.length === 1) return answer === false ? first : undefined;
  // If the engine cannot compile even the smallest helper module, the imports are not tried one by one.
  if (answer === undefined && links([first], shape) === undefined) return undefined;
  const middle = Math.floor(given.length / 2);
  return search(given.slice(0, middle), shape) ?? search(given.slice(middle), shape);
}

/** Whether the import's own type can be encoded, even if the types that it refers to cannot. */
function isKnown(wanted: ImportShape): boolean {
  try {
    importerOf([wanted], undefined);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the engine links all values.
 *
 * @param given - The imports with their types, and their values.
 * @param shape - The shape of the module that declares them, if their types refer to others by index.
 * @returns `undefined` if the engine does not know a type, or must not compile.
 */
export function links(given: readonly Given[], shape: Shape | undefined): boolean | undefined {
  let module: WebAssembly.Module;
  try {
    module = new WebAssembly.Module(
      importerOf(
        given.map(({ wanted }) => wanted),
        shape,
      ),
    );
  } catch {
    return undefined;
  }
  // The engine also reads inherited members.
  const values = Object.create(null) as { [at: number]: WebAssembly.ImportValue };
  for (const [at, { value }] of given.entries()) values[at] = value as WebAssembly.ImportValue;
  try {
    new WebAssembly.Instance(module, { "": values });
    return true;
  } catch {
    return false;
  }
}
