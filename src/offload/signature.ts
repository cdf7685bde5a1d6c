import {
  type ClassMemberNode,
  type ClassNode,
  type FunctionNode,
  type ParameterNode,
  parametersOf,
  type TypeNode,
} from "../bind/types/node.ts";
import { isPassed, receivedOf } from "../bind/types/transfer.ts";
import type { Verb } from "./tasks.ts";

/** A member of an interface, or of a class of it. */
export type Declared = ClassMemberNode | FunctionNode | ClassNode;

/** The types that a use of a member takes and returns. */
export interface Signature {
  /** The types of the arguments. */
  readonly params: readonly TypeNode[];
  /** Their declared names. */
  readonly names: readonly (string | undefined)[];
  /** The type of each further argument, if the function takes any number. */
  readonly more: TypeNode | undefined;
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
    case "property":
      return verb === "write" ? signature([declared.set.value], nothing) : signature([], declared.get.value);
    default:
      return verb === "write" ? signature([declared.value], nothing) : signature([], declared.value);
  }
}

/**
 * Returns the types that a host function takes and returns. A length is neither: it is that of another value.
 *
 * @param params - Its declared parameters.
 * @param result - Its declared result.
 */
export function hostSignature(params: readonly TypeNode[], result: TypeNode): Signature {
  return signature(params, result.type === "length" ? nothing : result);
}

/**
 * Returns the type of an argument.
 *
 * @param signature - The types of the call.
 * @param at - The index of the argument.
 */
export function argumentType({ params, more }: Signature, at: number): TypeNode {
  return params[at] ?? more ?? nothing;
}

/** Moves what the module writes to the results: the caller receives it after the function's own result if there is one. */
function signature(declared: readonly ParameterNode[], result: TypeNode): Signature {
  const { types, names, hasRest } = parametersOf(declared);
  const written = types.map(receivedOf).filter((type) => type !== undefined);
  const results = result.type === "void" && written.length > 0 ? written : [result, ...written];
  const last = hasRest ? types.at(-1) : undefined;
  const isGiven = (_: unknown, at: number) => isPassed(types[at] as TypeNode) && !(last && at === types.length - 1);
  return {
    params: types.filter(isGiven),
    names: names.filter(isGiven),
    more: last && itemOf(last),
    results,
    isList: results.length > 1,
  };
}

/** The type of each argument that is collected. */
function itemOf(rest: TypeNode): TypeNode {
  if (rest.type === "list") return rest.item;
  return { type: rest.type === "array" ? rest.element : "u8" };
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
  // A host function may return anything. The binder refuses what is no list.
  if (!Array.isArray(returned)) return returned;
  return returned.map((value: unknown, at) => convert(results[at] ?? nothing, value));
}
