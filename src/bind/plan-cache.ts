import type { InterfacePlan } from "./plans.ts";
import type { Declaration } from "./read.ts";

/** A declaration that was read, with what follows for a module. */
export interface Read {
  readonly declaration: Declaration;
  plan: InterfacePlan | undefined;
}

/** A declaration whose members are read and planned when they are first used. */
export interface Deferred {
  /** Its members, of which nothing has been read. */
  readonly given: Readonly<Record<string, unknown>>;
  plan: InterfacePlan | undefined;
}

/** The declarations of a module so far, by their members. */
export type PlanCache = WeakMap<object, Read | Deferred>;
