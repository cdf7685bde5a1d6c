import { disposeKey } from "../base/dispose-key.ts";
import { define } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { type Facts, factsText, inspectKey } from "../base/preview.ts";
import type { Lock, Lockable } from "./locks.ts";
import { busy, unusable, wrongObject } from "./object-errors.ts";
import type { ClassPlan } from "./plans.ts";

/** Records the objects of one class in one life, for a ledger. */
export interface Notes {
  /** Called when an object is made or received. */
  received(address: number, isOwned: boolean): void;
  /** Called when an object is freed, given to the module, or garbage-collected. */
  ended(address: number): void;
}

/** Memory that belongs to an object: where it is, and how many of its bytes its field was given. */
export interface Kept {
  readonly start: number;
  readonly size: number;
  readonly align: number;
  readonly used: number;
}

/** The state of a class in one life of an instance. */
export interface Owner {
  readonly kind: ObjectClass;
  /** The objects in use, by address. */
  readonly live: Map<number, WeakRef<Wrapper>>;
  /** The memory that belongs to objects, by their address and the name of the field. */
  readonly kept: Map<number, Map<string, Kept>>;
  readonly registry: FinalizationRegistry<Held> | undefined;
  /** Refuses an address that lies outside the memory. Errors: `out-of-bounds`. */
  readonly check: (address: number) => void;
  /** Frees the object at an address. */
  readonly free: (address: number) => void;
  /** Keeps objects alive that a collector would free: then every object is the caller's own. Absent without a collector. */
  readonly hold: Hold | undefined;
  /** Reports to the ledger, if there is one. */
  readonly notes: Notes | undefined;
  /**
   * Returns the module's own object of each class that this one extends, for an object of this class. They have to be freed
   * with it. Absent if the class extends none.
   */
  readonly ancestorsOf: ((address: number) => readonly Ancestor[]) | undefined;
  isEnded: boolean;
}

/** Keeps an object alive: one without a wrapper, or one that is received again. */
export interface Hold {
  readonly first: (address: number) => void;
  readonly again: (address: number) => void;
}

/** The object of a class that an object's class extends. The module has one of each. */
export interface Ancestor {
  readonly owner: Owner;
  readonly address: number;
}

/** The object of a wrapper, for its finalizer: the address alone if its class extends none. */
export type Held = number | { readonly address: number; readonly ancestors: readonly Ancestor[] };

const none: readonly Ancestor[] = Object.freeze([]);

function heldOf({ address, ancestors }: Pick<State, "address" | "ancestors">): Held {
  return ancestors.length > 0 ? { address, ancestors } : address;
}

/** A declared class in one instance. */
export interface ObjectClass {
  readonly plan: ClassPlan;
  /** The class that the user sees. */
  readonly Class: new (adopt: typeof adopted, address: number, isOwned: boolean, owner?: Owner) => Wrapper;
  /** The class that it extends. */
  readonly parent: ObjectClass | undefined;
  /** The state in the current life. */
  owner: Owner;
}

/** Passed instead of a constructor's arguments, for an object that already exists in the module. */
export const adopted = Symbol("adopted");

/** The link from a wrapper to its object. */
interface State {
  /** The object's address; 0 once the wrapper no longer has it, and while its lock hides it. */
  address: number;
  /** The module's objects of the classes that its class extends. */
  ancestors: readonly Ancestor[];
  readonly owner: Owner;
  isOwned: boolean;
  isMoved: boolean;
  /** The running calls that it is lent to, unless the module counts them itself. */
  loans: number;
  /** The address of an object that was freed while it was lent. */
  leaving: number;
  /** Its lock; absent before the first asynchronous call that uses it. */
  lock: Lock | undefined;
}

/** Returns the address of an object, also while its lock hides it. */
function addressIn({ address, lock }: State): number {
  return address === 0 && lock ? lock.hidden : address;
}

/**
 * An object of a declared class: an address in one life of one instance. Its state is one private member, which is read
 * without a check that a value has it: with objects of many classes, Node 20 and 22 take 6 ns for each access to a private
 * member, and a check takes as long again.
 */
export class Wrapper {
  readonly #state: State;

