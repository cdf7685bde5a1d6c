/** Helpers that conventions share: defaults for liftings and lowerings, values of one word, and arrays that are passed. */
export { plainLifting, plainLowering, plainReceiving, plainReturning } from "./none.ts";
export { arrayDetached, type Passed, passedBytes, receivedDetached } from "./passed.ts";
export {
  referenceLiftings,
  referenceLowerings,
  withLiftings,
  withLowerings,
  withReceivings,
  withReturnings,
} from "./reference.ts";
export { receivingBy, returningBy } from "./reversed.ts";
export { scalarLifting, scalarLowering } from "./scalar.ts";
export { textSize } from "./text-size.ts";
