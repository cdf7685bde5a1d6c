import { isRecord as isAnyRecord, ownMembers, ownTree, ownValue } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { type Misfit, withoutExport } from "./planning.ts";
import { unknownOption } from "./read-options.ts";
import { readParams } from "./read-params.ts";
import { readType } from "./read-type.ts";
import type { EnumerationType } from "../public/index.ts";
import type { ClassMemberNode, FunctionNode, InterfaceNodes } from "./types/node.ts";

/** A declaration that has been read. */
export interface Declaration {
  readonly members: InterfaceNodes;
  /** The convention of members that state none; `undefined` for the module's. */
  readonly convention: string | undefined;
  /** The values that cannot be members, and are left out. */
  readonly misfits: readonly Misfit[];
  /** The error that reading it threw, if any. */
  readonly cause: unknown;
}

type Raw = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isBoolean: Check = (value) => typeof value === "boolean";
const isSize: Check = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;

/** The options beside the types: the expected value in words, and its check. */
const options: { readonly [name: string]: readonly [expected: string, check: Check] } = ownMembers({
  export: ["a string", isText],
  convention: ["a string", isText],
  free: ["a string", isText],
  get: ["a string", isText],
  set: ["a string", isText],
  prefix: ["a string", isText],
  extends: ["a string", isText],
  optional: ["a boolean", isBoolean],
  static: ["a boolean", isBoolean],
  status: ["a boolean", isBoolean],
  owned: ["a boolean", isBoolean],
  throws: ["a boolean", isBoolean],
  checked: ["a boolean", isBoolean],
  consumes: ["a boolean", isBoolean],
  borrows: [
    '"exclusive", "shared" or "none"',
    (value) => value === "exclusive" || value === "shared" || value === "none",
  ],
  readonly: ["a boolean", isBoolean],
  offset: ["a whole number from 0", isSize],
  length: ["a string", isText],
  size: ["a whole number from 0", isSize],
  align: [
    "a power of two",
    (value) => isSize(value) && (value as number) > 0 && ((value as number) & ((value as number) - 1)) === 0,
  ],
});
const ofFunctions = ["optional", "export", "throws", "owned", "free", "borrows", "convention"];
const ofClasses = ["optional", "extends", "size", "align", "prefix", "free", "convention"];
const ofFields = ["optional", "static", "get", "set", "readonly", "offset", "length", "convention"];
const ofInterfaces = ["convention", "checked"];

/** The kinds of members: the parts that each has beside its options, and the options. */
const kinds: { readonly [member: string]: { readonly parts: readonly string[]; readonly options: readonly string[] } } =
  {
    function: { parts: ["params", "result"], options: ofFunctions },
    constructor: { parts: ["params"], options: [...ofFunctions, "static", "status"] },
    method: { parts: ["params", "result"], options: [...ofFunctions, "consumes"] },
    static: { parts: ["params", "result"], options: ofFunctions },
    getter: { parts: ["value"], options: [...ofFunctions, "static", "consumes"] },
    setter: { parts: ["value"], options: [...ofFunctions, "static"] },
    field: { parts: ["value"], options: [] },
  };

/**
 * Reads a declaration once and completely: it may have been stored and come back as anything, or change while it is read.
 * Only own properties count.
 *
 * @param given - An interface.
 */
export function readDeclaration(given: unknown): Declaration {
  const misfits: Misfit[] = [];
  const members = Object.create(null) as Record<string, InterfaceNodes[string]>;
  let convention: string | undefined;
  let name = "The interface";
  const refuse = refusing(misfits);
  try {
    convention = ownOf(
      readOptions(name, given as Raw, ofInterfaces, refuse, ["members"]),
      "convention",
    ) as typeof convention;
    const of = ownOf(given, "members");
    if (!isRecord(of)) {
      refuse(name, "its members are no object");
      return { members, convention, misfits, cause: undefined };
    }
    for (const key of Object.keys(of)) {
      name = key;
      const member = readMember(key, of[key], refuse);
      if (member) members[key] = member;
    }
    return { members: ownTree(members), convention, misfits, cause: undefined };
  } catch (cause) {
    refuse(name, "it cannot be read");
    return { members, convention, misfits, cause };
  }
}

/**
 * Reads one member of an interface in the same way.
 *
 * @param name - Its name.
 * @param given - Anything.
 * @param misfits - Receives the reason for a value that cannot be a member.
 */
export function readMemberOf(name: string, given: unknown, misfits: Misfit[]): InterfaceNodes[string] | undefined {
  try {
    return ownTree(readMember(name, given, refusing(misfits)));
  } catch {
    refusing(misfits)(name, "it cannot be read");
    return;
  }
}

function refusing(misfits: Misfit[]): Refuse {
  return (of, reason) => {
    misfits.push({ ...withoutExport, by: undefined, name: of, declared: "wrongly", reason });
    return undefined;
  };
}

