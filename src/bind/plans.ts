import type {
  Calling,
  ClassOptions,
  ConstructorPattern,
  ElementName,
  Filled,
  LengthName,
  LengthType,
  EnumerationType,
  Lifting,
  Lowering,
  Room,
  Word,
} from "../public/index.ts";
import type { Area, Form } from "./fit.ts";
import type { TypeNode } from "./types/node.ts";

// The result of planning a declaration for one module. It is computed once and used by all instances of the module.

/** How an object of a class is passed or received. */
export interface ObjectUse {
  readonly class: string;
  /** Whether ownership moves. */
  readonly isOwned: boolean;
  /** Whether it may be absent. */
  readonly isOptional: boolean;
  /** Whether null is a value of it, also where a module has a default for what is left out. */
  readonly isNullable: boolean;
}

/** A parameter: an object, or a value that the convention passes. */
export type ParameterPlan =
  | { readonly object: ObjectUse; readonly lowering: undefined; readonly items: undefined }
  | {
      readonly object: undefined;
      readonly lowering: Lowering;
      /** The class of the items, if it is a list of objects. */
      readonly items: ObjectUse | undefined;
    };

/** Room that a parameter points to, which the module writes to. */
export interface OutPlan {
  /** The offset of its room within the room of the call. */
  readonly offset: number;
  readonly room: Room;
  /** The object, if it is one: then the room holds its address. */
  readonly object: ObjectUse | undefined;
}

/** The length of a parameter, which another parameter tells. */
export interface LengthPlan {
  readonly declared: LengthType;
  /** The index of the parameter among those that the caller passes. */
  readonly of: number;
  /** How it is passed by value; absent if it is written to room. */
  readonly lowering: Lowering | undefined;
}

/** A parameter that the caller does not pass. `at` is how many of those that it passes come before. */
export interface UnpassedPlan {
  readonly at: number;
  /** The room that it points to; absent for a length that is passed by value. */
  readonly out: OutPlan | undefined;
  /** The length that the module is told; absent if it is told none. */
  readonly length: LengthPlan | undefined;
}

/** A value that the caller receives beside the result: what room holds, or a buffer. */
export type ReceivedPlan =
  { readonly out: OutPlan; readonly buffer: undefined } | { readonly out: undefined; readonly buffer: BufferPlan };

/** A buffer that the caller receives. */
export interface BufferPlan {
  /** Its index among the parameters that the caller passes. */
  readonly at: number;
  readonly filled: Filled;
  /** Where the module tells how many elements it has written; `undefined` if it has filled all. */
  readonly count: { readonly declared: LengthType; readonly out: OutPlan | "result" } | undefined;
}

/** The parameters of a function that are not only passed: those that it writes to, and lengths. */
export interface LinkedPlan {
  /** The parameters that the caller does not pass. */
  readonly unpassed: readonly UnpassedPlan[];
  /** The rooms of in-out parameters, by the index among those that the caller passes. */
  readonly places: ReadonlyMap<number, OutPlan>;
  /** The parameters whose second word, their length, is passed elsewhere, by the same index. */
  readonly split: ReadonlySet<number>;
  /** The values that the caller receives after the result. */
  readonly received: readonly ReceivedPlan[];
}

/** A result: nothing, an object, or a value that the convention receives. */
export type ResultPlan =
  | undefined
  | { readonly object: ObjectUse; readonly lifting: undefined }
  | { readonly object: undefined; readonly lifting: Lifting };

/** How a function whose result is a promise uses its objects until the promise settles. */
export interface Borrowing {
  readonly borrows: "exclusive" | "shared" | "none";
  /** The parameters of arrays that are copied if the call waits, by their index, with their element type. */
  readonly copied: ReadonlyMap<number, ElementName>;
}

