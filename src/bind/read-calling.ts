import { invalidOption } from "../errors/invalid.ts";
import { plainLifting, plainLowering } from "./values/index.ts";
import { memberOf, ownValue } from "../base/own.ts";
import type { Calling } from "../public/index.ts";

/**
 * Reads the calling convention that an adapter gives. Anyone can write an adapter: a value that is not a convention is
 * refused, and members left out become `undefined`. Fails with `invalid-option`.
 *
 * @param calling - The adapter's convention; `undefined` for none.
 */
export function readCalling(calling: unknown): Calling | undefined {
  if (calling === undefined) return undefined;
  const functions = ["exportNames", "lowerings", "liftings", "takeArea", "giveArea", "takeError"];
  if (
    typeof calling === "object" &&
    calling !== null &&
    functions.every((name) => typeof memberOf(calling, name) === "function") &&
    Array.isArray(memberOf(calling, "freeing"))
  )
    return completeCalling(calling as Calling);
  throw invalidOption("instantiate", "what calling of an adapter returns", "a calling convention", calling);
}

/** The members that a convention may leave out: functions, and the rest. */
const optionalFunctions = ["refusal", "canFree", "begin", "announce", "takesNull"] as const;
const optionalFacts = [
  "addressKey",
  "boxesObjects",
  "hasPromises",
  "hasAreas",
  "areaAllocates",
  "ownAllocator",
  "allocators",
  "givesAway",
  "hasClassIds",
  "holding",
  "hosting",
] as const;

/** A convention that inherits nothing from `Object.prototype`, and neither do its liftings and lowerings. */
function completeCalling(given: Calling): Calling {
  const called = (name: (typeof optionalFunctions)[number]) =>
    (memberOf(given, name) as ((...args: never[]) => unknown) | undefined)?.bind(given);
  const complete: object = {
    ...Object.fromEntries(optionalFunctions.map((name) => [name, called(name)])),
    ...Object.fromEntries(optionalFacts.map((name) => [name, memberOf(given, name)])),
    name: given.name,
    address: given.address,
    hasErrors: given.hasErrors,
    hasInPlace: given.hasInPlace,
    freeing: given.freeing.map((one) => ({ ...one, waits: ownValue(one, "waits") })),
    exportNames: given.exportNames.bind(given),
    lowerings: (...args: Parameters<Calling["lowerings"]>) =>
      given.lowerings(...args).map((one) => {
        const lowering = { ...plainLowering, ...one };
        return lowering.out
          ? { ...lowering, out: { ...lowering.out, write: ownValue(lowering.out, "write") } }
          : lowering;
      }),
    liftings: (...args: Parameters<Calling["liftings"]>) =>
      given.liftings(...args).map((one) => ({ ...plainLifting, ...one })),
    takeArea: given.takeArea.bind(given),
    giveArea: given.giveArea.bind(given),
    takeError: given.takeError.bind(given),
  };
  return complete as Calling;
}
