import type { ImportShape, Shape } from "../../src/public/index.ts";
import { describeSeen, isOf, isShared, numberTypes } from "../../src/imports/externs/fits.ts";
import { links } from "../../src/imports/externs/probe.ts";

const references = ["funcref", "externref", "anyref", "exnref"];

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
