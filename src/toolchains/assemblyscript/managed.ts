import type { Heap } from "./heap.ts";
import type { Runtime } from "./runtime.ts";

/** How values of a declared type lie in an object of their own, which a word refers to. */
export interface Managed {
  /** A description of the type, for messages. */
  readonly text: string;
  /**
   * Finds the classes of the objects, before any is made. Errors: `class-unclear`, `unsupported-module`.
   *
   * @param heap - The life's objects.
   */
  resolve(heap: Heap): void;
  /**
   * Makes the object of a value, which is kept alive until it is given or let go. Errors: `trap`.
   *
   * @param runtime - The life.
   * @param value - The accepted value.
   */
  make(runtime: Runtime, value: unknown): number;
  /**
   * Reads the value of an object. Errors: `invalid-value`, `out-of-bounds`.
   *
   * @param runtime - The life.
   * @param address - The object, not null.
   */
  read(runtime: Runtime, address: number): unknown;
  /** Writes what the module changed back to a value that was passed. Absent if it does not. */
  readonly writeBack: ((runtime: Runtime, address: number, value: unknown) => void) | undefined;
}

/** How a value lies in an array or a record: in place, or as a reference. */
export interface Slot {
  /** Bytes, which are also its alignment. */
  readonly size: number;
  readonly isSigned: boolean;
  readonly isFloat: boolean;
  readonly isManaged: boolean;
  readonly isNullable: boolean;
  /** Finds the classes of objects that it refers to. Errors: as {@link Managed.resolve}. */
  resolve(heap: Heap): void;
  read(runtime: Runtime, address: number): unknown;
  /** Writes it to an object that is kept alive. */
  write(runtime: Runtime, address: number, value: unknown): void;
}
