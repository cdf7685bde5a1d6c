import type { Validity } from "../base/validity.ts";
import type { Handles } from "../public/index.ts";

/**
 * Makes a convention's handles check their validity. Anyone can write a convention.
 *
 * @param handles - The convention's.
 * @param validity - How long they can be used.
 */
export function boundHandles(handles: Handles, validity: Validity): Handles {
  const valid = (): Handles => {
    validity.check("use the handles");
    return handles;
  };
  return {
    get size() {
      return valid().size;
    },
    get leaked() {
      return valid().leaked;
    },
    add: (value) => valid().add(value),
    get: (handle) => valid().get(handle),
    take: (handle) => valid().take(handle),
    drop: (handle) => {
      valid().drop(handle);
    },
    borrow: (value, use) => valid().borrow(value, use),
  };
}
