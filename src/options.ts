import { isCount } from "./base/count.ts";
import { describe } from "./errors/describe.ts";
import { invalidOption, unknownOption } from "./errors/invalid.ts";
import { loadError } from "./errors/load-error.ts";
import type { UnglueError } from "./errors/unglue-error.ts";
import { hasMember, hasMembers, isReadable, isRecord, memberOf, ownMembers, ownValue } from "./base/own.ts";
import type { BuiltinOptions, InspectOptions, LoadOptions, PoolOptions, TakeOptions } from "./public/index.ts";

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
  ["detect", "provide"].every((name) => isFunction(memberOf(value, name))) &&
  ["attach", "calling", "advise"].every((name) => ["undefined", "function"].includes(typeof memberOf(value, name)));
const isWithin =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** The options that are objects with named members, with a description of each member's valid values. */
const members = {
  retry: { attempts: isWithin(1, 100), delay: isWithin(0, 60_000) },
  limits: { memoryPages: isCount, tableElements: isCount, handles: isCount, bytes: isCount },
  allocator: { alloc: isString, free: isString },
} as const satisfies { readonly [option: string]: { readonly [member: string]: Check } };

/** Whether a value is an object with only these members, each absent or valid. */
function isRecordOf(value: unknown, members: { readonly [name: string]: Check }): boolean {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([name, member]) => member === undefined || (Object.hasOwn(members, name) && members[name]?.(member)),
    )
  );
}

/** The value may come from storage and be anything. The contents of its members are compared with the module. */
function isInterface(members: unknown): boolean {
  return (
    isRecord(members) &&
    Object.values(members).every(
      (one: unknown) =>
        isObject(one) &&
        (["function", "class"].includes(ownValue(one, "member") as string) || ownValue(one, "type") === "enumeration"),
    )
  );
}

/** An option: a check of its value, and a description of valid values, to follow "must be". */
interface Option {
  readonly check: Check;
  readonly expected: string;
  /** The same of each member, if all have one meaning. */
  readonly member?: Option;
}

const aFunction: Option = { check: isFunction, expected: "a function" };
const aBoolean: Option = { check: isBoolean, expected: "true or false" };
const aPolicy: Option = { check: isPolicy, expected: '"trap", "error", "zero", "warn" or a function' };

