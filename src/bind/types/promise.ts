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
  acceptance: () => flat("a promise", isPromise),
};

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
