/** The key under which the type of an object carries its class name. The property does not exist at run time. */
declare const className: unique symbol;

/**
 * An object that lives in a module, of the class of that name in the interface.
 *
 * @example
 * ```ts
 * const counter = new wasm.api.Counter(1);
 * counter.free();
 * ```
 * @category Declared interfaces
 */
export interface WasmObject<ClassName = unknown> {
  /** Frees the object in the module. Later use throws `object-unusable`; a second call does nothing. */
  free(): void;
  /** The same as `free`. */
  dispose(): void;
  /** The same as `free`, for `using`. */
  [Symbol.dispose](): void;
  /** Never set. It distinguishes classes that have the same members, and has the name of each class of the object. */
  readonly [className]?: unknown extends ClassName ? unknown : { readonly [Name in ClassName & PropertyKey]: true };
}

/**
 * The names of the classes of an object.
 *
 * @category Details of inferred types
 */
export type ClassNamesOf<Object> = Object extends { readonly [className]?: infer Names }
  ? keyof NonNullable<Names>
  : never;

/**
 * Replaces a declared class whose objects live elsewhere: they have this type.
 *
 * @category Details of inferred types
 */
export interface Elsewhere<Object> {
  /** The type of its objects. */
  readonly elsewhere: Object;
}
