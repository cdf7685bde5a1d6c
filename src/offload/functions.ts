import { canSuspend } from "../base/suspending.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { messageOf } from "../errors/caught.ts";
import type { TypeNode } from "../bind/types/node.ts";
import { isWrittenTo } from "../bind/types/transfer.ts";
import {
  answerAt,
  answered,
  type Connection,
  type FunctionAnswer,
  type FunctionCall,
  type FunctionResult,
  type PostedFunction,
  type Reply,
  sharedSize,
  sizeAt,
  stateAt,
  tooLarge,
} from "./function-messages.ts";
import { givePlain, receivePlain } from "./conversion.ts";
import { notCloneable, pack, settle } from "./packed.ts";
import { argumentType, convertResults, type Signature } from "./signature.ts";
import type { Incarnation, Slot } from "./slot.ts";
import { writeAnswer } from "./write-answer.ts";

/** A function of this thread that a module in a worker can call. */
export interface LocalFunction {
  /** Its name in messages. */
  readonly name: string;
  readonly call: (...args: never[]) => unknown;
  /** The types of its values; `undefined` if they cross as they are. */
  readonly signature: Signature | undefined;
}

/** The conversion of values that cannot be posted unchanged, such as objects of the interface. */
export interface Crossing {
  /** Converts a value from the worker. */
  receive(type: TypeNode, value: unknown, incarnation: Incarnation | undefined): unknown;
  /** Converts a value for the worker. */
  give(type: TypeNode, value: unknown, incarnation: Incarnation | undefined): unknown;
}

/** The functions of this thread that the workers of one `offload` can call. */
export interface Functions {
  /** The function that a worker waits for and that runs now, until it returns or first waits itself. */
  readonly running: Running | undefined;
  /** Sets the conversion for objects of the interface. */
  use(crossing: Crossing): void;
  /**
   * Adds a function. Errors: `unavailable-here` if the worker would have to wait for it, and cannot.
   *
   * @param one - The function.
   * @param reply - How the worker gets its result.
   */
  add(one: LocalFunction, reply: Reply): PostedFunction;
  /** Removes functions. Those of workers that have ended go with them. */
  remove(ids: readonly number[]): void;
  /** Records which worker has functions. */
  sent(ids: readonly number[], incarnation: Incarnation): void;
  /** Connects a new worker of a slot. */
  connect(slot: Slot): Connection;
}

/** A function that runs, and the slot whose worker waits for it. */
export interface Running {
  readonly name: string;
  readonly slot: Slot;
}

/**
 * Makes the functions of one `offload`.
 *
 * @param failing - Returns the function that receives what a function throws that the worker of a slot does not wait for.
 * @param maySuspend - Whether calls of the module can be suspended if the worker cannot wait: calls of exports by name can.
 */
