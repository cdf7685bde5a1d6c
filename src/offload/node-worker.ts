/** What runs in a worker of Node: `tinypool` calls these by name. */
import { load } from "../node-load.ts";
import { createDesk } from "./desk.ts";

export const { open, call } = /* @__PURE__ */ createDesk(load);
