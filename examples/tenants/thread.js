// A worker thread of the pool.
import { workerData } from "node:worker_threads";
import { createRunner } from "./realm.js";

export default createRunner(workerData);
