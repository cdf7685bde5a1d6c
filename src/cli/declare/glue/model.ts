import type { Declaration } from "../../../toolchains/wasm-bindgen/known/declaration.ts";
import type { StatedClosure } from "../../../toolchains/wasm-bindgen/options.ts";
import type { LoadedFile } from "./loads.ts";

/** A module as the JavaScript describes it that wasm-bindgen's CLI printed for it. */
export interface GlueModule {
  /** The exported functions, by their names in JavaScript. */
  readonly functions: ReadonlyMap<string, Read<GlueFunction>>;
  /** The exported classes, by their names in JavaScript. */
  readonly classes: ReadonlyMap<string, GlueClass>;
  /** The exported enumerations of numbers: their values by name. */
  readonly enums: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The enumerations whose values it changes or may change later. */
  readonly changedEnums?: ReadonlyMap<string, Hole>;
  /** The places that do something around the functions: they change a global that these use, or call the module. */
  readonly surroundings?: readonly Hole[];
  /** The names of everything else that it exports, which calls nothing of the module by itself. */
  readonly others: ReadonlySet<string>;
  /** The names that it exports other JavaScript by, with the place of that. */
  readonly covered?: ReadonlyMap<string, Hole>;
  /** The functions and classes without a name, since something else has it: their places, by an export that they call. */
  readonly unnamed?: ReadonlyMap<string, Hole>;
  /** The names of all members that it reads of anything: the module's exports that it calls are among them. */
  readonly mentioned?: ReadonlySet<string>;
  /** The files that it loads. */
  readonly loads?: readonly LoadedFile[];
  /** The functions that it gives the module, by the import's name in the module. */
  readonly imports: ReadonlyMap<string, Read<GlueImport>>;
}

/** Something that was read; or a hole, where the reader does not know the form. */
export type Read<Value> = Value | Hole;

/** A place that could not be read. */
export interface Hole {
  readonly kind: "hole";
  /** The unknown thing, in words, as in `the result of free_all`. */
  readonly subject: string;
  /** The first words of the text that could not be read. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A function, method, constructor, getter or setter that calls an export. */
export interface GlueFunction {
  readonly kind: "function";
  /** The export that it calls. */
  readonly export: string;
  /** The names of its parameters and how each is passed, without the receiver. */
  readonly params: readonly GlueParameter[];
  readonly result: GlueType;
  /** How it passes its object; absent for a function without one. */
  readonly self?: "lent" | "moved";
  /** Whether the JavaScript returns the object itself, and drops what the module returns. */
  readonly returnsSelf?: boolean;
  /** Whether the module reports errors by a result, which it throws. */
  readonly throws: boolean;
}

/** One parameter. */
export interface GlueParameter {
  readonly name: string;
  readonly type: GlueType;
}

/** A class. */
export interface GlueClass {
  /** The export that frees an object. */
  readonly free: string | undefined;
  /** The class that it extends. */
  readonly parent: string | undefined;
  readonly construct: Read<GlueFunction> | undefined;
  readonly methods: ReadonlyMap<string, Read<GlueFunction>>;
  readonly statics: ReadonlyMap<string, Read<GlueFunction>>;
  readonly getters: ReadonlyMap<string, Read<GlueFunction>>;
  readonly setters: ReadonlyMap<string, Read<GlueFunction>>;
  readonly staticGetters: ReadonlyMap<string, Read<GlueFunction>>;
  readonly staticSetters: ReadonlyMap<string, Read<GlueFunction>>;
  /** The names of the other members, which call nothing of the module. */
  readonly others: ReadonlySet<string>;
}

/** How a value is passed. */
export type GlueType =
  /**
   * As is: a number, a bigint or a reference; the width follows from the export's type. An integer that shares its word with
   * other numbers is converted, and so is a float of 32 bits.
   */
  | {
      readonly kind: "plain";
      readonly isUnsigned?: boolean;
      readonly isFloat?: boolean;
      /** The width of the integer that it is converted to, which changes the value unless its word is such an integer. */
      readonly bits?: 32 | 64;
      /** Whether it is converted to a number before the call, so that it can be no reference. */
      readonly isConverted?: boolean;
      /** The type that a result is read from memory as, where the export's type does not have it. */
      readonly inMemory?: "i32" | "i64" | "f32" | "f64";
    }
  | { readonly kind: "void" | "bool" | "char" | "string" }
  /** A JavaScript value by its handle, or as a reference; a parameter may be lent for the call. */
  | { readonly kind: "js"; readonly isLent: boolean }
  /** A typed array or a list of handles, texts or objects. */
  | {
      readonly kind: "array";
      readonly element: "i8" | "u8" | "u8-clamped" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" | "f32" | "f64";
      /** Whether the module's writes are copied back. */
      readonly isMutable: boolean;
    }
  | { readonly kind: "list"; readonly item: GlueType }
  /** An object of a class: lent, or moved. A result is always moved. */
  | { readonly kind: "object"; readonly class: string; readonly isMoved: boolean }
  /** One of the texts, which are passed as numbers. */
  | { readonly kind: "text-enum"; readonly values: readonly string[] }
  | { readonly kind: "int128"; readonly isUnsigned: boolean }
  /** A 64-bit integer as two 32-bit words, in modules from before 0.2.85. */
  | { readonly kind: "int64-halves"; readonly isUnsigned: boolean }
  /** A value or nothing. `none` is the number that stands for nothing, if the type has such a one. */
  | { readonly kind: "optional"; readonly item: GlueType; readonly none?: number };

/** The task of a function that is given to the module. */
export type GlueImport =
  /** An operation on the outside world: a global, a receiver, a constructor. */
  | {
      readonly kind: "meaning";
      readonly declaration: Omit<Declaration, "crate">;
      /** How to run the closures that it takes. */
      readonly closures?: readonly StatedClosure[];
    }
  /** It makes a JavaScript value of one type. */
  | { readonly kind: "cast"; readonly type: string }
  /** It makes a JavaScript function of a closure. */
  | { readonly kind: "closure"; readonly closure: StatedClosure }
  /** A part of wasm-bindgen's runtime, which its name tells. */
  | {
      readonly kind: "intrinsic";
      /** The function, if it does something else than wasm-bindgen's. */
      readonly changed?: Hole;
      /** The texts that it puts into the module's table of references, by their places. */
      readonly texts?: ReadonlyMap<number, string>;
    }
  /** It wraps an address in an object of a class, or unwraps one. */
  | { readonly kind: "wrap" | "unwrap"; readonly class: string }
  /** A member of an export of another module that takes the module's words as they are. */
  | { readonly kind: "foreign"; readonly module: string; readonly name: string; readonly path: readonly string[] }
  /** An operation on an export of another module. The path in the declaration begins at the export, and is empty for itself. */
  | {
      readonly kind: "foreign";
      readonly module: string;
      readonly name: string;
      readonly declaration: Omit<Declaration, "crate">;
      readonly closures?: readonly StatedClosure[];
    };
