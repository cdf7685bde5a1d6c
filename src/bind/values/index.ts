/** Helpers that conventions share: defaults for liftings and lowerings, values of one word, and arrays that are passed. */
export { plainLifting, plainLowering } from "./none.ts";
export { arrayDetached, type Passed, passedBytes } from "./passed.ts";
export { scalarLifting, scalarLowering } from "./scalar.ts";
