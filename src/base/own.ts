/**
 * Own members. A program can add members to `Object.prototype`, which every object inherits, options and declarations
 * included. They must not count as the object's own.
 */

// Imports are made at their first call, and a program may have replaced these by then.
const { getPrototypeOf, hasOwn } = Object;

/**
 * Copies an object's own enumerable members. The copy inherits nothing, so missing members are absent.
 *
 * @param object - The object; its getters are read once.
 */
export function ownMembers<Members extends object>(object: Members): Members {
  return Object.assign(Object.create(null) as Members, object);
}

/** Plain data written by a person is neither deeper nor longer than this. */
const deepest = 100;
const longest = 2 ** 20;

/**
 * Copies plain data so that it inherits nothing, at any depth. Other objects, such as a function or a compiled module, stay
 * the same value. An object in several places is copied once, so cyclic data has a cyclic copy. Data that is too deep or too
 * long becomes null.
 *
 * @param value - Anything.
 */
export function ownTree<Value>(value: Value): Value {
  return copyTree(value, new Map(), 0) as Value;
}

function copyTree(value: unknown, copies: Map<unknown, unknown>, depth: number): unknown {
  const isList = isReadable(value) && Array.isArray(value);
  if (!isList && !isPlain(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const length = isList ? (value as { readonly length: unknown }).length : 0;
  // An empty array of any length costs its maker nothing, and a proxy may report any length.
  if (depth > deepest || !(Number.isInteger(length) && (length as number) <= longest)) return null;
  if (isList) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (let at = 0; at < (length as number); at++) list.push(copyTree(value[at], copies, depth + 1));
    return list;
  }
  const copy = ownMembers(value as Record<string, unknown>);
  copies.set(value, copy);
  for (const key of Object.keys(copy)) copy[key] = copyTree(copy[key], copies, depth + 1);
  return copy;
}

/**
 * Returns the value of an own property; `undefined` if there is none.
 *
 * @param object - The object.
 * @param key - The property.
 */
export function ownValue<Of extends object, Key extends keyof Of>(object: Of, key: Key): Of[Key] | undefined;
export function ownValue(object: object, key: PropertyKey): unknown;
export function ownValue(object: object, key: PropertyKey): unknown {
  return hasOwn(object, key) ? object[key as never] : undefined;
}

/**
 * Returns the value of a member, own or inherited from a class; `undefined` if none exists outside `Object.prototype`.
 *
 * @param object - The object.
 * @param key - The member.
 */
export function memberOf<Of extends object, Key extends keyof Of>(object: Of, key: Key): Of[Key] | undefined;
export function memberOf(object: object, key: PropertyKey): unknown;
export function memberOf(object: object, key: PropertyKey): unknown {
  return isInherited(object, key) ? undefined : object[key as never];
}

/**
 * Whether an object has a member, own or inherited from a class. Members of `Object.prototype` do not count.
 *
 * @param object - The object.
 * @param key - The member.
 */
export function hasMember(object: object, key: PropertyKey): boolean {
  return key in object && !isInherited(object, key);
}

/**
 * Tells the kinds of a union apart by an own member.
 *
 * @param object - The object.
 * @param key - A member that only some kinds have.
 */
export function isOfKind<Of extends object, Key extends PropertyKey>(
  object: Of,
  key: Key,
): object is Extract<Of, { readonly [key in Key]: unknown }> {
  return hasOwn(object, key);
}

/**
 * Whether a value can be inspected. A revoked proxy cannot, and throws an engine error that would pass for one of its owner.
 *
 * @param value - Anything.
 */
export function isReadable(value: unknown): boolean {
  try {
    Reflect.getPrototypeOf(Object(value) as object);
    return true;
  } catch {
    return false;
  }
}

/** The classes of objects that keep their contents elsewhere than in members. */
const containers =
  /^(Array|Map|Set|WeakMap|WeakSet|Promise|Date|RegExp|String|Number|Boolean|Error|(Shared)?ArrayBuffer|DataView|.+Array|.*(Iterator|Generator))$/;

/**
 * Whether a value is an object whose members say what it has: an object literal, an object without a prototype, or one of a
 * class with members of its own. Other objects, such as a `Map`, would read as empty.
 *
 * @param value - Anything.
 */
export function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null || !isReadable(value) || Array.isArray(value)) return false;
  return isPlain(value) || Object.keys(value).length > 0;
}

/**
 * Whether a value is an object whose members say what it has, or whose class says it. A `Map`, a promise and the like would
 * read as empty.
 *
 * @param value - Anything.
 */
export function hasMembers(value: unknown): value is object {
  if (isRecord(value)) return true;
  if (typeof value !== "object" || value === null || !isReadable(value)) return false;
  return !containers.test(Object.prototype.toString.call(value).slice("[object ".length, -1));
}

/** Whether the only member of a name is that of some realm's `Object.prototype`. */
function isInherited(object: object, key: PropertyKey): boolean {
  for (let at = object; ;) {
    const next = getPrototypeOf(at) as object | null;
    if (next === null) return isRoot(at) && hasOwn(at, key);
    if (hasOwn(at, key)) return false;
    at = next;
  }
}

/** Whether an object without a prototype is some realm's `Object.prototype`. */
function isRoot(object: object): boolean {
  return object === Object.prototype || hasOwn(object, "isPrototypeOf");
}

/**
 * Defines a property.
 *
 * @param target - The object that gets it.
 * @param key - Its name.
 * @param descriptor - The property.
 */
export function define<Target extends object>(
  target: Target,
  key: PropertyKey,
  descriptor: PropertyDescriptor,
): Target {
  // An inherited `get` next to a value is an error.
  return Object.defineProperty(target, key, ownMembers(descriptor));
}

/** Whether a value is an object literal or has no prototype, in any realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || !isReadable(value)) return false;
  const prototype: unknown = getPrototypeOf(value);
  return prototype === null || getPrototypeOf(prototype) === null;
}
