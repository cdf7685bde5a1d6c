import { ownTree, ownMembers } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { type Misfit, withoutExport } from "./misfit.ts";
import { unknownOption } from "./read-options.ts";
import { itemsOf, readType } from "./read-type.ts";
import type { ClassMemberNode, FunctionNode, InterfaceNodes, TypeNode } from "./types/node.ts";

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
  owned: ["a boolean", isBoolean],
  throws: ["a boolean", isBoolean],
  consumes: ["a boolean", isBoolean],
  readonly: ["a boolean", isBoolean],
  offset: ["a whole number from 0", isSize],
  length: ["a string", isText],
  size: ["a whole number from 0", isSize],
  align: [
    "a power of two",
    (value) => isSize(value) && (value as number) > 0 && ((value as number) & ((value as number) - 1)) === 0,
  ],
});
const ofFunctions = ["export", "throws", "owned", "free", "convention"];
const ofClasses = ["size", "align", "prefix", "free", "convention"];
const ofFields = ["get", "set", "readonly", "offset", "length", "convention"];
const ofInterfaces = ["convention"];

/** The kinds of members: the parts that each has beside its options, and the options. */
const kinds: { readonly [member: string]: { readonly parts: readonly string[]; readonly options: readonly string[] } } =
  {
    function: { parts: ["params", "result"], options: ofFunctions },
    constructor: { parts: ["params"], options: ofFunctions },
    method: { parts: ["params", "result"], options: [...ofFunctions, "consumes"] },
    static: { parts: ["params", "result"], options: ofFunctions },
    getter: { parts: ["value"], options: ofFunctions },
    setter: { parts: ["value"], options: ofFunctions },
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
  const refuse = (of: string, reason: string): undefined => {
    misfits.push({ ...withoutExport, by: undefined, name: of, declared: "wrongly", reason });
  };
  try {
    convention = own(
      readOptions(name, given as Raw, ofInterfaces, refuse, ["members"]),
      "convention",
    ) as typeof convention;
    const of = own(given, "members");
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

type Refuse = (of: string, reason: string) => undefined;

function readMember(name: string, given: unknown, refuse: Refuse): InterfaceNodes[string] | undefined {
  const kind = own(given, "member");
  if (kind === "function") return readCallable(name, given as Raw, kind, refuse) as FunctionNode | undefined;
  if (kind !== "class") {
    refuse(name, "it is neither a function nor a class");
    return;
  }
  const of = own(given, "members");
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

function readClassMember(name: string, given: unknown, refuse: Refuse): ClassMemberNode | undefined {
  const kind = own(given, "member");
  if (typeof kind !== "string" || kind === "function" || !Object.hasOwn(kinds, kind)) {
    refuse(name, "it is none of a class's members");
    return;
  }
  const read = readCallable(name, given as Raw, kind, refuse);
  if (!read || kind !== "field") return read as ClassMemberNode | undefined;
  const stated = own(given, "options") ?? {};
  return { ...read, options: readOptions(name, stated as Raw, ofFields, refuse, []) } as unknown as ClassMemberNode;
}

/** Reads a member with the types that it consists of. */
function readCallable(name: string, given: Raw, member: string, refuse: Refuse): object | undefined {
  const { parts, options: stated } = kinds[member] as (typeof kinds)[string];
  const read: Record<string, unknown> = { member };
  for (const part of parts) {
    const value = own(given, part);
    if (part === "params") {
      const params = readParams(name, value, refuse);
      if (!params) return undefined;
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

function readParams(name: string, given: unknown, refuse: Refuse): readonly TypeNode[] | undefined {
  const items = itemsOf(given);
  if (!items) {
    refuse(name, "its parameters are no list");
    return;
  }
  const params: TypeNode[] = [];
  for (const [at, one] of items.entries()) {
    const type = readType(one);
    if (typeof type === "string") {
      refuse(name, `parameter ${at + 1} ${type}`);
      return;
    }
    params.push(type);
  }
  return params;
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
    const value = own(given, option);
    if (value === undefined) continue;
    const [expected, check] = options[option] as (typeof options)[string];
    if (check(value) || (option === "free" && value === false && allowed === ofClasses)) read[option] = value;
    else refuse(name, `${option} must be ${expected}`);
  }
  return read;
}

function isRecord(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads an object's own property; `undefined` for anything else. */
function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Raw)[name] : undefined;
}