  constructor(_: typeof adopted, address: number, isGiven: boolean, owner: Owner) {
    // The module may have returned anything, such as -1 for a failure.
    owner.check(address);
    owner.hold?.first(address);
    const isOwned = isGiven || owner.hold !== undefined;
    const ancestors = owner.ancestorsOf?.(address) ?? none;
    this.#state = { address, ancestors, owner, isOwned, isMoved: false, loans: 0, leaving: 0, lock: undefined };
    const { kind, live, registry } = owner;
    // Without weak references, two wrappers of one address stay separate.
    if (kind.plan.isShared && typeof WeakRef === "function") live.set(address, new WeakRef(this));
    if (isOwned) registry?.register(this, heldOf(this.#state), this);
    owner.notes?.received(address, isOwned);
  }

  /** Returns the class that a value is an object of, in any instance; `undefined` for anything else. */
  static kindOf(value: unknown): ObjectClass | undefined {
    return Wrapper.#stateOf(value)?.owner.kind;
  }

  /** Whether a value is an object of a class of this name, in any instance, or of one that extends it. */
  static isOf(value: unknown, className: string): boolean {
    return classAmong(Wrapper.kindOf(value), className) !== undefined;
  }

  /** Whether a value is an object of a declared class. */
  static isOne(value: unknown): value is Wrapper {
    return Wrapper.#stateOf(value) !== undefined;
  }

  /** Returns the address of an object of a class. Errors: `object-unusable`. */
  static address(value: unknown, kind: ObjectClass): number {
    let state: State;
    try {
      state = (value as Wrapper).#state;
    } catch {
      throw wrongObject(kind.plan.name, describe(value));
    }
    return state.owner === kind.owner && state.address !== 0 ? state.address : addressAs(state, kind);
  }

  /** Returns the address of an object; 0 if it no longer has one, and for any other value. */
  static peek(value: unknown): number {
    const state = Wrapper.#stateOf(value);
    return state ? addressIn(state) : 0;
  }

  /**
   * Returns the lock of an object of a class, for an asynchronous call; `undefined` for anything that such a call could not
   * use even if no other call did. `MadeLock` makes the first one.
   */
  static lockOf(
    value: unknown,
    kind: ObjectClass,
    MadeLock: new (object: Lockable, idle: () => void) => Lock,
  ): Lock | undefined {
    const state = Wrapper.#stateOf(value);
    const isOf = state && (state.owner === kind.owner || state.ancestors.some(({ owner }) => owner === kind.owner));
    if (!isOf || addressIn(state) === 0) return undefined;
    return (state.lock ??= new MadeLock(state, () => Wrapper.#settle(state, false)));
  }

  /**
   * Returns the address of an object that is given to the module; the caller cannot use it from now on. Errors:
   * `object-unusable`.
   */
  static take(value: unknown, kind: ObjectClass): number {
    const state = Wrapper.#usable(value, kind);
    const { address } = state;
    Wrapper.refuseLent(value);
    (value as Wrapper).#leave();
    state.isMoved = true;
    freeAncestors(state);
    return address;
  }

  /**
   * Returns the address of an object to which memory may be given, which is freed with it: no call uses the object, and
   * the module does not own it. Errors: `object-unusable`.
   */
  static keeping(value: unknown, kind: ObjectClass): number {
    const { address, isOwned, loans } = Wrapper.#usable(value, kind);
    if (loans > 0 || !isOwned) throw unusable(kind.plan.name, isOwned ? "borrowed" : "not-owned");
    return address;
  }

  /** Refuses an object that a running call uses, so that it cannot be given away. Errors: `object-unusable`, `busy`. */
  static refuseLent(value: unknown): void {
    const state = Wrapper.#stateOf(value);
    if (!state) return;
    const { name } = state.owner.kind.plan;
    if (state.loans > 0) throw unusable(name, "borrowed");
    const borrower = state.lock?.borrower;
    if (borrower !== undefined) throw busy(name, borrower);
  }

  /** Makes the caller the owner of an object that was only lent before. */
  static own(object: Wrapper): void {
    const state = object.#state;
    if (state.isOwned || addressIn(state) === 0) return;
    state.isOwned = true;
    state.owner.registry?.register(object, heldOf(state), object);
    state.owner.notes?.received(addressIn(state), true);
  }

  /** Keeps an object in place until it is given back. Errors: `object-unusable`. */
  static lend(value: unknown, kind: ObjectClass): void {
    Wrapper.address(value, kind);
    (value as Wrapper).#state.loans++;
  }

  /** Ends a loan, and frees the object if that was asked for meanwhile. If the call failed, its error takes precedence. */
  static giveBack(value: unknown, hasFailed: boolean): void {
    const state = (value as Wrapper).#state;
    if (--state.loans === 0) Wrapper.#settle(state, hasFailed);
  }

  /** Frees an object that was freed by the caller before, if no call uses it any more. */
  static #settle(state: State, hasFailed: boolean): void {
    const { leaving: address, loans, lock, owner } = state;
    if (address === 0 || loans > 0 || lock?.isInUse) return;
    state.leaving = 0;
    owner.live.delete(address);
    owner.notes?.ended(address);
    try {
      freeAncestors(state);
      owner.free(address);
    } catch (error) {
      if (!hasFailed) throw error;
    }
  }

  /** Frees the object after the calls that use it or wait for it. Does nothing the second time, or after its life has ended. */
  free(): void {
    const state = Wrapper.#stateOf(this);
    if (!state) throw wrongObject("an interface", describe(this));
    const { isOwned, lock, owner } = state;
    const address = addressIn(state);
    if (address === 0 || owner.isEnded) return;
    if (isOwned && (state.loans > 0 || lock?.isInUse)) {
      // If the module returns this address meanwhile, it is this object.
      state.leaving = address;
      state.address = 0;
      owner.registry?.unregister(this);
      return;
    }
    this.#leave();
    freeAncestors(state);
    if (isOwned) owner.free(address);
  }

  /** The same as `free`. */
  dispose(): void {
    Wrapper.prototype.free.call(this);
  }

  /** The facts that a console shows. Reading them reads no member of the interface. */
  toJSON(): Facts {
    return Wrapper.#facts(this);
  }

  static show(value: unknown): string {
    return factsText(Wrapper.kindOf(value)?.plan.name ?? "Object", Wrapper.#facts(value));
  }

  static #facts(value: unknown): Facts {
    const state = Wrapper.#stateOf(value);
    if (!state) return {};
    if (state.owner !== state.owner.kind.owner) return { ended: true };
    const address = addressIn(state);
    if (address !== 0) return { address };
    return state.isMoved ? { moved: true } : { freed: true };
  }

  #leave(): void {
    const state = this.#state;
    const { isOwned, lock, owner } = state;
    const address = addressIn(state);
    state.address = 0;
    lock?.leave();
    const { kind, live, registry, notes } = owner;
    if (kind.plan.isShared) live.delete(address);
    if (isOwned) registry?.unregister(this);
    notes?.ended(address);
  }

  static #stateOf(value: unknown): State | undefined {
    return typeof value === "object" && value !== null && #state in value ? value.#state : undefined;
  }

  /** Returns the state of a usable object of a class. Errors: `object-unusable`. */
  static #usable(value: unknown, kind: ObjectClass): State {
    let state: State;
    try {
      state = (value as Wrapper).#state;
    } catch {
      throw wrongObject(kind.plan.name, describe(value));
    }
    return state.owner === kind.owner && state.address !== 0 ? state : refuse(state, kind);
  }
}
define(Wrapper.prototype, disposeKey, {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the object
  value: Wrapper.prototype.dispose,
  configurable: true,
  writable: true,
});

