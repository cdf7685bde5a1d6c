import type { KnownTypes } from "./known-types.ts";

/** Where a type will stand. */
export interface PrintOptions {
  readonly types?: KnownTypes;
  /** The type parameters of the function, with what they have to extend. */
  readonly generics?: ReadonlyMap<string, string | undefined>;
  readonly member?: string;
}
