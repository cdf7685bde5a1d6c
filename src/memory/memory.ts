import { outOfBounds } from "../errors/out-of-bounds.ts";
import { ownMembers } from "../base/own.ts";
import type { Validity } from "../base/validity.ts";
import { engineLimit } from "../platform/engine-limit.ts";
import type { MemoryUse } from "../errors/details.ts";
import { askingFor, calledBy, freeOrGrow } from "../errors/trap.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { messageOf } from "../errors/caught.ts";
import { invalidArgument } from "../errors/invalid.ts";
import { preview } from "../base/preview.ts";
import type { Address, AllocationLog, Arena, Memory, MemoryType } from "../public/index.ts";
import type { Allocator } from "./allocator.ts";
import { createArena, type Enter, runInArena } from "./arena.ts";
import { bytesOf, checkAlign, unsigned, wholeNumber } from "./arguments.ts";
import { type Codec, createCodec } from "./codec.ts";
import { createStrings, type Reserve, tooLong } from "./strings.ts";
import { memoryUse } from "./use.ts";
import { createFreshViews } from "./views.ts";

/** The parts of an instance that its memory uses. */
export interface MemoryContext {
  /** The declared type. Without it, the memory counts as a 32-bit one with the usual page size. */
  readonly type?: MemoryType;
  /** The maximum number of pages that `grow` allows, whatever the type says. */
  readonly ceiling?: number | undefined;
  /** Converts text. */
  readonly codec?: Codec;
  /** How long the memory can be used. Default: forever. */
  readonly validity?: Validity | undefined;
  /** Receives each arena of the memory, until that is disposed of. */
  readonly arenas?: Set<Arena> | undefined;
  /** Returns the instance's allocator, found on first use. */
  allocator(): Allocator;
  /** Returns the ledger's log of the instance, if the option `ledger` was given. */
  log?(): AllocationLog | undefined;
}

/**
 * Wraps the engine's memory.
 *
 * @param raw - The engine's object.
 * @param given - Its type, its limits and its instance's allocator.
 */
