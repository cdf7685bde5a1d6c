/** What runs in a worker of a browser: `comlink` calls these by name. */
import { expose } from "comlink";
import { load } from "./browser-load.ts";
import { createWorkerServer } from "../offload/worker-server.ts";
import { unreadable } from "../offload/tasks.ts";

expose(createWorkerServer(load));
addEventListener("messageerror", () => postMessage(unreadable));
