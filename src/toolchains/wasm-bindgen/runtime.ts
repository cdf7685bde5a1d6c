import type { Convention, Instance, Memory, ProvideContext } from "../../public/index.ts";
import type { MemoryUse } from "../../errors/details.ts";
import type { Abi, Helper, Shim } from "./abi.ts";
import type { HandleSpace } from "./handles.ts";

/** An ABI word: a number, or the value itself if the module keeps values in a table. */
export type Word = unknown;

/** Destroys a closure that JavaScript owns, by the data and the table of its fat pointer. */
export type Destroy = (data: number, table: number) => void;

/** One life of an instance, with everything that the imports and calls of its module need. */
export interface Runtime {
  readonly abi: Abi;
  readonly instance: Instance;
  readonly handles: HandleSpace;
  /** The convention for the guarded calls of this life. */
  readonly convention: Convention;
  /** The engine's module. */
  readonly module: WebAssembly.Module;
  /** Calls a helper export. Errors: `not-ready`; `abi-unknown` if the module has none that is known for certain. */
  call(helper: Helper, ...words: number[]): number;
  /**
   * Moves the stack pointer by some bytes and returns its new value. If it is not accessible, it does not move, and the
   * result is 0.
   */
  moveStackPointer(delta: number): number;
  /** Wraps a function of the module that the engine calls later. */
  readonly continuation: ProvideContext["continuation"];
  /** Calls the function that runs a closure. */
  invoke(shim: Shim, words: readonly Word[]): unknown;
  /** The module's memory. */
  readonly memory: Memory;
  /** Returns the memory's size and its maximum, also after a trap; `undefined` before the first allocation. */
  use(): MemoryUse | undefined;
  /** Allocates. Errors: `helper-unknown`; `trap` if no memory is left. */
  malloc(size: number, align: number): number;
  /**
   * Enlarges an allocation and returns its new address; its contents may be lost. If there is no room, it is freed. Errors:
   * those of `malloc`.
   */
  realloc(address: number, size: number, wanted: number, align: number): number;
  /** The size of the text that was lowered last, in bytes. */
  size: number;
  /** Encodes text as UTF-8 into room for that many bytes, and returns how many code units fitted. */
  encode(text: string, address: number, room: number): number;
  /** Decodes the UTF-8 text at an address that is in bounds. */
  decode(address: number, size: number): string;
  /** Frees memory that the module has given away. */
  free(address: number, size: number, align: number): void;
  /** Passes an exception to the module, if it can receive one. */
  storeException(error: unknown): void;
  /** Makes or finds the wrapper of something that lives in the module. */
  wrap(className: string, pointer: number): object;
  /** Makes an object of a declared class; `undefined` if no such class is declared. */
  wrapDeclared(className: string, pointer: number): object | undefined;
  /** Returns the address of a wrapped thing and gives it back to the module; 0 for anything else. */
  unwrap(className: string, value: unknown): number;
  /** Keeps the text of a panic for the trap that follows. */
  panicked(message: string): void;
  /**
   * Runs the callback registered with a function once that is garbage-collected; `undefined` if the engine does not support
   * this.
   */
  readonly collected: FinalizationRegistry<() => void> | undefined;
  /** Counts a thing that leaks because its owner is unknown. */
  leaked(): void;
  /**
   * Returns the function that destroys a closure that JavaScript owns: the one that the user states, or the module's helper.
   */
  destroyer(stated: string | number | undefined): Destroy | undefined;
}
