/**
 * The binder of declared interfaces. It is a separate chunk, since many programs declare none.
 */
export { bindApi, callsC, lacksExtras } from "../bind/index.ts";
