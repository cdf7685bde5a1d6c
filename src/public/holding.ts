/**
 * Tells a module the number of arguments; see {@link Calling.announce}.
 *
 * @category Details of calling conventions
 */
export interface Announcing<Runtime = unknown> {
  /**
   * Tells the module how many arguments the next call has.
   *
   * @param life - The life of the instance.
   * @param count - The number of arguments, without the object that a method is called on.
   */
  announce(life: Runtime, count: number): void;
}

/**
 * How the caller keeps objects of a module alive that has a collector. Every object that it receives is its own to let go,
 * and none is given away.
 *
 * @category Details of calling conventions
 */
export interface Holding<Runtime = unknown> {
  /** The reason why no object can be kept alive; `undefined` if they can. */
  readonly refusal: string | undefined;
  /**
   * Keeps an object alive that the caller has no wrapper of.
   *
   * @param life - The life of the instance.
   * @param address - The object.
   */
  first(life: Runtime, address: number): void;
  /**
   * Receives an object again that the caller has a wrapper of.
   *
   * @param life - The life of the instance.
   * @param address - The object.
   */
  again(life: Runtime, address: number): void;
}
