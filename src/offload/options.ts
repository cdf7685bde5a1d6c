import { copyGiven, readGiven } from "../errors/given.ts";
import { invalidOption, requireKnownOptions } from "../errors/invalid.ts";
import { readOptions } from "../options.ts";
import { hasMembers } from "../base/own.ts";
import type { Api, AbortSignalLike, InterfaceMembers, SourceOptions } from "../public/index.ts";
import type { CallTerms } from "./queue.ts";
import type { OffloadInstanceOptions, OffloadOptions, ScriptURLLike, WorkerLike } from "./types.ts";

/** The options of `offload`, by the part that uses them. */
export interface ReadOptions {
  readonly workers: number;
  readonly timeout: number;
  /** The address of the worker's script, or a function that makes the worker. */
  readonly worker: string | ScriptURLLike | (() => WorkerLike) | undefined;
  /** The address of a module. */
  readonly imports: string | undefined;
  /** The imports that stay on this thread. */
  readonly hosts: object | undefined;
  /** The declared interface, and the one that was given. */
  readonly api: Api<InterfaceMembers> | undefined;
  readonly givenApi: unknown;
  readonly source: SourceOptions;
  readonly instance: OffloadInstanceOptions & Pick<OffloadOptions, "missing">;
}

const forSource = [
  "signal",
  "integrity",
  "onProgress",
  "fetch",
  "retry",
  "format",
  "fingerprint",
  "shape",
  "builtins",
  "importedStringConstants",
  "limits",
] as const;
const forInstance = [
  "known",
  "missing",
  "create",
  "onTrap",
  "onHostThrow",
  "toolchain",
  "limits",
  "trampolines",
  "allocator",
] as const;
const forHere = ["api"] as const;
const own = ["workers", "timeout", "imports", "worker"] as const;
const forCall = ["transfer", "timeout", "signal"] as const;

/** The maximum number of workers: each is an operating system thread. */
const most = 1000;

/** The longest delay that timers support; a longer one would fire immediately. */
const longest = 2 ** 31 - 1;

/**
 * Reads and checks the options of `offload`, each once. Fails with `unknown-option`, `invalid-option`.
 *
 * @param given - The caller's options.
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
  const api = readApi(pick(options, forHere));
  return {
    workers: (workers as number | undefined) ?? 1,
    timeout: readTimeout("offload", timeout) ?? Infinity,
    worker: worker === undefined ? undefined : scriptOf(worker),
    ...readImports(imports),
    api,
    givenApi: options["api"],
    source: readOptions("offload", pick(options, forSource), forSource),
    instance,
  };
}

/** Tells an address from an object of imports; a list may have one of each. */
function readImports(given: unknown): Pick<ReadOptions, "imports" | "hosts"> {
  const found: { imports: string | undefined; hosts: object | undefined } = { imports: undefined, hosts: undefined };
  const expected =
    'the whole address of a module, new URL("./file.js", import.meta.url), an object of imports, which stay on this thread, or ' +
    "a list of both; a function of the instance can only be the default export of that module";
  for (const one of itemsOf(given)) {
    const address = wholeAddress(one);
    const isObject = hasMembers(one) && typeof read(one, "href") !== "string";
    if (address !== undefined && found.imports === undefined) found.imports = address;
    else if (isObject && !Array.isArray(one) && found.hosts === undefined) found.hosts = one;
    else throw invalidOption("offload", "imports", expected, given);
  }
  return found;
}

function itemsOf(given: unknown): readonly unknown[] {
  if (given === undefined) return [];
  try {
    if (Array.isArray(given)) return Object.values(given);
  } catch {
    // It cannot be read, and is refused as it is.
  }
  return [given];
}

/** Copies the declaration, so that this thread and the workers see the same, without inherited members. */
function readApi(given: Given): Api<InterfaceMembers> | undefined {
  const { api } = readOptions("offload", given, forHere);
  return copyGiven("offload", "api", api);
}

/**
 * Reads the options of a call. Fails as `readOffloadOptions` does.
 *
 * @param given - The caller's options.
 * @param timeout - The timeout for calls that have none of their own.
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

function readObject(call: string, given: unknown, allowed: readonly string[]): Given {
  const options = readGiven(call, given);
  requireKnownOptions(call, Object.keys(options), allowed);
  return options;
}

/** A copy: a call may wait for a worker, and the list must not change meanwhile. */
function readTransfer(given: unknown = []): readonly object[] {
  try {
    if (Array.isArray(given)) {
      const transfer = Object.values(given) as unknown[];
      const isObject = (item: unknown): item is object => typeof item === "object" && item !== null;
      if (transfer.every(isObject)) return transfer;
    }
  } catch {
    // Reading it throws.
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

/** A script address made by a policy of the page stays as it is: the page may allow nothing else. */
function scriptOf(worker: unknown): ReadOptions["worker"] {
  if (typeof worker === "function") return worker as () => WorkerLike;
  const { trustedTypes } = globalThis as { readonly trustedTypes?: { isScriptURL(value: unknown): boolean } };
  return trustedTypes?.isScriptURL(worker) ? (worker as ScriptURLLike) : addressOf("worker", worker);
}

/** Resolves an address, since a worker has another base URL than the caller. */
function addressOf(option: string, value: unknown): string {
  const address = wholeAddress(value);
  if (address !== undefined) return address;
  const expected = 'a whole address: new URL("./file.js", import.meta.url)';
  throw invalidOption("offload", option, expected, value);
}

function wholeAddress(value: unknown): string | undefined {
  const address = typeof value === "string" ? value : read(value, "href");
  return typeof address === "string" && /^[a-z][a-z\d+.-]+:/i.test(address) ? address : undefined;
}

/** Reads a member of any value; `undefined` if reading throws. */
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
