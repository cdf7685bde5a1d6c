import type {
  Api,
  ApiOptions,
  ArrayType,
  BufferElement,
  BufferType,
  CharsType,
  ClosureType,
  Consistent,
  ConstructorMember,
  ConstructorOptions,
  DeclaredType,
  ElementName,
  FieldMember,
  FieldOptions,
  FixedType,
  FunctionMember,
  FunctionOptions,
  GetterMember,
  GetterOptions,
  InOutType,
  InterfaceMembers,
  JsTypes,
  MethodMember,
  MethodOptions,
  ObjectType,
  OutType,
  OwnedType,
  PlainType,
  PromiseType,
  RecordOptions,
  RecordType,
  SetterMember,
  SetterOptions,
  StaticMember,
  UnionType,
} from "../public/index.ts";
import {
  bits,
  declareClass,
  enumeration,
  host,
  js,
  length,
  list,
  member,
  type None,
  optional,
  optionsOf,
  param,
  type ParamList,
  plain,
  property,
  rest,
  within,
} from "./declare.ts";

const jsTypes: JsTypes = js({ type: "js" }, { lent: js({ type: "js", borrowed: true }, {}) });

/**
 * The language that declares an interface; it is the same for every toolchain. Declarations are plain data, and the types of
 * `wasm.api` follow from them.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   greet: t.fn([t.string], t.string),
 *   Counter: t.class({
 *     new: t.ctor([t.u32]),
 *     add: t.method([t.u32], t.void),
 *     value: t.getter(t.u32),
 *   }),
 * });
 * const wasm = await load("./counter_bg.wasm", { api });
 * using counter = new wasm.api.Counter(1);
 * ```
 * @category Declared interfaces
 */
