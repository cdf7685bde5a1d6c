/** The global object of a program, and how its functions are called. */
export interface Globals {
  /** The object: own members are the program's, all others those of the page. */
  readonly object: object;
  /**
   * Returns the object that a function of a value is called on: the page's functions accept no other global object than its own.
   *
   * @param value - The value.
   * @param name - The function.
   */
  readonly receiverOf: (value: unknown, name: string) => unknown;
}

/**
 * Makes the global object of one life of a program. It shows the page's globals and changes none.
 *
 * @param given - Its first members, which the program may replace.
 */
export function createGlobals(given: Readonly<Record<string, unknown>>): Globals {
  const own = Object.assign(Object.create(null) as Record<PropertyKey, unknown>, given);
  /** Names that the program has deleted and the page has. */
  const hidden = new Set<PropertyKey>();
  const isShared = (key: PropertyKey): boolean => !hidden.has(key) && Reflect.has(globalThis, key);
  const object: object = new Proxy(own, {
    has: (_, key) => Object.hasOwn(own, key) || isShared(key),
    get(_, key) {
      if (Object.hasOwn(own, key)) return own[key];
      if (!isShared(key)) return undefined;
      // Read from the page's own object, since its getters accept no other.
      const value: unknown = Reflect.get(globalThis, key);
      return value === globalThis ? object : value;
    },
    set: (_, key, value) => Reflect.set(own, key, value),
    deleteProperty(_, key) {
      hidden.add(key);
      return Reflect.deleteProperty(own, key);
    },
    getPrototypeOf: () => Reflect.getPrototypeOf(globalThis),
    // Both would bind the answers above to the object behind this one.
    setPrototypeOf: () => false,
    preventExtensions: () => false,
  });
  return {
    object,
    receiverOf: (value, name) => (value === object && !Object.hasOwn(own, name) ? globalThis : value),
  };
}
