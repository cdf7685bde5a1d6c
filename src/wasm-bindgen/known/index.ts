export type { Declaration, DeclarationKind, TypeCode } from "./declaration.ts";
export { createKnown, type Identified, type Known, type KnownModule } from "./known.ts";
export { lowering, type Words } from "./words.ts";
