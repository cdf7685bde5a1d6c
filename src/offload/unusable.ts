import { urlText } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { reasonOf, shownCause } from "../errors/caught.ts";

/**
 * Makes the error for an object in a worker that cannot be used.
 *
 * @param className - Its class.
 * @param reason - The reason.
 */
export function objectGone(className: string, reason: "freed" | "foreign" | "ended"): UnglueError<"object-unusable"> {
  const why = {
    freed: "it has been freed. Keep it until its last use, or make another",
    foreign:
      "it lives in another worker than what it is used with. Make one from the other, or offload with one worker, so that objects can meet",
    ended: "its worker has ended, or the instance in it: after a timeout, an abort, a trap or a crash. Make another",
  };
  return new UnglueError("object-unusable", `An object of the class ${className} cannot be used: ${why[reason]}.`, {
    class: className,
    reason,
  });
}

/**
 * Makes the error for a worker that cannot be made.
 *
 * @param reason - The reason: its script is missing, or the platform refuses it.
 * @param script - The script's address, if it is known.
 * @param cause - The error underneath.
 */
export function workerUnavailable(
  reason: "missing" | "refused",
  script: string | undefined,
  cause?: unknown,
): UnglueError<"worker-unavailable"> {
  const shown = script === undefined ? undefined : urlText(script);
  const why = reasonOf(cause, script);
  const message =
    reason === "missing"
      ? `offload: the worker's script${shown === undefined ? "" : `, ${JSON.stringify(shown)},`} cannot be loaded, or what it imports, as in a bundle of one file. ` +
        'Build a second file from "unglue/offload-worker", and pass its address as the option worker: new URL("./worker.js", import.meta.url).'
      : `offload: no worker can be made here (${why}). ` +
        "Pass the option worker: a function that makes one, or an address that the policies of this page allow.";
  return new UnglueError(
    "worker-unavailable",
    message,
    { reason, ...(shown !== undefined && { script: shown }) },
    {
      cause: shownCause(cause, script),
    },
  );
}

/**
 * Makes the error for an optional member that the module lacks.
 *
 * @param name - The member.
 */
export function memberMissing(name: string): UnglueError<"invalid-argument"> {
  const expected = "a member that the module has";
  return new UnglueError(
    "invalid-argument",
    `${name} must be ${expected}, and it has none of that name. It was declared as optional, so inspect the module's exports first.`,
    { call: name, argument: "member", expected, received: "missing" },
  );
}
