import type { Reference } from "./conversion.ts";
import type { Pin } from "./queue.ts";
import type { Incarnation } from "./slot.ts";
import { objectGone } from "./unusable.ts";

/** An object in a worker, as this thread knows it. */
export interface Core extends Pin {
  /** Its number there. */
  readonly id: number;
  /** Those of the same `offload`. */
  readonly objects: Objects;
  isFreed: boolean;
}

/** How calls on an object are made where not as usual: what `with` was given. */
export interface Terms {
  readonly options: unknown;
}

/** Passed to the constructor of a class, which no user calls. */
export interface Made {
  readonly core: Core;
  readonly terms: Terms | undefined;
  /** The object itself, where this is one and the same under other terms: it lives as long as this. */
  readonly original: RemoteBase | undefined;
}

/** A class of the interface. */
export type Kind = new (made: Made) => RemoteBase;

/** What every object in a worker is. Its class adds the declared members. */
export class RemoteBase {
  readonly #made: Made;

  constructor(made: Made) {
    this.#made = made;
  }

  /** What is known of an object in a worker; `undefined` for anything else. */
  static of(value: unknown): Made | undefined {
    return typeof value === "object" && value !== null && #made in value ? value.#made : undefined;
  }
}

/** The objects in the workers of one `offload`. */
export interface Objects {
  /** The one object that stands for what a worker refers to. */
  adopt(incarnation: Incarnation, reference: Reference): RemoteBase;
  /** An object of these that is not freed; whether its worker has ended is seen by the queue. Errors: `object-unusable`. */
  use(core: Core): Core;
  /** The same object under other terms. */
  under(made: Made, original: RemoteBase, terms: Terms): RemoteBase;
}

/** What a weak reference does; where there is none, a strong one does. */
interface Reach {
  deref(): RemoteBase | undefined;
}

/** An object that is out. */
interface Entry {
  readonly reach: Reach;
  /** How many times its number came. */
  received: number;
}

/** What is left of an object that nobody has any more. */
interface Left {
  readonly incarnation: Incarnation;
  readonly id: number;
}

/**
 * Makes the objects of one `offload`.
 *
 * @param kinds - The classes, by name.
 * @param drop - Tells a worker of objects that nobody has any more.
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
