import { ownMembers, ownTree, ownValue } from "../base/own.ts";
import { importText } from "../errors/describe.ts";
import { invalidOption } from "../errors/invalid.ts";
import type { TypeNode } from "../bind/types/node.ts";
import { isPromise, isWrittenTo, mayContain } from "../bind/types/transfer.ts";
import { findGiven, hostOf, type Patterns } from "../imports/index.ts";
import type { ImportShape, Shape } from "../public/index.ts";
import type { PostedFunction, PostedImport, Reply } from "./function-messages.ts";
import type { Functions } from "./functions.ts";
import { type PackedError, unpack } from "./packed.ts";
import { hostSignature, type Signature } from "./signature.ts";

type PostedParts = Omit<PostedImport, "module" | "name">;

type AnyFunction = (...args: never[]) => unknown;

const expected =
  "the address of a module, or an object of objects with functions, numbers and what t.host returns, which stay on this thread";

/**
 * Prepares the imports that stay on this thread. Errors: `invalid-option`, `unavailable-here`.
 *
 * @param given - The option `imports`.
 * @param shape - The module.
 * @param api - The interface, as it was given.
 * @param functions - Receives the functions.
 */
export function postImports(given: object, shape: Shape, api: unknown, functions: Functions): readonly PostedImport[] {
  const posted: PostedImport[] = [];
  const patterns: Patterns = new Map();
  const groups = new Map<string, ImportShape[]>();
  for (const one of shape.imports) {
    const key = JSON.stringify([one.module, one.name]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  for (const wanted of groups.values()) {
    const [first] = wanted as [ImportShape];
    const { module, name } = first;
    const value = findGiven(given, first, patterns)?.found.value;
    if (value !== undefined) posted.push({ module, name, ...postOne(wanted, value, api, functions) });
  }
  return posted;
}

function postOne(wanted: readonly ImportShape[], value: unknown, api: unknown, functions: Functions): PostedParts {
  const name = importText(wanted[0] as ImportShape);
  if (typeof value === "number" || typeof value === "bigint") return { value };
  if (typeof value === "function") {
    // A module needs no answer of a function that returns nothing. One without types may expect a result.
    const isWaited = wanted.some((one) => one.kind !== "function" || one.type?.results.length !== 0);
    const local = { name, call: value as AnyFunction, signature: undefined };
    return { function: functions.add(local, isWaited ? "wait" : "none") };
  }
  const host = hostOf(value);
  if (!host) throw invalidOption("offload", `imports: ${name}`, expected, value);
  return postHost(name, host, api, functions);
}

function postHost(name: string, host: object, api: unknown, functions: Functions): PostedParts {
  const option = `imports: ${name}`;
  let given: HostParts;
  try {
    given = { ...ownTree(ownMembers(host)), api: ownValue(host, "api") } as HostParts;
  } catch (cause) {
    throw invalidOption("offload", option, expected, host, cause);
  }
  const { call, error, api: ownApi, ...declared } = given;
  const isOfApi = ownApi === undefined ? undefined : ownApi === api;
  if (typeof call !== "function")
    throw invalidOption("offload", option, "a host function, as t.host() returns it", host);
  const crossing = crossingOf(given);
  // The worker says what is wrong with it.
  if (!crossing) return { host: { declared, error: undefined, isOfApi } };
  const { signature, reply, stays } = crossing;
  if (stays) {
    const needed =
      "a host function that takes and returns no functions and takes no promises, which cannot be posted. Pass imports as the address of a module";
    throw invalidOption("offload", option, needed, host);
  }
  const own = error === undefined || typeof error === "function" ? {} : { error };
  return {
    function: functions.add({ name, call: call as AnyFunction, signature }, reply),
    host: {
      declared: { ...declared, ...own },
      isOfApi,
      error:
        typeof error === "function"
          ? addRecovery(name, error as AnyFunction, given.result as TypeNode, functions)
          : undefined,
    },
  };
}

/** Adds the function that makes a result from an error, which crosses packed. */
function addRecovery(name: string, recover: AnyFunction, result: TypeNode, functions: Functions): PostedFunction {
  const call = (packed: PackedError): unknown => (recover as (error: unknown) => unknown)(unpack(packed));
  return functions.add({ name, call, signature: hostSignature([], result) }, "wait");
}

/** A declared host function, whose types the worker checks. */
interface HostParts {
  readonly call: unknown;
  readonly params: unknown;
  readonly result: unknown;
  readonly error?: unknown;
  readonly catch?: unknown;
  readonly api: unknown;
}

/** How a host function crosses between threads. */
interface HostCrossing {
  readonly signature: Signature;
  readonly reply: Reply;
  /** Whether it takes or returns what stays in its worker. */
  readonly stays: boolean;
}

/** Returns how a host function crosses; `undefined` for a value that is no declaration of one. */
function crossingOf(given: HostParts): HostCrossing | undefined {
  try {
    const [params, result] = [given.params as readonly TypeNode[], given.result as TypeNode];
    const signature = hostSignature(params, result);
    const stays = params.some((type) => mayContain(type, ["closure", "promise"])) || mayContain(result, ["closure"]);
    const isNothing = signature.results.every(({ type }) => type === "void");
    // The module goes on if it gets nothing back.
    const needsNone = isNothing && !params.some(isWrittenTo) && given.catch !== true;
    return { signature, stays, reply: isPromise(result) ? "promise" : needsNone ? "none" : "wait" };
  } catch {
    return undefined;
  }
}