define(Wrapper.prototype, inspectKey, {
  value(this: unknown) {
    return Wrapper.show(this);
  },
  configurable: true,
});

/**
 * Returns the object at an address: the existing one, or a new one.
 *
 * @param kind - Its class.
 * @param address - Its address.
 * @param isOwned - Whether the caller has to free it.
 */
export function adopt({ Class, owner }: ObjectClass, address: number, isOwned: boolean): Wrapper {
  const known = owner.kind.plan.isShared ? owner.live.get(address)?.deref() : undefined;
  if (!known) return new Class(adopted, address, isOwned);
  owner.hold?.again(address);
  if (isOwned) Wrapper.own(known);
  return known;
}

/** Returns the address of the object as one of a class that its own class extends. Errors: `object-unusable`. */
function addressAs(state: State, kind: ObjectClass): number {
  const found = state.ancestors.find(({ owner }) => owner === kind.owner);
  return found && state.address !== 0 ? found.address : refuse(state, kind);
}

/**
 * Frees the objects that a wrapper has of the classes that its class extends.
 *
 * @param held - The wrapper's state, or what is left of it.
 * @param held.ancestors - The objects.
 */
export function freeAncestors(held: { ancestors: readonly Ancestor[] }): void {
  const { ancestors } = held;
  if (ancestors.length === 0) return;
  held.ancestors = none;
  for (const { owner, address } of ancestors) owner.free(address);
}

/** Returns the class of this name among a class and those that it extends. */
function classAmong(kind: ObjectClass | undefined, name: string): ObjectClass | undefined {
  return kind === undefined || kind.plan.name === name ? kind : classAmong(kind.parent, name);
}

function refuse({ owner, address, isMoved, lock }: State, kind: ObjectClass): never {
  const { name } = kind.plan;
  const { name: other } = owner.kind.plan;
  const same = classAmong(owner.kind, name);
  if (!same) throw wrongObject(name, `an object of the class ${other}`);
  if (same !== kind) throw unusable(name, "foreign");
  if (owner !== owner.kind.owner) throw unusable(other, "ended");
  if (address !== 0)
    throw wrongObject(name, `an object of the class ${other}, which extends it: as such it can only be lent`);
  if (lock && lock.hidden !== 0) throw busy(other, lock.user);
  throw unusable(other, isMoved ? "moved" : "freed");
}
