import { invalidArgument } from "../errors/invalid.ts";
import { define } from "../base/own.ts";
import type {
  Api,
  ArrayType,
  ClassMembers,
  ClassOptions,
  ClosureType,
  Consistent,
  ConstructorMember,
  DeclaredClass,
  DeclaredType,
  ElementName,
  EnumerationOptions,
  EnumerationType,
  EnumerationValue,
  FieldMember,
  FieldOptions,
  FunctionMember,
  FunctionOptions,
  GetterMember,
  InterfaceMembers,
  JsType,
  ListType,
  MethodMember,
  MethodOptions,
  ObjectType,
  OptionalType,
  OutType,
  OwnedType,
  PlainName,
  PlainType,
  PromiseType,
  RecordType,
  SetterMember,
  Stated,
  StaticMember,
} from "../public/index.ts";

/** The declaration of a JavaScript value, whose type can be stated. */
export interface StatedJsType extends JsType {
  /** The same, as a type that TypeScript is to see; nothing checks it. What may be `undefined` may be left out at the end. */
  as<Value>(): JsType<Value>;
  /**
   * The same, as one of some declared types; nothing checks it.
   *
   * @param types - The types: classes of the interface, mostly.
   * @example `t.js.as(t.optional(t.object("Transaction")))`, `t.js.as(t.owned("Circle"), t.owned("Square"))`
   */
  as<Types extends readonly [DeclaredType, ...DeclaredType[]]>(...types: Types): JsType<Stated<Types[number]>>;
}

/** Reads what is inside an argument: `undefined` and a revoked proxy have nothing. What is no declaration, a load refuses. */
const within = <Given, Read>(call: string, argument: string, given: Given, read: (given: Given) => Read): Read => {
  try {
    return read(given);
  } catch (cause) {
    throw invalidArgument(`t.${call}`, argument, "plain data that can be read", given, cause);
  }
};

/** A copy of options. */
const optionsOf = <Options extends object>(call: string, options: Options): Options =>
  within(call, "options", options, (given) => ({ ...given }));

const plain = <Name extends PlainName>(type: Name): PlainType<Name> => ({ type });

/** `as` is not enumerable, so that what is declared stays plain data. */
const js = <Extra extends object>(node: JsType, extra: Extra): StatedJsType & Extra => {
  define(node, "as", { value: () => node });
  for (const [name, value] of Object.entries(extra)) define(node, name, { value: value as unknown });
  return node as StatedJsType & Extra;
};

/**
 * The language in which an interface is declared: the same for every toolchain. What is made of it is plain data, and
 * the types of `wasm.api` follow from it.
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
 */
