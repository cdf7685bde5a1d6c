import { UnglueError } from "../errors.ts";

/**
 * The error of an object in a worker that cannot be used.
 *
 * @param className - Its class.
 * @param reason - Why.
 */
export function objectGone(className: string, reason: "freed" | "foreign" | "ended"): UnglueError<"object-unusable"> {
  const why = {
    freed: "it has been freed. Keep it until its last use, or make another",
    foreign:
      "it lives in another worker than what it is used with. Make one from the other, or offload with one worker, so that objects can meet",
    ended: "its worker has ended, or the instance in it: after a timeout, an abort, a trap or a crash. Make it anew",
  };
  return new UnglueError("object-unusable", `An object of the class ${className} cannot be used: ${why[reason]}.`, {
    class: className,
    reason,
  });
}
