import { define, ownValue } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { invalidArgument, invalidParameter } from "../errors/invalid.ts";
import {
  type ClassMemberNode,
  type ClassNode,
  type InterfaceNodes,
  isClassNode,
  isEnumerationNode,
  type NodeOf,
  type TypeNode,
} from "../bind/types/node.ts";
import { namedValues } from "../bind/types/named-values.ts";
import { convertDeclared, isPromise, mayContain, needsFunction, type ConvertedNode } from "../bind/types/transfer.ts";
import { explained } from "../errors/explain.ts";
import { copyBack, packValue, type PostedArgument, type Reference, unpackValue } from "./conversion.ts";
import type { PostedFunction } from "./function-messages.ts";
import type { Functions, LocalFunction } from "./functions.ts";
import { type Core, createObjects, type Kind, RemoteBase, type Terms } from "./objects.ts";
import { notCloneable, settle } from "./packed.ts";
import type { CallTerms, Pin, Queue } from "./queue.ts";
import type { Incarnation } from "./slot.ts";
import { argumentType, convertResults, type Declared, type Signature, signatureOf } from "./signature.ts";
import type { MemberAnswer, Verb } from "./tasks.ts";
import { objectGone } from "./unusable.ts";
import { messageOf } from "../errors/caught.ts";

/** A declared interface whose calls run in workers. */
export interface RemoteApi {
  /**
   * Makes its functions and classes.
   *
   * @param terms - The options for their calls, if they differ from the default.
   */
  under(terms: Terms | undefined): object;
  /** The same object, with other options for its calls. Errors: `invalid-argument`. */
  of(object: unknown, terms: Terms): object;
}

/** A member, and the way it is used. */
interface Use extends Signature {
  readonly verb: Verb;
  readonly class: string | undefined;
  readonly member: string;
  /** The name in messages. */
  readonly name: string;
}

type Method = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/**
 * Makes the functions and classes that an interface declares, called in workers.
 *
 * @param members - The declared members.
 * @param queue - The queue that receives the calls.
 * @param readTerms - Reads the argument of `with`.
 * @param functions - Receives the functions that are given to calls; absent if the interface has no closures.
 */