export const t = {
  /** An integer from −128 to 127. */
  i8: plain("i8"),
  /** An integer from 0 to 255. */
  u8: plain("u8"),
  /** An integer of 16 bits, with a sign. */
  i16: plain("i16"),
  /** An integer of 16 bits, without a sign. */
  u16: plain("u16"),
  /** An integer of 32 bits, with a sign. */
  i32: plain("i32"),
  /** An integer of 32 bits, without a sign. */
  u32: plain("u32"),
  /** A bigint of 64 bits, with a sign. */
  i64: plain("i64"),
  /** A bigint of 64 bits, without a sign. */
  u64: plain("u64"),
  /** A bigint of 128 bits, with a sign. */
  i128: plain("i128"),
  /** A bigint of 128 bits, without a sign. */
  u128: plain("u128"),
  /** A number of single precision: a parameter is rounded to it. */
  f32: plain("f32"),
  /** A number. */
  f64: plain("f64"),
  /** A size or an address: a whole number from 0, as wide as the module's addresses. */
  size: plain("size"),
  /** A boolean. */
  bool: plain("bool"),
  /** One Unicode character: a string of one code point that is no surrogate. */
  char: plain("char"),
  /** Text. A lone surrogate in a parameter is an error, since no module can be told it. */
  string: plain("string"),
  /** Text that a zero ends, where `t.string` could also be an address and a length. For C: it has none inside. */
  cstring: plain("cstring"),
  /** Bytes: copied in and out. */
  bytes: plain("bytes"),
  /** Nothing: for results. */
  void: plain("void"),
  /**
   * Any JavaScript value, given away: a Rust `JsValue`. Where values are kept by number (see `wasm.handles`), a parameter
   * that the module only borrows, a `&JsValue`, is `t.js.lent`: given away, it would never be dropped.
   *
   * `t.js.as<Document>()` says what TypeScript is to see.
   */
  js: js({ type: "js" }, { lent: js({ type: "js", borrowed: true }, {}) }),

  /**
   * Numbers side by side: a typed array, copied in and out.
   *
   * @param element - `t.u8` to `t.f64`.
   * @param options - What it is beside its element.
   * @param options.mutable - Whether what the module writes to it during a call shows in the array that was passed.
   * @example `t.array(t.f32)`
   */
  array: <Element extends ElementName>(
    element: PlainType<Element>,
    options: { readonly mutable?: boolean } = {},
  ): ArrayType<Element> => ({
    type: "array",
    element: within("array", "element", element, ({ type }) => type),
    ...optionsOf("array", options),
  }),

  /**
   * A JavaScript array.
   *
   * @param item - The type of its items.
   */
  list: <Item extends DeclaredType>(item: Item): ListType<Item> => ({ type: "list", item }),

  /**
   * A value or nothing: `undefined`, and for a parameter also `null`.
   *
   * @param item - The value's type.
   */
  optional: <Item extends DeclaredType>(item: Item): OptionalType<Item> => ({ type: "optional", item }),

  /**
   * A parameter that points to where the module writes. The caller does not pass it: what was written is returned, alone
   * if the function's own result is `t.void` and there is one, else in a list, the function's own result first.
   *
   * @param item - The type of what is written.
   * @example `t.fn([t.f64, t.out(t.i32)], t.f64)` is `(x: number) => [number, number]` for `double frexp(double, int *)`
   */
  out: <Item extends DeclaredType>(item: Item): OutType<Item> => ({ type: "out", item }),

  /** One of some texts, or one of some numbers. */
  enumeration,

  /**
   * An object of a class of this interface, lent for the call. As a result: an object that stays the module's.
   *
   * @param name - The class's name in the interface.
   */
  object: <const Name extends string>(name: Name): ObjectType<Name> => ({ type: "object", class: name }),

  /**
   * An object of a class of this interface, given away: as a parameter it cannot be used afterwards, as a result it is the
   * caller's to free. Whether it is given away cannot be read from a module: a wrong `owned` frees what is still in use,
   * or leaks.
   *
   * @param name - The class's name in the interface.
   */
  owned: <const Name extends string>(name: Name): OwnedType<Name> => ({ type: "owned", class: name }),

  /**
   * A function. In C it is a function pointer: one that is passed stays in the module's table until the instance ends,
   * and the same function has the same pointer each time. Where the module uses it during the call alone, as `qsort` does,
   * `lent` frees its place.
   *
   * @param params - The types of its parameters. In C `t.string` is an address and a length here, and `t.cstring` an address.
   * @param result - The type of its result.
   * @param options - What the types do not say.
   * @param options.lent - Whether the module uses it during the call alone.
   */
  closure: <const Params extends readonly DeclaredType[], Result extends DeclaredType>(
    params: Params,
    result: Result,
    options: { readonly lent?: boolean } = {},
  ): ClosureType<Params, Result> => ({ type: "closure", params, result, ...optionsOf("closure", options) }),

  /**
   * A promise.
   *
   * @param value - The type of what it resolves to.
   */
  promise: <Value extends DeclaredType>(value: Value): PromiseType<Value> => ({ type: "promise", value }),

  /**
   * A C struct that is passed by its fields, in the order of their declaration: a plain object.
   *
   * @param fields - The types of its fields, by name.
   */
  record: <const Fields extends { readonly [name: string]: DeclaredType }>(fields: Fields): RecordType<Fields> => ({
    type: "record",
    fields,
  }),

  /**
   * A function.
   *
   * @param params - The types of its parameters.
   * @param result - The type of its result; `t.void` for none.
   * @param options - What the types do not say.
   */
  fn: <const Params extends readonly DeclaredType[], Result extends DeclaredType>(
    params: Params,
    result: Result,
    options: FunctionOptions = {},
  ): FunctionMember<Params, Result> => ({ ...optionsOf("fn", options), member: "function", params, result }),

  /**
   * A class.
   *
   * @param members - Its constructor under `new`, its methods, properties and static methods.
   * @param options - What its members do not say.
   */
  class: <const Members extends ClassMembers>(
    members: Members,
    options: ClassOptions = {},
  ): DeclaredClass<Members> => ({
    ...optionsOf("class", options),
    member: "class",
    members,
  }),

  /**
   * A constructor: under the key `new` the class's own, under another a static method that makes an object.
   *
   * @param params - The types of its parameters.
   * @param options - What the types do not say.
   */
  ctor: <const Params extends readonly DeclaredType[]>(
    params: Params,
    options: FunctionOptions = {},
  ): ConstructorMember<Params> => ({ ...optionsOf("ctor", options), member: "constructor", params }),

  /**
   * A method.
   *
   * @param params - The types of its parameters, without the object.
   * @param result - The type of its result; `t.void` for none.
   * @param options - What the types do not say.
   */
  method: <const Params extends readonly DeclaredType[], Result extends DeclaredType>(
    params: Params,
    result: Result,
    options: MethodOptions = {},
  ): MethodMember<Params, Result> => ({ ...optionsOf("method", options), member: "method", params, result }),

  /**
   * A static method.
   *
   * @param params - The types of its parameters.
   * @param result - The type of its result; `t.void` for none.
   * @param options - What the types do not say.
   */
  static: <const Params extends readonly DeclaredType[], Result extends DeclaredType>(
    params: Params,
    result: Result,
    options: FunctionOptions = {},
  ): StaticMember<Params, Result> => ({ ...optionsOf("static", options), member: "static", params, result }),

  /**
   * A property that is read by a method.
   *
   * @param value - Its type.
   * @param options - What the type does not say.
   */
  getter: <Value extends DeclaredType>(value: Value, options: FunctionOptions = {}): GetterMember<Value> => ({
    ...optionsOf("getter", options),
    member: "getter",
    value,
  }),

  /**
   * A property that is written by a method.
   *
   * @param value - Its type.
   * @param options - What the type does not say.
   */
  setter: <Value extends DeclaredType>(value: Value, options: FunctionOptions = {}): SetterMember<Value> => ({
    ...optionsOf("setter", options),
    member: "setter",
    value,
  }),

  /**
   * A property that is read and written: a public field, or a pair of a getter and a setter.
   *
   * @param value - Its type.
   * @param options - What the type does not say.
   */
  field: <Value extends DeclaredType, const Options extends FieldOptions = Record<never, never>>(
    value: Value,
    options?: Options,
  ): FieldMember<Value, Options> => ({ member: "field", value, options: options ?? ({} as Options) }),

  /**
   * An interface, to be given as the option `api`.
   *
   * @param members - Its functions and classes, by name.
   */
  api: <const Members extends InterfaceMembers>(members: Members & Consistent<Members>): Api<Members> => ({
    members,
  }),
} as const;

/**
 * One of some texts, by their place in the declaration, or one of some numbers.
 *
 * @param values - The texts in the order of their numbers; or an object, such as an enum, whose values are the numbers or
 * the texts.
 * @param options - What the values do not say.
 * @example `t.enumeration(["low", "high"])`, `t.enumeration({ Low: 0, High: 4 })`,
 * `t.optional(t.enumeration({ Low: 0, High: 4 }, { complete: true }))`
 */
function enumeration<const Value extends string>(
  values: readonly Value[],
  options?: EnumerationOptions,
): EnumerationType<Value>;
function enumeration<const Values extends { readonly [name: string]: number | string }>(
  values: Values,
  options?: EnumerationOptions,
): EnumerationType<EnumerationValue<Values>>;
function enumeration(
  values: readonly string[] | { readonly [name: string]: number | string },
  options: EnumerationOptions = {},
): EnumerationType {
  const all: (string | number)[] = within("enumeration", "values", values, (given) => Object.values(given));
  // An enum of TypeScript's that has numbers has its names among its values, too.
  const numbers = all.filter((value) => typeof value === "number");
  return { type: "enumeration", values: numbers.length > 0 ? numbers : all, ...optionsOf("enumeration", options) };
}
