import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath, URL } from "node:url";
import { parentPort, Worker } from "node:worker_threads";

/**
 * Starts a worker of Node.
 *
 * @param script - The address of its script.
 */
export function startWorker(script: string): Worker {
  // Of the flags that a worker inherits, this one is refused for a script that is a file: a program given as text has it.
  const isText = process.execArgv.some((flag) => flag.startsWith("--input-type"));
  // An environment such as jsdom puts a class of its own in the place of the global one, which Worker does not take.
  return new Worker(new URL(script), isText ? { execArgv: [] } : {});
}

/**
 * Whether there is no file at an address of a file.
 *
 * @param script - The address.
 */
export function isMissing(script: string): boolean {
  return script.startsWith("file:") && !existsSync(fileURLToPath(script));
}

/** In a worker, its end of the line to who started it. */
export const toStarter = parentPort;
