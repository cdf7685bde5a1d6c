import { invalidValue } from "../../bind/types/invalid-value.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { invalidArgument } from "../../errors/invalid.ts";
import type { Handles } from "../../public/index.ts";

/** The values that a module knows by number, with the operations that are reserved for its imports and calls. */
export interface HandleSpace extends Handles {
  /** Makes another handle for the same value. */
  clone(handle: number): number;
  /** Holds a value until `restore`, for a parameter that the module only borrows. */
  lend(value: unknown): number;
  /** The number of values on loan. */
  readonly lent: number;
  /** Ends all loans beyond that number, including those left behind by a failure. */
  restore(lent: number): void;
  /** Whether a number is the handle of a value; `undefined` for one that was never issued. */
  holds(handle: number): boolean | undefined;
  /** Throws the error `limit-exceeded` if the module itself has added more than the limit allows. */
  check(): void;
  /** Puts the constants into their slots. The module calls it if it keeps values in its own table. */
  initialize(): void;
}

/** Marks a free slot. No module can hold this value. */
const free = Symbol("free");

/**
 * The versions of wasm-bindgen reserve different numbers of slots for borrowed values, followed by the constants. With the
 * constants in all three positions and everything else after the last, the version need not be known.
 */
const constantsAt = [32, 128, 1024] as const;
const firstSlot = 1028;
/** Lent values grow downwards from here to the constants below. */
const borrowTop = 1024;
const borrowEnd = 132;

/**
 * Makes the value array for a module that has no table for values.
 *
 * @param limit - The maximum number of values. One more is the error `limit-exceeded`.
 * @param leaked - Returns how many things leaked.
 */
export function createHeap(limit = Infinity, leaked = () => 0): HandleSpace {
  const values: unknown[] = new Array<unknown>(firstSlot).fill(free);
  for (const at of constantsAt) values.splice(at, 4, undefined, null, true, false);
  // Rust passes 0 for `None`, even if the type of an import or closure is not optional.
  values[0] = undefined;
  const vacant: number[] = [];
  let borrowed = borrowTop;

  const get = (handle: number): unknown => {
    // The module's numbers are unsigned, but the engine passes them as signed.
    const at = handle >>> 0;
    const value = values[at];
    if (value === free || at >= values.length) throw unheld(at);
    return value;
  };
  const add = (value: unknown): number => {
    if (heap.size >= limit) refuse(limit);
    const handle = vacant.pop();
    if (handle === undefined) return values.push(value) - 1;
    values[handle] = value;
    return handle;
  };
  const drop = (handle: number): void => {
    if (handle < firstSlot || handle >= values.length || values[handle] === free) return;
    values[handle] = free;
    vacant.push(handle);
  };
  const heap: HandleSpace = {
    get leaked() {
      return leaked();
    },
    get size() {
      return values.length - firstSlot - vacant.length;
    },
    add,
    get,
    take(handle) {
      const value = get(handle);
      drop(handle);
      return value;
    },
    drop,
    clone: (handle) => add(get(handle)),
    get lent() {
      return borrowTop - borrowed;
    },
    lend(value) {
      if (borrowed === borrowEnd) throw tooManyLent(borrowTop - borrowEnd);
      values[--borrowed] = value;
      return borrowed;
    },
    restore(lent) {
      while (borrowed < borrowTop - lent) values[borrowed++] = free;
    },
    borrow: (value, use) => borrow(heap, value, use),
    holds: (handle) => {
      if (handle >= firstSlot) return handle < values.length ? values[handle] !== free : undefined;
      return (handle >= borrowed && handle < borrowTop) || constantsAt.some((at) => handle >= at && handle < at + 4);
    },
    check: () => undefined,
    initialize: () => undefined,
  };
  return heap;
}

/** The parts of a module that its table of values needs. */
export interface Slots {
  /** The table. */
  readonly table: () => WebAssembly.Table;
  /** Returns a free slot. */
  readonly allocate: () => number;
  /** Frees a slot. */
  readonly free: (slot: number) => void;
  /** The maximum number of values, as far as this library adds them. One more is the error `limit-exceeded`. */
  readonly limit: number | undefined;
  /** Returns how many things leaked. */
  readonly leaked: (() => number) | undefined;
}

/**
 * Makes the handle space for a module that keeps values in a table. Only the module allocates slots; it would abort
 * otherwise.
 */
