import type { ObjectNamed } from "./bound.ts";
import type { DefaultExports } from "./exports.ts";
import type { Instance } from "./instance.ts";
import type { Api, ClassesOf } from "./members.ts";

/**
 * The objects of a class of a declared interface.
 *
 * @example
 * ```ts
 * const api = t.api({ Realm: t.class({ new: t.ctor([]), name: t.field(t.string) }) });
 * type Realm = ObjectOf<typeof api, "Realm">;
 * const rename = (realm: Realm) => (realm.name = "another");
 * ```
 * @category Declared interfaces
 */
export type ObjectOf<Of extends Api<object>, Name extends ClassesOf<Of["members"]>> = ObjectNamed<Name, Of["members"]>;

/**
 * The instance that `load` makes with a declared interface.
 *
 * @example
 * ```ts
 * const api = t.api({ greet: t.fn([t.string], t.string) });
 * const greetAll = (wasm: InstanceOf<typeof api>, names: string[]) => names.map((name) => wasm.api.greet(name));
 * ```
 * @category Declared interfaces
 */
export type InstanceOf<Of extends Api<object>, Exports extends object = DefaultExports> = Instance<
  Exports,
  Of["members"]
>;
