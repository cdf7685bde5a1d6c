// The messages by which a worker calls functions of the thread that made it.
import type { Answer } from "./packed.ts";

/**
 * How a worker gets the result of a function: it needs none, it waits in shared memory, it suspends the module's call until
 * a message comes, or it gets a promise.
 */
export type Reply = "none" | "wait" | "suspend" | "promise";

/** A function of the caller's thread, as a worker gets it. */
export interface PostedFunction {
  /** Its number. */
  readonly id: number;
  /** Its name in messages. */
  readonly name: string;
  readonly reply: Reply;
}

/** An import that the caller's thread provides, as a worker gets it. */
export interface PostedImport {
  readonly module: string;
  readonly name: string;
  /** A number, if it is a global. */
  readonly value?: number | bigint;
  readonly function?: PostedFunction;
  /** The declaration of the function. */
  readonly host?: PostedHost;
}

/** A declared host function as it is posted: without its functions, and without the interface, which the worker has. */
export interface PostedHost {
  readonly declared: object;
  /** The function of its option `error`. */
  readonly error: PostedFunction | undefined;
  /** Whether its option `api` is the interface of the `offload`; `undefined` if it has none. */
  readonly isOfApi: boolean | undefined;
}

/** A worker's connection to the functions of this thread. */
export interface Connection {
  /** The memory that it shares with the worker; `undefined` where none can be shared. */
  readonly shared: SharedArrayBuffer | undefined;
  /** Serves a message of the worker. */
  receive(message: FunctionMessage): void;
}

/** A worker's message about functions. */
export type FunctionMessage = FunctionCall | RoomMessage | ReleaseMessage;

/** One call of a function. */
export interface FunctionCall {
  readonly kind: "call";
  readonly id: number;
  readonly args: readonly unknown[];
  /** Where the answer goes, unless none is needed or the worker waits in shared memory. */
  readonly port: MessagePort | undefined;
}

/** Memory for an answer that is larger than the shared one. */
interface RoomMessage {
  readonly kind: "room";
  readonly room: SharedArrayBuffer;
}

/** Functions that the worker has garbage-collected. */
interface ReleaseMessage {
  readonly kind: "released";
  readonly ids: readonly number[];
}

/** The result of a function, with the arguments that it may have written to, by index. */
export interface FunctionResult {
  readonly result: unknown;
  readonly written: readonly (readonly [at: number, array: unknown])[];
}

/** The answer to a call: its value is a {@link FunctionResult}. */
export type FunctionAnswer = Answer;

/** The key that tells these messages from comlink's. */
export const aboutFunctions = "aboutFunctions";

/** A message about functions as it is posted. */
export interface FunctionEnvelope {
  readonly [aboutFunctions]: FunctionMessage;
}

/**
 * Whether a message from a worker is about functions.
 *
 * @param data - The message.
 */
export function isAboutFunctions(data: unknown): data is FunctionEnvelope {
  return typeof data === "object" && data !== null && Object.hasOwn(data, aboutFunctions);
}

/** The words of the shared memory: what a waiting worker sees change, and the number of bytes of the answer. */
export const stateAt = 0;
export const sizeAt = 1;

/** The bytes before the answer. */
export const answerAt = 8;

/** The states: the worker waits, the answer is there, or it needs more room than there is. */
export const waiting = 0;
export const answered = 1;
export const tooLarge = 2;

/** The bytes of the memory that each worker shares with its caller; most answers are a few words. */
export const sharedSize = 65536;

/** An array or a buffer within an answer in shared memory: its class, and where its bytes are. */
export type PlacedBytes = readonly [className: string, offset: number, size: number];

/** The name of such values in the text of an answer. */
export const placedBytes = "bytes";
