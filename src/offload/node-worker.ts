/** What runs in a worker of Node: `tinypool` calls these by name. */
import { load } from "../node-load.ts";
import { createDesk, type Desk } from "./desk.ts";

const desk = createDesk(load);

export const open: Desk["open"] = (setup) => desk.open(setup);
export const call: Desk["call"] = (task) => desk.call(task);
