import type { TypeNode } from "../../bind/types/node.ts";

/**
 * Returns what to do instead of passing a promise, which C does not know; `undefined` for any other type.
 *
 * @param type - The type.
 */
export function promiseRefusal(type: TypeNode): string | undefined {
  return type.type === "promise"
    ? "C has no promises: await it before the call, or let the module wait for it in an import, t.host([…], t.promise(…), async …)"
    : undefined;
}
