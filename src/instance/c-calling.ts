/**
 * The convention of C, for declared interfaces of modules whose adapter has none. A chunk of its own: an adapter mostly has one.
 */
export { createCCalling } from "../toolchains/c/calling.ts";
