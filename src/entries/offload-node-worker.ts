/** Runs in a worker of Node. `comlink` calls the server by name. */
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter";
import { load } from "./node-load.ts";
import { toStarter } from "../platform/node-workers.ts";
import { createWorkerServer } from "../offload/worker-server.ts";
import { unreadable } from "../offload/tasks.ts";
import type { Post } from "../offload/worker-functions.ts";

// Outside a worker there is nobody to answer.
if (toStarter) {
  const port = toStarter;
  // Node has types of its own for the ports that every runtime has.
  const post: Post = (message, transfer) => port.postMessage(message, transfer as never[]);
  expose(createWorkerServer(load, post), nodeEndpoint(port));
  port.on("messageerror", () => port.postMessage(unreadable));
}
