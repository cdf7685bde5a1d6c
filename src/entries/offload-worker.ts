/** What runs in a worker of a browser: `comlink` calls these by name. */
import { expose } from "comlink";
import { load } from "./browser-load.ts";
import { createDesk } from "../offload/desk.ts";
import { unreadable } from "../offload/tasks.ts";

expose(createDesk(load));
addEventListener("messageerror", () => postMessage(unreadable));
