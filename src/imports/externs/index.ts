export { refuseBeyond } from "./beyond.ts";
export { beginCreation, type Creation } from "./create.ts";
export { describeMisfit } from "./fits.ts";
export { describeGiven, findMisfit } from "./given.ts";
