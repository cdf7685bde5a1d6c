import { messageOf } from "../errors/caught.ts";
import type { ImportFunction } from "../public/index.ts";
import {
  aboutFunctions,
  answerAt,
  type FunctionAnswer,
  type FunctionEnvelope,
  type FunctionMessage,
  type FunctionResult,
  type PostedFunction,
  sizeAt,
  stateAt,
  tooLarge,
  waiting,
} from "./function-messages.ts";
import { copyBack } from "./conversion.ts";
import { notCloneable, unpack } from "./packed.ts";
import { readAnswer } from "./read-answer.ts";

/** Posts a message to the thread that made this worker, with the ports in it. */
export type Post = (message: FunctionEnvelope, transfer: MessagePort[]) => void;

/** The conversion of a function's values. */
export interface Values {
  /** Converts an argument for the other thread. */
  readonly give: (value: unknown, at: number) => unknown;
  /** Converts the result from the other thread. */
  readonly receive: (value: unknown) => unknown;
}

/** Functions of the caller's thread, in a worker. */
export interface WorkerFunctions {
  /**
   * Makes a function that calls one of the caller's thread. It throws what that one throws, and `not-cloneable` for arguments
   * that cannot be posted.
   *
   * @param posted - The function.
   * @param values - The conversion of its values.
   */
  create(posted: PostedFunction, values?: Values): ImportFunction;
}

const same: Values = { give: (value) => value, receive: (value) => value };

/**
 * Makes the functions of a worker.
 *
 * @param postEnvelope - Posts a message to the other thread.
 * @param shared - The memory in which this thread waits for answers, if it can.
 */
export function createWorkerFunctions(postEnvelope: Post, shared: SharedArrayBuffer | undefined): WorkerFunctions {
  const post = (message: FunctionMessage, transfer: MessagePort[] = []): void => {
    postEnvelope({ [aboutFunctions]: message }, transfer);
  };

  const registry =
    typeof FinalizationRegistry === "function"
      ? new FinalizationRegistry<number>((id) => post({ kind: "released", ids: [id] }))
      : undefined;

  const send = ({ id, name }: PostedFunction, args: readonly unknown[], reply?: MessagePort): void => {
    try {
      post({ kind: "call", id, args, port: reply }, reply ? [reply] : []);
    } catch (cause) {
      throw notCloneable(name, "arguments", messageOf(cause), cause, `the function ${name}`);
    }
  };

  const ask = (posted: PostedFunction, args: readonly unknown[]): FunctionAnswer => {
    const control = new Int32Array(shared as SharedArrayBuffer, 0, 2);
    const wait = (): number => {
      Atomics.wait(control, stateAt, waiting);
      return Atomics.load(control, stateAt);
    };
    Atomics.store(control, stateAt, waiting);
    send(posted, args);
    let from = new Uint8Array(shared as SharedArrayBuffer, answerAt);
    if (wait() === tooLarge) {
      const room = new SharedArrayBuffer(control[sizeAt]);
      from = new Uint8Array(room);
      Atomics.store(control, stateAt, waiting);
      post({ kind: "room", room });
      wait();
    }
    // Text in shared memory cannot be decoded.
    return readAnswer(new Uint8Array(from.subarray(0, control[sizeAt])));
  };

  const promise = (posted: PostedFunction, args: readonly unknown[]): Promise<FunctionAnswer> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        port1.close();
        resolve(data as FunctionAnswer);
      };
      send(posted, args, port2);
    });

  return {
    create(posted, { give, receive } = same) {
      const take = (answer: FunctionAnswer, args: readonly unknown[]): unknown => {
        if (Object.hasOwn(answer, "error")) throw unpack((answer as Extract<FunctionAnswer, { error: unknown }>).error);
        const { result, written } = (answer as { readonly value: FunctionResult }).value;
        for (const [at, array] of written) copyBack(args[at], array);
        return receive(result);
      };
      const { reply } = posted;
      const call: ImportFunction = (...args: unknown[]) => {
        const given = args.map(give);
        if (reply === "none") {
          send(posted, given);
          return undefined;
        }
        if (reply === "wait") return take(ask(posted, given), args);
        return promise(posted, given).then((answer) => take(answer, args));
      };
      registry?.register(call, posted.id);
      return call;
    },
  };
}