/** How one declared function is called. */
export interface FunctionPlan {
  /** Its name in messages, as in `Counter.add`. */
  readonly name: string;
  readonly export: string;
  readonly calling: Calling;
  /** Whether it is a constructor that takes null first, for an object that it is to allocate. */
  readonly isNullFirst: boolean;
  /** The parameters that the caller passes. */
  readonly params: readonly ParameterPlan[];
  /** The parameters that are not only passed; `undefined` for most functions. */
  readonly linked: LinkedPlan | undefined;
  /** The names of these parameters in messages, as far as they were declared. */
  readonly labels: readonly (string | undefined)[];
  /** The type of the last parameter, if it collects the remaining arguments. */
  readonly rest: TypeNode | undefined;
  readonly result: ResultPlan;
  readonly form: Form;
  /** The area for results; absent if they come back directly. */
  readonly area: Area | undefined;
  /** The size of the results and outputs, in bytes. */
  readonly room: number;
  /** Whether the results end with two more words: an error, and whether there is one. */
  readonly hasError: boolean;
  /** Set if the result is a promise. */
  readonly asynchronous: Borrowing | undefined;
  /** Whether the export itself returns no promise: the engine may suspend it, and makes one. */
  readonly isSuspended: boolean;
}

/** How an object of a class is made. */
export interface ConstructorPlan extends FunctionPlan {
  /** Whether it is a static method even under the key `new`. */
  readonly isStatic: boolean;
  readonly pattern: ConstructorPattern;
}

/** A field that points to memory of the object's own, beside a field with the number of elements. */
export interface KeptPlan {
  readonly element: ElementName;
  /** Whether the module fills the memory; otherwise it reads it. */
  readonly isFilled: boolean;
  /** The offset of the pointer. */
  readonly offset: number;
  /** Where the number is. */
  readonly length: { readonly offset: number; readonly type: LengthName };
}

/** How a property is read or written. */
export interface PropertyPlan {
  readonly get: FunctionPlan | undefined;
  readonly set: FunctionPlan | undefined;
  /** Whether reading it takes ownership of its object. */
  readonly consumes: boolean;
  /** Its offset in the object, for a field that is read and written in place. */
  readonly place: { readonly offset: number; readonly type: TypeNode } | undefined;
  /** The memory that it points to, for a field whose memory belongs to the object. */
  readonly kept: KeptPlan | undefined;
  readonly isReadonly: boolean;
}

/** How the objects of a class are freed. */
export interface FreePlan {
  readonly export: string;
  /** The words that are passed after the address. */
  readonly words: readonly Word[];
  /** Whether the module itself waits for the calls that use the object. */
  readonly waits: boolean;
}

/** How one declared class is made. */
export interface ClassPlan {
  readonly name: string;
  /** The convention of its objects. */
  readonly calling: Calling;
  readonly options: ClassOptions;
  readonly constructors: ReadonlyMap<string, ConstructorPlan>;
  readonly methods: ReadonlyMap<string, FunctionPlan & { readonly consumes: boolean }>;
  readonly statics: ReadonlyMap<string, FunctionPlan>;
  readonly properties: ReadonlyMap<string, PropertyPlan>;
  /** The properties of the class itself. */
  readonly staticProperties: ReadonlyMap<string, PropertyPlan>;
  /** The class that it extends, and the export that makes an object of that class from an object of this one. */
  readonly parent: { readonly name: string; readonly upcast: string } | undefined;
  /** Whether the module lacks it, which the declaration allows. */
  readonly isAbsent: boolean;
  readonly free: FreePlan | undefined;
  /** Whether the module may return an object that the user already has. */
  readonly isShared: boolean;
  /** Whether this library must not free an object while a call uses it. */
  readonly isLent: boolean;
}

/** How a declared interface is called in one module. It is computed once and used by all instances of the module. */
export interface InterfacePlan {
  /** The conventions of its members. */
  readonly callings: ReadonlySet<Calling>;
  /** The convention of members that state none; `undefined` if there are none such. */
  readonly usual: Calling | undefined;
  readonly functions: PlansOf<FunctionPlan>;
  readonly classes: PlansOf<ClassPlan>;
  readonly enumerations: ReadonlyMap<string, EnumerationType>;
  /** Whether a member is planned when it is first asked for. */
  readonly isDeferred: boolean;
  /** The classes of the usual convention, by the name in lower case that exports have for them. */
  readonly byExport: () => ReadonlyMap<string, string>;
}

/** The plans of the members of an interface, by name. */
export type PlansOf<Plan> = Pick<ReadonlyMap<string, Plan>, "get" | "keys" | "values">;
