import { checkRange } from "../../bind/field.ts";
import { addressOf } from "../../bind/word.ts";
import { outOfBounds } from "../../errors/out-of-bounds.ts";
import { askingFor } from "../../errors/trap.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { memoryUse } from "../../memory/index.ts";
import type { ExportedFunction, LifeContext, Memory } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import { type ClassTable, readClassTable } from "./class-table.ts";

/** The header before an object: its class, then its size in bytes. */
const headerSize = 8;

/** An object in memory. */
export interface Header {
  readonly classId: number;
  /** Bytes. */
  readonly size: number;
}

/** The objects of one life of an instance. */
export interface Heap {
  readonly memory: Memory;
  /** The classes. Errors: `unsupported-module`. */
  readonly classes: ClassTable;
  /** Whether objects are counted. */
  readonly isCounted: boolean;
  /** Classes that were found for declared types, by the type. */
  readonly found: Map<object, number>;
  /**
   * Allocates an object and keeps it alive until it is given or let go. Errors: `trap`, `out-of-bounds`.
   *
   * @param size - Bytes.
   * @param classId - Its class.
   */
  make(size: number, classId: number): number;
  /**
   * Gives an object that was made to the module: to an object that refers to it, or as a result.
   *
   * @param address - The object.
   */
  give(address: number): void;
  /** Lets an object go that was made, or that came with a count. */
  letGo(address: number): void;
  /** Keeps an object of the module alive. */
  keep(address: number): void;
  /** Ends the caller's part in a result that has been read. */
  received(address: number): void;
  /**
   * Makes objects for one value. If that fails, those that were made are let go.
   *
   * @param work - Makes them.
   */
  attempt<Result>(work: () => Result): Result;
  /** Tells the module how many arguments the next call has. */
  announce(count: number): void;
  /** Reads the header of an object. Errors: `out-of-bounds`. */
  header(address: number): Header;
}

/**
 * Begins a life.
 *
 * @param abi - The module's ABI.
 * @param context - The instance, whose exports may come later.
 * @param ceiling - The maximum that the option limits sets for its memory, in pages.
 */
export function createHeap(abi: Abi, context: LifeContext, ceiling: number | undefined): Heap {
  const calls = new Map<string, ExportedFunction>();
  const call = (name: string, ...words: number[]): unknown => {
    const known = calls.get(name) ?? context.guard(name, context.exports[name] as ExportedFunction);
    calls.set(name, known);
    return known(...words);
  };
  const kept = new Set<number>();
  let classes: ClassTable | undefined;
  const letGo = (address: number): void => {
    kept.delete(address);
    call(abi.letGo, address);
  };
  const heap: Heap = {
    get memory() {
      return context.memory();
    },
    get classes() {
      return (classes ??= classesOf(abi, context));
    },
    isCounted: abi.isCounted,
    found: new Map(),
    make: (size, classId) => {
      let made: unknown;
      try {
        made = call(abi.allocate as string, size, classId);
      } catch (error) {
        throw askingFor(error, size, () => memoryUse(heap.memory.raw, context.instance.shape.memories[0], ceiling));
      }
      const address = addressOf(made);
      // The address is the module's word.
      checkRange(heap.memory, address, size);
      call(abi.keep, address);
      kept.add(address);
      return address;
    },
    give: (address) => {
      kept.delete(address);
      // A count goes with the reference, and a pin does not.
      if (!abi.isCounted) call(abi.letGo, address);
    },
    letGo,
    keep: (address) => {
      call(abi.keep, address);
    },
    received: (address) => {
      if (abi.isCounted) call(abi.letGo, address);
    },
    attempt: (work) => {
      const before = new Set(kept);
      try {
        return work();
      } catch (error) {
        // After a trap there is nothing to clean up.
        if (context.instance.state === "live") for (const one of kept) if (!before.has(one)) letGo(one);
        throw error;
      }
    },
    announce: (count) => {
      call("__setArgumentsLength", count);
    },
    header: (address) => {
      const { memory } = heap;
      if (address < headerSize)
        throw outOfBounds("an object", { address, length: headerSize, size: memory.byteLength });
      checkRange(memory, address, 0);
      const { view } = memory;
      const size = view.getUint32(address - 4, true);
      checkRange(memory, address, size);
      return { classId: view.getUint32(address - headerSize, true), size };
    },
  };
  return heap;
}

/** Reads the classes. Without them nothing can be passed, and what is received is not checked. */
function classesOf({ hasClasses, isCounted }: Abi, { exports, memory }: LifeContext): ClassTable {
  if (!hasClasses) return { arrayBuffer: -1, string: -1, flags: undefined };
  const base = exports.__rtti_base as WebAssembly.Global;
  const table = readClassTable(memory(), addressOf(base.value), isCounted);
  if (table) return table;
  throw new UnglueError(
    "unsupported-module",
    "The table of classes at __rtti_base has no form that is known here, so nothing tells which class a value has. Build the " +
      "module with AssemblyScript 0.12 to 0.28, or pass addresses as t.size with wasm.guarded.__new.",
    { toolchain: "assemblyscript", feature: "type information" },
  );
}
