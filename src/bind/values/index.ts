/** What is the same in every calling convention: which values a declared type takes, and how those of one word cross. */
export { type Acceptance, acceptanceOf } from "./accept.ts";
export { isAllocated } from "./allocated.ts";
export { plainLifting, plainLowering } from "./none.ts";
export { arrayDetached, type Passed, passedBytes } from "./passed.ts";
export { scalarLifting, scalarLowering } from "./scalar.ts";
export { characterOf, createEnumerationLift, invalidValue, isOfTexts, sizeOf } from "./value.ts";
