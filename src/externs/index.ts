export { refuseBeyond } from "./beyond.ts";
export { createExtern } from "./create.ts";
export { describeMisfit } from "./fits.ts";
export { describeGiven, probe } from "./given.ts";
