import type { DeclaredClass, EnumerationType, FunctionMember } from "../../public/index.ts";

/** Everything that a declaration file says of a module's interface, in the order of the package's own declarations. */
export interface Declared {
  readonly members: readonly DeclaredMember[];
  /** The members that cannot be declared and are left out. */
  readonly holes: readonly Remark[];
  /** The statements that no evidence proves. */
  readonly guesses: readonly Remark[];
  /** Where the TypeScript types are not those of the package. */
  readonly differences: readonly Remark[];
  /** Facts that need no care: an export that is no part of the package's API, a text that is not used. */
  readonly notes: readonly Remark[];
  /** The aliases and interfaces that the types mention, printed. */
  readonly types: readonly NamedTypeText[];
  /** The types of other packages that these types mention. */
  readonly imports: readonly TypeImport[];
}

/** A sentence about a member. */
export interface Remark {
  /** The member, as in `Realm.load`. */
  readonly member: string;
  readonly reason: string;
}

/** A member of the interface: the data, and its type for TypeScript. */
export type DeclaredMember =
  | ({ readonly kind: "function"; readonly data: FunctionMember } & FunctionText)
  | ({ readonly kind: "class"; readonly data: DeclaredClass } & ClassText)
  | {
      readonly kind: "enumeration";
      readonly name: string;
      readonly docs: string | undefined;
      readonly data: EnumerationType;
      readonly valueDocs: ReadonlyMap<string, string>;
    };

/** A function's type, printed. */
export interface FunctionText {
  readonly name: string;
  readonly docs: string | undefined;
  readonly signature: Signature;
}

/** A type parameter, printed. */
export interface GenericText {
  readonly name: string;
  /** The type that it has to extend. */
  readonly limit: string | undefined;
  /** Its type without an argument. */
  readonly default: string | undefined;
  readonly isConst: boolean;
}

/** Parameters and result, printed. */
export interface Signature {
  readonly generics: readonly GenericText[];
  readonly params: readonly {
    readonly name: string;
    readonly text: string;
    readonly isOptional: boolean;
    readonly isRest: boolean;
  }[];
  readonly result: string;
}

/** The type of a class, printed. */
export interface ClassText {
  readonly name: string;
  readonly docs: string | undefined;
  readonly parent: string | undefined;
  readonly construct: Omit<FunctionText, "name"> | undefined;
  readonly methods: readonly FunctionText[];
  readonly statics: readonly FunctionText[];
  readonly properties: readonly PropertyText[];
}

/** The type of a property, printed. */
export interface PropertyText {
  readonly name: string;
  readonly docs: string | undefined;
  readonly isStatic: boolean;
  /** The type that is read; absent if it is only written. */
  readonly read: string | undefined;
  /** The type that is written; absent if it is only read. */
  readonly write: string | undefined;
}

/** An alias or interface, printed. */
export interface NamedTypeText {
  readonly name: string;
  readonly docs: string | undefined;
  /** Its declaration, without `export`. */
  readonly text: string;
}

/** Types that another package exports. */
export interface TypeImport {
  readonly source: string;
  /** The names there, by the names here; `*` is the whole module. */
  readonly names: ReadonlyMap<string, string>;
}
