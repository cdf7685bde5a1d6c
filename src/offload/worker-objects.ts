import { disposeKey } from "../base/dispose-key.ts";
import { hasMember, ownTree } from "../base/own.ts";
import { type ClassNode, isClassNode, type NodeOf, nodesOf, type TypeNode } from "../bind/types/node.ts";
import {
  convertDeclared,
  isAwaited,
  isPromise,
  isWrittenTo,
  mayContain,
  type ConvertedNode,
} from "../bind/types/transfer.ts";
import type { ConstructorOptions, InterfaceMembers } from "../public/index.ts";
import { isPosted, packValue, type Reference, unpackValue } from "./conversion.ts";
import { cloned, settle } from "./packed.ts";
import { argumentType, convertResults, type Declared, type Signature, signatureOf } from "./signature.ts";
import type { DropTask, MemberAnswer, MemberTask } from "./tasks.ts";
import { memberMissing, objectGone } from "./unusable.ts";
import type { WorkerFunctions } from "./worker-functions.ts";
import type { WorkerCrossing } from "./worker-imports.ts";

/** A declared interface in the worker that binds it, with the objects that the other thread holds. */
export interface ServerObjects {
  /** Releases all objects, when their instance has ended. */
  clear(): void;
  /**
   * Uses a member. Errors: `object-unusable`, `not-cloneable`, and those of the call.
   *
   * @param task - The task.
   * @param api - The bound interface.
   */
  use(task: MemberTask, api: object): Promise<MemberAnswer>;
  /** Frees the objects that the other thread has garbage-collected. */
  drop(task: DropTask): void;
  /** The conversion of values for the other thread, and from it, of functions that are called there. */
  readonly crossing: WorkerCrossing;
}

interface Held {
  readonly object: object;
  /** How many times its number was sent: a number on its way keeps the object alive. */
  sent: number;
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Makes the objects of a worker.
 *
 * @param declared - The declaration, as it was posted.
 * @param functions - Makes the functions of the caller's thread; absent if the interface has none.
 */
export function createServerObjects(declared: InterfaceMembers, functions: WorkerFunctions | undefined): ServerObjects {
  // Posted objects get this thread's `Object.prototype`.
  const members = nodesOf(ownTree(declared));
  const classNames = Object.keys(members).filter((name) => isClassNode(members[name]));
  /** The classes that a class extends. */
  const above = (name: string): readonly string[] => {
    const parent = (members[name] as ClassNode).extends;
    return parent === undefined ? [] : [parent, ...above(parent)];
  };
  // The more classes one extends, the better it says what an object is.
  classNames.sort((a, b) => above(b).length - above(a).length);
  const held = new Map<number, Held>();
  let ids = new WeakMap<object, number>();
  let lastId = 0;
  /** The bound interface; absent until the first call. */
  let bound: object | undefined;

  const find = ({ class: name, id }: Reference): object => {
    const found = held.get(id);
    // The other thread refuses freed objects itself, so this one can only have ended with its instance.
    if (!found) throw objectGone(name, "ended");
    return found.object;
  };

  const refer = (name: string, object: object, referred: number[]): Reference => {
    const id = ids.get(object) ?? ++lastId;
    ids.set(object, id);
    const known = held.get(id);
    if (known) known.sent++;
    else held.set(id, { object, sent: 1 });
    referred.push(id);
    return { class: name, id };
  };

  const classOf = (value: unknown): string | undefined =>
    classNames.find((name) => {
      const Class: unknown = bound && Reflect.get(bound, name);
      return typeof Class === "function" && value instanceof Class;
    });

  const release = (id: number, times: number): Held | undefined => {
    const known = held.get(id);
    if (!known || (known.sent -= times) > 0) return undefined;
    held.delete(id);
    return known;
  };

  const lower = (type: TypeNode, value: unknown): unknown => {
    const lowered = convertDeclared(type, value, (special: ConvertedNode, one) => {
      if (special.type === "js") return unpackValue(one, find);
      return special.type === "closure" ? createClosure(special, one) : find(one as Reference);
    });
    return isPromise(type) && value !== undefined ? Promise.resolve(lowered) : lowered;
  };

  /** Makes the function for one of the caller's thread. Any other value stays as it is, to be refused. */
  const createClosure = ({ params, result }: NodeOf<"closure">, value: unknown): unknown =>
    isPosted(value)
      ? functions?.create(value.posted, {
          give: (arg, at) => raise(params[at] ?? { type: "void" }, arg, []),
          receive: (given) => lower(result, given),
        })
      : value;

  /** Converts a value for the other thread, and collects the objects that it refers to. */
  const raise = (type: TypeNode, value: unknown, referred: number[]): unknown =>
    convertDeclared(type, value, (special, one) => {
      if (special.type === "closure") throw new TypeError("a function of the module");
      if (special.type !== "js") return refer(special.class, one as object, referred);
      return packValue(one, (object) => {
        const of = classOf(object);
        return of === undefined ? undefined : refer(of, object as object, referred);
      });
    });

  const lift = (name: string, signature: Signature, returned: unknown): unknown => {
    const referred: number[] = [];
    try {
      return convertResults(signature, returned, (type, value) =>
        mayContain(type, ["js", "closure"])
          ? cloned(name, value, (one) => raise(type, one, referred))
          : raise(type, value, referred),
      );
    } catch (error) {
      // The other thread never learns of them.
      for (const id of referred) release(id, 1);
      throw error;
    }
  };

  return {
    clear() {
      held.clear();
      ids = new WeakMap();
    },
    crossing: { give: (type, value) => raise(type, value, []), receive: lower },
    async use(task, api) {
      bound = api;
      const { name, verb, class: className, member, on } = task;
      if (verb === "free") {
        const known = on === undefined ? undefined : held.get(on);
        if (known) free(known.object);
        held.delete(on as number);
        return { result: undefined, written: [] };
      }
      const used = className === undefined ? members[member] : (members[className] as ClassNode).members[member];
      const self = on === undefined ? undefined : find({ class: className ?? "", id: on });
      const target = self ?? (className === undefined ? api : (Reflect.get(api, className) as object | undefined));
      const isMade = verb === "construct" && member === "new" && !(used as ConstructorOptions).static;
      // An optional member may be missing. An optional property then reads as undefined.
      if (!target || (verb !== "read" && !isMade && !hasMember(target, member))) throw memberMissing(name);
      const signature = signatureOf(used as Declared, verb, className);
      const { params, results } = signature;
      const args = task.args.map((arg, at) => lower(argumentType(signature, at), arg));

      let returned: unknown;
      if (verb === "read") returned = Reflect.get(target, member);
      else if (verb === "write") Reflect.set(target, member, args[0]);
      else if (isMade) returned = new (target as new (...args: unknown[]) => object)(...args);
      else returned = (Reflect.get(target, member) as AnyFunction).apply(target, args);

      const [result] = isAwaited(results[0] as TypeNode) ? await settle(name, "result", returned) : [returned];
      return {
        result: lift(name, signature, result),
        written: params.flatMap((type, at) => (isWrittenTo(type) && args[at] ? [[at, args[at]] as const] : [])),
      };
    },
    drop({ args }) {
      for (const [id, received] of args) {
        const known = release(id, received);
        try {
          if (known) free(known.object);
        } catch {
          // No caller waits for it. The next call sees a trap.
        }
      }
    },
  };
}

/** Calls the library's own method, even if a class declares a `free` or `dispose` itself. */
function free(object: object): void {
  const release = Reflect.get(object, disposeKey) as () => void;
  release.call(object);
}