export function createSlots({
  table,
  allocate,
  free: release,
  leaked = () => 0,
  limit = Infinity,
}: Slots): HandleSpace {
  let constants = Infinity;
  let first = Infinity;
  const get = (handle: number): unknown => {
    const values = table();
    if (handle >>> 0 >= values.length) throw unheld(handle >>> 0);
    return values.get(handle);
  };
  // Counting walks the whole table, so it is done only when the limit may be reached according to the last count.
  let uncounted = 0;
  const add = (value: unknown): number => {
    if (limit < Infinity && uncounted-- <= 0) {
      uncounted = limit - slots.size - 1;
      if (uncounted < 0) refuse(limit);
    }
    return hold(value);
  };
  const hold = (value: unknown): number => {
    const slot = allocate();
    table().set(slot, value);
    return slot;
  };
  const take = (handle: number): unknown => {
    const value = get(handle);
    release(handle);
    return value;
  };
  const loans: number[] = [];
  const slots: HandleSpace = {
    get leaked() {
      return leaked();
    },
    get size() {
      let count = 0;
      for (let slot = first; slot < table().length; slot++) if (get(slot) !== null) count++;
      return count - loans.length;
    },
    add,
    get,
    take,
    drop: release,
    clone: (handle) => add(get(handle)),
    get lent() {
      return loans.length;
    },
    lend(value) {
      const slot = hold(value);
      loans.push(slot);
      return slot;
    },
    restore(lent) {
      for (const slot of loans.splice(lent)) release(slot);
    },
    borrow: (value, use) => borrow(slots, value, use),
    holds: (handle) => {
      if (handle >= table().length) return undefined;
      // Null is one of the constants.
      return get(handle) !== null || (handle >= constants && handle < first);
    },
    check() {
      if (table().length - first <= limit) return;
      const { size } = slots;
      if (size > limit) refuse(limit, size);
    },
    initialize() {
      const values = table();
      // Since 0.2.130 the table has the slots already, followed by constants of the module. No table was as long before.
      const isReserved = values.length >= firstSlot;
      const at = isReserved ? firstSlot - 4 : values.grow(4);
      constants = at;
      first = values.length;
      values.set(0, undefined);
      for (const [index, value] of [undefined, null, true, false].entries()) values.set(at + index, value);
      for (let slot = at + 4; slot < first; slot++) if (values.get(slot) === null) throw lacksStrings();
    },
  };
  return slots;
}

/** Makes the error of a module whose constants only its own JavaScript has. */
function lacksStrings(): UnglueError<"unsupported-module"> {
  return new UnglueError(
    "unsupported-module",
    "This wasm-bindgen module has `static_string` constants, and since 0.2.130 only the JavaScript that was generated for it " +
      "contains their texts. Build it with wasm-bindgen 0.2.129, or without the attribute `static_string`.",
    { toolchain: "wasm-bindgen", feature: "static-strings" },
  );
}

/**
 * Makes the handles for users, which check that each number has a value. The module itself accepts any number.
 *
 * @param space - The values.
 */
export function checkedHandles(space: HandleSpace): Handles {
  const checked =
    <Result>(name: string, act: (handle: number) => Result) =>
    (handle: number): Result => {
      if (Number.isInteger(handle) && handle >= 0 && space.holds(handle)) return act(handle);
      throw invalidArgument(`handles.${name}`, "handle", "the number of a value that the module holds", handle);
    };
  const get = checked("get", (handle) => space.get(handle));
  return {
    get size() {
      return space.size;
    },
    get leaked() {
      return space.leaked;
    },
    add: (value) => space.add(value),
    get: (handle) =>
      Number.isInteger(handle) && handle >= 0 && space.holds(handle) === undefined ? undefined : get(handle),
    take: checked("take", (handle) => space.take(handle)),
    drop: checked("drop", (handle) => {
      space.drop(handle);
    }),
    borrow: (value, use) => {
      if (typeof use !== "function") throw invalidArgument("handles.borrow", "use", "a function", use);
      return space.borrow(value, use);
    },
  };
}

/** Makes the error of a number from the module that has no value. */
function unheld(handle: number): UnglueError<"invalid-value"> {
  return invalidValue(
    "the handle of a JavaScript value",
    String(handle),
    "and no value has that number: it has been dropped, or never was one. Take ownership from the source: what is lent is dropped once.",
  );
}

function tooManyLent(allowed: number): UnglueError<"limit-exceeded"> {
  return new UnglueError(
    "limit-exceeded",
    `Too many values are lent at the same time: the module keeps ${allowed} for the calls that are running. End some, or give values away.`,
    { limit: "handles", asked: allowed + 1, allowed },
  );
}

function refuse(limit: number, asked = limit + 1): never {
  throw new UnglueError(
    "limit-exceeded",
    `The module would hold ${asked} JavaScript values, and limits.handles allows ${limit}. Drop or take the handles that are ` +
      "done, or raise limits.handles.",
    { limit: "handles", asked, allowed: limit },
  );
}

function borrow<Result>(space: HandleSpace, value: unknown, use: (handle: number) => Result): Result {
  const { lent } = space;
  try {
    return use(space.lend(value));
  } finally {
    space.restore(lent);
  }
}
