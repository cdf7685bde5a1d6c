/** A task for a worker. It can be posted if its arguments can. */
export type Task = ExportTask | MemberTask | DropTask;

/** One call of an exported function. */
export interface ExportTask {
  readonly kind: "export";
  readonly name: string;
  readonly args: readonly unknown[];
}

/** A way to use a member of the interface. */
export type Verb = "call" | "construct" | "method" | "read" | "write" | "free";

/** One use of a member of the declared interface. */
export interface MemberTask {
  readonly kind: "member";
  /** The name in messages, as in `"Counter.add"`. */
  readonly name: string;
  readonly args: readonly unknown[];
  readonly verb: Verb;
  /** Its class; `undefined` for a function. */
  readonly class: string | undefined;
  /** Its own name. */
  readonly member: string;
  /** The number of the object that it is used on. */
  readonly on: number | undefined;
}

/** Tells a worker which objects were garbage-collected here. */
export interface DropTask {
  readonly kind: "drop";
  readonly name: string;
  /** Their numbers, each with how many times it had been received. */
  readonly args: readonly (readonly [id: number, received: number])[];
}

/** The result of using a member. */
export interface MemberAnswer {
  readonly result: unknown;
  /** The arguments that the module may have written to, by index. */
  readonly written: readonly (readonly [at: number, array: unknown])[];
}

/** A worker's message that it cannot read what was posted to it. */
export const unreadable = "unreadable";
