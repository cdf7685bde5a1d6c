/**
 * Instances of one module, taken by one at a time.
 */
export { readPoolOptions, readTakeOptions } from "./options.ts";
export { createPool, type PoolContext } from "./pool.ts";
