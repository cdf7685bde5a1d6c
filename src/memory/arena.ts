import { disposeKey } from "../base/dispose-key.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { invalidArgument } from "../errors/invalid.ts";
import type { Arena, Memory } from "../public/index.ts";
import { bytesOf, unsigned, wholeNumber } from "./arguments.ts";

/** Makes a function that writes text into memory that `alloc` gives; `call` is its name for errors. */
type AllocText = (call: string, alloc: (size: number, align: number) => number) => Memory["allocString"];

/** An allocation that an arena frees. */
interface Held {
  readonly address: number;
  readonly size: number;
  readonly align: number;
  before: Held | undefined;
  after: Held | undefined;
  /** The one before it that has the same address. */
  readonly sameAddress: Held | undefined;
}

/** How calls fail once the instance, or its life, has ended. */
const ended = ["disposed", "poisoned", "restarting", "life-ended"] as const;
/** Begins a function that the program has called; what it returns, if anything, ends it. */
export type Enter = (call: (...args: never[]) => unknown) => (() => void) | undefined;

/**
 * Makes an arena.
 *
 * @param memory - Where it allocates and frees.
 * @param allocText - Makes its `string`.
 * @param enter - Tells the ledger, where there is one, which function the program has called.
 */
export function createArena(memory: Memory, allocText: AllocText, enter: Enter): Arena {
  /** The last allocation that is held, which leads to those before it. */
  let last: Held | undefined;
  /** The last one at each address: an allocator may give an address twice for allocations of no bytes. */
  const byAddress = new Map<number, Held>();

  const forget = (one: Held): void => {
    if (one.after) one.after.before = one.before;
    else last = one.before;
    if (one.before) one.before.after = one.after;
    if (one.sameAddress) byAddress.set(one.address, one.sameAddress);
    else byAddress.delete(one.address);
  };
  let isEnded = false;

  const alloc = (size: number, align = 8): number => {
    refuseEnded();
    const leave = enter(alloc);
    try {
      const address = memory.alloc(size, align);
      const one: Held = { address, size, align, before: last, after: undefined, sameAddress: byAddress.get(address) };
      if (last) last.after = one;
      last = one;
      byAddress.set(address, one);
      return address;
    } finally {
      leave?.();
    }
  };

  const enterMethod = (name: keyof Arena) => enter(Reflect.get(arena, name));

  const dispose = (): void => {
    isEnded = true;
    const failures: unknown[] = [];
    const leave = enter(dispose);
    for (let one = last; one; one = last) {
      forget(one);
      try {
        free(one);
      } catch (error) {
        failures.push(error);
      }
    }
    leave?.();
    if (failures.length > 0) throw failures[0];
  };

  const free = ({ address, size, align }: Held): void => {
    try {
      memory.free(address, size, align);
    } catch (error) {
      if (!ended.some((code) => UnglueError.is(error, code))) throw error;
      // Nothing is to be freed any more: with the instance its memory has gone, and after a trap it may be inconsistent.
      memory.release(address);
    }
  };

  const refuseEnded = (): void => {
    if (!isEnded) return;
    throw new UnglueError("disposed", "This arena has freed its memory. Begin a new one with memory.arena().", {});
  };

  const arena: Arena = {
    alloc,
    bytes(data, align) {
      let bytes = bytesOf("arena.bytes", data);
      // Allocating may grow the memory, which detaches the views of it.
      if (bytes.buffer === memory.buffer) bytes = bytes.slice();
      const leave = enterMethod("bytes");
      try {
        const address = alloc(bytes.length, align);
        memory.write(address, bytes);
        return { address, length: bytes.length };
      } finally {
        leave?.();
      }
    },
    string: allocText("arena.string", alloc),
    release(address) {
      refuseEnded();
      const start = unsigned(wholeNumber("arena.release", "address", address), false);
      const one = byAddress.get(start);
      if (!one)
        throw invalidArgument("arena.release", "address", "that of an allocation which this arena owns", address);
      const leave = enterMethod("release");
      try {
        memory.release(start);
      } finally {
        leave?.();
      }
      forget(one);
    },
    dispose,
    [disposeKey]: dispose,
  };
  return arena;
}

/**
 * Runs a function with an arena, and disposes of it when the function, or the promise that it returns, is done.
 * What the function throws counts for more than what freeing throws.
 */
export function runInArena<Result>(arena: Arena, body: (arena: Arena) => Result): Result {
  const succeed = <Value>(value: Value): Value => {
    arena.dispose();
    return value;
  };
  const fail = (error: unknown): never => {
    try {
      arena.dispose();
    } catch {
      // The module that failed in the body often fails in freeing too; the first error tells why.
    }
    throw error;
  };
  let result: Result;
  let waits: boolean;
  try {
    result = body(arena);
    waits = typeof (result as PromiseLike<unknown> | undefined)?.then === "function";
  } catch (error) {
    return fail(error);
  }
  return waits ? (Promise.resolve(result).then(succeed, fail) as Result) : succeed(result);
}
