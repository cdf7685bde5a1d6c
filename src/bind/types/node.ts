import type {
  ArrayType,
  ClosureType,
  ConstructorMember,
  DeclaredClass,
  DeclaredType,
  EnumerationType,
  FieldMember,
  FunctionMember,
  GetterMember,
  InterfaceMembers,
  JsType,
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
} from "../../public/index.ts";

/** A declared type that has been read: the types inside it have been, too. The declared ones are generic, and say nothing of those. */
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
  | PromiseType<TypeNode>
  | ClosureType<readonly TypeNode[], TypeNode>
  | RecordType<FieldNodes>;

/** The fields of a record, in their order. */
export interface FieldNodes {
  readonly [name: string]: TypeNode;
}

/** The node of a name. */
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
 * The node that a declared type is where it comes back: conventions are asked for what has been read, and for nothing else.
 *
 * @param type - What the convention is asked for.
 */
export function nodeOf(type: DeclaredType): TypeNode {
  return type as TypeNode;
}

/**
 * The nodes that the members of an interface are where they have been read elsewhere, as by the thread that binds them.
 *
 * @param members - The members.
 */
export function nodesOf(members: InterfaceMembers): InterfaceNodes {
  return members as InterfaceNodes;
}
