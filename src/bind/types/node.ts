import { isOfKind } from "../../base/own.ts";
import type {
  ArrayType,
  BufferType,
  CharsType,
  ClosureType,
  ConstructorMember,
  DeclaredClass,
  DeclaredType,
  EnumerationType,
  FieldMember,
  FixedType,
  FunctionMember,
  InOutType,
  GetterMember,
  InterfaceMembers,
  JsType,
  LengthType,
  ListType,
  MethodMember,
  ObjectType,
  OptionalType,
  OutType,
  OwnedType,
  ParamType,
  PlainName,
  PlainType,
  PromiseType,
  PropertyMember,
  RecordType,
  RestType,
  SetterMember,
  StaticMember,
  UnionType,
} from "../../public/index.ts";

/**
 * A declared type that has been read, inner types included. The public declared types are generic and do not describe their
 * inner types.
 */
export type TypeNode =
  | PlainType
  | JsType
  | ArrayType
  | EnumerationType
  | ObjectType
  | OwnedType
  | ListType<TypeNode>
  | OptionalType<TypeNode>
  | OutType<TypeNode>
  | InOutType<TypeNode>
  | BufferType
  | LengthType
  | PromiseType<TypeNode>
  | ClosureType<readonly TypeNode[], TypeNode>
  | RecordType<FieldNodes>
  | UnionType<FieldNodes>
  | FixedType<TypeNode>
  | CharsType;

/** The fields of a record, in order. */
export interface FieldNodes {
  readonly [name: string]: TypeNode;
}

/** The node type of a name. */
export type NodeOf<Name extends TypeNode["type"]> = Name extends PlainName
  ? PlainType
  : Extract<TypeNode, { readonly type: Name }>;

/** A declared parameter whose type has been read. */
export type ParameterNode = TypeNode | ParamType<TypeNode | RestType<TypeNode>> | RestType<TypeNode>;

/** A declared function whose types have been read. */
export type FunctionNode = FunctionMember<readonly ParameterNode[], TypeNode>;

/** A member of a class whose types have been read. */
export type ClassMemberNode =
  | ConstructorMember<readonly ParameterNode[]>
  | MethodMember<readonly ParameterNode[], TypeNode>
  | StaticMember<readonly ParameterNode[], TypeNode>
  | GetterMember<TypeNode>
  | SetterMember<TypeNode>
  | PropertyMember<GetterMember<TypeNode>, SetterMember<TypeNode>>
  | FieldMember<TypeNode>;

/** A declared class whose types have been read. */
export type ClassNode = DeclaredClass<{ readonly [name: string]: ClassMemberNode }>;

/** The members of an interface, whose types have been read. */
export interface InterfaceNodes {
  readonly [name: string]: FunctionNode | ClassNode | EnumerationType;
}

/**
 * Whether a member of an interface is a class.
 *
 * @param node - The member.
 */
export function isClassNode(node: InterfaceNodes[string] | undefined): node is ClassNode {
  return node !== undefined && isOfKind(node, "member") && node.member === "class";
}

/**
 * Whether a member of an interface is an enumeration.
 *
 * @param node - The member.
 */
export function isEnumerationNode(node: InterfaceNodes[string]): node is EnumerationType {
  return isOfKind(node, "type");
}

/** The parameters of a function. */
export interface Parameters {
  readonly types: readonly TypeNode[];
  /** Their names, in the same order; `undefined` for one without. */
  readonly names: readonly (string | undefined)[];
  /** Whether the last one collects the remaining arguments. */
  readonly hasRest: boolean;
}

/**
 * Separates the types of parameters from what else was declared of them.
 *
 * @param declared - The declared parameters.
 */
export function parametersOf(declared: readonly ParameterNode[]): Parameters {
  const inner = declared.map((one) => (one.type === "param" ? one.of : one));
  return {
    types: inner.map((one) => (one.type === "rest" ? one.of : one)),
    names: declared.map((one) => (one.type === "param" ? one.name : undefined)),
    hasRest: inner.at(-1)?.type === "rest",
  };
}

/**
 * Narrows a declared type to its node: conventions are only asked about types that have been read.
 *
 * @param type - The type that the convention is asked about.
 */
export function nodeOf(type: DeclaredType): TypeNode {
  return type as TypeNode;
}

/**
 * Narrows the members of an interface to nodes if they were read elsewhere, as by the thread that binds them.
 *
 * @param members - The members.
 */
export function nodesOf(members: InterfaceMembers): InterfaceNodes {
  return members as InterfaceNodes;
}
