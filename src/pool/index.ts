/** A pool: instances of one module, each used by one caller at a time. */
export { readPoolOptions, readTakeOptions } from "./options.ts";
export { createPool, type PoolContext } from "./pool.ts";
