import { UnglueError } from "../../errors/unglue-error.ts";
import type { GoMemory } from "./memory.ts";

/** The upper half of the bits of a reference: a number that is none, with the kind of the value in its lowest bits. */
const notNumber = 0x7ff80000;
/** The kinds of values that Go tells apart without asking. The others have none. */
const kinds: { readonly [type: string]: number } = { object: 1, string: 2, symbol: 3, function: 4 };

/**
 * The JavaScript values that a program refers to. In its memory a value is eight bytes: a number as it is, `undefined` as zero,
 * and anything else as a number for which this table has the value. Go counts what it holds, and lets go when it collects.
 */
export class References {
  readonly #memory: GoMemory;
  readonly #values: unknown[];
  readonly #ids: Map<unknown, number>;
  readonly #counts: number[] = [];
  readonly #free: number[] = [];
  readonly #fixed: number;
  readonly #limit: number;

  /**
   * @param memory - The program's memory.
   * @param globals - The program's global object.
   * @param runtime - The object by which Go's runtime receives events.
   * @param limit - How many other values the program may hold.
   */
  constructor(memory: GoMemory, globals: object, runtime: object, limit = Infinity) {
    this.#memory = memory;
    // Go knows these by their places.
    this.#values = [NaN, 0, null, true, false, globals, runtime];
    this.#ids = new Map(this.#values.map((value, id) => [value, id]));
    this.#fixed = this.#values.length;
    this.#limit = limit;
  }

  /** How many values the program holds, without those that it always knows. */
  get size(): number {
    return Math.max(0, this.#values.length - this.#fixed - this.#free.length);
  }

  /** Returns the value at an address. */
  load(address: number): unknown {
    const view = this.#memory.view(address, 8);
    const number = view.getFloat64(address, true);
    if (number === 0) return undefined;
    return Number.isNaN(number) ? this.#values[view.getUint32(address, true)] : number;
  }

  /** Returns the values of the slice at an address. */
  loadAll(address: number): unknown[] {
    const pointer = this.#memory.integer(address);
    const length = this.#memory.integer(address + 8);
    this.#memory.view(pointer, length * 8);
    return Array.from({ length }, (_, at) => this.load(pointer + at * 8));
  }

  /** Writes a value, which the program then holds. Errors: `limit-exceeded`. */
  store(address: number, value: unknown): void {
    const view = this.#memory.view(address, 8);
    // Go's zero is a reference, because a slot of zeros is `undefined`.
    if (value === undefined || (typeof value === "number" && value !== 0 && !Number.isNaN(value))) {
      view.setFloat64(address, value ?? 0, true);
      return;
    }
    view.setUint32(address, this.#hold(value), true);
    view.setUint32(address + 4, notNumber | (value === null ? 0 : (kinds[typeof value] ?? 0)), true);
  }

  /** Lets a value go that the program no longer holds. */
  release(id: number): void {
    const count = this.#counts[id];
    if (count === undefined || count === 0) return;
    this.#counts[id] = count - 1;
    if (count > 1) return;
    this.#ids.delete(this.#values[id]);
    this.#values[id] = null;
    this.#free.push(id);
  }

  /** Lets all values go, when the program has ended. */
  clear(): void {
    for (const list of [this.#values, this.#counts, this.#free]) list.length = 0;
    this.#ids.clear();
  }

  #hold(value: unknown): number {
    const known = this.#ids.get(value);
    if (known !== undefined) {
      if (known >= this.#fixed) this.#counts[known] = (this.#counts[known] ?? 0) + 1;
      return known;
    }
    if (this.size >= this.#limit) throw tooMany(this.size + 1, this.#limit);
    const id = this.#free.pop() ?? this.#values.length;
    this.#values[id] = value;
    this.#ids.set(value, id);
    this.#counts[id] = 1;
    return id;
  }
}

function tooMany(asked: number, allowed: number): UnglueError<"limit-exceeded"> {
  return new UnglueError(
    "limit-exceeded",
    `The program would hold ${asked} JavaScript values, and limits.handles allows ${allowed}. Let go of what is done (Func.Release), ` +
      "or raise limits.handles.",
    { limit: "handles", asked, allowed },
  );
}