export function createFunctions(failing: (slot: Slot) => (error: unknown) => void, maySuspend: boolean): Functions {
  const functions = new Map<number, Added>();
  const owned = new Map<Incarnation, Set<number>>();
  let crossing: Crossing = { give: givePlain, receive: receivePlain };
  let running: Running | undefined;
  let last = 0;

  const remove = (ids: Iterable<number>): void => {
    for (const id of ids) functions.delete(id);
  };

  /** Calls a function; returns its arguments, which it may have written to, and what it returned. */
  const run = (one: Added, args: readonly unknown[], slot: Slot): readonly [readonly unknown[], unknown] => {
    const { call, signature, name, reply } = one;
    const received = signature
      ? args.map((arg, at) => crossing.receive(argumentType(signature, at), arg, slot.incarnation))
      : args;
    const before = running;
    running = reply === "wait" || reply === "suspend" ? { name, slot } : undefined;
    try {
      return [received, (call as (...args: readonly unknown[]) => unknown)(...received)];
    } finally {
      running = before;
    }
  };

  const answer = async (one: Added, args: readonly unknown[], slot: Slot): Promise<FunctionAnswer> => {
    try {
      const [received, returned] = run(one, args, slot);
      const { name, signature } = one;
      const [result] = await settle(name, "result", returned, `the function ${name}`);
      if (!signature) return { value: { result, written: [] } satisfies FunctionResult };
      const { incarnation } = slot;
      const given = convertResults(signature, result, (type, value) => crossing.give(type, value, incarnation));
      const written = signature.params.flatMap((type, at) =>
        isWrittenTo(type) && received[at] ? [[at, received[at]] as const] : [],
      );
      return { value: { result: given, written } satisfies FunctionResult };
    } catch (error) {
      return { error: pack(error) };
    }
  };

  const connect = (slot: Slot): Connection => {
    const shared = canShare() ? new SharedArrayBuffer(answerAt + sharedSize) : undefined;
    const control = shared && new Int32Array(shared, 0, 2);
    /** An answer that waits for more room. */
    let pending: Uint8Array | undefined;
    const wake = (state: number, size: number): void => {
      if (!control) return;
      control[sizeAt] = size;
      Atomics.store(control, stateAt, state);
      Atomics.notify(control, stateAt);
    };
    const deliver = async (one: Added, { args, port }: FunctionCall): Promise<void> => {
      const given = await answer(one, args, slot);
      if (port) {
        post(port, one.name, given);
        return;
      }
      const bytes = sendable(one.name, given, writeAnswer);
      if (bytes.byteLength > sharedSize) {
        pending = bytes;
        wake(tooLarge, bytes.byteLength);
        return;
      }
      if (shared) new Uint8Array(shared, answerAt).set(bytes);
      wake(answered, bytes.byteLength);
    };
    return {
      shared,
      receive(message) {
        if (message.kind === "released") {
          remove(message.ids);
          return;
        }
        if (message.kind === "room") {
          if (pending) new Uint8Array(message.room).set(pending);
          wake(answered, pending?.byteLength ?? 0);
          pending = undefined;
          return;
        }
        const one = functions.get(message.id);
        if (!one) return;
        if (one.reply !== "none") {
          void deliver(one, message);
          return;
        }
        try {
          const [, returned] = run(one, message.args, slot);
          // A promise that rejects fails the call that runs now, as an exception does.
          if (typeof returned === "object" && returned !== null)
            settle(one.name, "result", returned, `the function ${one.name}`).catch(failing(slot));
        } catch (error) {
          failing(slot)(error);
        }
      },
    };
  };

  return {
    get running() {
      return running;
    },
    use(given) {
      crossing = given;
    },
    add(one, reply) {
      const isSuspended = reply === "wait" && !canShare();
      if (isSuspended && !(maySuspend && canSuspend())) throw cannotWait(one.name);
      const id = ++last;
      const added: Added = { ...one, reply: isSuspended ? "suspend" : reply };
      functions.set(id, added);
      return { id, name: one.name, reply: added.reply };
    },
    remove,
    sent(ids, incarnation) {
      for (const [owner, theirs] of owned) {
        if (owner.slot.incarnation === owner) continue;
        remove(theirs);
        owned.delete(owner);
      }
      const all = owned.get(incarnation) ?? new Set();
      for (const id of ids) all.add(id);
      owned.set(incarnation, all);
    },
    connect,
  };
}

type Added = LocalFunction & { readonly reply: Reply };

/** Whether memory can be shared with workers. A page that is not isolated may have the class and refuse to post it. */
export function canShare(): boolean {
  const { crossOriginIsolated } = globalThis as { readonly crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === "function" && crossOriginIsolated !== false;
}

/** Sends an answer; if it cannot be sent, an error that says so. */
function sendable<Sent>(name: string, answer: FunctionAnswer, send: (answer: FunctionAnswer) => Sent): Sent {
  try {
    return send(answer);
  } catch (cause) {
    return send({ error: pack(notCloneable(name, "result", messageOf(cause), cause, `the function ${name}`)) });
  }
}

function post(port: MessagePort, name: string, answer: FunctionAnswer): void {
  sendable(name, answer, (one) => port.postMessage(one));
  port.close();
}

function cannotWait(name: string): UnglueError<"unavailable-here"> {
  return new UnglueError(
    "unavailable-here",
    `The module in its worker would have to wait for the function ${name}, and this page is not cross-origin isolated. Serve ` +
      "the page with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp. " +
      "Otherwise pass imports as the address of a module, or declare that the function returns nothing.",
    { what: "SharedArrayBuffer" },
  );
}
