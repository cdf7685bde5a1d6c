import type { ObjectType, OwnedType } from "./declared.ts";
import type { ExportedFunction } from "./exports.ts";
import type { Instance } from "./instance.ts";
import type { Memory } from "./memory.ts";

/**
 * The objects of an interface, for values that contain objects.
 *
 * @category Details of calling conventions
 */
export interface InnerObjects {
  /**
   * Returns the object at an address.
   *
   * @param type - Its class, and whether its ownership moves.
   * @param address - Where it lives.
   */
  lift(type: ObjectType | OwnedType, address: number): object;
  /**
   * Returns the address of an object. Errors: `object-unusable`.
   *
   * @param type - Its class, and whether its ownership moves.
   * @param value - The object.
   * @param later - Collects the function that ends the loan of a lent object. Without it the loan has no known end.
   */
  lower(type: ObjectType | OwnedType, value: unknown, later?: (() => void)[]): number;
}

/**
 * One life of an instance: the engine's instance between two restarts, as it begins.
 *
 * @category Details of calling conventions
 */
export interface LifeContext {
  /** The instance of this life. */
  readonly instance: Instance;
  /** Its exports, as the engine made them. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** The objects of the interface. */
  readonly objects: InnerObjects;
  /**
   * Wraps a function of the module that is not an export, so that it runs under the trap policy.
   *
   * @param name - Its name in errors: `"(table 5)"` for the function at the index 5.
   * @param call - The function.
   */
  readonly guard: (name: string, call: ExportedFunction) => ExportedFunction;
  /** Returns the instance's memory. For functions of C it allocates with `malloc` and `free` if the module exports both. */
  readonly memory: () => Memory;
}
