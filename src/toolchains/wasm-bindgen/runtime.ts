import type { Convention, Instance, Memory } from "../../public/index.ts";
import type { Abi, Helper, Shim } from "./abi.ts";
import type { HandleSpace } from "./handles.ts";

/** A value as it crosses the border: a number, or in a table of values the value itself. */
export type Word = unknown;

/** How a closure that JavaScript owns is destroyed: by the data and the table of its fat pointer. */
export type Destroy = (data: number, table: number) => void;

/** One life of an instance, as the imports and calls of its module need it. */
export interface Runtime {
  readonly abi: Abi;
  readonly instance: Instance;
  readonly handles: HandleSpace;
  /** What the guarded calls of this life follow. */
  readonly convention: Convention;
  /** The engine's module. */
  readonly module: WebAssembly.Module;
  /** Calls a helper export. Errors: `not-ready`; `abi-unknown` where the module has none that is known for certain. */
  call(helper: Helper, ...words: number[]): number;
  /** Moves the stack pointer by some bytes, and returns where it then is. Where it cannot be reached it stays, and is 0. */
  moveStackPointer(delta: number): number;
  /** Calls the function that runs a closure. */
  invoke(shim: Shim, words: readonly Word[]): unknown;
  /** The module's memory. */
  readonly memory: Memory;
  /** Allocates. Errors: `helper-unknown`; `trap` where there is no memory. */
  malloc(size: number, align: number): number;
  /**
   * Makes an allocation larger, and returns where it is then; what was in it may be lost. Where there is no room it is freed.
   * Errors: as `malloc`.
   */
  realloc(address: number, size: number, wanted: number, align: number): number;
  /** The size of the text that was lowered last, in bytes. */
  size: number;
  /** Encodes text as UTF-8 where there are so many bytes of room, and returns how many units it had room for. */
  encode(text: string, address: number, room: number): number;
  /** Decodes the UTF-8 at an address that is in bounds. */
  decode(address: number, size: number): string;
  /** Frees what the module has given away. */
  free(address: number, size: number, align: number): void;
  /** Passes an exception to the module, where it can take one. */
  storeException(error: unknown): void;
  /** Makes the wrapper of something that lives in the module, or finds it. */
  wrap(className: string, pointer: number): object;
  /** Takes a wrapped thing back; 0 for anything else. */
  unwrap(className: string, value: unknown): number;
  /** Keeps the text of a panic for the trap that follows. */
  panicked(message: string): void;
  /** Runs what is registered with a function once that has been collected; absent where the engine cannot tell. */
  readonly collected: FinalizationRegistry<() => void> | undefined;
  /** Counts what was left to leak because nothing tells who owns it. */
  leaked(): void;
  /** What destroys a closure that JavaScript owns: what the user states, or the module's helper. */
  destroyer(stated: string | number | undefined): Destroy | undefined;
}
