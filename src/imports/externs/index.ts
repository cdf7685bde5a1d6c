export { refuseBeyond } from "./beyond.ts";
export { beginCreation, type Creation } from "./create.ts";
export { describeMisfit, describeSeen } from "./fits.ts";
export { findMisfit, isExported } from "./probe.ts";
