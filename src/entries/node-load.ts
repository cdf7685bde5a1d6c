import * as step from "../instance/index.ts";
import { createLoad } from "../load.ts";
import { nodePlatform } from "../platform/node.ts";
import type { Load } from "../public/index.ts";

/**
 * Loads a WebAssembly module and makes an instance of it. See {@link Load}.
 *
 * @function
 * @category Loading
 */
export const load: Load = /* @__PURE__ */ createLoad(nodePlatform, () => step);
