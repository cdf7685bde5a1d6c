import { isCount } from "./base/count.ts";
import { Failure } from "./errors/failure.ts";
import { hasMember, memberOf, ownMembers, ownValue, isReadable } from "./base/own.ts";
import type { InspectOptions, LoadOptions, PoolOptions, TakeOptions } from "./public/index.ts";

type AllOptions = LoadOptions & InspectOptions & PoolOptions & TakeOptions;
type OptionName = keyof AllOptions;
type PoolOptionName = Exclude<keyof PoolOptions | keyof TakeOptions, keyof LoadOptions>;
type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && isReadable(value) && !Array.isArray(value);
const isFunction: Check = (value) => typeof value === "function";
const isBoolean: Check = (value) => typeof value === "boolean";
const isString: Check = (value) => typeof value === "string";
const isPolicy: Check = (value) => isFunction(value) || ["trap", "error", "zero", "warn"].includes(value as string);
const isAdapter: Check = (value) =>
  isObject(value) &&
  ["detect", "provide", "attach"].every((name) => isFunction(memberOf(value, name))) &&
  ["calling", "advise"].every((name) => ["undefined", "function"].includes(typeof memberOf(value, name)));
const isWithin =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** The options that are objects of named members, with what each member must be. */
const members = {
  retry: { attempts: isWithin(1, 100), delay: isWithin(0, 60_000) },
  limits: { memoryPages: isCount, tableElements: isCount, handles: isCount, bytes: isCount },
  allocator: { alloc: isString, free: isString },
} as const satisfies { readonly [option: string]: { readonly [member: string]: Check } };

/** Whether a value is an object that has none but these members, each absent or as it must be. */
function isRecord(value: unknown, members: { readonly [name: string]: Check }): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([name, member]) => member === undefined || (Object.hasOwn(members, name) && members[name]?.(member)),
    )
  );
}

/** It may have been stored, and come back as anything. What is inside its members is compared with the module. */
function isInterface(members: unknown): boolean {
  return (
    isObject(members) &&
    Object.values(members).every(
      (one: unknown) => isObject(one) && ["function", "class"].includes(ownValue(one, "member") as string),
    )
  );
}

/** What each option must be; the words for it are in `explain/options.ts`, and a pool has both for its own. */
const checks: { readonly [Name in Exclude<OptionName, PoolOptionName>]: Check } & {
  readonly [Name in PoolOptionName]?: never;
} = {
  signal: (value) =>
    isObject(value) &&
    hasMember(value, "aborted") &&
    ["addEventListener", "removeEventListener"].every((name) => isFunction(memberOf(value, name))),
  integrity: isString,
  onProgress: isFunction,
  fetch: isFunction,
  shape: (value) => isObject(value) && Object.hasOwn(value, "imports") && Object.hasOwn(value, "exports"),
  adapters: (value) => Array.isArray(value) && value.every(isAdapter),
  api: (value) => isObject(value) && Object.hasOwn(value, "members") && isInterface(Reflect.get(value, "members")),
  imports: (value) => isObject(value) || isFunction(value),
  missing: (value) => isPolicy(value) || (isObject(value) && Object.values(value).every(isPolicy)),
  create: isBoolean,
  onTrap: (value) => value === "poison" || value === "restart" || value === "throw",
  onRestart: isFunction,
  initialize: (value) => isBoolean(value) || isFunction(value),
  trace: isFunction,
  retry: (value) => isRecord(value, members.retry),
  limits: (value) => isRecord(value, members.limits),
  trampolines: isObject,
  allocator: (value) =>
    value === "grow" || (isRecord(value, members.allocator) && Object.hasOwn(value as object, "alloc")),
  ledger: (value) => isObject(value) && isFunction(memberOf(value, "follow")),
  warn: isFunction,
  names: isBoolean,
};

