/** Runs in a worker of a browser. `comlink` calls the server by name. */
import { expose } from "comlink";
import { load } from "./browser-load.ts";
import { createWorkerServer } from "../offload/worker-server.ts";
import { unreadable } from "../offload/tasks.ts";

expose(createWorkerServer(load, (message, transfer) => postMessage(message, { transfer })));
addEventListener("messageerror", () => postMessage(unreadable));