/** All options that can be checked on their own. A pool checks its own. */
const table: { readonly [Name in Exclude<OptionName, PoolOptionName>]: Option } & {
  readonly [Name in PoolOptionName]?: never;
} = {
  signal: {
    check: (value) =>
      isObject(value) &&
      hasMember(value, "aborted") &&
      ["addEventListener", "removeEventListener"].every((name) => isFunction(memberOf(value, name))),
    expected: "an AbortSignal",
  },
  integrity: { check: isString, expected: 'a string such as "sha384-…"' },
  onProgress: aFunction,
  fetch: { check: isFunction, expected: "a function like the global fetch" },
  shape: {
    check: (value) => isObject(value) && Object.hasOwn(value, "imports") && Object.hasOwn(value, "exports"),
    expected: "a shape, as inspect() returns it",
  },
  format: { check: (value) => value === 1, expected: "1" },
  fingerprint: { check: isString, expected: "a text, as a declaration file has it" },
  known: {
    check: (value) => isObject(value) && isString(ownValue(value as { readonly toolchain?: unknown }, "toolchain")),
    expected: "an object with the name of a toolchain, as a declaration file has it",
  },
  builtins: {
    check: (value) => Array.isArray(value) && value.every((one) => one === "js-string"),
    expected: 'an array of sets of builtins, ["js-string"]',
  },
  importedStringConstants: {
    check: (value) => typeof value === "string" && !value.startsWith("wasm:"),
    expected: "the module name of the string constants, which does not begin with wasm:",
  },
  adapters: { check: (value) => Array.isArray(value) && value.every(isAdapter), expected: "an array of adapters" },
  api: {
    check: (value) =>
      isObject(value) &&
      isInterface(ownValue(value as { readonly members?: unknown }, "members")) &&
      ["undefined", "string"].includes(typeof ownValue(value as { readonly convention?: unknown }, "convention")),
    expected: "an interface, as t.api() returns it",
  },
  toolchain: { check: (value) => isString(value) && value !== "", expected: '"c", or the name of an adapter' },
  imports: {
    check: (value) => hasMembers(value) || isFunction(value),
    expected: "an object of modules, or a function that returns one",
  },
  importsByMeaning: {
    check: (value) => isRecord(value) && Object.values(value).every(isFunction),
    expected: "an object of functions by meaning",
    member: aFunction,
  },
  console: { check: hasMembers, expected: "an object with functions such as log and error" },
  missing: {
    check: (value) => isPolicy(value) || (isRecord(value) && Object.values(value).every(isPolicy)),
    expected: '"trap", "error", "zero", "warn", a function, or an object of these by pattern',
    member: aPolicy,
  },
  create: aBoolean,
  onTrap: {
    check: (value) => value === "poison" || value === "restart" || value === "throw",
    expected: '"poison", "restart" or "throw"',
  },
  onHostThrow: {
    check: (value) => value === "throw" || value === "poison" || value === "restart",
    expected: '"throw", "poison" or "restart"',
  },
  onBusy: { check: (value) => value === "queue" || value === "throw", expected: '"queue" or "throw"' },
  onRestart: aFunction,
  initialize: {
    check: (value) => isBoolean(value) || isFunction(value),
    expected: "true, false, or a function of the instance",
  },
  trace: aFunction,
  retry: {
    check: (value) => isRecordOf(value, members.retry),
    expected: "an object with attempts, a whole number from 1 to 100, and delay, milliseconds from 0 to 60000",
  },
  limits: {
    check: (value) => isRecordOf(value, members.limits),
    expected: "an object with memoryPages, tableElements, handles and bytes, whole numbers from 0",
  },
  trampolines: { check: isRecord, expected: "an object of compiled WebAssembly.Modules by signature" },
  allocator: {
    check: (value) =>
      value === "grow" || (isRecordOf(value, members.allocator) && Object.hasOwn(value as object, "alloc")),
    expected: 'an object with the export names alloc and (if there is one) free, or "grow"',
  },
  ledger: {
    check: (value) => isObject(value) && isFunction(memberOf(value, "follow")),
    expected: "a ledger, as createLedger() of unglue/ledger returns it",
  },
  warn: aFunction,
  names: aBoolean,
};

