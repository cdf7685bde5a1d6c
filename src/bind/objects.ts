import { disposeKey } from "../base/dispose-key.ts";
import { createRegistry, type Warn } from "../platform/finalization.ts";
import { define } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { type Facts, factsText, inspectKey } from "../base/preview.ts";
import type { ClassPlan } from "./plans.ts";

/** Hears of the objects of one class in one life: for a ledger. */
export interface Notes {
  /** An object was made, or received. */
  received(address: number, isOwned: boolean): void;
  /** An object was freed, given to the module, or collected. */
  ended(address: number): void;
}

/** What one life of an instance keeps of a class. */
export interface Owner {
  readonly kind: ObjectClass;
  /** The objects that are out, by address. */
  readonly live: Map<number, WeakRef<Bound>>;
  readonly registry: FinalizationRegistry<number> | undefined;
  /** Refuses an address that lies outside the memory. Errors: `out-of-bounds`. */
  readonly check: (address: number) => void;
  /** Frees what lives at an address. */
  readonly free: (address: number) => void;
  /** Tells the ledger, where there is one. */
  readonly notes: Notes | undefined;
  isEnded: boolean;
}

/** A declared class in one instance. */
export interface ObjectClass {
  readonly plan: ClassPlan;
  /** The class that the user sees. */
  readonly Class: new (adopt: typeof adopted, address: number, isOwned: boolean) => Bound;
  /** What the current life keeps. */
  owner: Owner;
}

/** Passed in place of a constructor's arguments, for what lives in the module already. */
export const adopted = Symbol("adopted");

/** An object of a declared class: an address in one life of one instance. */
export class Bound {
  #address: number;
  readonly #owner: Owner;
  #isOwned: boolean;
  #isMoved = false;
  /** The running calls that it is lent to, where the module does not count them itself. */
  #loans = 0;
  /** Where it lives, if it was freed while it was lent. */
  #leaving = 0;

  constructor(owner: Owner, address: number, isOwned: boolean) {
    // The module may have returned anything, such as -1 for a failure.
    owner.check(address);
    this.#address = address;
    this.#owner = owner;
    this.#isOwned = isOwned;
    const { kind, live, registry } = owner;
    // Where the engine has no weak references, two objects of one address stay two.
    if (kind.plan.isShared && typeof WeakRef === "function") live.set(address, new WeakRef(this));
    if (isOwned) registry?.register(this, address, this);
    owner.notes?.received(address, isOwned);
  }

  /** The class that a value is an object of, in whichever instance; `undefined` for anything else. */
  static kindOf(value: unknown): ObjectClass | undefined {
    return typeof value === "object" && value !== null && #owner in value ? value.#owner.kind : undefined;
  }

  /** Whether a value is an object of some class of an interface. */
  static isOne(value: unknown): value is Bound {
    return typeof value === "object" && value !== null && #address in value;
  }

