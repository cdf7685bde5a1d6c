import type { Reference } from "./conversion.ts";
import type { Pin } from "./queue.ts";
import type { Incarnation } from "./slot.ts";
import { objectGone } from "./unusable.ts";

/** An object in a worker, as seen from this thread. */
export interface Core extends Pin {
  /** Its number in the worker. */
  readonly id: number;
  /** The objects of the same `offload`. */
  readonly objects: Objects;
  isFreed: boolean;
}

/** The options that `with` was given, for calls on an object. */
export interface Terms {
  readonly options: unknown;
}

/** The argument of a class's constructor, which users never call. */
export interface Made {
  readonly core: Core;
  readonly terms: Terms | undefined;
  /** The original, if this is the same object with other options. This wrapper keeps it alive. */
  readonly original: RemoteBase | undefined;
}

/** A class of the interface. */
export type Kind = new (made: Made) => RemoteBase;

/** The base of all objects in workers. A subclass adds the declared members. */
export class RemoteBase {
  readonly #made: Made;

  constructor(made: Made) {
    this.#made = made;
  }

  /** Returns the record of an object in a worker; `undefined` for anything else. */
  static of(value: unknown): Made | undefined {
    return typeof value === "object" && value !== null && #made in value ? value.#made : undefined;
  }
}

/** The objects in the workers of one `offload`. */
export interface Objects {
  /** Returns the one object that stands for a worker's reference. */
  adopt(incarnation: Incarnation, reference: Reference): RemoteBase;
  /**
   * Checks that an object belongs here and is not freed. The queue checks whether its worker has ended. Errors:
   * `object-unusable`.
   */
  use(core: Core): Core;
  /** Returns the same object with other options. */
  under(made: Made, original: RemoteBase, terms: Terms): RemoteBase;
}

/** The part of a weak reference that is used. Engines without weak references get a strong one. */
interface Reach {
  deref(): RemoteBase | undefined;
}

/** An object in use. */
interface Entry {
  readonly reach: Reach;
  /** How many times its number was received. */
  received: number;
}

/** The record of an object that was garbage-collected. */
interface Left {
  readonly incarnation: Incarnation;
  readonly id: number;
}

/**
 * Makes the objects of one `offload`.
 *
 * @param kinds - The classes, by name.
 * @param drop - Tells a worker which objects were garbage-collected.
 */
export function createObjects(
  kinds: ReadonlyMap<string, Kind>,
  drop: (incarnation: Incarnation, ids: readonly (readonly [id: number, received: number])[]) => void,
): Objects {
  const live = new WeakMap<Incarnation, Map<number, Entry>>();
  let pending = new Map<Incarnation, [id: number, received: number][]>();

  const flush = (): void => {
    const all = pending;
    pending = new Map();
    for (const [incarnation, ids] of all) drop(incarnation, ids);
  };

  const forget = ({ incarnation, id }: Left): void => {
    const entries = live.get(incarnation);
    const entry = entries?.get(id);
    // The worker has referred to it again in the meantime.
    if (!entry || entry.reach.deref()) return;
    entries?.delete(id);
    if (pending.size === 0) void Promise.resolve().then(flush);
    const ids = pending.get(incarnation) ?? [];
    ids.push([id, entry.received]);
    pending.set(incarnation, ids);
  };

  const registry = typeof FinalizationRegistry === "function" ? new FinalizationRegistry(forget) : undefined;

  const objects: Objects = {
    adopt(incarnation, { class: name, id }) {
      const entries = live.get(incarnation) ?? new Map<number, Entry>();
      live.set(incarnation, entries);
      const known = entries.get(id);
      const object = known?.reach.deref();
      if (known && object) {
        known.received++;
        return object;
      }
      const Kind = kinds.get(name) as Kind;
      const core: Core = { incarnation, id, class: name, objects, isFreed: false };
      const made = new Kind({ core, terms: undefined, original: undefined });
      const reach = typeof WeakRef === "function" ? new WeakRef(made) : { deref: () => made };
      entries.set(id, { reach, received: (known?.received ?? 0) + 1 });
      registry?.register(made, { incarnation, id });
      return made;
    },
    use(core) {
      if (core.objects !== objects) throw objectGone(core.class, "foreign");
      if (core.isFreed) throw objectGone(core.class, "freed");
      return core;
    },
    under: ({ core }, original, terms) => new (kinds.get(core.class) as Kind)({ core, terms, original }),
  };
  return objects;
}
