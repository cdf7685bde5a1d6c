/** The errors that the module throws by its import `__wbindgen_throw`. */
import { describe } from "../../errors/describe.ts";
import { framesOf } from "../../errors/frames.ts";
import type { Shape } from "../../public/index.ts";

/** The texts of wasm-bindgen's code in the module for a call that needs an object which another call uses. */
const inUse = /recursive use of an object|while it was borrowed/;

/** How many functions of the stack are looked at. V8 records 10 without being asked. */
const deepest = 50;
/** How many running calls a message names. */
const shown = 3;

/**
 * Makes the error of a text that the module throws. If it is about an object in use, the running calls are added.
 *
 * @param message - The text.
 * @param shape - The module's shape.
 */
export function thrownError(message: string, shape: Shape): Error {
  if (!inUse.test(message)) return new Error(message);
  const error = withDeepStack(message);
  const [called, ...running] = runningExports(error, shape);
  if (called === undefined) return new Error(`${message}. A call that is still running uses the object.`);
  const className = classOf(called, shape);
  // Calls of the same class are the likely ones; a function may also have been given the object.
  const same = running.filter((name) => className !== undefined && classOf(name, shape) === className);
  const others = (same.length > 0 ? same : running).slice(0, shown).map(describe);
  const object = className === undefined ? "an object" : `an object of the class ${describe(className)}`;
  const isWhole = (error.stack?.split("\n").length ?? deepest) < deepest;
  if (running.length === 0 && isWhole) {
    return new Error(
      `${message}. The export ${describe(called)} was called on ${object} that is in use, and no other call is running: an exception ` +
        "ended an earlier call of it, an asynchronous call of it has not settled, or it was passed twice. After an exception make " +
        'another object, or load with onHostThrow: "restart"; await an asynchronous call.',
    );
  }
  const during = others.length > 0 ? ` while ${others.join(", called by ")} was running` : "";
  return new Error(
    `${message}. The export ${describe(called)} was called on ${object}${during}. Call it once that call has ended, as from a microtask.`,
  );
}

/** The exports on the stack, innermost first. */
function runningExports(error: Error, { exports }: Shape): readonly string[] {
  const functions = exports.filter(({ kind }) => kind === "function");
  const byIndex = new Map(
    functions.flatMap(({ index, name }) => (index === undefined ? [] : [[index, name] as const])),
  );
  const names = new Set(functions.map(({ name }) => name));
  return framesOf(error).flatMap(({ index, name }) => {
    // An export may be a shim of wasm-bindgen's around a function that has the export's name.
    if (index !== undefined && byIndex.size > 0) return byIndex.get(index) ?? [];
    return name !== undefined && names.has(name) ? name : [];
  });
}

/** The class of a method's export, in wasm-bindgen's spelling: the longest that frees its objects and begins the name. */
function classOf(name: string, { exports }: Shape): string | undefined {
  let found: string | undefined;
  for (const { name: other } of exports) {
    const [, className] = /^__wbg_(.+)_free$/.exec(other) ?? [];
    if (className === undefined || !name.startsWith(`${className}_`)) continue;
    if (found === undefined || className.length > found.length) found = className;
  }
  return found;
}

/** Makes an error whose stack goes further than usual, where the engine can be asked for that. */
function withDeepStack(message: string): Error {
  const limited = Error as { stackTraceLimit?: number };
  const before = Object.getOwnPropertyDescriptor(limited, "stackTraceLimit");
  if (before?.writable !== true) return new Error(message);
  try {
    limited.stackTraceLimit = deepest;
    return new Error(message);
  } finally {
    limited.stackTraceLimit = before.value as number;
  }
}
