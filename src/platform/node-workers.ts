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
  // A worker inherits flags. This one, from a program given as text, is refused for a script that is a file.
  const isText = process.execArgv.some((flag) => flag.startsWith("--input-type"));
  // Environments such as jsdom replace the global class with their own, which Worker does not accept.
  return new Worker(new URL(script), isText ? { execArgv: [] } : {});
}

/**
 * Whether a file address has no file.
 *
 * @param script - The address.
 */
export function isMissing(script: string): boolean {
  return script.startsWith("file:") && !existsSync(fileURLToPath(script));
}

/** The worker's port to the thread that started it, if this is a worker. */
export const toStarter = parentPort;
