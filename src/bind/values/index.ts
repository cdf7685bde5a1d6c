/** What conventions share: what most ways to pass a value lack, how those of one word cross, and arrays as they are passed. */
export { plainLifting, plainLowering } from "./none.ts";
export { arrayDetached, type Passed, passedBytes } from "./passed.ts";
export { scalarLifting, scalarLowering } from "./scalar.ts";
