import type { Calling, ClassOptions, ConstructorPattern, Lifting, Lowering, Room, Word } from "../public/index.ts";
import type { Area, Form } from "./fit.ts";
import type { TypeNode } from "./types/node.ts";

// What a declaration comes to in one module. It is worked out once, and used by each of the module's instances.

/** How an object of a class is passed or received. */
export interface ObjectUse {
  readonly class: string;
  /** Whether it is given away. */
  readonly isOwned: boolean;
  /** Whether there may be none. */
  readonly isOptional: boolean;
}

/** A parameter: an object, or what the convention has for its type. */
export type ParameterPlan =
  | { readonly object: ObjectUse; readonly lowering: undefined; readonly items: undefined }
  | {
      readonly object: undefined;
      readonly lowering: Lowering;
      /** What is in it, where it is a list of objects. */
      readonly items: ObjectUse | undefined;
    };

/** What the module writes where parameters point. */
export interface OutPlan {
  /** Where its room starts, from the start of the room of the call. */
  readonly offset: number;
  readonly room: Room;
  /** The object that it is, where it is one: then the room has its address. */
  readonly object: ObjectUse | undefined;
}

/** A result: nothing, an object, or what the convention has for its type. */
export type ResultPlan =
  | undefined
  | { readonly object: ObjectUse; readonly lifting: undefined }
  | { readonly object: undefined; readonly lifting: Lifting };

/** How one declared function is called. */
export interface FunctionPlan {
  /** What messages call it, as in `Counter.add`. */
  readonly name: string;
  readonly export: string;
  /** Those that the caller passes. */
  readonly params: readonly ParameterPlan[];
  /** Those that the caller receives, by how many of `params` are passed before. */
  readonly outs: readonly { readonly at: number; readonly plan: OutPlan }[];
  readonly result: ResultPlan;
  readonly form: Form;
  /** The room that results need; absent where they come back by themselves. */
  readonly area: Area | undefined;
  /** Bytes that results and what is written take. */
  readonly room: number;
  /** Whether two more words, an error and whether there is one, end the results. */
  readonly hasError: boolean;
}

/** How an object of a class is made. */
export interface ConstructorPlan extends FunctionPlan {
  readonly pattern: ConstructorPattern;
}

/** How a property is read or written. */
export interface PropertyPlan {
  readonly get: FunctionPlan | undefined;
  readonly set: FunctionPlan | undefined;
  /** Where it lies in the object. */
  readonly place: { readonly offset: number; readonly type: TypeNode } | undefined;
  readonly isReadonly: boolean;
}

/** How the objects of a class are freed. */
export interface FreePlan {
  readonly export: string;
  /** What is passed after the address. */
  readonly words: readonly Word[];
  /** Whether the module itself waits for the calls that use the object. */
  readonly waits: boolean;
}

/** How one declared class is made. */
export interface ClassPlan {
  readonly name: string;
  readonly options: ClassOptions;
  readonly constructors: ReadonlyMap<string, ConstructorPlan>;
  readonly methods: ReadonlyMap<string, FunctionPlan & { readonly consumes: boolean }>;
  readonly statics: ReadonlyMap<string, FunctionPlan>;
  readonly properties: ReadonlyMap<string, PropertyPlan>;
  readonly free: FreePlan | undefined;
  /** Whether an object may be received that is out already. */
  readonly isShared: boolean;
  /** Whether an object must be kept from being freed by this library while a call uses it. */
  readonly isLent: boolean;
}

/** How a declared interface is called in one module: worked out once, used by each of its instances. */
export interface InterfacePlan {
  readonly calling: Calling;
  readonly functions: ReadonlyMap<string, FunctionPlan>;
  readonly classes: ReadonlyMap<string, ClassPlan>;
}