export function createRemoteApi(
  members: InterfaceNodes,
  queue: Queue,
  readTerms: (options: unknown) => CallTerms,
  functions: Functions | undefined,
): RemoteApi {
  const kinds = new Map<string, Kind>();
  const objects = createObjects(kinds, (incarnation, args) => {
    // A worker that has ended has none of these objects any more.
    const pin = { incarnation, class: "" };
    queue.add({ kind: "drop", name: "free", args }, readTerms({ timeout: Infinity }), pin).catch(() => undefined);
  });

  const invoke = async (
    use: Use,
    given: readonly unknown[],
    terms: Terms | undefined,
    self?: Core,
  ): Promise<unknown> => {
    const { name, verb, class: className, member, params, names, more, results } = use;
    if (results.some(needsFunction)) throw notCloneable(name, "result", "a function");
    const call = readTerms(terms?.options);
    let pin = self && objects.use(self);
    const meet = (core: Core): Reference => {
      pin ??= core;
      return referIn(pin, core);
    };
    const posted: number[] = [];
    // Extra arguments have no use there, and may not be cloneable.
    const passed = more ? given : given.slice(0, params.length);
    const isPromised = params.some(isPromise) || (more !== undefined && isPromise(more));
    const args = lower(use, isPromised ? await settled(use, passed) : passed, (type, value, at) => {
      const core = RemoteBase.of(value)?.core;
      if (type.type === "js") return packJs(value, meet);
      const count = Math.max(params.length, passed.length);
      const refuse = (expected: string): never => {
        const received = core ? `an object of the class ${core.class}` : describe(value);
        throw invalidParameter(name, at, count, expected, received, undefined, names[at]);
      };
      if (type.type === "closure") {
        if (typeof value !== "function") return refuse("a function");
        const given = postClosure(type, value as LocalFunction["call"], name, names[at] ?? `parameter ${at + 1}`);
        posted.push(given.id);
        return { posted: given } satisfies PostedArgument;
      }
      if (core && isOf(core.class, type.class, type.type === "owned")) return meet(core);
      return refuse(`an object of the class ${type.class}`);
    });
    const task = { kind: "member", name, verb, class: className, member, on: self?.id, args } as const;
    let isSent = false;
    const sent = (to: Incarnation): void => {
      isSent = true;
      functions?.sent(posted, to);
    };
    const { value, incarnation } = await queue
      .add(task, call, pin, posted.length > 0 ? sent : undefined)
      .finally(() => {
        // After that the worker tells when it has garbage-collected them.
        if (!isSent) functions?.remove(posted);
      });
    const answer = value as MemberAnswer;
    for (const [at, array] of answer.written) copyBack(given[at], array);
    return receive(use, answer.result, incarnation);
  };

  const receive = (signature: Signature, returned: unknown, incarnation: Incarnation): unknown =>
    convertResults(signature, returned, (type, value) => receiveOne(type, value, incarnation));

  const receiveOne = (type: TypeNode, value: unknown, incarnation: Incarnation): unknown => {
    const find = (reference: Reference): object => objects.adopt(incarnation, reference);
    return convertDeclared(type, value, (special, one) =>
      special.type === "js" ? unpackValue(one, find) : find(one as Reference),
    );
  };

  /** Returns the reference to an object for the worker of another. Errors: `object-unusable`. */
  const referIn = (pin: Pin, core: Core): Reference => {
    if (objects.use(core).incarnation !== pin.incarnation) {
      const ended = [pin, core].find(({ incarnation }) => incarnation.slot.incarnation !== incarnation);
      throw objectGone((ended ?? core).class, ended ? "ended" : "foreign");
    }
    return { class: core.class, id: core.id };
  };

  const packJs = (value: unknown, refer: (core: Core) => Reference): unknown =>
    packValue(value, (one) => {
      const found = RemoteBase.of(one)?.core;
      return found && refer(found);
    });

  const postClosure = (
    { params, result }: NodeOf<"closure">,
    call: LocalFunction["call"],
    name: string,
    argument: string,
  ): PostedFunction => {
    if (params.some((type) => mayContain(type, ["closure"])) || mayContain(result, ["closure"]) || !functions)
      throw notCloneable(name, "arguments", "a function that takes or returns functions");
    const signature = { params, names: [], more: undefined, results: [result], isList: false };
    const reply = result.type === "void" ? "none" : isPromise(result) ? "promise" : "wait";
    return functions.add({ name: `${argument} of ${name}`, call, signature }, reply);
  };

  functions?.use({
    receive: (type, value, incarnation) => {
      if (incarnation) return receiveOne(type, value, incarnation);
      return convertDeclared(type, value, (special, one) => {
        if (special.type === "js") return unpackValue(one, () => undefined);
        throw notReady();
      });
    },
    give: (type, value, incarnation) =>
      convertDeclared(type, value, (special, one) => {
        if (special.type === "closure" || !incarnation) return one;
        const refer = (core: Core): Reference => referIn({ incarnation, class: core.class }, core);
        if (special.type === "js") return packJs(one, refer);
        const core = RemoteBase.of(one)?.core;
        if (core && isOf(core.class, special.class, special.type === "owned")) return refer(core);
        throw invalidArgument("t.host", "result", `an object of the class ${special.class}`, one);
      }),
  });

  const useOf = (declared: Declared, verb: Verb, className: string | undefined, member: string): Use => ({
    verb,
    class: className,
    member,
    name: className === undefined ? member : `${className}.${member}`,
    ...signatureOf(declared, verb, className),
  });

  const onObject = (of: string, choose: (args: readonly unknown[]) => Use): Method => {
    const call = explained(async (self: unknown, args: readonly unknown[]) => {
      const made = RemoteBase.of(self);
      if (!made || !isOf(made.core.class, of, false))
        throw invalidArgument(choose(args).name, "this", `an object of the class ${of}`, self);
      return invoke(choose(args), args, made.terms, made.core);
    });
    return function (...args) {
      return call(this, args);
    };
  };

  /** Whether a class is another, or extends it. An object that is given away must be of exactly that class. */
  const isOf = (name: string | undefined, wanted: string, isExact: boolean): boolean => {
    if (name === wanted || name === undefined) return name === wanted;
    const declared = ownValue(members, name);
    return !isExact && isClassNode(declared) && isOf(ownValue(declared, "extends"), wanted, false);
  };

  const makeKind = (name: string, extended: string | undefined): Kind => {
    const known = kinds.get(name);
    if (known) return known;
    const parent = extended === undefined ? undefined : ownValue(members, extended);
    // The worker has refused a class that extends itself or none.
    const Base =
      extended !== undefined && isClassNode(parent) ? makeKind(extended, ownValue(parent, "extends")) : RemoteBase;
    const Kind = { [name]: class extends (Base as typeof RemoteBase) {} }[name] as Kind;
    kinds.set(name, Kind);
    return Kind;
  };

  for (const [name, member] of Object.entries(members)) {
    if (!isClassNode(member)) continue;
    const Kind = makeKind(name, ownValue(member, "extends"));
    const add = (key: PropertyKey, value: Method): void => {
      define(Kind.prototype, key, { value, configurable: true, writable: true });
    };
    const freeUse = useOf(member, "free", name, "free");
    const free = explained(async (self: unknown) => {
      const made = RemoteBase.of(self);
      if (made?.core.class !== name)
        throw invalidArgument(freeUse.name, "this", `an object of the class ${name}`, self);
      const { core } = made;
      if (core.isFreed || core.incarnation.slot.incarnation !== core.incarnation) return;
      const answer = invoke(freeUse, [], made.terms, core);
      core.isFreed = true;
      await answer;
    });
    // Without the symbol, the key is a harmless second "dispose".
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
    for (const key of ["free", "dispose", Symbol.asyncDispose ?? "dispose"]) {
      add(key, function () {
        return free(this);
      });
    }
    for (const [key, declared] of Object.entries(member.members)) {
      // A promise could not resolve to an object with a method `then`.
      if (key === "then" || isOfClass(declared)) continue;
      if (declared.member === "method") {
        const use = useOf(declared, "method", name, key);
        add(
          key,
          onObject(name, () => use),
        );
        continue;
      }
      const read = useOf(declared, "read", name, key);
      const write = useOf(declared, "write", name, key);
      add(
        key,
        onObject(name, (args) => (isWrittenBy(declared, args) ? write : read)),
      );
    }
  }

  const createClass = (name: string, declared: ClassNode, terms: Terms | undefined): object => {
    const made = Object.create(null) as { [name: PropertyKey]: unknown };
    for (const [key, member] of Object.entries(declared.members)) {
      if (!isOfClass(member)) continue;
      if (member.member === "static" || member.member === "constructor") {
        const use = useOf(member, member.member === "static" ? "call" : "construct", name, key);
        made[key] = explained((...args: unknown[]) => invoke(use, args, terms));
        continue;
      }
      const [read, write] = [useOf(member, "read", name, key), useOf(member, "write", name, key)];
      made[key] = explained((...args: unknown[]) => invoke(isWrittenBy(member, args) ? write : read, args, terms));
    }
    made[Symbol.hasInstance] = (value: unknown) => value instanceof (kinds.get(name) as Kind);
    return Object.freeze(made);
  };

  return {
    under(terms) {
      const api = Object.create(null) as { [name: string]: unknown };
      for (const [name, member] of Object.entries(members)) {
        if (isEnumerationNode(member)) {
          api[name] = Object.freeze(
            Object.assign(Object.create(null) as object, Object.fromEntries(namedValues(member))),
          );
          continue;
        }
        if (isClassNode(member)) {
          api[name] = createClass(name, member, terms);
          continue;
        }
        const use = useOf(member, "call", undefined, name);
        api[name] = explained((...args: unknown[]) => invoke(use, args, terms));
      }
      return Object.freeze(api);
    },
    of(object, terms) {
      const made = RemoteBase.of(object);
      if (made?.core.objects !== objects) {
        throw invalidArgument("of", "object", "an object in a worker of this offload", object);
      }
      return objects.under(made, made.original ?? (object as RemoteBase), terms);
    },
  };
}

