import { acceptanceOf } from "../../bind/types/types.ts";
import { plainLifting, plainLowering } from "../../bind/values/index.ts";
import type { Lifting, Lowering } from "../../public/index.ts";
import { addressOf } from "../../bind/word.ts";
import type { Runtime } from "./runtime.ts";
import { type Ownership, type Pointers, release } from "./pointers.ts";

/**
 * Lowers text as a parameter: its address, with its length or with a terminating zero.
 *
 * @param pointers - The module.
 * @param hasLength - Whether its length is passed.
 */
export function textLowering({ address, word, isWide }: Pointers, hasLength: boolean): Lowering<Runtime> {
  return {
    ...plainLowering,
    words: hasLength ? [address, address] : [address],
    ...acceptanceOf({ type: hasLength ? "string" : "cstring" }, isWide),
    allocates: true,
    lower: ({ memory }, value, words, later) => {
      // A terminator does no harm if the length is passed too. Such text may also contain zeros.
      const made = memory.allocString(`${value as string}\0`);
      later.push(() => {
        memory.free(made.address, made.length, 1);
      });
      words.push(word(made.address));
      if (hasLength) words.push(word(made.length - 1));
    },
  };
}

/**
 * Lifts zero-terminated text as a result.
 *
 * @param pointers - The module.
 * @param owned - How it is freed.
 */
export function endedLifting(pointers: Pointers, owned: Ownership): Lifting<Runtime> {
  return {
    ...plainLifting,
    words: [pointers.address],
    pointerTo: "cstring",
    lift: (runtime, words, at) => {
      const { memory } = runtime;
      const start = addressOf(words[at]);
      const value = memory.readString(start);
      if (owned !== false) {
        const length = memory.u8.indexOf(0, start) - start;
        release(pointers, runtime, owned, start, { size: length + 1, align: 1, length });
      }
      return value;
    },
  };
}

/**
 * Lifts text with a length as a result.
 *
 * @param pointers - The module.
 * @param owned - How it is freed.
 */
export function countedLifting(pointers: Pointers, owned: Ownership): Lifting<Runtime> {
  const { address } = pointers;
  return {
    ...plainLifting,
    words: [address, address],
    lift: (runtime, words, at) => {
      const [start, size] = [addressOf(words[at]), addressOf(words[at + 1])];
      const value = size > 0 ? runtime.memory.readString(start, size) : "";
      release(pointers, runtime, owned, start, { size, align: 1 });
      return value;
    },
  };
}
