import type { ClassMemberNode, InterfaceNodes, TypeNode } from "../bind/types/node.ts";
import { isPassed, receivedOf } from "../bind/types/transfer.ts";
import type { Verb } from "./tasks.ts";

/** A member of an interface, or of a class of it. */
export type Declared = ClassMemberNode | InterfaceNodes[string];

/** The types that a use of a member takes and returns. */
export interface Signature {
  /** The types of the arguments. */
  readonly params: readonly TypeNode[];
  /** The types of the results. */
  readonly results: readonly TypeNode[];
  /** Whether the results come in a list. */
  readonly isList: boolean;
}

const nothing: TypeNode = { type: "void" };

/**
 * Returns the types that a use of a member takes and returns.
 *
 * @param declared - The member.
 * @param verb - The way it is used.
 * @param className - Its class; `undefined` for a function.
 */
export function signatureOf(declared: Declared, verb: Verb, className: string | undefined): Signature {
  switch (declared.member) {
    case "constructor":
      return { ...signature(declared.params, { type: "owned", class: className ?? "" }), isList: false };
    case "function":
    case "static":
    case "method":
      return signature(declared.params, declared.result);
    case "class":
      return signature([], nothing);
    default:
      return verb === "write" ? signature([declared.value], nothing) : signature([], declared.value);
  }
}

/** Moves what the module writes to the results: the caller receives it after the function's own result if there is one. */
function signature(declared: readonly TypeNode[], result: TypeNode): Signature {
  const written = declared.map(receivedOf).filter((type) => type !== undefined);
  const results = result.type === "void" && written.length > 0 ? written : [result, ...written];
  return { params: declared.filter(isPassed), results, isList: results.length > 1 };
}

/**
 * Converts all values that a use of a member returned.
 *
 * @param signature - Its types.
 * @param returned - The returned value.
 * @param convert - Converts a value of a type.
 */
export function convertResults(
  { results, isList }: Signature,
  returned: unknown,
  convert: (type: TypeNode, value: unknown) => unknown,
): unknown {
  if (!isList) return convert(results[0] ?? nothing, returned);
  return (returned as readonly unknown[]).map((value, at) => convert(results[at] ?? nothing, value));
}
