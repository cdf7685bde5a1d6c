/** The language in which interfaces are declared. */
export { type StatedJsType, t } from "./t.ts";
