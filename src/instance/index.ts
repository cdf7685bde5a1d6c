export { withAdapter } from "./adapt.ts";
export { instantiate, instantiateSync } from "./instantiate.ts";