/** The options that describe a module, as a declaration file has them. */
export const describingOptions = [
  "format",
  "fingerprint",
  "known",
  "shape",
  "builtins",
  "importedStringConstants",
] as const;
/** The options for compiling synchronously. */
export const compileSyncOptions = [...describingOptions, "adapters", "toolchain", "limits"] as const;
/** The options for downloading and compiling. */
export const sourceOptions = ["signal", "integrity", "onProgress", "fetch", "retry", ...compileSyncOptions] as const;
/** The options for instantiating. */
export const instantiateOptions = [
  ...describingOptions,
  "api",
  "toolchain",
  "imports",
  "importsByMeaning",
  "console",
  "missing",
  "create",
  "onTrap",
  "onHostThrow",
  "onBusy",
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
export const inspectOptions = ["names", "builtins", "importedStringConstants"] as const;

/**
 * Whether the options of a call ask for builtins.
 *
 * @param options - The options that are set.
 */
export function needsBuiltins({ builtins, importedStringConstants }: BuiltinOptions): boolean {
  return builtins !== undefined || importedStringConstants !== undefined;
}

/**
 * Returns the options that ask for builtins, of all options of a call.
 *
 * @param options - The options that are set.
 */
export function builtinsOf({ builtins, importedStringConstants }: BuiltinOptions): BuiltinOptions {
  return {
    ...(builtins && { builtins }),
    ...(importedStringConstants !== undefined && { importedStringConstants }),
  };
}

/** A limit, because a sparse array of any length costs its maker nothing. */
const mostItems = 100;

/** Reads the elements of an array once; returns anything else unchanged. */
function itemsOf(value: unknown): unknown {
  if (!isReadable(value) || !Array.isArray(value)) return value;
  const { length } = value;
  return isWithin(0, mostItems)(length) ? Array.from({ length }, (_, at): unknown => value[at]) : undefined;
}

/** Returns the value of an option in the form that is checked and kept. */
function readValue(option: string, value: unknown): unknown {
  if (option === "adapters" || option === "builtins") return itemsOf(value);
  return records.includes(option) && isRecord(value) ? ownMembers(value) : value;
}

/** The options that are records. They are copied, because their members must be own properties, too. */
const records: readonly string[] = ["missing", "importsByMeaning", "limits", "allocator", "trampolines"];

/**
 * Reads a call's options, each once, checks them and returns them in a new object. Inherited options do not count, so that a
 * property that another library adds to `Object.prototype` is taken neither for an option nor for a mistake. Errors:
 * `unknown-option`, `invalid-option`.
 *
 * @param call - The call's name, for messages.
 * @param given - The options that the caller passed.
 * @param allowed - The options that the call takes.
 * @returns The options that are set.
 */
export function readOptions<Name extends OptionName>(
  call: string,
  given: unknown = {},
  allowed: readonly Name[],
): Pick<AllOptions, Name> {
  const options = Object.create(null) as { [name: string]: unknown };
  let refusal: UnglueError | undefined;
  try {
    refusal = readInto(options, call, given, allowed);
  } catch (cause) {
    // A getter or a proxy may throw anything.
    refusal = invalidOption(call, "options", "an object whose members can be read", given, cause);
  }
  if (refusal) throw refusal;
  return options as never;
}

/** Reads the options into an object, and returns the error of the first that cannot be used. */
function readInto(
  options: { [name: string]: unknown },
  call: string,
  given: unknown,
  allowed: readonly string[],
): UnglueError | undefined {
  if (!hasMembers(given)) return invalidOption(call, "options", "an object", given);
  const format = ownValue(given, "format");
  // Another format may write the other options in another way.
  if (format !== undefined && format !== 1 && allowed.includes("format"))
    return loadError("declaration-format", { format: describe(format) });
  for (const option of Object.getOwnPropertyNames(given)) {
    const stated: unknown = Reflect.get(given, option);
    if (stated === undefined) continue;
    if (!allowed.includes(option)) return unknownOption(call, option, allowed, "", meantBy(option, allowed));
    const value = readValue(option, stated);
    const refusal = unknownMember(call, option, value);
    if (refusal) return refusal;
    const known = ownValue(table as object, option) as Option | undefined;
    if (known && !known.check(value)) {
      const { member } = known;
      const wrong = member && isRecord(value) && Object.entries(value).find(([, one]) => !member.check(one));
      if (wrong) return invalidOption(call, `${option}[${describe(wrong[0])}]`, member.expected, wrong[1]);
      const maker: unknown = option === "adapters" && Array.isArray(value) ? value.find(isFunction) : undefined;
      const isBare = option === "api" && isObject(value) && isInterface(value);
      const expected =
        maker !== undefined
          ? adaptersMade(maker as object)
          : isBare
            ? `${known.expected} (wrap it: t.api({ … }))`
            : option === "api" && isObject(value) && Object.hasOwn(value, "format")
              ? `${known.expected} (a declaration file is spread: load(source, { ...file }))`
              : known.expected;
      return invalidOption(call, option, expected, stated);
    }
    options[option] = value;
  }
  return undefined;
}

/** Returns what was meant, if an interface or a module's namespace stands in place of the options. */
function meantBy(option: string, allowed: readonly string[]): string | undefined {
  if (option === "default") return "the namespace's default export";
  return option === "members" && allowed.includes("api") ? "{ api: t.api({ … }) }" : undefined;
}

/** Describes the option `adapters` for a user who gave the function that makes one. */
function adaptersMade(maker: object): string {
  const name: unknown = ownValue(maker as { readonly name?: unknown }, "name");
  const call =
    typeof name === "string" && /^\w{1,60}$/.test(name) ? `: ${name}()` : ", or give it in imports if it makes them";
  return `an array of adapters, and a function in it is none (call it${call})`;
}

function unknownMember(call: string, option: string, value: unknown): UnglueError | undefined {
  const known = ownValue(members as object, option);
  if (!known || !isObject(value)) return undefined;
  const allowed = Object.keys(known);
  const unknown = Object.entries(value).find(([name, member]) => member !== undefined && !allowed.includes(name));
  const full = (name: string) => `${option}.${name}`;
  return unknown && unknownOption(call, full(unknown[0]), allowed.map(full));
}
