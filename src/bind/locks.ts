/** The part of an object's state that its lock changes. */
export interface Lockable {
  /** The object's address. The lock sets it to 0 while a call uses the object alone, so that other uses take the slow path. */
  address: number;
  /** Whether the object is to be freed once no call uses it. */
  readonly leaving: number;
}

/** A call that uses an object until its promise settles. */
export interface Claim {
  /** The call's name in messages, as in `Counter.add`. */
  readonly name: string;
  /** Whether no other call may use the object meanwhile. */
  isExclusive: boolean;
  /** Whether the call takes the object away from the caller. */
  isGiven: boolean;
  /** Called when the call may use the object. */
  readonly granted: () => void;
}

/**
 * The readers–writer lock of an object, for asynchronous calls: they are served in the order in which they were made, one
 * exclusive call at a time, or any number of shared ones. Objects without such calls have none.
 */
export class Lock {
  readonly #object: Lockable;
  readonly #idle: () => void;
  readonly #holders = new Set<Claim>();
  /** The object's address; 0 once the caller no longer has the object. */
  #address: number;
  #isExclusive = false;
  /** The claims that wait, from the index `#first`: removing the first of an array moves all others. */
  #waiting: Claim[] = [];
  #first = 0;

  /**
   * Makes the lock of an object that no call uses.
   *
   * @param object - The object.
   * @param idle - Called when no call uses the object, or waits for it, any more. What it throws, {@link Lock.release} throws.
   */
  constructor(object: Lockable, idle: () => void) {
    this.#object = object;
    this.#address = object.address;
    this.#idle = idle;
  }

  /** Whether a call uses the object, or waits for it. */
  get isInUse(): boolean {
    return this.#holders.size > 0 || this.#first < this.#waiting.length;
  }

  /** The address that the lock hides; 0 if it hides none. */
  get hidden(): number {
    return this.#isExclusive && this.#object.leaving === 0 ? this.#address : 0;
  }

  /** The name of a call that uses the object, or waits for it; empty if there is none. */
  get user(): string {
    const [holder = this.#waiting[this.#first]] = this.#holders;
    return holder?.name ?? "";
  }

  /** The name of a running call that the object is lent to; `undefined` if there is none. */
  get borrower(): string | undefined {
    return [...this.#holders].find(({ isGiven }) => !isGiven)?.name;
  }

  /**
   * Whether a call would have to wait.
   *
   * @param isExclusive - Whether it uses the object alone.
   */
  isBusyFor(isExclusive: boolean): boolean {
    return this.isInUse && (isExclusive || this.#isExclusive || this.#first < this.#waiting.length);
  }

  /**
   * Adds a claim, which waits for those before it.
   *
   * @param claim - The claim.
   */
  add(claim: Claim): void {
    this.#waiting.push(claim);
    this.#grant();
  }

  /** Shows the object's address, for the call of a claim that was granted. */
  show(): void {
    this.#object.address = this.#address;
  }

  /** Hides the address again, after that call has returned its promise. */
  hide(): void {
    if (this.#isExclusive || this.#object.leaving !== 0) this.#object.address = 0;
  }

  /** Called when the caller no longer has the object, so that its address is never shown again. */
  leave(): void {
    this.#address = 0;
  }

  /**
   * Ends a claim that was granted. Errors: those of the idle object.
   *
   * @param claim - The claim.
   */
  release(claim: Claim): void {
    if (!this.#holders.delete(claim)) return;
    if (this.#holders.size === 0) this.#isExclusive = false;
    if (this.#object.leaving === 0 && !this.#isExclusive) this.show();
    this.#grant();
    if (!this.isInUse) this.#idle();
  }

  /** Forgets all claims, because the life of the object has ended: its own errors explain that from now on. */
  abandon(): void {
    this.#holders.clear();
    this.#waiting = [];
    this.#first = 0;
    this.#isExclusive = false;
    if (this.#object.leaving === 0) this.show();
  }

  #grant(): void {
    for (let next = this.#waiting[this.#first]; next; next = this.#waiting[this.#first]) {
      if (this.#holders.size > 0 && (next.isExclusive || this.#isExclusive)) break;
      this.#first++;
      this.#holders.add(next);
      this.#isExclusive = next.isExclusive;
      next.granted();
    }
    // Copying the rest only once half of it is gone keeps the cost of each claim constant.
    if (this.#first < 32 || this.#first * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }
}
