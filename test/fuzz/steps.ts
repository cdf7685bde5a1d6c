import { Cursor } from "../../src/reflect/cursor.ts";

/** The reader's work, in calls that read and in bytes of names, which it decodes. */
export interface Steps {
  /** Steps since this was last set to 0. */
  count: number;
}

/**
 * Counts the steps of all readers of this process from now on. A step is a read of a byte or of a number, a skip of any
 * length, and each byte of a name; a number of several bytes counts one more than its bytes. What is read twice counts
 * twice. The reader itself has no counter: its cursor's methods are wrapped here.
 */
export function countSteps(): Steps {
  const steps: Steps = { count: 0 };
  const { prototype } = Cursor;
  const { byte, u32, skip, name } = prototype;
  prototype.byte = function () {
    steps.count++;
    return byte.call(this);
  };
  prototype.u32 = function () {
    steps.count++;
    return u32.call(this);
  };
  prototype.skip = function (count) {
    steps.count++;
    skip.call(this, count);
  };
  prototype.name = function () {
    const { offset } = this;
    try {
      return name.call(this);
    } finally {
      steps.count += this.offset - offset;
    }
  };
  return steps;
}
