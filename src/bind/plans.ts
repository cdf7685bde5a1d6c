import type {
  Calling,
  ClassOptions,
  ConstructorPattern,
  DeclaredType,
  Lifting,
  Lowering,
  Word,
} from "../types/index.ts";
import type { Area, Form } from "./fit.ts";

// What a declaration comes to in one module. It is worked out once, and used by each of the module's instances.

/** How an object of a class is passed or received. */
export interface ObjectUse {
  readonly class: string;
  /** Whether it is given away. */
  readonly isOwned: boolean;
  /** Whether there may be none. */
  readonly isOptional: boolean;
}

/** What the module writes to where a parameter points. */
export interface OutUse {
  /** Set for an object, of which the module writes the address. */
  readonly object: ObjectUse | undefined;
}

/** A parameter: an object, or what the convention has for its type; `out` is set for what the module writes to. */
export type ParameterPlan =
  | { readonly object?: undefined; readonly lowering: Lowering; readonly out: OutUse }
  | { readonly object: ObjectUse; readonly lowering?: undefined; readonly out?: undefined }
  | { readonly object?: undefined; readonly lowering: Lowering; readonly out?: undefined };

/** A result: nothing, an object, or what the convention has for its type. */
export type ResultPlan =
  | undefined
  | { readonly object: ObjectUse; readonly lifting?: undefined }
  | { readonly object?: undefined; readonly lifting: Lifting };

/** How one declared function is called. */
export interface FunctionPlan {
  /** What messages call it, as in `Counter.add`. */
  readonly name: string;
  readonly export: string;
  readonly params: readonly ParameterPlan[];
  readonly result: ResultPlan;
  readonly form: Form;
  /** The room that results need; absent where they come back by themselves. */
  readonly area?: Area | undefined;
  /** Whether two more words, an error and whether there is one, end the results. */
  readonly hasError: boolean;
}

/** How an object of a class is made. */
export interface ConstructorPlan extends FunctionPlan {
  readonly pattern: ConstructorPattern;
}

/** Where a field lies in its object. */
export interface FieldPlace {
  /** What messages call it, as in `Counter.step`. */
  readonly name: string;
  readonly offset: number;
  readonly type: DeclaredType;
}

/** How a property is read or written. */
export interface PropertyPlan {
  readonly get?: FunctionPlan | undefined;
  readonly set?: FunctionPlan | undefined;
  /** Where it lies in the object. */
  readonly place?: FieldPlace | undefined;
  readonly isReadonly: boolean;
}

/** How the objects of a class are freed. */
export interface FreePlan {
  readonly export: string;
  readonly explicit: readonly Word[];
  readonly collected: readonly Word[];
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
}

/** How a declared interface is called in one module: worked out once, used by each of its instances. */
export interface Plan {
  readonly calling: Calling;
  readonly functions: ReadonlyMap<string, FunctionPlan>;
  readonly classes: ReadonlyMap<string, ClassPlan>;
}
