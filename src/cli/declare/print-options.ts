import type { KnownTypes } from "./known-types.ts";

/** Where a type will stand. */
export interface PrintOptions {
  readonly types?: KnownTypes;
  readonly generics?: readonly string[];
  readonly member?: string;
}
