/** The part of a worker that calls functions of the caller's thread. */
export { createWorkerFunctions } from "./worker-functions.ts";
export { callSuspended } from "./suspended-call.ts";
export { createWorkerImports, joinImports } from "./worker-imports.ts";