export const t = {
  /** An integer from -128 to 127. */
  i8: plain("i8"),
  /** An integer from 0 to 255. */
  u8: plain("u8"),
  /** A signed 16-bit integer. */
  i16: plain("i16"),
  /** An unsigned 16-bit integer. */
  u16: plain("u16"),
  /** A signed 32-bit integer. */
  i32: plain("i32"),
  /** An unsigned 32-bit integer. */
  u32: plain("u32"),
  /** A signed 64-bit bigint. */
  i64: plain("i64"),
  /** An unsigned 64-bit bigint. */
  u64: plain("u64"),
  ...bits,
  /** A signed 128-bit bigint. */
  i128: plain("i128"),
  /** An unsigned 128-bit bigint. */
  u128: plain("u128"),
  /** A single-precision number; a parameter is rounded to it. */
  f32: plain("f32"),
  /** A number. */
  f64: plain("f64"),
  /** A size or an address: a whole number from 0, as wide as the module's addresses. */
  size: plain("size"),
  /** A boolean. */
  bool: plain("bool"),
  /** One Unicode character: a string of one code point that is not a surrogate. */
  char: plain("char"),
  /** Text. A lone surrogate in a parameter is an error, except in AssemblyScript: other modules cannot receive one. */
  string: plain("string"),
  /** Zero-terminated text, for C, where `t.string` could also be an address and a length. It contains no zero. */
  cstring: plain("cstring"),
  /** Bytes: copied in and out. */
  bytes: plain("bytes"),
  /** Nothing, for results. */
  void: plain("void"),
  /**
   * Any JavaScript value, given away: a Rust `JsValue`. If values are kept by number (see `wasm.handles`), use `t.js.lent`
   * for a parameter that the module only borrows, a `&JsValue`: a value given away would never be dropped.
   * `t.js.as<Document>()` states the type for TypeScript.
   *
   * @example `t.fn([t.js.lent.as<{ title: string }>()], t.js)`
   */
  js: jsTypes,

  /**
   * Consecutive numbers: a typed array, copied in and out.
   *
   * @param element - `t.u8` to `t.f64`.
   * @param options - Whether the module's writes during a call show in the array that was passed, and its class.
   * @example `t.array(t.f32)`
   */
  array: <Element extends ElementName>(
    element: PlainType<Element>,
    options: Pick<ArrayType, "mutable" | "classId"> = {},
  ): ArrayType<Element> => ({
    type: "array",
    element: within("array", "element", element, ({ type }) => type),
    ...optionsOf("array", options),
  }),

  /**
   * A JavaScript array.
   *
   * @param item - The type of its items.
   * @param options - The module's class for it, if several fit.
   * @example `t.list(t.string)`
   */
  list,

  /** A value or nothing: `undefined`, and for a parameter also `null`. */
  optional,

  /**
   * A parameter that points to where the module writes. The caller does not pass it, and receives the written value: alone
   * if the function's own result is `t.void` and there is one output, else in a list after the function's own result. If
   * the module writes the address of a text or an array, the option `owned` of the function says who frees it; a function
   * that fills memory of the caller's takes a `t.buffer`.
   *
   * @param item - The type of the written value.
   * @example `t.fn([t.f64, t.out(t.i32)], t.f64)` is `(x: number) => [number, number]` for `double frexp(double, int *)`
   */
  out: <Item extends DeclaredType>(item: Item): OutType<Item> => ({ type: "out", item }),

  /**
   * A parameter that points to a number or a struct that the module may change. The caller passes it and receives the new one.
   *
   * @param item - The type of the value.
   * @example `t.fn([t.inout(t.u32)], t.i32)` is `(seed: number) => [number, number]` for `int rand_r(unsigned *seed)`
   */
  inout: <Item extends DeclaredType>(item: Item): InOutType<Item> => ({ type: "inout", item }),

  /**
   * Memory that the function fills, for C. The caller passes its capacity in elements, and receives the elements written: as
   * many as a `t.length` that the function writes or returns, else all. Errors: `buffer-too-small` if that exceeds the capacity.
   *
   * @param element - `t.u8` to `t.f64`; or `t.cstring` for text, whose capacity is in bytes.
   * @example `t.fn([t.buffer(t.u8), t.inout(t.length(0))], t.i32)` for `int f(char *to, size_t *length)`
   */
  buffer: <Element extends BufferElement>(element: PlainType<Element>): BufferType<Element> => ({
    type: "buffer",
    element: within("buffer", "element", element, ({ type }) => type),
  }),

  /** The length of another parameter, which the caller does not pass. */
  length,

  /** One of several texts, or one of several numbers. As a member of an interface, `wasm.api` has its values by name. */
  enumeration,

  /** A parameter with a name, which messages then use. */
  param,

  /** The last parameter of a function that takes any number of arguments, which are passed together. */
  rest,

  /**
   * An object of a class of this interface, lent for the call. As a result: an object that the module still owns.
   *
   * @param name - The class's name in the interface.
   * @example `t.fn([t.object("Image")], t.u32)`
   */
  object: <const Name extends string>(name: Name): ObjectType<Name> => ({ type: "object", class: name }),

  /**
   * An object of a class of this interface, given away. The caller cannot use it after passing it, and has to free one that
   * it receives. A module does not say whether it gives objects away: a wrong `owned` frees an object that is still in use,
   * or leaks.
   *
   * @param name - The class's name in the interface.
   * @example `t.fn([t.owned("Image")], t.owned("Image"))`
   */
  owned: <const Name extends string>(name: Name): OwnedType<Name> => ({ type: "owned", class: name }),

  /**
   * A function. In C it is a function pointer. One that is passed stays in the module's table until the instance ends, and
   * the same function has the same pointer each time. If the module uses it only during the call, as `qsort` does, `lent`
   * frees its slot afterwards.
   *
   * @param params - The types of its parameters. In C `t.string` is an address and a length here, and `t.cstring` an
   *   address.
   * @param result - The type of its result.
   * @param options - The options beside the types.
   * @param options.lent - Whether the module uses it only during the call.
   * @example `t.closure([t.i32, t.i32], t.i32, { lent: true })` for `int (*compare)(int, int)`
   */
  closure: <const Params extends readonly DeclaredType[], Result extends DeclaredType>(
    params: Params,
    result: Result,
    options: { readonly lent?: boolean } = {},
  ): ClosureType<Params, Result> => ({ type: "closure", params, result, ...optionsOf("closure", options) }),

  /**
   * A promise.
   *
   * @param value - The type of the value that it resolves to.
   * @example `t.fn([], t.promise(t.js))`
   */
  promise: <Value extends DeclaredType>(value: Value): PromiseType<Value> => ({ type: "promise", value }),

  /**
   * A C struct that is passed field by field, in the order of declaration: a plain object.
   *
   * @param fields - The types of its fields, by name.
   * @param options - Its layout, if it is not the compiler's default.
   * @example `t.record({ x: t.f64, y: t.f64 })` for `struct Point { double x, y; }`
   */
  record: <const Fields extends { readonly [name: string]: DeclaredType }>(
    fields: Fields,
    options: RecordOptions<Fields> = {},
  ): RecordType<Fields> => ({ ...optionsOf("record", options), type: "record", fields }),

  /**
   * A C union, in a struct or by pointer. Pass an object with one of the members; as a result it has all of them. They are
   * numbers, `t.bool`, `t.chars`, and structs, unions and `t.fixed` of these.
   *
   * @param fields - The types of its members, by name.
   * @example `t.record({ kind: t.u8, value: t.union({ whole: t.i32, real: t.f32 }) })`
   */
  union: <const Fields extends { readonly [name: string]: DeclaredType }>(fields: Fields): UnionType<Fields> => ({
    type: "union",
    fields,
  }),

  /**
   * An array of a fixed length: inside a struct, or by pointer. Numbers are a typed array, others a JavaScript array.
   *
   * @param item - The type of its items: a number, or another that a struct can have.
   * @param length - Their number.
   * @example `t.record({ values: t.fixed(t.i32, 4) })` for `struct { int32_t values[4]; }`
   */
  fixed: <Item extends DeclaredType>(item: Item, length: number): FixedType<Item> => ({ type: "fixed", item, length }),

  /**
   * Text in a fixed number of bytes: inside a struct, or by pointer. It ends at the first zero, or with the last byte.
   *
   * @param length - The number of bytes.
   * @example `t.record({ name: t.chars(16) })` for `struct { char name[16]; }`
   */
  chars: (length: number): CharsType => ({ type: "chars", length }),

  /**
   * A function.
   *
   * @param params - The types of its parameters.
   * @param result - The type of its result; `t.void` for none.
   * @param options - The options beside the types.
   * @example `t.fn([t.string], t.string)`
   */
  fn: <const Params extends ParamList, Result extends DeclaredType, const Options extends FunctionOptions = None>(
    params: Params,
    result: Result,
    options?: Options,
  ) => member<FunctionMember<Params, Result>, Options>("fn", { member: "function", params, result }, options),

  /** A class: its constructor under `new`, its methods, properties and static methods. */
  class: declareClass,

  /**
   * A constructor: the class's own under the key `new`, and under any other key, or with `{ static: true }`, a static method
   * that makes an object.
   *
   * @param params - The types of its parameters.
   * @param options - The options beside the types.
   * @example `t.class({ new: t.ctor([t.u32]), parse: t.ctor([t.string], { throws: true }) })`
   */
  ctor: <const Params extends ParamList, const Options extends ConstructorOptions = None>(
    params: Params,
    options?: Options,
  ) => member<ConstructorMember<Params>, Options>("ctor", { member: "constructor", params }, options),

  /**
   * A method.
   *
   * @param params - The types of its parameters, without the object.
   * @param result - The type of its result; `t.void` for none.
   * @param options - The options beside the types.
   * @example `t.class({ new: t.ctor([]), add: t.method([t.u32], t.void) })`
   */
  method: <const Params extends ParamList, Result extends DeclaredType, const Options extends MethodOptions = None>(
    params: Params,
    result: Result,
    options?: Options,
  ) => member<MethodMember<Params, Result>, Options>("method", { member: "method", params, result }, options),

  /**
   * A static method.
   *
   * @param params - The types of its parameters.
   * @param result - The type of its result; `t.void` for none.
   * @param options - The options beside the types.
   * @example `t.class({ new: t.ctor([]), count: t.static([], t.u32) })`
   */
  static: <const Params extends ParamList, Result extends DeclaredType, const Options extends FunctionOptions = None>(
    params: Params,
    result: Result,
    options?: Options,
  ) => member<StaticMember<Params, Result>, Options>("static", { member: "static", params, result }, options),

  /**
   * A property that a method reads.
   *
   * @param value - Its type.
   * @param options - The options beside the type.
   * @example `t.class({ new: t.ctor([]), value: t.getter(t.u32) })`
   */
  getter: <Value extends DeclaredType, const Options extends GetterOptions = None>(value: Value, options?: Options) =>
    member<GetterMember<Value>, Options>("getter", { member: "getter", value }, options),

  /**
   * A property that a method writes.
   *
   * @param value - Its type.
   * @param options - The options beside the type.
   * @example `t.class({ new: t.ctor([]), step: t.setter(t.u32) })`
   */
  setter: <Value extends DeclaredType, const Options extends SetterOptions = None>(value: Value, options?: Options) =>
    member<SetterMember<Value>, Options>("setter", { member: "setter", value }, options),

  /** A property that is read as one type and written as another. */
  property,

  /**
   * A property that can be read and written: a public field, or a getter and a setter.
   *
   * @param value - Its type.
   * @param options - The options beside the type.
   * @example `t.class({ x: t.field(t.f64), y: t.field(t.f64, { readonly: true }) })`
   */
  field: <Value extends DeclaredType, const Options extends FieldOptions = None>(
    value: Value,
    options?: Options,
  ): FieldMember<Value, Options> => ({ member: "field", value, options: options ?? ({} as Options) }),

  /** A host function: a value for an import that is served with JavaScript values. */
  host,

  /**
   * An interface for the option `api`.
   *
   * @param members - Its functions and classes, by name.
   * @param options - The options beside its members.
   * @example `t.api({ greet: t.fn([t.string], t.string) })`, `t.api({ rlm_new: t.fn([], t.size) }, { convention: "c" })`
   */
  api: <const Members extends InterfaceMembers>(
    members: Consistent<Members>,
    options: ApiOptions = {},
  ): Api<Members> => ({
    ...optionsOf("api", options),
    members: members as Members,
  }),
} as const;
