/**
 * Own members. What a program adds to `Object.prototype` is a member of every object, of options and declarations too, and
 * must not count as theirs.
 */

/**
 * A copy of an object's own enumerable members that inherits nothing: what it lacks is absent.
 *
 * @param object - The object; its getters are read once.
 */
export function ownMembers<Members extends object>(object: Members): Members {
  return Object.assign(Object.create(null) as Members, object);
}

/** Plain data that anybody writes is neither so deep nor so long. */
const deepest = 100;
const longest = 2 ** 20;

/**
 * A copy of plain data that inherits nothing, at any depth. What is no object of plain data, such as a function or a compiled
 * module, is the same value. What is in several places is copied once, so that data without an end has a copy like itself;
 * what is deeper or longer than data that anybody writes is null.
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
  // An empty array of any length costs its maker nothing, and a proxy may say anything of its length.
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
 * The value of an own property; `undefined` where there is none.
 *
 * @param object - The object.
 * @param key - The property.
 */
export function ownValue<Of extends object, Key extends keyof Of>(object: Of, key: Key): Of[Key] | undefined;
export function ownValue(object: object, key: PropertyKey): unknown;
export function ownValue(object: object, key: PropertyKey): unknown {
  return Object.hasOwn(object, key) ? object[key as never] : undefined;
}

/**
 * The value of a member, own or of a class; `undefined` where there is none but that of `Object.prototype`.
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
 * Whether an object has a member, own or of a class, and not of `Object.prototype` alone.
 *
 * @param object - The object.
 * @param key - The member.
 */
export function hasMember(object: object, key: PropertyKey): boolean {
  return key in object && !isInherited(object, key);
}

/**
 * Tells the kinds of a union apart by a member of their own.
 *
 * @param object - The object.
 * @param key - A member that only some kinds have.
 */
export function isOfKind<Of extends object, Key extends PropertyKey>(
  object: Of,
  key: Key,
): object is Extract<Of, { readonly [key in Key]: unknown }> {
  return Object.hasOwn(object, key);
}

/**
 * Whether a value can be looked at. A revoked proxy cannot, and throws an error of the engine's that would be taken for one
 * of its owner.
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

/** Whether the only member of a name is that of `Object.prototype`, of whichever realm. */
function isInherited(object: object, key: PropertyKey): boolean {
  for (let at = object; ;) {
    const next = Object.getPrototypeOf(at) as object | null;
    if (next === null) return isRoot(at) && Object.hasOwn(at, key);
    if (Object.hasOwn(at, key)) return false;
    at = next;
  }
}

/** Whether an object without a prototype is the `Object.prototype` of a realm. */
function isRoot(object: object): boolean {
  return object === Object.prototype || Object.hasOwn(object, "isPrototypeOf");
}

/**
 * Defines a property.
 *
 * @param target - What gets it.
 * @param key - Its name.
 * @param descriptor - The property.
 */
export function define<Target extends object>(
  target: Target,
  key: PropertyKey,
  descriptor: PropertyDescriptor,
): Target {
  // An inherited `get` beside a value is an error.
  return Object.defineProperty(target, key, ownMembers(descriptor));
}

/** Whether a value is an object literal's or has no prototype, in whichever realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || !isReadable(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
