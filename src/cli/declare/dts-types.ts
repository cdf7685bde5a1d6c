import type { Identifier, Node, Noop, TSType, TSTypeAnnotation, TSTypeParameter, TypeAnnotation } from "@babel/types";
import type { DtsFunction, DtsKeyword, DtsParameter, DtsType, DtsTypeParameter } from "./dts-model.ts";
import type { Parsed } from "./parse.ts";
import { nameOfParameter } from "./type-names.ts";

/** The parts of a declaration that can be called. */
export interface Callable {
  readonly params: readonly Node[];
  readonly returnType?: TypeAnnotation | TSTypeAnnotation | Noop | null | undefined;
  readonly typeParameters?: Node | null | undefined;
}

/** A signature as it was read. */
export type ReadSignature = Pick<DtsFunction, "params" | "result" | "generics">;

/** The type of everything that states none. */
export const unknownType: DtsType = { kind: "keyword", name: "unknown", text: "unknown" };

/**
 * Reads parameters, result and type parameters.
 *
 * @param callable - The declaration.
 * @param parsed - The text.
 */
export function readSignature({ params, returnType, typeParameters }: Callable, parsed: Parsed): ReadSignature {
  const generics =
    typeParameters?.type === "TSTypeParameterDeclaration"
      ? typeParameters.params.map((one) => readTypeParameter(one, parsed))
      : [];
  return {
    params: params
      .filter((param) => !isThis(param))
      .flatMap((param): readonly (Node | Element)[] => spread(param, parsed) ?? [param])
      .map((param, at) => readParameter(param, at, parsed)),
    result: annotationOf(returnType, parsed),
    ...(generics.length > 0 && { generics }),
  };
}

function readTypeParameter(one: TSTypeParameter, parsed: Parsed): DtsTypeParameter {
  return {
    name: nameOfParameter(one.name),
    ...(one.constraint && { limit: typeOf(one.constraint, parsed) }),
    ...(one.default && { default: typeOf(one.default, parsed) }),
    isConst: one.const === true,
  };
}

/** `this` is a type of the receiver, and no parameter. */
function isThis(param: Node): boolean {
  return param.type === "Identifier" && param.name === "this";
}

/** A parameter of a tuple's element. */
interface Element {
  readonly element: Node;
  readonly name: string | undefined;
  readonly isOptional: boolean;
}

/** The parameters that `...args: [a: number, b?: string]` stands for; `undefined` for every other parameter. */
function spread(param: Node, parsed: Parsed): readonly Element[] | undefined {
  if (param.type !== "RestElement" || param.typeAnnotation?.type !== "TSTypeAnnotation") return undefined;
  const { typeAnnotation: tuple } = param.typeAnnotation;
  if (tuple.type !== "TSTupleType") return undefined;
  const elements = tuple.elementTypes.map((one): Element | undefined => {
    if (one.type === "TSRestType") return undefined;
    if (one.type === "TSNamedTupleMember") {
      return { element: one.elementType, name: parsed.textOf(one.label), isOptional: one.optional };
    }
    return one.type === "TSOptionalType"
      ? { element: one.typeAnnotation, name: undefined, isOptional: true }
      : { element: one, name: undefined, isOptional: false };
  });
  return elements.every((one) => one !== undefined) ? elements : undefined;
}

function readParameter(param: Node | Element, at: number, parsed: Parsed): DtsParameter {
  if ("element" in param && "isOptional" in param) {
    const { element, name = `arg${at}`, isOptional } = param;
    return { name, type: typeOf(element as TSType, parsed), isOptional, isRest: false };
  }
  if (param.type === "TSParameterProperty") return readParameter(param.parameter, at, parsed);
  const isRest = param.type === "RestElement";
  const inner = isRest ? param.argument : param.type === "AssignmentPattern" ? param.left : param;
  const annotation = "typeAnnotation" in param ? param.typeAnnotation : undefined;
  const identifier: Identifier | undefined = inner.type === "Identifier" ? inner : undefined;
  const own = "typeAnnotation" in inner ? inner.typeAnnotation : undefined;
  return {
    name: identifier?.name ?? `arg${at}`,
    type: annotationOf((annotation ?? own) as Callable["returnType"], parsed),
    isOptional: identifier?.optional === true || param.type === "AssignmentPattern",
    isRest,
  };
}

/**
 * Reads the type after a colon.
 *
 * @param annotation - The colon and the type, if there are any.
 * @param parsed - The text.
 */
export function annotationOf(annotation: Callable["returnType"], parsed: Parsed): DtsType {
  return annotation?.type === "TSTypeAnnotation" ? typeOf(annotation.typeAnnotation, parsed) : unknownType;
}

/**
 * Returns the type of something that may be left out.
 *
 * @param type - Its type if it is there.
 */
export function orUndefined(type: DtsType): DtsType {
  const none: DtsType = { kind: "keyword", name: "undefined", text: "undefined" };
  // A function's result, or the last branch of a condition, would take the rest.
  const isOpen = type.kind === "function" || (type.kind === "other" && /=>|\?/.test(type.text));
  return { kind: "union", members: [type, none], text: `${isOpen ? `(${type.text})` : type.text} | undefined` };
}

const keyword = /^TS(Any|BigInt|Boolean|Never|Null|Number|Object|String|Symbol|Undefined|Unknown|Void)Keyword$/;

/**
 * Reads a type.
 *
 * @param node - The type.
 * @param parsed - The text.
 */
export function typeOf(node: TSType, parsed: Parsed): DtsType {
  const text = parsed.textOf(node);
  const [, name] = keyword.exec(node.type) ?? [];
  if (name !== undefined) return { kind: "keyword", name: name.toLowerCase() as DtsKeyword, text };
  switch (node.type) {
    case "TSParenthesizedType":
      return typeOf(node.typeAnnotation, parsed);
    case "TSLiteralType": {
      const value = literalOf(node.literal);
      return value === undefined ? { kind: "other", text } : { kind: "literal", value, text };
    }
    case "TSTypeReference": {
      if (node.typeName.type !== "Identifier") return { kind: "other", text };
      const args = (node.typeParameters?.params ?? []).map((arg) => typeOf(arg, parsed));
      const { name } = node.typeName;
      const [item] = args;
      return name === "Array" && item ? { kind: "array", item, text } : { kind: "reference", name, args, text };
    }
    case "TSArrayType":
      return { kind: "array", item: typeOf(node.elementType, parsed), text };
    case "TSUnionType":
      return { kind: "union", members: node.types.map((one) => typeOf(one, parsed)), text };
    case "TSIntersectionType": {
      // `number & { readonly brand: "address" }` is a number for every program that runs.
      const plain = node.types
        .map((one) => typeOf(one, parsed))
        .find((one) => one.kind === "keyword" && /^(bigint|boolean|number|string)$/.test(one.name));
      return plain ? { ...plain, text } : { kind: "other", text };
    }
    case "TSFunctionType": {
      const { parameters, typeAnnotation, typeParameters } = node;
      const signature = readSignature({ params: parameters, returnType: typeAnnotation, typeParameters }, parsed);
      return { kind: "function", ...signature, text };
    }
    default:
      return { kind: "other", text };
  }
}

function literalOf(node: Node): string | number | boolean | undefined {
  if (node.type === "StringLiteral" || node.type === "NumericLiteral" || node.type === "BooleanLiteral") {
    return node.value;
  }
  if (node.type === "UnaryExpression" && node.operator === "-" && node.argument.type === "NumericLiteral") {
    return -node.argument.value;
  }
  return undefined;
}
