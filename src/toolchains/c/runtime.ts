import { UnglueError } from "../../errors/unglue-error.ts";
import type { Instance, LifeContext, InnerObjects, Memory } from "../../public/index.ts";
import { addressOf } from "../../bind/word.ts";
import { type Closures, createClosures } from "./closures.ts";

/** The state that the convention keeps for one life of an instance. */
export interface Runtime {
  readonly instance: Instance;
  /** Its memory, with the allocator of C's functions. */
  readonly memory: Memory;
  /** The objects of the interface, for values that contain objects. */
  readonly objects: InnerObjects;
  readonly closures: Closures;
  /** Wraps a function of the table so that it runs under the trap policy. */
  readonly guard: LifeContext["guard"];
  /** The stack pointer, if the module exports it. */
  readonly stack: { value: number | bigint } | undefined;
}

/**
 * Begins a life.
 *
 * @param context - The instance, its exports and objects.
 * @param hasStack - Whether the module exports its stack pointer as a mutable global.
 */
export function beginRuntime(context: LifeContext, hasStack: boolean): Runtime {
  const { instance, objects, guard } = context;
  return {
    instance,
    get memory() {
      return context.memory();
    },
    objects,
    closures: createClosures(instance),
    guard,
    // Imports may need the rest while the start function runs, before there are exports.
    get stack() {
      return hasStack ? (context.exports.__stack_pointer as WebAssembly.Global) : undefined;
    },
  };
}

/** The alignment of an area. Every C allocator provides it, and no struct here needs more. */
const areaAlign = 8;

/**
 * Reserves room for the values that a call writes: on the module's stack if it is accessible, otherwise from its allocator.
 *
 * @param runtime - The life.
 * @param size - Bytes, a multiple of 16.
 */
export function takeArea({ memory, stack }: Runtime, size: number): number {
  if (!stack) return memory.alloc(size, areaAlign);
  const top = addressOf(stack.value);
  if (top < size) {
    throw new UnglueError(
      "allocation-failed",
      `The module's stack has no ${size} bytes left for the results of a call. Give it a larger one: -Wl,-z,stack-size=… (clang).`,
      { size, align: areaAlign },
    );
  }
  moveStack(stack, top - size);
  return top - size;
}

/**
 * Releases room. After an exception has passed through the module, its functions' stack frames lie below, and are released
 * too.
 *
 * @param runtime - The life.
 * @param address - Where the room is.
 * @param size - Bytes.
 */
export function giveArea({ memory, stack }: Runtime, address: number, size: number): void {
  if (stack) moveStack(stack, address + size);
  else memory.free(address, size, areaAlign);
}

function moveStack(stack: NonNullable<Runtime["stack"]>, address: number): void {
  stack.value = typeof stack.value === "bigint" ? BigInt(address) : address;
}
