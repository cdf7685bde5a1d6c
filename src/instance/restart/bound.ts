import { define } from "../../base/own.ts";
import { previewLike } from "../../base/preview.ts";

/**
 * Makes an object that does what another does for as long as a check passes. It has the same properties; those that
 * are neither functions nor computed, as the engine's own object in `raw`, are the same values.
 *
 * @param object - An object that does not depend on `this`.
 * @param check - Throws when it is over.
 */
export function bindObject<Bound extends object>(object: Bound, check: () => void): Bound {
  const bound = Object.create(null) as Bound;
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
    if (!property.enumerable) continue;
    const { get, value } = property as { readonly get?: () => unknown; readonly value?: unknown };
    const descriptor = get
      ? {
          get: (): unknown => {
            check();
            return get.call(object);
          },
        }
      : { value: bindValue(value, check) };
    // Whoever binds an object may replace what one of its functions makes.
    define(bound, name, { ...descriptor, enumerable: true, configurable: true });
  }
  previewLike(bound, object, check);
  return bound;
}

/**
 * Makes of a function one that does the same for as long as a check passes; anything else is returned as it is.
 *
 * @param value - A function that does not depend on `this`, or anything else.
 * @param check - Throws when it is over.
 */
export function bindValue<Value>(value: Value, check: () => void): Value {
  if (typeof value !== "function") return value;
  const call = value as unknown as (...args: unknown[]) => unknown;
  return ((...args: unknown[]): unknown => {
    check();
    return call(...args);
  }) as Value;
}