type Refuse = (of: string, reason: string) => undefined;

function readMember(name: string, given: unknown, refuse: Refuse): InterfaceNodes[string] | undefined {
  const kind = ownOf(given, "member");
  if (ownOf(given, "type") === "enumeration") return readEnumeration(name, given, refuse);
  if (kind === "function") return readCallable(name, given as Raw, kind, refuse) as FunctionNode | undefined;
  if (kind !== "class") {
    refuse(name, "it is neither a function nor a class, nor an enumeration");
    return;
  }
  const of = ownOf(given, "members");
  if (!isRecord(of)) {
    refuse(name, "its members are no object");
    return;
  }
  const members = Object.create(null) as Record<string, ClassMemberNode>;
  for (const key of Object.keys(of)) {
    const member = readClassMember(`${name}.${key}`, of[key], refuse);
    if (member) members[key] = member;
  }
  return { ...readOptions(name, given as Raw, ofClasses, refuse, ["member", "members"]), member: "class", members };
}

/** Reads an enumeration whose values get names on `wasm.api`. */
function readEnumeration(name: string, given: unknown, refuse: Refuse): EnumerationType | undefined {
  const type = readType(given);
  if (typeof type !== "string" && type.type === "enumeration") return type;
  refuse(name, `the enumeration ${typeof type === "string" ? type : "is none"}`);
  return undefined;
}

function readClassMember(name: string, given: unknown, refuse: Refuse): ClassMemberNode | undefined {
  const kind = ownOf(given, "member");
  if (kind === "property") return readProperty(name, given as Raw, refuse);
  if (typeof kind !== "string" || kind === "function" || !Object.hasOwn(kinds, kind)) {
    refuse(name, "it is none of a class's members");
    return;
  }
  const read = readCallable(name, given as Raw, kind, refuse);
  if (!read || kind !== "field") return read as ClassMemberNode | undefined;
  const stated = ownOf(given, "options") ?? {};
  return { ...read, options: readOptions(name, stated as Raw, ofFields, refuse, []) } as unknown as ClassMemberNode;
}

/** Reads a property with a getter and a setter of different types. */
function readProperty(name: string, given: Raw, refuse: Refuse): ClassMemberNode | undefined {
  const [get, set] = [ownOf(given, "get"), ownOf(given, "set")];
  if (ownOf(get, "member") !== "getter" || ownOf(set, "member") !== "setter") {
    refuse(name, "it needs a getter and a setter: t.property(t.getter(…), t.setter(…))");
    return undefined;
  }
  if (ownOf(get, "static") !== ownOf(set, "static")) {
    refuse(name, "its getter and its setter must both be static, or neither");
    return undefined;
  }
  const read = readCallable(name, get as Raw, "getter", refuse);
  const written = readCallable(name, set as Raw, "setter", refuse);
  return read && written && ({ member: "property", get: read, set: written } as ClassMemberNode);
}

/** Reads a member with the types that it consists of. */
function readCallable(name: string, given: Raw, member: string, refuse: Refuse): object | undefined {
  const { parts, options: stated } = kinds[member] as (typeof kinds)[string];
  const read: Record<string, unknown> = { member };
  for (const part of parts) {
    const value = ownOf(given, part);
    if (part === "params") {
      const params = readParams(value);
      if (typeof params === "string") {
        refuse(name, params);
        return undefined;
      }
      read[part] = params;
      continue;
    }
    const type = readType(value);
    if (typeof type === "string") {
      refuse(name, `${part === "result" ? "the result" : "its value"} ${type}`);
      return;
    }
    read[part] = type;
  }
  const others = ["member", ...parts, ...(member === "field" ? ["options"] : [])];
  return Object.assign(read, readOptions(name, given, stated, refuse, others));
}

/** Reads the options of a member. `others` are the other members that it has. */
function readOptions(
  name: string,
  given: Raw,
  allowed: readonly string[],
  refuse: Refuse,
  others: readonly string[],
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  const unknown = isRecord(given) ? unknownOption(given, [...allowed, ...others]) : describe(given);
  if (unknown !== undefined) refuse(name, `it has no option ${unknown}`);
  for (const option of allowed) {
    const value = ownOf(given, option);
    if (value === undefined) continue;
    const [expected, check] = options[option] as (typeof options)[string];
    if (check(value) || (option === "free" && value === false && allowed === ofClasses)) read[option] = value;
    else refuse(name, `${option} must be ${expected}`);
  }
  return read;
}

function isRecord(value: unknown): value is Raw {
  return isAnyRecord(value);
}

/**
 * Reads an object's own property; `undefined` for anything else.
 *
 * @param value - Anything.
 * @param name - The property.
 */
export function ownOf(value: unknown, name: string): unknown {
  return isObject(value) ? ownValue(value, name) : undefined;
}

/**
 * Whether a value has properties of its own, a function aside.
 *
 * @param value - Anything.
 */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
