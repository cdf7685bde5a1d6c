import type { DeclaredType } from "../public/index.ts";

const elements = "i8 u8 i16 u16 i32 u32 i64 u64 f32 f64".split(" ");
const plain: ReadonlySet<unknown> = new Set([
  ...elements,
  ..."i128 u128 size bool char string cstring bytes void".split(" "),
]);

/** How deep a type may lie in others, and how many types one may consist of: more are not read to the end. */
const deepest = 32;
const most = 10_000;

/** How many types are still read. */
interface Budget {
  left: number;
}

/**
 * Reads a declared type, once: a copy of what it consists of.
 *
 * @param given - Anything.
 * @returns `undefined` for what is no type, and for one without an end.
 */
export function readType(given: unknown): DeclaredType | undefined {
  return read(given, 0, { left: most });
}

function read(given: unknown, depth: number, budget: Budget): DeclaredType | undefined {
  if (typeof given !== "object" || given === null || depth > deepest || budget.left-- <= 0) return undefined;
  const own = (name: string): unknown => (Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined);
  const inner = (value: unknown) => read(value, depth + 1, budget);
  const type = own("type");
  if (plain.has(type)) return { type } as DeclaredType;
  switch (type) {
    case "js":
      return { type, borrowed: own("borrowed") === true };
    case "array": {
      const element = own("element");
      return elements.includes(element as string)
        ? ({ type, element, mutable: own("mutable") === true } as DeclaredType)
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
      return values && { type, values, complete: own("complete") === true };
    }
    case "closure": {
      const params = readAll(own("params"), inner);
      const result = inner(own("result"));
      return params && result && { type, params, result, lent: own("lent") === true };
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
