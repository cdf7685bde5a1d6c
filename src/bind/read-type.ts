import { ownMembers } from "../base/own.ts";
import { unknownOption } from "./read-options.ts";
import type { DeclaredType } from "../public/index.ts";

const elements = "i8 u8 i16 u16 i32 u32 i64 u64 f32 f64".split(" ");
const plain: ReadonlySet<unknown> = new Set([
  ...elements,
  ..."i128 u128 size bool char string cstring bytes void".split(" "),
]);

/** How deep a type may lie in others, and how many types one may consist of: more are not read to the end. */
const deepest = 32;
const most = 10_000;

/** The members of each type; what else one has is an option that was misspelt. */
const members: { readonly [type: string]: readonly string[] } = ownMembers({
  js: ["borrowed"],
  array: ["element", "mutable"],
  list: ["item"],
  optional: ["item"],
  out: ["item"],
  promise: ["value"],
  object: ["class"],
  owned: ["class"],
  enumeration: ["values", "complete"],
  closure: ["params", "result", "lent"],
  record: ["fields"],
});

/** How many types are still read, and why one was not. */
interface Budget {
  left: number;
  reason: string | undefined;
}

/**
 * Reads a declared type, once: a copy of what it consists of.
 *
 * @param given - Anything.
 * @returns Why it is none, for what is no type, and for one that is larger than is read.
 */
export function readType(given: unknown): DeclaredType | string {
  const budget: Budget = { left: most, reason: undefined };
  return read(given, 0, budget) ?? budget.reason ?? "is none of t's types";
}

function read(given: unknown, depth: number, budget: Budget): DeclaredType | undefined {
  const refuse = (reason: string): undefined => {
    budget.reason ??= reason;
  };
  if (typeof given !== "object" || given === null) return undefined;
  if (depth > deepest) {
    refuse(`has types nested deeper than ${deepest}, the most that are read`);
    return;
  }
  if (budget.left-- <= 0) {
    refuse(`consists of more than ${most} types, the most that are read`);
    return;
  }
  const own = (name: string): unknown => (Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined);
  const inner = (value: unknown) => read(value, depth + 1, budget);
  const type = own("type");
  const isPlain = plain.has(type);
  if (!isPlain && !(typeof type === "string" && Object.hasOwn(members, type))) return undefined;
  const unknown = unknownOption(given, ["type", ...(isPlain ? [] : (members[type as string] ?? []))]);
  if (unknown !== undefined) {
    refuse(`has in t.${type as string} the unknown option ${unknown}`);
    return;
  }
  if (isPlain) return { type } as DeclaredType;
  const flags = { borrowed: false, mutable: false, complete: false, lent: false };
  for (const name of ["borrowed", "mutable", "complete", "lent"] as const) {
    const stated = (members[type as string] ?? []).includes(name) ? own(name) : undefined;
    if (stated !== undefined && typeof stated !== "boolean") {
      refuse(`has in t.${type as string} the option ${name}, which must be a boolean`);
      return;
    }
    flags[name] = stated === true;
  }
  switch (type) {
    case "js":
      return { type, borrowed: flags.borrowed };
    case "array": {
      const element = own("element");
      return elements.includes(element as string)
        ? ({ type, element, mutable: flags.mutable } as DeclaredType)
        : undefined;
    }
    case "list":
    case "optional":
    case "out": {
      const item = inner(own("item"));
      return item && { type, item };
    }
    case "promise": {
      const value = inner(own("value"));
      return value && { type, value };
    }
    case "object":
    case "owned": {
      const name = own("class");
      return typeof name === "string" ? { type, class: name } : undefined;
    }
    case "enumeration": {
      const values = readValues(own("values"));
      if (values && typeof values[0] === "string" && new Set(values).size < values.length) {
        refuse("has in t.enumeration a text twice, and a text stands for one place");
        return;
      }
      return values && { type, values, complete: flags.complete };
    }
    case "closure": {
      const params = readAll(own("params"), inner);
      const result = inner(own("result"));
      return params && result && { type, params, result, lent: flags.lent };
    }
    case "record": {
      const fields = own("fields");
      if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return undefined;
      const names = Object.keys(fields);
      const types = readAll(
        names.map((name) => Reflect.get(fields, name) as unknown),
        inner,
      );
      return types && { type, fields: Object.fromEntries(names.map((name, at) => [name, types[at]])) };
    }
    default:
      return undefined;
  }
}

function readAll(
  given: unknown,
  inner: (value: unknown) => DeclaredType | undefined,
): readonly DeclaredType[] | undefined {
  const types: DeclaredType[] = [];
  for (const one of itemsOf(given) ?? [undefined]) {
    const type = inner(one);
    if (!type) return undefined;
    types.push(type);
  }
  return types;
}

/** Texts, or whole numbers that have a place in 32 bits together. */
function readValues(given: unknown): readonly (string | number)[] | undefined {
  const values = itemsOf(given);
  if (!values?.length) return undefined;
  if (values.every((value) => typeof value === "string")) return values;
  const [least, greatest] = values.some((value) => (value as number) < 0)
    ? [-(2 ** 31), 2 ** 31 - 1]
    : [0, 2 ** 32 - 1];
  const isNumber = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= greatest;
  return values.every(isNumber) ? values : undefined;
}

/**
 * What an array has at its places, whatever its iterator says; `undefined` for anything else, and for more than is read.
 *
 * @param array - Anything.
 */
export function itemsOf(array: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(array)) return undefined;
  const { length } = array;
  // A proxy may say anything of its length.
  if (!Number.isInteger(length) || length < 0 || length > most) return undefined;
  const items: unknown[] = [];
  for (let at = 0; at < length; at++) items.push(array[at]);
  return items;
}
