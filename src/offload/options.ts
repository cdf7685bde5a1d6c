import { invalidOption, unknownOption } from "../errors/invalid.ts";
import { readOptions } from "../options.ts";
import { ownTree } from "../base/own.ts";
import type { AbortSignalLike, InterfaceMembers, SourceOptions } from "../public/index.ts";
import type { CallTerms } from "./queue.ts";
import type { OffloadInstanceOptions, OffloadOptions, ScriptURLLike, WorkerLike } from "./types.ts";

/** The options of `offload`, by who needs them. */
export interface ReadOptions {
  readonly workers: number;
  readonly timeout: number;
  /** The address of the worker's script, or a function that makes the worker. */
  readonly worker: string | ScriptURLLike | (() => WorkerLike) | undefined;
  readonly imports: string | undefined;
  /** What the interface declares. */
  readonly members: InterfaceMembers | undefined;
  readonly source: SourceOptions;
  readonly instance: OffloadInstanceOptions & Pick<OffloadOptions, "missing">;
}

const forSource = ["signal", "integrity", "onProgress", "fetch", "retry", "shape", "limits"] as const;
const forInstance = ["missing", "create", "onTrap", "limits", "trampolines", "allocator"] as const;
const forHere = ["api"] as const;
const own = ["workers", "timeout", "imports", "worker"] as const;
const forCall = ["transfer", "timeout", "signal"] as const;

/** The most workers: each is a thread of the system's. */
const most = 1000;

/** The longest time that timers keep; a longer one would be over at once. */
const longest = 2 ** 31 - 1;

/**
 * Reads the options of `offload`: each one once, checked. Fails with `unknown-option`, `invalid-option`.
 *
 * @param given - What the caller passed.
 */
export function readOffloadOptions(given: unknown): ReadOptions {
  const options = readObject("offload", given, [...new Set([...own, ...forHere, ...forSource, ...forInstance])]);
  const { workers, imports, worker, timeout } = options;
  if (workers !== undefined && !(Number.isInteger(workers) && (workers as number) > 0 && (workers as number) <= most)) {
    const expected = `a whole number from 1 to ${most}`;
    throw invalidOption("offload", "workers", expected, workers);
  }
  const instance = readOptions("offload", pick(options, forInstance), forInstance) as ReadOptions["instance"];
  const { missing } = instance;
  const policies: unknown[] = missing && typeof missing === "object" ? Object.values(missing) : [missing];
  if (policies.some((policy) => typeof policy === "function")) {
    const expected =
      'the name of a policy, "trap", "error", "zero" or "warn", since a function cannot be posted to a worker';
    throw invalidOption("offload", "missing", expected, missing);
  }
  const members = readMembers(pick(options, forHere));
  return {
    workers: (workers as number | undefined) ?? 1,
    timeout: readTimeout("offload", timeout) ?? Infinity,
    worker: worker === undefined ? undefined : scriptOf(worker),
    imports: imports === undefined ? undefined : addressOf("imports", imports),
    members,
    source: readOptions("offload", pick(options, forSource), forSource),
    instance,
  };
}

/** A copy of what is declared: this thread and the workers see the same, and no inherited member of it. */
function readMembers(given: Given): InterfaceMembers | undefined {
  const { api } = readOptions("offload", given, forHere);
  try {
    return ownTree(api?.members);
  } catch (cause) {
    // A getter, or a proxy that has become another since it was checked.
    throw invalidOption("offload", "api", "an interface, as t.api() returns it", api, cause);
  }
}

/**
 * Reads the options of a call. Fails as `readOffloadOptions`.
 *
 * @param given - What the caller passed.
 * @param timeout - The timeout where the call has none of its own.
 */
export function readCallOptions(given: unknown, timeout: number): CallTerms {
  if (given === undefined) return { transfer: [], timeout, signal: undefined };
  const options = readObject("call", given, forCall);
  const transfer = readTransfer(options["transfer"]);
  const { signal } = readOptions("call", pick(options, ["signal"]), ["signal"]) as { signal?: AbortSignalLike };
  return { transfer, timeout: readTimeout("call", options["timeout"]) ?? timeout, signal };
}

interface Given {
  readonly [option: string]: unknown;
}

function readObject(call: string, given: unknown = {}, allowed: readonly string[]): Given {
  const options = Object.create(null) as { [option: string]: unknown };
  for (const [option, value] of ownEntries(call, given)) {
    if (value === undefined) continue;
    if (!allowed.includes(option)) throw unknownOption(call, option, allowed);
    options[option] = value;
  }
  return options;
}

function ownEntries(call: string, given: unknown): [string, unknown][] {
  try {
    if (typeof given === "object" && given !== null && !Array.isArray(given)) {
      return Object.getOwnPropertyNames(given).map((option) => [option, Reflect.get(given, option)]);
    }
  } catch {
    // It throws when it is read.
  }
  throw invalidOption(call, "options", "an object", given);
}

/** A copy: a call may wait for a worker, and what it is made with does not change. */
function readTransfer(given: unknown = []): readonly object[] {
  try {
    if (Array.isArray(given)) {
      const transfer = Object.values(given) as unknown[];
      const isObject = (item: unknown): item is object => typeof item === "object" && item !== null;
      if (transfer.every(isObject)) return transfer;
    }
  } catch {
    // It throws when it is read.
  }
  const expected = "an array of what is moved, such as [bytes.buffer]";
  throw invalidOption("call", "transfer", expected, given);
}

function readTimeout(call: string, value: unknown): number | undefined {
  if (value === undefined || value === Infinity) return value;
  if (typeof value === "number" && value > 0 && value <= longest) return value;
  const expected = `a number of milliseconds above 0 and up to ${longest}, or Infinity`;
  throw invalidOption(call, "timeout", expected, value);
}

/** An address that a policy of the page has made stays what it is: the page may allow nothing else. */
function scriptOf(worker: unknown): ReadOptions["worker"] {
  if (typeof worker === "function") return worker as () => WorkerLike;
  const { trustedTypes } = globalThis as { readonly trustedTypes?: { isScriptURL(value: unknown): boolean } };
  return trustedTypes?.isScriptURL(worker) ? (worker as ScriptURLLike) : addressOf("worker", worker);
}

/** A worker has another base than the caller: it gets the whole address. */
function addressOf(option: string, value: unknown): string {
  const address = typeof value === "string" ? value : read(value, "href");
  if (typeof address === "string" && /^[a-z][a-z\d+.-]+:/i.test(address)) return address;
  const expected = 'a whole address: new URL("./file.js", import.meta.url)';
  throw invalidOption("offload", option, expected, value);
}

/** A member of anything; `undefined` where it cannot be read. */
function read(value: unknown, member: string): unknown {
  try {
    return (value as { readonly [member: string]: unknown } | null)?.[member];
  } catch {
    return undefined;
  }
}

function pick(options: Given, names: readonly string[]): Given {
  return Object.fromEntries(names.filter((name) => name in options).map((name) => [name, options[name]]));
}
