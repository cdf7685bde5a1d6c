import type { Lifting, Lowering, Receiving, Returning } from "../../public/index.ts";

// If a program adds a member to `Object.prototype`, an absent optional member would be inherited. So each is written out.

/** The members of a `Lowering` that most types do not need. */
export const plainLowering = {
  copy: undefined,
  refused: undefined,
  undo: undefined,
  isSame: undefined,
  allocates: undefined,
  out: undefined,
  needsCount: undefined,
  filled: undefined,
  pair: undefined,
} as const satisfies Partial<Lowering>;

/** The members of a `Lifting` that most types do not need. */
export const plainLifting = {
  alone: undefined,
  stored: undefined,
  pointerTo: undefined,
  convert: undefined,
} as const satisfies Partial<Lifting>;

/** The members of a `Receiving` that most types do not need. */
export const plainReceiving = {
  pointerTo: undefined,
  convert: undefined,
  finish: undefined,
} as const satisfies Partial<Receiving>;

/** The members of a `Returning` that most types do not need. */
export const plainReturning = {
  copy: undefined,
  refused: undefined,
  allocates: undefined,
  store: undefined,
  isSame: undefined,
} as const satisfies Partial<Returning>;
