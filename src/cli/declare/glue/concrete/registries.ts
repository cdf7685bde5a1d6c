import { Callable, provide, Thing, Unknown, type Value } from "./values.ts";

/** An object that a registry of finalizers knows. */
export interface Registration {
  readonly callback: Callable;
  readonly held: Value;
  readonly token: Value;
}

/** The objects that registries know, and the callbacks of those that were asked to forget one. */
export interface Registrations {
  readonly known: Registration[];
  readonly ended: Callable[];
}

/**
 * Makes a registry of finalizers.
 *
 * @param registrations - The objects that registries know.
 * @param callback - The function that frees them.
 */
export function registryOf({ known, ended }: Registrations, callback: Value): Thing {
  const made = new Thing();
  if (!(callback instanceof Callable)) throw new Unknown();
  made.members.set(
    "register",
    provide(([, held, token]) => {
      known.push({ callback, held, token });
      return undefined;
    }),
  );
  made.members.set(
    "unregister",
    provide(([token]) => {
      const rest = known.filter((one) => one.callback !== callback || one.token !== token);
      known.splice(0, known.length, ...rest);
      ended.push(callback);
      return undefined;
    }),
  );
  return made;
}
