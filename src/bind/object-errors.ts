import { UnglueError } from "../errors/unglue-error.ts";

/**
 * Makes the error for a method, getter or setter that was called on something other than an object of its class.
 *
 * @param className - The class.
 * @param received - The value, in words.
 */
export function wrongObject(className: string, received: string): UnglueError<"invalid-argument"> {
  const expected = `an object of the class ${className}`;
  return new UnglueError(
    "invalid-argument",
    `The object on which a member of ${className} is called must be ${expected}, got ${received}. Nothing was called.`,
    { call: className, argument: "this", expected, received },
  );
}

/**
 * Makes the error for an object that cannot be used.
 *
 * @param className - Its class.
 * @param reason - The reason.
 */
export function unusable(
  className: string,
  reason: UnglueError<"object-unusable">["details"]["reason"],
): UnglueError<"object-unusable"> {
  const why = {
    freed: `it has been freed. Keep it until its last use, or make another`,
    moved: "it was given to the module, which owns it now. Use what the module returns, or make another",
    "given-twice":
      "it is given twice in this call, and the module would own it after the first. Pass another object, or a copy",
    foreign: "it belongs to another instance. Objects are of the instance that made them",
    borrowed:
      "a call that is running uses it, so it cannot be given to the module or get other memory. Do so after the call",
    "not-owned":
      "the module owns it, and memory that is written to its field is freed with the object. Use one that you own",
    ended: "it belongs to a life of the instance that has ended. Make another in onRestart, after each restart",
  };
  return new UnglueError("object-unusable", `An object of the class ${className} cannot be used: ${why[reason]}.`, {
    class: className,
    reason,
  });
}

/**
 * Makes the error for an object that an asynchronous call uses.
 *
 * @param className - Its class.
 * @param running - The call, as in `Counter.add`.
 */
export function busy(className: string, running: string): UnglueError<"busy"> {
  return new UnglueError(
    "busy",
    `An object of the class ${className} cannot be used now: ${running} uses it until its promise settles. Await that first. ` +
      'If the function lets others use the object meanwhile, declare it with borrows: "shared", or with "none" if it no longer ' +
      "needs the object when it returns its promise.",
    { class: className, running },
  );
}

/**
 * Makes the error for a call that the engine may suspend, while another one is suspended.
 *
 * @param name - The call, as in `fetchAll`.
 * @param running - The one that is suspended.
 */
export function stackBusy(name: string, running: string): UnglueError<"busy"> {
  return new UnglueError(
    "busy",
    `${name} was not called: ${running} is suspended, and both would use the module's stack. Await that first, or load with ` +
      'onBusy: "queue".',
    { running },
  );
}
