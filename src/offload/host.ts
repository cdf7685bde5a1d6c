import { invalidOption } from "../errors/invalid.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Platform } from "../platform/platform.ts";
import type { ReadOptions } from "./options.ts";
import type { ScriptURLLike, WorkerLike } from "./types.ts";
import { workerUnavailable } from "./unusable.ts";

/** The platform's way to make workers. */
export interface Host {
  readonly platform: Platform;
  /**
   * Makes a worker. Errors: `unavailable-here`, `worker-unavailable`, and the platform's own.
   *
   * @param script - The address of its script; `undefined` for the library's own.
   */
  makeWorker(script: string | ScriptURLLike | undefined): WorkerLike;
}

/**
 * Makes the function that makes the workers of one `offload`. Errors: `unavailable-here`, `worker-unavailable`, and
 * `invalid-option` if the user's function returns something else, or the same worker twice.
 *
 * @param host - The platform's host.
 * @param script - The option `worker`, already checked.
 */
export function createMaker(host: Host, script: ReadOptions["worker"]): () => WorkerLike {
  if (typeof script !== "function") {
    return () => refused(() => host.makeWorker(script), addressOf(script));
  }
  const made = new WeakSet();
  return () => {
    const worker: unknown = refused(script);
    if (!isWorker(worker) || made.has(worker)) {
      const expected = "a function that makes a new worker at each call";
      throw invalidOption("offload", "worker", expected, worker);
    }
    made.add(worker);
    return worker;
  };
}

/** The address of a script, for messages. A policy's object converts to its address. */
function addressOf(script: string | ScriptURLLike | undefined): string | undefined {
  return typeof script === "object" ? script.toJSON() : script;
}

function refused<Made>(make: () => Made, script?: string): Made {
  try {
    return make();
  } catch (cause) {
    if (UnglueError.is(cause)) throw cause;
    throw workerUnavailable("refused", script, cause);
  }
}

function isWorker(value: unknown): value is WorkerLike {
  try {
    const { postMessage, terminate, on, addEventListener } = value as { readonly [member: string]: unknown };
    return [postMessage, terminate, on ?? addEventListener].every((member) => typeof member === "function");
  } catch {
    return false;
  }
}
