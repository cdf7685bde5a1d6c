import type { BoundObjects } from "../../public/index.ts";
import type { Runtime } from "./runtime.ts";

/** A wrapper of something that lives in the module, held by its address. */
class Wrapped {
  readonly className: string;
  #pointer: number;

  constructor(className: string, pointer: number) {
    this.className = className;
    this.#pointer = pointer;
  }

  /** Gives the address away: the module takes the thing back. */
  static take(value: unknown, className: string): number {
    if (typeof value !== "object" || value === null || !(#pointer in value) || value.className !== className) return 0;
    const pointer = value.#pointer;
    value.#pointer = 0;
    return pointer;
  }

  /** The address; 0 once it has been given away. */
  get pointer(): number {
    return this.#pointer;
  }

  /** The same under the name that generated JavaScript uses, and under which modules look for it in arguments. */
  get __wbg_ptr(): number {
    return this.#pointer;
  }
}

/**
 * Makes the wrappers of addresses that one life of an instance passes to JavaScript.
 *
 * @param declared - The objects of a declared interface, if there is one.
 */
export function createObjects(declared: BoundObjects | undefined): Pick<Runtime, "wrap" | "wrapDeclared" | "unwrap"> {
  return {
    wrap: (className, pointer) => declared?.wrap(className, pointer) ?? new Wrapped(className, pointer),
    wrapDeclared: (className, pointer) => declared?.wrap(className, pointer),
    unwrap: (className, value) => {
      const pointer = declared?.unwrap(className, value) ?? 0;
      return pointer === 0 ? Wrapped.take(value, className) : pointer;
    },
  };
}
