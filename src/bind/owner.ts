import { createRegistry, type Warn } from "../platform/finalization.ts";
import { freeAncestors, type Held, type Notes, type ObjectClass, type Owner, Wrapper } from "./objects.ts";

/**
 * Begins a life of a class.
 *
 * @param kind - The class.
 * @param life - Checks an address, frees the object at one, and returns its ancestors.
 * @param warn - Receives failures to free a garbage-collected object.
 * @param notes - Reports to the ledger, if there is one.
 */
export function createOwner(
  kind: ObjectClass,
  { check, free, hold, ancestorsOf }: Pick<Owner, "check" | "free" | "hold" | "ancestorsOf">,
  warn: Warn,
  notes?: Notes,
): Owner {
  const live: Owner["live"] = new Map();
  const owner: Owner = {
    kind,
    check,
    free,
    hold,
    ancestorsOf,
    live,
    kept: new Map(),
    notes,
    isEnded: false,
    // An ended life needs no cleanup.
    registry: createRegistry(
      `an object of the class ${kind.plan.name}`,
      (held: Held) => {
        if (owner.isEnded) return;
        const { address, ancestors } = typeof held === "number" ? { address: held, ancestors: [] } : held;
        notes?.ended(address);
        // The module has lent it to the user again in the meantime: it is freed with that object.
        const again = live.get(address)?.deref();
        if (again) {
          Wrapper.own(again);
          return;
        }
        live.delete(address);
        freeAncestors({ ancestors });
        free(address);
      },
      warn,
    ),
  };
  return owner;
}
