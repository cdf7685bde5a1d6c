/**
 * The parts of the binder that few programs need, and host functions.
 */
export * from "../bind/extras.ts";