/** The options that compile at once. */
export const compileSyncOptions = ["shape", "adapters", "limits"] as const;
/** The options that download and compile. */
export const sourceOptions = ["signal", "integrity", "onProgress", "fetch", "retry", ...compileSyncOptions] as const;
/** The options that instantiate. */
export const instantiateOptions = [
  "api",
  "imports",
  "missing",
  "create",
  "onTrap",
  "onRestart",
  "initialize",
  "trace",
  "limits",
  "trampolines",
  "allocator",
  "ledger",
  "warn",
] as const;
/** The options of `inspect`. */
export const inspectOptions = ["names"] as const;

/** An array of any length costs its maker nothing. */
const mostItems = 100;

/** What an array has at its places, read once; anything else as it is. */
function itemsOf(value: unknown): unknown {
  if (!isReadable(value) || !Array.isArray(value)) return value;
  const { length } = value;
  return isWithin(0, mostItems)(length) ? Array.from({ length }, (_, at): unknown => value[at]) : undefined;
}

/** The value of an option, as it is checked and kept. */
function readValue(option: string, value: unknown): unknown {
  if (option === "adapters") return itemsOf(value);
  return records.includes(option) && isObject(value) ? ownMembers(value) : value;
}

/** The options that are records: they are copied, since their members must be their own, too. */
const records: readonly string[] = ["missing", "limits", "allocator", "trampolines"];

/**
 * Reads a call's options: each one once, checked, into an object of the library's own. Inherited ones do not count: what
 * another library adds to `Object.prototype` must neither be taken for an option nor for a mistake.
 * Fails with `unknown-option`, `invalid-option`.
 *
 * @param call - The call's name, for messages.
 * @param given - What the caller passed.
 * @param allowed - The options that the call takes.
 * @returns The options that are set.
 */
export function readOptions<Name extends OptionName>(
  call: string,
  given: unknown = {},
  allowed: readonly Name[],
): Pick<AllOptions, Name> {
  try {
    return readEach(call, given, allowed);
  } catch (cause) {
    if (Failure.is(cause)) throw cause;
    // A getter or a proxy, which throws what it likes.
    throw new Failure("invalid-option", { call, option: "options", value: given }, cause);
  }
}

function readEach<Name extends OptionName>(
  call: string,
  given: unknown,
  allowed: readonly Name[],
): Pick<AllOptions, Name> {
  if (!isObject(given)) throw new Failure("invalid-option", { call, option: "options", value: given });
  const options = Object.create(null) as { [name: string]: unknown };
  for (const option of Object.getOwnPropertyNames(given)) {
    const stated: unknown = Reflect.get(given, option);
    if (stated === undefined) continue;
    if (!allowed.includes(option as Name)) throw new Failure("unknown-option", { call, option, allowed });
    const value = readValue(option, stated);
    refuseUnknownMembers(call, option, value);
    const check = ownValue(checks as object, option) as Check | undefined;
    if (check?.(value) === false) {
      const maker: unknown = option === "adapters" && Array.isArray(value) ? value.find(isFunction) : undefined;
      const expected = maker === undefined ? undefined : adaptersMade(maker as object);
      throw new Failure("invalid-option", { call, option, value: stated, ...(expected !== undefined && { expected }) });
    }
    options[option] = value;
  }
  return options as never;
}

/** Describes the option `adapters` for a user who gave the function that makes one. */
function adaptersMade(maker: object): string {
  const name: unknown = ownValue(maker as { readonly name?: unknown }, "name");
  const call = typeof name === "string" && /^\w{1,60}$/.test(name) ? `: ${name}()` : "";
  return `an array of adapters, and a function in it is none (call it${call})`;
}

function refuseUnknownMembers(call: string, option: string, value: unknown): void {
  const known = ownValue(members as object, option);
  if (!known || !isObject(value)) return;
  const allowed = Object.keys(known);
  const unknown = Object.entries(value).find(([name, member]) => member !== undefined && !allowed.includes(name));
  if (!unknown) return;
  const full = (name: string) => `${option}.${name}`;
  throw new Failure("unknown-option", { call, option: full(unknown[0]), allowed: allowed.map(full) });
}