/** Whether a member belongs to the class instead of its objects. */
function isOfClass(member: ClassMemberNode): boolean {
  if (member.member === "static" || member.member === "constructor") return true;
  const stated = member.member === "property" ? member.get : member.member === "field" ? member.options : member;
  return (ownValue(stated, "static") as boolean | undefined) ?? false;
}

/** Whether a property is written by a call with these arguments. */
function isWrittenBy(member: ClassMemberNode, args: readonly unknown[]): boolean {
  if (member.member === "setter") return true;
  return args.length > 0 && (member.member === "property" || (member.member === "field" && !member.options.readonly));
}

/** Makes the error of a start function that passes an object to a function of this thread. */
function notReady(): UnglueError<"not-ready"> {
  const what = "the objects of the worker";
  return new UnglueError(
    "not-ready",
    `Cannot use ${what}: its start function has not ended. Pass objects to functions of this thread after it.`,
    { what },
  );
}

/** Converts arguments so that they can be posted. They may be anything: one that throws when it is read is `not-cloneable`. */
function lower(
  use: Use,
  args: readonly unknown[],
  convert: (type: ConvertedNode, value: unknown, at: number) => unknown,
): readonly unknown[] {
  try {
    return args.map((arg, at) =>
      convertDeclared(argumentType(use, at), arg, (type, value) => convert(type, value, at)),
    );
  } catch (cause) {
    throw UnglueError.is(cause) ? cause : notCloneable(use.name, "arguments", messageOf(cause), cause);
  }
}

/** Awaits arguments that are declared as promises, which cannot be posted. Other arguments stay as they are. */
async function settled(use: Use, args: readonly unknown[]): Promise<readonly unknown[]> {
  const values = args.map((arg, at) =>
    isPromise(argumentType(use, at)) ? settle(use.name, "arguments", arg) : Promise.resolve([arg] as const),
  );
  return (await Promise.all(values)).map(([value]) => value);
}
