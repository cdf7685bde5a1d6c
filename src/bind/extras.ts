/**
 * The parts of the binder that few declarations need. A declaration that needs one, or does not fit, has them fetched.
 */
export { allocatorMissing } from "./allocator-missing.ts";
export { createAsynchronous } from "./asynchronous.ts";
export { conventionMissing } from "./convention-missing.ts";
export { linkHosts } from "./hosts/link.ts";
export { createKeptField } from "./kept.ts";
export { createLinked } from "./linked.ts";
export { linkParameters, planLinked, splitWays } from "./links.ts";
export { misfitError } from "./misfit.ts";
export { compareDeclared } from "./neighbours.ts";
export { planKept } from "./plan-kept.ts";
export { collecting } from "./rest.ts";
export { createSuspended } from "./suspended.ts";
export { createSuspension } from "./suspension.ts";
