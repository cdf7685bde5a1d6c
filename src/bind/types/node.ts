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
  PlainName,
  PlainType,
  PromiseType,
  RecordType,
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

/** A declared function whose types have been read. */
export type FunctionNode = FunctionMember<readonly TypeNode[], TypeNode>;

/** A member of a class whose types have been read. */
export type ClassMemberNode =
  | ConstructorMember<readonly TypeNode[]>
  | MethodMember<readonly TypeNode[], TypeNode>
  | StaticMember<readonly TypeNode[], TypeNode>
  | GetterMember<TypeNode>
  | SetterMember<TypeNode>
  | FieldMember<TypeNode>;

/** A declared class whose types have been read. */
export type ClassNode = DeclaredClass<{ readonly [name: string]: ClassMemberNode }>;

/** The members of an interface, whose types have been read. */
export interface InterfaceNodes {
  readonly [name: string]: FunctionNode | ClassNode;
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
