import type { ClassMemberNode, InterfaceNodes, TypeNode } from "../bind/types/node.ts";
import type { OutType } from "../public/index.ts";
import type { Verb } from "./tasks.ts";

/** A member of an interface, or of a class of it. */
export type Declared = ClassMemberNode | InterfaceNodes[string];

/** What a use of a member takes and returns. */
export interface Signature {
  /** The types of what is passed. */
  readonly params: readonly TypeNode[];
  /** The types of what is returned. */
  readonly results: readonly TypeNode[];
  /** Whether it is returned in a list, and not alone. */
  readonly isList: boolean;
}

const nothing: TypeNode = { type: "void" };

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

/** Where the module writes is no parameter for the caller, but a result: alone if there is no other, else after the own. */
function signature(declared: readonly TypeNode[], result: TypeNode): Signature {
  const isOut = (type: TypeNode): type is OutType<TypeNode> => type.type === "out";
  const outs = declared.filter(isOut).map(({ item }) => item);
  const results = result.type === "void" && outs.length > 0 ? outs : [result, ...outs];
  return { params: declared.filter((type) => !isOut(type)), results, isList: results.length > 1 };
}

/**
 * Applies to all that a use of a member returned.
 *
 * @param signature - Its types.
 * @param returned - What it returned.
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
