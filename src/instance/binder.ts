/**
 * The binder of declared interfaces. A chunk of its own: many programs declare none.
 */
export { bindApi } from "../bind/index.ts";
export { createCCalling } from "../toolchains/c/calling.ts";
