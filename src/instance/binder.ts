/**
 * The binder of declared interfaces and host functions. It is a separate chunk, since many programs declare none.
 */
export { bindApi, callsC } from "../bind/index.ts";
export { linkHosts } from "../bind/hosts/link.ts";
