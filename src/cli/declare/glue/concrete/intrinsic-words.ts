import type { Glue } from "../evaluation.ts";
import { bytesOf, type Model } from "./model.ts";
import type { Samples } from "./samples.ts";
import { heapOf, isSameBytes, putInHeap } from "./trial.ts";
import { Missing, type Value, View } from "./values.ts";

/** The means to make the words of a call. */
export interface Words {
  readonly glue: Glue;
  readonly model: Model;
  readonly samples: Samples;
  /** Whether values are passed as places in a list. */
  readonly isHeap: boolean;
  /** The number of calls of the module before the trial. */
  readonly calls: number;
  /** The places that were passed. */
  readonly places: Set<Value>;
}

/** An argument as the module passes it. */
interface Passed {
  readonly words: readonly Value[];
  /** Whether what is lent is still there after the call, and what is given away is not. */
  readonly isKept: () => boolean;
}

/**
 * Passes an argument as the module would.
 *
 * @param words - How.
 * @param code - The code of its type.
 * @param real - The value.
 */
export function passed(words: Words, code: string, real: unknown): Passed {
  const { glue, model, samples, isHeap, calls } = words;
  const isLent = (): boolean => model.calls.slice(calls).every((call) => !call.includes(address));
  let address: Value;
  switch (code) {
    case "h":
    case "H": {
      const value = samples.modelOf(real);
      if (!isHeap) return { words: [value], isKept: () => true };
      const place = putInHeap(glue, model, value);
      words.places.add(place);
      const heap = heapOf(glue, model);
      return {
        words: [place],
        isKept: () => Object.is(heap?.items[place], value) === (code === "h"),
      };
    }
    case "s":
    case "&[u8]": {
      const bytes = typeof real === "string" ? new TextEncoder().encode(real) : (real as Uint8Array);
      address = stored(model, bytes, 1);
      return { words: [address, bytes.length], isKept: isLent };
    }
    case "I":
    case "U":
      // The engine's words are signed.
      return { words: [BigInt.asIntN(64, real as bigint)], isKept: () => true };
    case "d":
      return { words: [real as number], isKept: () => true };
    default: {
      if (!code.startsWith("[")) throw new Missing();
      const view = real as Uint8Array;
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      address = stored(model, bytes, view.BYTES_PER_ELEMENT);
      // The memory is given back once, by its size.
      const isFreed = (): boolean => {
        const frees = model.calls.slice(calls).filter(([at]) => at === address);
        return frees.length === 1 && frees.every((one) => one.length > 1 && one[1] === bytes.length);
      };
      return { words: [address, view.length], isKept: isFreed };
    }
  }
}

function stored(model: Model, bytes: Uint8Array, align: number): number {
  const address = Number(model.malloc.call([bytes.length, align], undefined, false));
  bytesOf(model).set(bytes, address);
  return address;
}

/**
 * Whether a function returns a value as the module takes it.
 *
 * @param words - How values are passed.
 * @param code - The code of its type.
 * @param expected - The value.
 * @param found - The result of the function.
 * @param area - The address at which it writes, if there is one.
 */
export function isReturned(
  words: Words,
  code: string,
  expected: unknown,
  found: Value,
  area: number | undefined,
): boolean {
  const { glue, model, samples, isHeap } = words;
  switch (code) {
    case "":
      return true;
    case "b":
    case "?b":
      return wordOf(found) === (expected === undefined ? 0xffffff : Number(expected));
    case "i":
    case "u":
      return wordOf(found) === Number(expected) >> 0;
    case "d":
      return Object.is(found, expected);
    case "H": {
      if (!isHeap) return samples.isSame(found, expected) && !isInMemory(model, found);
      const value = typeof found === "number" ? heapOf(glue, model)?.items[found] : undefined;
      return (
        typeof found === "number" &&
        !words.places.has(found) &&
        samples.isSame(value, expected) &&
        !isInMemory(model, value)
      );
    }
    default:
      return area !== undefined && isWritten(model, code, expected, area);
  }
}

/** The word that the engine makes of a result. */
function wordOf(value: Value): number | undefined {
  return typeof value === "number" || typeof value === "boolean" ? Number(value) >> 0 : undefined;
}

/** Whether an array is a view of the module's memory, which it may change. */
function isInMemory({ memory }: Model, value: Value): boolean {
  return value instanceof View && value.buffer === memory.members.get("buffer");
}

function isWritten(model: Model, code: string, expected: unknown, area: number): boolean {
  const bytes = bytesOf(model);
  const view = new DataView(bytes.buffer);
  const [first, second] = [view.getUint32(area, true), view.getUint32(area + 4, true)];
  if (code === "?d" || code === "?I") {
    if (expected === undefined) return first === 0;
    const value = code === "?d" ? view.getFloat64(area + 8, true) : view.getBigInt64(area + 8, true);
    const wanted = typeof expected === "bigint" ? BigInt.asIntN(64, expected) : expected;
    return first === 1 && Object.is(value, wanted);
  }
  if (typeof expected !== "string") return first === 0 && code.startsWith("?");
  const text = new TextEncoder().encode(expected);
  const block = model.blocks.get(first);
  const isOwned = block !== undefined && block.size >= text.length && (block.align === undefined || block.align === 1);
  return isOwned && second === text.length && isSameBytes(bytes.subarray(first, first + second), text);
}