export function createMemory(raw: WebAssembly.Memory, given: MemoryContext): Memory {
  const context = ownMembers(given);
  const { type, ceiling = Infinity, codec = createCodec(), validity, arenas } = context;
  const wide = type?.address === "i64";
  const fresh = createFreshViews(raw, validity);
  const check = (): void => validity?.check("use the memory");

  const use = (): MemoryUse => memoryUse(raw, type, ceiling);

  const integer = (call: string, argument: string, value: Address): number =>
    unsigned(wholeNumber(call, argument, value), wide);

  const range = (call: string, address: Address, length: number, what = `${length} bytes`): number => {
    const start = integer(call, "address", address);
    const size = fresh().u8.length;
    if (start >= 0 && length >= 0 && start + length <= size) return start;
    throw outOfBounds(`${call}: ${what}`, { address: start, length, size });
  };

  const strings = createStrings({ fresh, integer, range, codec });

  const enter: Enter = (call) => context.log?.()?.enter?.(call);
  const enterMethod = (name: keyof Memory) => enter(Reflect.get(memory, name) as Parameters<Enter>[0]);

  const allocText = (call: string, alloc: Reserve): Memory["allocString"] => {
    const allocate: Memory["allocString"] = (text, options) => {
      const leave = enter(allocate);
      try {
        // An empty text is not null either: many modules take null for no text at all.
        return strings.write(call, text, options, (size, align) => alloc(size, align) || alloc(1, align));
      } finally {
        leave?.();
      }
    };
    return allocate;
  };

  const free = (start: number, size: number | undefined, align: number): void => {
    const allocator = context.allocator();
    const { frees } = allocator;
    // Arguments that the module does not take cannot be wrong.
    const freed = context.log?.()?.freeing(start, frees > 1 ? size : undefined, frees > 2 ? align : undefined);
    try {
      allocator.free(start, size, align);
    } catch (error) {
      throw calledBy(error, "memory.free");
    }
    freed?.();
  };

  const forget = (start: number): void => context.log?.()?.released(start);

  const memory: Memory = {
    raw,
    get buffer() {
      return fresh().buffer;
    },
    get byteLength() {
      return fresh().u8.length;
    },
    get i8() {
      return fresh().i8;
    },
    get u8() {
      return fresh().u8;
    },
    get i16() {
      return fresh().i16;
    },
    get u16() {
      return fresh().u16;
    },
    get i32() {
      return fresh().i32;
    },
    get u32() {
      return fresh().u32;
    },
    get i64() {
      return fresh().i64;
    },
    get u64() {
      return fresh().u64;
    },
    get f32() {
      return fresh().f32;
    },
    get f64() {
      return fresh().f64;
    },
    get view() {
      return fresh().view;
    },

    grow(pages) {
      const delta = Number(wholeNumber("memory.grow", "pages", pages));
      if (delta < 0) throw invalidArgument("memory.grow", "pages", "a whole number from 0", pages);
      const before = memory.byteLength / (type?.pageSize ?? 65536);
      const asked = before + delta;
      const { maximum: most } = use();
      // Without its type, the memory may be a 64-bit one: then the engine decides.
      if (asked > (type ? most : ceiling)) throw growthRefused(before, asked, use());
      try {
        return growBy(raw, wide ? BigInt(delta) : delta);
      } catch (cause) {
        throw growthRefused(before, asked, use(), cause);
      }
    },

    read(address, length) {
      const size = integer("memory.read", "length", length);
      const start = range("memory.read", address, size);
      try {
        return fresh().u8.slice(start, start + size);
      } catch (cause) {
        throw engineLimit("bytes", size, cause);
      }
    },

    write(address, data) {
      const bytes = bytesOf("memory.write", data);
      const start = range("memory.write", address, bytes.length);
      fresh().u8.set(bytes, start);
    },

    readString: strings.read,

    writeString(address, text, capacity, options) {
      const space = integer("memory.writeString", "capacity", capacity);
      let written = 0;
      strings.write("memory.writeString", text, options, (size) => {
        if (size > space) throw tooLong(size, space);
        written = size;
        return range("memory.writeString", address, size);
      });
      return written;
    },

    alloc(size, align = 8) {
      if (!Number.isSafeInteger(size) || size < 0) {
        throw invalidArgument("memory.alloc", "size", "a whole number from 0", size);
      }
      checkAlign("memory.alloc", align);
      check();
      const allocator = context.allocator();
      // A size of more than 32 bits would wrap.
      let address = 0;
      try {
        if (wide || size < 2 ** 32) address = allocator.alloc(size, align);
      } catch (error) {
        throw calledBy(askingFor(error, size, use), "memory.alloc");
      }
      const excess = address % align;
      if (size === 0 || (address > 0 && excess === 0 && address + size <= memory.byteLength)) {
        if (address > 0) {
          const leave = enterMethod("alloc");
          try {
            context.log?.()?.allocated(address, size, align);
          } catch (error) {
            // Nobody receives the address, so nobody else can free it.
            try {
              allocator.free(address, size, align);
            } catch {
              // The log's error came first, and takes precedence.
            }
            throw error;
          } finally {
            leave?.();
          }
        }
        return address;
      }
      // A range outside the memory is not one that it allocated.
      if (excess > 0 && address + size <= memory.byteLength) allocator.free(address, size, align);
      throw new UnglueError(
        "allocation-failed",
        `The module's allocator (${allocator.evidence}) gave no ${size} bytes aligned to ${align} in the memory of ${memory.byteLength} bytes, which has ${use().pages} of at most ${use().maximum} pages: it returned ${address}. ` +
          (excess > 0
            ? "Ask for a smaller alignment, or for more bytes and align the address within them."
            : freeOrGrow(use())),
        { size, align },
      );
    },

    free(address, size, align = 8) {
      const bytes = size === undefined ? undefined : integer("memory.free", "size", size);
      const start = range("memory.free", address, bytes ?? 0);
      checkAlign("memory.free", align);
      if (start === 0) return;
      const leave = enterMethod("free");
      try {
        free(start, bytes, align);
      } finally {
        leave?.();
      }
    },

    adopt(address, size, align = 8) {
      const bytes = integer("memory.adopt", "size", size);
      const start = range("memory.adopt", address, bytes);
      checkAlign("memory.adopt", align);
      const leave = enterMethod("adopt");
      try {
        if (start > 0) context.log?.()?.allocated(start, bytes, align);
      } finally {
        leave?.();
      }
    },

    release(address) {
      check();
      const start = integer("memory.release", "address", address);
      const leave = enterMethod("release");
      try {
        if (start > 0) forget(start);
      } finally {
        leave?.();
      }
    },

    allocString: allocText("memory.allocString", (size, align) => memory.alloc(size, align)),

    arena<Result>(body?: (arena: Arena) => Result): Arena & Result {
      check();
      if (body !== undefined && typeof body !== "function") {
        throw invalidArgument("memory.arena", "body", "a function that receives the arena", body);
      }
      const arena = createArena({ memory, check, free, forget, allocText, enter, arenas });
      return (body ? runInArena(arena, body) : arena) as Arena & Result;
    },
  };
  return preview(memory, "Memory", () => (validity?.isOver ? { ended: true } : { bytes: raw.buffer.byteLength }));
}

/**
 * Makes the error of a memory that cannot grow.
 *
 * @param before - Its pages.
 * @param asked - The pages that it would have.
 * @param use - The pages that its type and the option limits allow.
 * @param cause - The engine's error, if the engine refused.
 */
function growthRefused(
  before: number,
  asked: number,
  { maximum: allowed, limit }: MemoryUse,
  cause?: unknown,
): UnglueError<"limit-exceeded"> {
  const more = limit === undefined ? "build the module with a larger maximum" : "raise limits.memoryPages";
  const why =
    cause === undefined
      ? `its type and the option limits allow ${allowed}. Ask for fewer, or ${more}`
      : `the engine refuses (${messageOf(cause)}). Ask for fewer, dispose of instances that are done, or give the memory a larger maximum`;
  return new UnglueError(
    "limit-exceeded",
    `The memory cannot grow from ${before} to ${asked} pages: ${why}.`,
    { limit: "memoryPages", asked, allowed },
    cause === undefined ? undefined : { cause },
  );
}

/** Grows a memory. A 64-bit one takes a bigint, but its type may not be known, and older engines take a number. */
function growBy(raw: WebAssembly.Memory, delta: Address): number {
  const grow = (pages: Address) => unsigned(raw.grow(pages as number), true);
  try {
    return grow(delta);
  } catch (error) {
    if ((error as Error).name !== "TypeError") throw error;
    return grow(typeof delta === "bigint" ? Number(delta) : BigInt(delta));
  }
}
