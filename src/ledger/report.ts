import { type ErrorDetails, UnglueError } from "../errors.ts";
import type { LiveAllocation } from "../types/index.ts";

/** How many places a message lists. The details have all. */
const mostPlaces = 10;

/** How many frames it lists of each. */
const mostFrames = 12;

/**
 * The error of allocations that nobody freed. Its message lists the places that made them: a loop leaks often in one.
 *
 * @param allocations - The live ones.
 * @param several - Whether there is more than one instance, and so a need to tell which.
 */
export function memoryLeaked(allocations: readonly LiveAllocation[], several: boolean): UnglueError<"memory-leaked"> {
  const places = new Map<string, LiveAllocation[]>();
  for (const one of allocations) {
    const key = `${one.instance}\n${one.stack}`;
    const place = places.get(key);
    if (place) place.push(one);
    else places.set(key, [one]);
  }
  const more = places.size - mostPlaces;
  const bytes = sum(allocations);
  return new UnglueError(
    "memory-leaked",
    [
      `Not freed: ${amountOf(allocations)}.`,
      ...[...places.values()].slice(0, mostPlaces).map((place) => placeText(place, several)),
      ...(more > 0
        ? [`There ${more === 1 ? "is 1 more place" : `are ${more} more places`}: see details.allocations.`]
        : []),
      "Free each with memory.free, or allocate it in an arena. What the module frees itself, hand over with " +
        "memory.release before the call. What is to stay, accept with ledger.accept().",
    ].join("\n\n"),
    { allocations, bytes },
  );
}

/** The error of an allocation that has ended before. */
export function doubleFree(details: ErrorDetails["double-free"]): UnglueError<"double-free"> {
  const { call, address, before, stack } = details;
  const was = before === "freed" ? "was freed already" : "was handed over to the module, which frees it";
  return new UnglueError(
    "double-free",
    `${call}: the allocation at address ${address} ${was}, at:\n${framesText(stack)}\n` +
      "Nothing was done now. Free it in one place only. If the module has given you this address since, call memory.adopt first.",
    details,
  );
}

/** The error of an address that is none of an allocation. */
export function foreignPointer(details: ErrorDetails["foreign-pointer"]): UnglueError<"foreign-pointer"> {
  const { call, address, owner, inside } = details;
  const explanation = inside
    ? `It lies ${address - inside.address} bytes into the allocation of ${inside.size} at ${inside.address}: pass the address that alloc returned.`
    : owner !== undefined
      ? `Instance ${owner} has an allocation there: pass it to the memory of that instance.`
      : "If the module gave it to you to free, call memory.adopt first. If you freed it, that was long ago; createLedger({ history }) remembers more.";
  return new UnglueError(
    "foreign-pointer",
    `${call}: the ledger knows of no allocation at address ${address} in this instance, and nothing was done. ${explanation}`,
    details,
  );
}

function placeText(place: readonly LiveAllocation[], several: boolean): string {
  const [{ address, instance, disposed, stack } = {}] = place;
  const where = place.length > 1 ? `the first at address ${address}` : `at address ${address}`;
  const whose = several || disposed ? ` in instance ${instance}${disposed ? " (disposed since)" : ""}` : "";
  return `${amountOf(place)}, ${where}${whose}, allocated at:\n${framesText(stack ?? "")}`;
}

function amountOf(allocations: readonly LiveAllocation[]): string {
  return `${count(allocations.length, "allocation")}, ${count(sum(allocations), "byte")}`;
}

/** The caller, and behind it what is not of a package, of Node or of the engine: a test runner's frames lead nowhere. */
function framesText(stack: string): string {
  const frames = stack
    .split("\n")
    .filter((frame, at) => at === 0 || !/[\\/]node_modules[\\/]|\bnode:|<anonymous>\)$/.test(frame));
  const lines = frames.slice(0, mostFrames).map((frame) => `    ${frame || "(the engine does not tell)"}`);
  return lines.join("\n");
}

function sum(allocations: readonly LiveAllocation[]): number {
  return allocations.reduce((total, { size }) => total + size, 0);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