  /** The address of an object of a class. Errors: `object-unusable`. */
  static address(value: unknown, kind: ObjectClass): number {
    if (typeof value === "object" && value !== null && #address in value) {
      const address = value.#address;
      if (value.#owner === kind.owner && address !== 0) return address;
    }
    return Bound.#refuse(value, kind);
  }

  /** The address of an object; 0 where it has none any more, and for anything else. */
  static peek(value: unknown): number {
    return typeof value === "object" && value !== null && #address in value ? value.#address : 0;
  }

  /** The address of an object that is given to the module, and cannot be used from now on. Errors: `object-unusable`. */
  static take(value: unknown, kind: ObjectClass): number {
    const address = Bound.address(value, kind);
    const object = value as Bound;
    if (object.#loans > 0) throw unusable(kind.plan.name, "borrowed");
    object.#leave(address);
    object.#isMoved = true;
    return address;
  }

  /** Makes the caller the owner of what was only lent before. */
  static own(object: Bound): void {
    if (object.#isOwned || object.#address === 0) return;
    object.#isOwned = true;
    object.#owner.registry?.register(object, object.#address, object);
    object.#owner.notes?.received(object.#address, true);
  }

  /** Keeps an object where it is until it is given back. Errors: `object-unusable`. */
  static lend(value: unknown, kind: ObjectClass): void {
    Bound.address(value, kind);
    (value as Bound).#loans++;
  }

  /** Ends a loan, and frees the object if that was asked for meanwhile. After a call that failed its error counts. */
  static giveBack(value: unknown, hasFailed: boolean): void {
    const object = value as Bound;
    if (--object.#loans === 0 && object.#leaving !== 0) object.#end(hasFailed);
  }

  #end(hasFailed: boolean): void {
    const address = this.#leaving;
    this.#leaving = 0;
    this.#owner.live.delete(address);
    this.#owner.notes?.ended(address);
    try {
      this.#owner.free(address);
    } catch (error) {
      if (!hasFailed) throw error;
    }
  }

  /**
   * Frees it, after the calls that it is lent to. A second call does nothing, nor does one after the instance's life has
   * ended.
   */
  free(): void {
    if (!Bound.isOne(this)) throw wrongObject("an interface", describe(this));
    const address = this.#address;
    if (address === 0 || this.#owner.isEnded) return;
    const isOwned = this.#isOwned;
    if (isOwned && this.#loans > 0) {
      // What the module returns meanwhile at this address is this object.
      this.#leaving = address;
      this.#address = 0;
      this.#owner.registry?.unregister(this);
      return;
    }
    this.#leave(address);
    if (isOwned) this.#owner.free(address);
  }

  /** The same as `free`. */
  dispose(): void {
    Bound.prototype.free.call(this);
  }

  /** What a console shows: no member of the interface is read. */
  toJSON(): Facts {
    return Bound.#facts(this);
  }

  static show(value: unknown): string {
    const isBound = typeof value === "object" && value !== null && #owner in value;
    return factsText(isBound ? value.#owner.kind.plan.name : "Object", Bound.#facts(value));
  }

  static #facts(value: unknown): Facts {
    if (typeof value !== "object" || value === null || !(#owner in value)) return {};
    if (value.#owner !== value.#owner.kind.owner) return { ended: true };
    if (value.#address !== 0) return { address: value.#address };
    return value.#isMoved ? { moved: true } : { freed: true };
  }

  #leave(address: number): void {
    this.#address = 0;
    const { kind, live, registry, notes } = this.#owner;
    if (kind.plan.isShared) live.delete(address);
    if (this.#isOwned) registry?.unregister(this);
    notes?.ended(address);
  }

  static #refuse(value: unknown, kind: ObjectClass): never {
    const { name } = kind.plan;
    if (typeof value !== "object" || value === null || !(#owner in value)) {
      throw wrongObject(name, describe(value));
    }
    const owner = value.#owner;
    const { name: other } = owner.kind.plan;
    if (other !== name) throw wrongObject(name, `an object of the class ${other}`);
    if (owner.kind !== kind) throw unusable(name, "foreign");
    if (owner !== kind.owner) throw unusable(name, "ended");
    throw unusable(name, value.#isMoved ? "moved" : "freed");
  }
}
define(Bound.prototype, disposeKey, {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the object
  value: Bound.prototype.dispose,
  configurable: true,
  writable: true,
});

define(Bound.prototype, inspectKey, {
  value(this: unknown) {
    return Bound.show(this);
  },
  configurable: true,
});

/**
 * Begins a life of a class.
 *
 * @param kind - The class.
 * @param life - Checks an address, and frees what lives there.
 * @param warn - Receives what goes wrong when an object is freed that was collected.
 * @param notes - Tells the ledger, where there is one.
 */
export function createOwner(
  kind: ObjectClass,
  { check, free }: Pick<Owner, "check" | "free">,
  warn: Warn,
  notes?: Notes,
): Owner {
  const live: Owner["live"] = new Map();
  const owner: Owner = {
    kind,
    check,
    free,
    live,
    notes,
    isEnded: false,
    // What has ended needs no tidying up.
    registry: createRegistry(
      `an object of the class ${kind.plan.name}`,
      (address: number) => {
        if (owner.isEnded) return;
        notes?.ended(address);
        // The module has lent it to the user again in the meantime: it is freed with that object.
        const again = live.get(address)?.deref();
        if (again) {
          Bound.own(again);
          return;
        }
        live.delete(address);
        free(address);
      },
      warn,
    ),
  };
  return owner;
}

/**
 * The object at an address: the one that is out already, or a new one.
 *
 * @param kind - Its class.
 * @param address - Where it lives.
 * @param isOwned - Whether it is the caller's to free.
 */
export function adopt({ Class, owner }: ObjectClass, address: number, isOwned: boolean): Bound {
  const known = owner.kind.plan.isShared ? owner.live.get(address)?.deref() : undefined;
  if (!known) return new Class(adopted, address, isOwned);
  if (isOwned) Bound.own(known);
  return known;
}

/** The error of a method, getter or setter that was called on something else than an object of its class. */
function wrongObject(className: string, received: string): UnglueError<"invalid-argument"> {
  const expected = `an object of the class ${className}`;
  return new UnglueError(
    "invalid-argument",
    `What a member of ${className} is called on must be ${expected}, got ${received}. Nothing was called.`,
    { call: className, argument: "this", expected, received },
  );
}

/**
 * The error of an object that cannot be used.
 *
 * @param className - Its class.
 * @param reason - Why.
 */
export function unusable(
  className: string,
  reason: "freed" | "moved" | "foreign" | "ended" | "borrowed",
): UnglueError<"object-unusable"> {
  const why = {
    freed: `it has been freed. Keep it until its last use, or make another`,
    moved: "it was given to the module, which owns it now. Use what the module returns, or make another",
    foreign: "it belongs to another instance. Objects are of the instance that made them",
    borrowed: "a call that is running uses it, so it cannot be given to the module. Give it away after the call",
    ended: "it belongs to a life of the instance that has ended. Make it anew after a restart, in onRestart",
  };
  return new UnglueError("object-unusable", `An object of the class ${className} cannot be used: ${why[reason]}.`, {
    class: className,
    reason,
  });
}
