import type { ClassMemberNode, InterfaceNodes, TypeNode } from "../bind/types/node.ts";
import type { OutType } from "../public/index.ts";
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

/** Moves output parameters to the results: the caller receives their values, after the function's own result if there is one. */
function signature(declared: readonly TypeNode[], result: TypeNode): Signature {
  const isOut = (type: TypeNode): type is OutType<TypeNode> => type.type === "out";
  const outs = declared.filter(isOut).map(({ item }) => item);
  const results = result.type === "void" && outs.length > 0 ? outs : [result, ...outs];
  return { params: declared.filter((type) => !isOut(type)), results, isList: results.length > 1 };
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
