import type { ClassMember, DeclaredType, InterfaceMember } from "../types/index.ts";
import type { Verb } from "./tasks.ts";

/** A member of an interface, or of a class of it. */
export type Declared = ClassMember | InterfaceMember;

/** What a use of a member takes and returns. */
export interface Signature {
  readonly params: readonly DeclaredType[];
  readonly result: DeclaredType;
}

/**
 * The types of what a use of a member takes and returns.
 *
 * @param declared - The member.
 * @param verb - What is done with it.
 * @param className - Its class; `undefined` for a function.
 */
export function signatureOf(declared: Declared, verb: Verb, className: string | undefined): Signature {
  switch (declared.member) {
    case "constructor":
      return { params: declared.params, result: { type: "owned", class: className ?? "" } };
    case "function":
    case "static":
    case "method":
      return { params: declared.params, result: declared.result };
    case "class":
      return { params: [], result: { type: "void" } };
    default:
      return verb === "write"
        ? { params: [declared.value], result: { type: "void" } }
        : { params: [], result: declared.value };
  }
}

/**
 * A type, or what is in it where it is optional.
 *
 * @param type - The type.
 */
export function innermost(type: DeclaredType): DeclaredType {
  return type.type === "optional" ? innermost(type.item as DeclaredType) : type;
}
