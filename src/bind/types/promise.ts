import type { PromiseType } from "../../public/index.ts";
import { flat, plainDescription, type TypeDescription } from "./description.ts";
import type { TypeNode } from "./node.ts";

/** A promise of a value. */
export const promise: TypeDescription<PromiseType<TypeNode>> = {
  ...plainDescription,
  members: ["value"],
  read: (type, { own, inner }) => {
    const value = inner(own("value"), "value");
    return value && { type, value };
  },
  inner: ({ value }) => [value],
  acceptance: () => ({ ...flat("a promise", isPromise), copy: asPromise }),
};

/**
 * Makes a promise of an object with a method `then`. Such a method may call back before it returns, which a module does not
 * expect of a promise.
 */
function asPromise(value: unknown): unknown {
  if (!isPromise(value) || value instanceof Promise) return value;
  const made = Promise.resolve(value);
  // If the call is refused, nobody awaits it.
  made.catch(() => undefined);
  return made;
}

/**
 * Whether a value is a promise. A value that throws when it is inspected, as a revoked proxy or a user's getter does, is not
 * one.
 */
function isPromise(value: unknown): boolean {
  try {
    return typeof value === "object" && value !== null && "then" in value;
  } catch {
    return false;
  }
}
