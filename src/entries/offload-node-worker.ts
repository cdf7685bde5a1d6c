/** Runs in a worker of Node. `comlink` calls the server by name. */
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter";
import { load } from "./node-load.ts";
import { toStarter } from "../platform/node-workers.ts";
import { createWorkerServer } from "../offload/worker-server.ts";
import { unreadable } from "../offload/tasks.ts";

// Outside a worker there is nobody to answer.
if (toStarter) {
  expose(createWorkerServer(load), nodeEndpoint(toStarter));
  toStarter.on("messageerror", () => toStarter?.postMessage(unreadable));
}
