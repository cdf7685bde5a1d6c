/**
 * The name of a calling convention: `"c"` for C's, or the name of the adapter that serves the module, for that adapter's
 * convention.
 *
 * @example
 * ```ts
 * const convention: ConventionName = "c";
 * ```
 * @category Declared interfaces
 */
export type ConventionName = "c" | (string & Record<never, never>);

/**
 * An option of members, classes and interfaces.
 *
 * @example
 * ```ts
 * const api = t.api({ text_length: t.fn([t.cstring], t.u32, { convention: "c" }) });
 * ```
 * @category Declared interfaces
 */
export interface ConventionOption {
  /**
   * The calling convention, if it is not that of what surrounds the declaration: the class, the interface, or the module. It
   * decides how values are passed and which export names are tried; imports stay those of the module's adapter.
   */
  readonly convention?: ConventionName;
}

/**
 * Options of a function besides its types.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   greet: t.fn([t.string], t.string, {
 *     export: "greet_utf8",
 *     owned: true,
 *     free: "free_text",
 *   }),
 * });
 * ```
 * @category Declared interfaces
 */
export interface FunctionOptions extends ConventionOption {
  /**
   * Whether the module may lack it. The member is then `undefined`. A module that has it with another signature is still an
   * error.
   */
  readonly optional?: boolean;
  /** The export's name, if it does not follow from the declared name by the toolchain's rule. */
  readonly export?: string;
  /**
   * How a function whose result is a promise uses its objects (the one that it is called on, and those that are lent to it)
   * until the promise settles. `"exclusive"`, the default: no other call may use them meanwhile, as with `&mut self` in Rust.
   * `"shared"`: other shared calls may, and synchronous ones, as with `&self`. `"none"`: it does not use them once it has
   * returned, as a function that is no `async fn`. The option `onBusy` says what other calls do.
   *
   * @example
   * ```ts
   * const api = t.api({
   *   Store: t.class({
   *     new: t.ctor([]),
   *     get: t.method([t.string], t.promise(t.js), { borrows: "shared" }),
   *     set: t.method([t.string, t.js], t.promise(t.void)),
   *   }),
   * });
   * ```
   */
  readonly borrows?: "exclusive" | "shared" | "none";
  /** Whether it may throw. This is documentation: an error result is thrown either way. */
  readonly throws?: boolean;
  /**
   * Whether the caller owns the text or bytes that it returns. For C only: wasm-bindgen always gives them away, and refuses
   * `false`.
   */
  readonly owned?: boolean;
  /**
   * The export that frees an `owned` result, if that is not the module's allocator. It takes the address, or the address and
   * the length. For C only; wasm-bindgen refuses it.
   */
  readonly free?: string;
}

/**
 * Options of a method.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   Encoder: t.class({
 *     new: t.ctor([]),
 *     finish: t.method([], t.bytes, { consumes: true }),
 *   }),
 * });
 * ```
 * @category Declared interfaces
 */
export interface MethodOptions extends FunctionOptions {
  /** Whether it takes ownership of its object, which cannot be used afterwards. */
  readonly consumes?: boolean;
}

/**
 * Options of a constructor.
 *
 * @example
 * ```ts
 * const api = t.api({ Config: t.class({ new: t.ctor([], { static: true }) }) });
 * const wasm = await load("./app.wasm", { api });
 * const config = wasm.api.Config.new();
 * ```
 * @category Declared interfaces
 */
export interface ConstructorOptions extends FunctionOptions {
  /** Whether it is a static method, even under the key `new`: `Config.new()` instead of `new Config()`. */
  readonly static?: boolean;
  /**
   * For C, where a constructor takes the object's storage and returns an integer. `true`: it is a status, and any but zero
   * throws `invalid-value`. `false`: it is the address of the storage, as a C++ constructor returns it.
   */
  readonly status?: boolean;
}

/**
 * Options of a property that a function reads.
 *
 * @example
 * ```ts
 * const api = t.api({ Config: t.class({ count: t.getter(t.u32, { static: true }) }) });
 * ```
 * @category Declared interfaces
 */
export interface GetterOptions extends MethodOptions {
  /** Whether it is a property of the class instead of its objects. */
  readonly static?: boolean;
}

/**
 * Options of a property that a function writes.
 *
 * @example
 * ```ts
 * const api = t.api({ Config: t.class({ limit: t.setter(t.u32, { static: true }) }) });
 * ```
 * @category Declared interfaces
 */
export interface SetterOptions extends FunctionOptions {
  /** Whether it is a property of the class instead of its objects. */
  readonly static?: boolean;
}

/**
 * The class that a class extends, as a part of its declaration.
 *
 * @category Details of declarations
 */
export type Extending<Options> = Options extends { readonly extends: infer Name extends string }
  ? { readonly extends: Name }
  : unknown;

/**
 * The options among those given that change the type of a member.
 *
 * @category Details of declarations
 */
export type Flags<Options> = (Options extends { readonly optional: true } ? { readonly optional: true } : unknown) &
  (Options extends { readonly static: true } ? { readonly static: true } : unknown);

/**
 * Options of a field.
 *
 * @example
 * ```ts
 * const Config = t.class({ retries: t.field(t.u32, { readonly: true }) });
 * ```
 * @category Details of declarations
 */
export interface FieldOptions extends ConventionOption {
  /** Whether the module may lack it: the property is then `undefined`. */
  readonly optional?: boolean;
  /** Whether it is a property of the class instead of its objects. */
  readonly static?: boolean;
  /** The export that reads it. */
  readonly get?: string;
  /** The export that writes it. */
  readonly set?: string;
  /** Whether it cannot be written. */
  readonly readonly?: boolean;
  /** Its offset in the object, in bytes, for a module without exports that read and write it. */
  readonly offset?: number;
  /**
   * The field with the number of elements that a `t.bytes`, `t.array` or `t.buffer` with an `offset` points to. What is
   * written is copied to memory that belongs to the object: it is freed when the field is written again, and after the object.
   */
  readonly length?: string;
}

/**
 * Options of a class. Its `convention` is that of its members and of the function that frees its objects.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   Counter: t.class(
 *     { new: t.ctor([t.u32]) },
 *     { prefix: "my_counter", free: "my_counter_delete" },
 *   ),
 * });
 * ```
 * @category Declared interfaces
 */
export interface ClassOptions extends ConventionOption {
  /**
   * Whether the module may lack it, and then has none of its exports. The class is then `undefined`.
   */
  readonly optional?: boolean;
  /**
   * The class that it extends, by its name in the interface. Its objects are then objects of that class, too.
   */
  readonly extends?: string;
  /** The size of an object in bytes, for constructors that write into the caller's storage. */
  readonly size?: number;
  /** Its alignment: a power of two. Default 8. */
  readonly align?: number;
  /**
   * The prefix of its export names; a trailing underscore may be omitted. By default it follows from the class's name by the
   * toolchain's rule.
   */
  readonly prefix?: string;
  /** The export that frees an object; `false` for objects that are never freed. */
  readonly free?: string | false;
}
