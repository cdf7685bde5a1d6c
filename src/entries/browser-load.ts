import { createLoad } from "../load.ts";
import { browserPlatform } from "../platform/browser.ts";
import type { Load } from "../public/index.ts";

/**
 * Loads a WebAssembly module and makes an instance of it. See {@link Load}.
 *
 * @function
 * @category Loading
 */
export const load: Load = /* @__PURE__ */ createLoad(browserPlatform);
