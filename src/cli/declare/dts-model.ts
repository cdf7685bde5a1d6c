/** The public API of a package as its `.d.ts` states it. */
export interface DtsModule {
  readonly functions: readonly DtsFunction[];
  readonly classes: readonly DtsClass[];
  /** The classes that are declared and not exported: JavaScript may export them, or return their objects. */
  readonly hidden: readonly DtsClass[];
  /** The functions that are declared and exported by no name of their own: objects may have them. */
  readonly inner: readonly DtsFunction[];
  /** The object types with functions, which may be those of a module's exports. */
  readonly shapes: readonly DtsShape[];
  readonly enums: readonly DtsEnum[];
  /** Aliases and interfaces, for types that are wider than `t`. */
  readonly types: readonly DtsNamedType[];
  /** Types of other packages that these declarations use or pass on. */
  readonly imports: readonly DtsImport[];
  /** Exported declarations that this reader does not know, with their first words. */
  readonly skipped: readonly string[];
}

/** A function, static method or method. */
export interface DtsFunction {
  readonly name: string;
  readonly params: readonly DtsParameter[];
  readonly result: DtsType;
  readonly docs?: string;
  readonly generics?: readonly DtsTypeParameter[];
}

/** A type parameter, with what it has to extend and what it is without an argument. */
export interface DtsTypeParameter {
  readonly name: string;
  readonly limit?: DtsType;
  readonly default?: DtsType;
  /** Whether the types of literals are kept. */
  readonly isConst: boolean;
}

/** One parameter. */
export interface DtsParameter {
  readonly name: string;
  readonly type: DtsType;
  /** Whether it may be omitted. */
  readonly isOptional: boolean;
  /** Whether it takes all arguments that follow. */
  readonly isRest: boolean;
}

/** A class. */
export interface DtsClass {
  readonly name: string;
  readonly docs?: string;
  /** The class that it extends. */
  readonly parent?: string;
  /** Absent if it cannot be constructed. */
  readonly construct?: Omit<DtsFunction, "name" | "result">;
  readonly methods: readonly DtsFunction[];
  readonly statics: readonly DtsFunction[];
  readonly properties: readonly DtsProperty[];
  /** The members that are not read: those without a name, and repeated ones. */
  readonly skipped?: readonly string[];
}

/** An interface or a type literal with functions. */
export interface DtsShape {
  readonly name: string;
  /** Whether it extends `WebAssembly.Exports`. */
  readonly isExports: boolean;
  readonly functions: readonly DtsFunction[];
}

/** A property of a class: a field, or a getter, a setter, or both. */
export interface DtsProperty {
  readonly name: string;
  readonly isStatic: boolean;
  readonly docs?: string;
  /** The type that reads return; absent for a setter alone. */
  readonly read?: DtsType;
  /** The type that can be assigned; absent if it is read only. */
  readonly write?: DtsType;
}

/** An enumeration; the values are numbers, or texts. */
export interface DtsEnum {
  readonly name: string;
  readonly docs?: string;
  readonly values: ReadonlyMap<string, number | string>;
  /** Whether no value is written: old versions of wasm-bindgen left them out, even if they do not count from 0. */
  readonly isCounted: boolean;
  /** The documentation of the values that have one. */
  readonly valueDocs: ReadonlyMap<string, string>;
}

/** A named type, in its own words. */
export interface DtsNamedType {
  readonly name: string;
  readonly kind: "alias" | "interface";
  readonly isExported: boolean;
  /** The namespace that it stands in. */
  readonly namespace?: string;
  readonly docs?: string;
  /** The declaration from its name on, without `export`. */
  readonly text: string;
  /** How many type arguments it takes: at least, and at most. Absent for none. */
  readonly parameters?: readonly [least: number, most: number];
  /** The type of an alias. */
  readonly type?: DtsType;
}

/** An import of types, or an export of another module's types. */
export interface DtsImport {
  readonly source: string;
  /** The names there, by the names here; `*` there is the whole module, and absent if all names are exported. */
  readonly names?: ReadonlyMap<string, string>;
  readonly isExport: boolean;
}

/** The keywords of types. */
export type DtsKeyword =
  | "any"
  | "bigint"
  | "boolean"
  | "never"
  | "null"
  | "number"
  | "object"
  | "string"
  | "symbol"
  | "undefined"
  | "unknown"
  | "void";

/** A type, with the words in which it was written. */
export type DtsType = { readonly text: string } & (
  | { readonly kind: "keyword"; readonly name: DtsKeyword }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "reference"; readonly name: string; readonly args: readonly DtsType[] }
  | { readonly kind: "array"; readonly item: DtsType }
  | { readonly kind: "union"; readonly members: readonly DtsType[] }
  | ({ readonly kind: "function"; readonly result: DtsType } & Pick<DtsFunction, "params" | "generics">)
  /** Any other type: only its words are known. */
  | { readonly kind: "other" }
);
