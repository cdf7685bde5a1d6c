import type { ErrorDetails } from "../errors/details.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { LiveAllocation, LiveObject, MemoryGrowth } from "../public/index.ts";

/** The number of places that a message lists. The details have all of them. */
const mostPlaces = 10;

/** The number of frames that it lists for each place. */
const mostFrames = 12;

/** The findings of a ledger. */
export interface Found {
  /** The live allocations. */
  readonly allocations: readonly LiveAllocation[];
  /** The live objects. */
  readonly objects: readonly LiveObject[];
  /** Growth that nothing live explains. */
  readonly growth: readonly MemoryGrowth[];
}

/**
 * Makes the error for leaks. Its message lists the places of allocation, since a loop often leaks in a single one.
 *
 * @param found - The findings.
 * @param found.allocations - The live allocations.
 * @param found.objects - The live objects.
 * @param found.growth - Growth that nothing live explains.
 * @param several - Whether there is more than one instance, so that the message must tell them apart.
 */
export function memoryLeaked({ allocations, objects, growth }: Found, several: boolean): UnglueError<"memory-leaked"> {
  const amounts = [
    ...(allocations.length > 0 ? [amountOf(allocations)] : []),
    ...(objects.length > 0 ? [count(objects.length, "object")] : []),
  ];
  return new UnglueError(
    "memory-leaked",
    [
      ...(amounts.length > 0 ? [`Not freed: ${amounts.join(", and ")}.`] : []),
      ...placesText(allocations, "allocations", (place) => placeText(place, several)),
      ...placesText(objects, "objects", (place) => objectText(place, several)),
      ...growth.map(growthText),
      ...(allocations.length > 0
        ? [
            "Free each with memory.free, or allocate it in an arena. Call memory.release before a call that " +
              "makes the module free the memory.",
          ]
        : []),
      ...(objects.length > 0 ? ["Free each object with free() or `using`, or give it to the module."] : []),
      "Accept with ledger.accept() what is meant to stay.",
    ].join("\n\n"),
    {
      allocations,
      bytes: sum(allocations),
      ...(objects.length > 0 && { objects }),
      ...(growth.length > 0 && { growth }),
    },
  );
}

/**
 * Makes the error for memory that grows with each part of the same work.
 *
 * @param details - The work and its growth.
 */
export function memoryGrew(details: ErrorDetails["memory-grew"]): UnglueError<"memory-grew"> {
  const lines = details.instances.map(
    ({ instance, parts }) =>
      `The memory of instance ${instance} grew by ${parts.map((bytes) => count(bytes, "byte")).join(", then ")}.`,
  );
  return new UnglueError(
    "memory-grew",
    `In ${details.rounds} rounds of the same work memory grew again in each part of them. ${lines.join(" ")} ` +
      "Look for results that the module gives away and the interface declares as lent (t.object for t.owned, a text of C's without " +
      "owned: true), and for values that are given where the module only borrows them (wasm.handles.size).",
    details,
  );
}

/** Makes the error for an allocation that has already ended. */
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

/** Makes the error for an address without an allocation. */
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

/** Lists the first few places, each with its allocations. */
function placesText<One extends { readonly instance: number; readonly stack: string }>(
  all: readonly One[],
  what: string,
  text: (place: readonly One[]) => string,
): readonly string[] {
  const places = new Map<string, One[]>();
  for (const one of all) {
    const key = `${one.instance}\n${one.stack}`;
    const place = places.get(key);
    if (place) place.push(one);
    else places.set(key, [one]);
  }
  const more = places.size - mostPlaces;
  return [
    ...[...places.values()].slice(0, mostPlaces).map(text),
    ...(more > 0 ? [`There ${more === 1 ? "is 1 more place" : `are ${more} more places`}: see details.${what}.`] : []),
  ];
}

function objectText(place: readonly LiveObject[], several: boolean): string {
  const [{ class: name, address, instance, disposed, stack } = {}] = place;
  const classes = new Set(place.map((one) => one.class));
  const amount = count(place.length, classes.size === 1 ? `${name} object` : "object");
  const where = place.length > 1 ? `the first a ${name} at address ${address}` : `at address ${address}`;
  const whose = several || disposed ? ` in instance ${instance}${disposed ? " (disposed since)" : ""}` : "";
  return `${amount}, ${where}${whose}, made or received at:\n${framesText(stack ?? "")}`;
}

function growthText({ instance, bytes, calls, growing, lent }: MemoryGrowth): string {
  const classes = lent.map(
    ({ class: name, count: times, stack }) =>
      `${times} objects of the class ${name} were received as lent, each once, the first at:\n${framesText(stack)}`,
  );
  return (
    `The memory of instance ${instance} grew by ${count(bytes, "byte")}, in ${growing} of ${calls} calls, while nothing of it was live ` +
    `in JavaScript.\n${classes.join("\n")}\nIf the module gives them away, declare t.owned in place of t.object.`
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

/** Lists the caller, and then the frames that are not in a package, Node or the engine: a test runner's frames help nobody. */
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
