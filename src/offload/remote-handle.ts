/** The key under which an object's type carries the name of its class. No such property exists at run time. */
declare const className: unique symbol;

/**
 * The members of every object in a worker, beside the declared ones.
 *
 * @category Details of inferred types
 */
export interface RemoteHandle<ClassName = unknown> {
  /** Never set. It keeps classes with the same members apart, and has the name of each class of the object. */
  readonly [className]: { readonly [Name in ClassName & PropertyKey]: true } | undefined;
  /**
   * Frees the object in its worker, after the calls that wait for it. Later use is the error `object-unusable`; a second
   * call does nothing.
   */
  free(): Promise<void>;
  /** The same as `free`. */
  dispose(): Promise<void>;
  /** The same as `free`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
