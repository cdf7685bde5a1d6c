/** What runs in a worker of a browser: `comlink` calls these by name. */
import { expose } from "comlink";
import { load } from "../entries/browser-load.ts";
import { createDesk } from "./desk.ts";
import { unreadable } from "./tasks.ts";

expose(createDesk(load));
addEventListener("messageerror", () => postMessage(unreadable));
