import type { ImportShape, Shape } from "../../public/index.ts";
import { describeSeen, isOf, isShared, numberTypes } from "./fits.ts";
import { importerOf, refersToTypes } from "../../binary/helper.ts";

const references = ["funcref", "externref", "anyref", "exnref"];

/**
 * Asks the engine whether a value fits an import.
 *
 * @param value - What was given.
 * @param wanted - The import, with its type.
 * @param shape - The shape of the module that declares it.
 * @returns False if the engine refuses to link it; true if it links, and where the engine cannot be asked.
 */
export function probe(value: unknown, wanted: ImportShape, shape: Shape): boolean {
  return links([{ value, wanted }], shape) !== false;
}

/** A value for an import. */
export interface Given {
  readonly wanted: ImportShape;
  readonly value: unknown;
}

/**
 * Finds the first import whose value the engine refuses to link. Those whose types refer to others by index are asked for
 * together, since each question copies all types of the module.
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
  // An engine that does not compile the smallest of the helper modules is not asked for each import.
  if (answer === undefined && links([first], shape) === undefined) return undefined;
  const middle = Math.floor(given.length / 2);
  return search(given.slice(0, middle), shape) ?? search(given.slice(middle), shape);
}

/** Whether the import's own type can be written; the types that it refers to need not be. */
function isKnown(wanted: ImportShape): boolean {
  try {
    importerOf([wanted], undefined);
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells what was given for an import as exactly as can be found: the engine is asked for what JavaScript does not see.
 *
 * @param value - What was given.
 * @param wanted - The import.
 * @param shape - The shape of the module that declares it, where its type refers to others by index.
 * @returns Such as `"a memory of 1 page, at most 9"`.
 */
export function describeGiven(value: unknown, wanted: ImportShape, shape?: Shape): string {
  const { kind } = wanted;
  const seen = describeSeen(value, wanted);
  const asks = (type: object): boolean =>
    links([{ value, wanted: { ...wanted, type } as ImportShape }], shape) === true;
  if (!isOf(kind, value)) return seen;
  if (kind === "memory") {
    const pageSize = wanted.type?.pageSize ?? 65536;
    const base = { initial: 0, shared: isShared(value), pageSize };
    return seen + (describeLimits(value.buffer.byteLength / pageSize, 2 ** 32 / pageSize, base, asks) ?? "");
  }
  if (kind === "table") {
    for (const element of references) {
      const limits = describeLimits(Number(value.length), 2 ** 32 - 1, { initial: 0, shared: false, element }, asks);
      if (limits !== undefined) return `${seen} of type ${element}${limits}`;
    }
    return seen;
  }
  for (const mutable of kind === "global" ? [true, false] : []) {
    const type = [...Object.keys(numberTypes), "v128", ...references].find((held) => asks({ value: held, mutable }));
    if (type !== undefined) return `${mutable ? "a mutable" : "an immutable"} global of type ${type}`;
  }
  return `${seen} of another type`;
}

/** Address size and maximum in words; `undefined` if the base type does not link with any. */
function describeLimits(
  size: number,
  most32: number,
  base: object,
  asks: (type: object) => boolean,
): string | undefined {
  for (const address of ["i32", "i64"]) {
    const fits = (maximum?: number): boolean => asks({ ...base, address, maximum });
    // V8 takes no 64-bit memory of a maximum above 16 GiB; of what lies above, nothing is said.
    const [text, most, open] =
      address === "i32" ? ["", most32, " without a maximum"] : [" with 64-bit addresses", 4 * most32, ""];
    if (fits(most)) return `${text}, at most ${least(size, most, fits)}`;
    if (fits()) return text + open;
  }
  return undefined;
}

/** The least number from `low` to `high` for which a condition holds, which holds from there on. */
function least(low: number, high: number, holds: (value: number) => boolean): number {
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether the engine links all values; `undefined` where it does not know a type, or must not compile. */
function links(given: readonly Given[], shape: Shape | undefined): boolean | undefined {
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
  // The engine reads inherited members too.
  const values = Object.create(null) as { [at: number]: WebAssembly.ImportValue };
  for (const [at, { value }] of given.entries()) values[at] = value as WebAssembly.ImportValue;
  try {
    new WebAssembly.Instance(module, { "": values });
    return true;
  } catch {
    return false;
  }
}
