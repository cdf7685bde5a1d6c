import { disposeKey } from "../base/dispose-key.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { invalidArgument } from "../errors/invalid.ts";
import type { Arena, Memory } from "../public/index.ts";
import { bytesOf, unsigned, wholeNumber } from "./arguments.ts";

/** Makes a function that writes text into memory from `alloc`; `call` is its name in errors. */
type AllocText = (call: string, alloc: (size: number, align: number) => number) => Memory["allocString"];

/** An allocation that an arena frees. */
interface Held {
  readonly address: number;
  readonly size: number;
  readonly align: number;
  before: Held | undefined;
  after: Held | undefined;
  /** The previous allocation at the same address. */
  readonly sameAddress: Held | undefined;
}

/** The errors of calls after the instance, or its life, has ended. */
const ended = ["disposed", "poisoned", "restarting", "life-ended"] as const;
/** Called at the start of a function that the program has called. If it returns a function, that runs at the end. */
export type Enter = (call: (...args: never[]) => unknown) => (() => void) | undefined;

/** The functions of its memory that an arena uses. */
interface ArenaContext {
  /** The memory to allocate in. */
  readonly memory: Memory;
  /** Throws once the memory can no longer be used. */
  readonly check: () => void;
  /** Frees an allocation, even if the caller's use of the memory is over and the instance lives on. */
  readonly free: (address: number, size: number, align: number) => void;
  /** Tells the ledger, if there is one, that nothing will free an allocation. */
  readonly forget: (address: number) => void;
  /** Makes the arena's `string`. */
  readonly allocText: AllocText;
  /** Tells the ledger, if there is one, which function the program has called. */
  readonly enter: Enter;
  /** Holds the arena until it is disposed of. */
  readonly arenas: Set<Arena> | undefined;
}

/**
 * Makes an arena.
 *
 * @param context - Its memory.
 */
export function createArena({ memory, check, free, forget, allocText, enter, arenas }: ArenaContext): Arena {
  /** The last allocation held, linked to those before it. */
  let last: Held | undefined;
  /** The last allocation at each address: an allocator may return an address twice for allocations of no bytes. */
  const byAddress = new Map<number, Held>();

  const drop = (one: Held): void => {
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
    arenas?.delete(arena);
    const failures: unknown[] = [];
    const leave = enter(dispose);
    for (let one = last; one; one = last) {
      drop(one);
      try {
        freeOne(one);
      } catch (error) {
        failures.push(error);
      }
    }
    leave?.();
    if (failures.length > 0) throw failures[0];
  };

  const freeOne = ({ address, size, align }: Held): void => {
    if (address === 0) return;
    try {
      free(address, size, align);
    } catch (error) {
      if (!ended.some((code) => UnglueError.is(error, code))) throw error;
      // Nothing needs freeing any more: the memory has gone with its instance, or may be inconsistent after a trap.
      forget(address);
    }
  };

  const refuseEnded = (): void => {
    check();
    if (!isEnded) return;
    throw new UnglueError("disposed", "This arena has freed its memory. Begin a new one with memory.arena().", {});
  };

  const arena: Arena = {
    alloc,
    bytes(data, align) {
      let bytes = bytesOf("arena.bytes", data);
      // Allocating may grow the memory, which detaches its views.
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
      drop(one);
    },
    dispose,
    [disposeKey]: dispose,
  };
  arenas?.add(arena);
  return arena;
}

/**
 * Runs a function with an arena, and disposes of it when the function, or the promise that it returns, is done. An error of
 * the function takes precedence over one of freeing.
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
      // A module that failed in the body often fails in freeing too; the first error tells why.
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
