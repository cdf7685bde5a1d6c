/** Parts of `t` that stand apart from the list of its members. */
import { invalidArgument } from "../errors/invalid.ts";
import { define } from "../base/own.ts";
import type {
  AnyMembers,
  ClassMembers,
  ClassOptions,
  CollectedType,
  DeclaredClass,
  DeclaredHost,
  DeclaredParameter,
  DeclaredType,
  EnumerationNames,
  EnumerationOptions,
  EnumerationType,
  EnumerationValue,
  Extending,
  Flags,
  GetterMember,
  HostAnswer,
  HostArguments,
  HostFunction,
  HostOptions,
  JsType,
  LengthName,
  LengthType,
  ListType,
  OptionalType,
  HostParameter,
  ParamType,
  PlainName,
  PlainType,
  PropertyMember,
  RestType,
  SetterMember,
  StatedJsType,
} from "../public/index.ts";

/**
 * Reads the contents of an argument: `undefined` and a revoked proxy have none. A load refuses values that are not
 * declarations.
 *
 * @param call - The function of `t`.
 * @param argument - The argument's name.
 * @param given - The argument.
 * @param read - Reads its contents.
 */
export const within = <Given, Read>(
  call: string,
  argument: string,
  given: Given,
  read: (given: Given) => Read,
): Read => {
  try {
    return read(given);
  } catch (cause) {
    throw invalidArgument(`t.${call}`, argument, "plain data that can be read", given, cause);
  }
};

/**
 * Copies options.
 *
 * @param call - The function of `t`.
 * @param options - The options.
 */
export const optionsOf = <Options extends object>(call: string, options: Options): Options =>
  within(call, "options", options, (given) => ({ ...given }));

/**
 * Declares a JavaScript array.
 *
 * @param item - The type of its items.
 * @param options - The options beside the items.
 */
export const list = <Item extends DeclaredType>(
  item: Item,
  options: Pick<ListType, "classId"> = {},
): ListType<Item> => ({ type: "list", item, ...optionsOf("list", options) });

/**
 * A value or nothing: `undefined`, and for a parameter also `null`.
 *
 * @param item - The value's type.
 * @param options - The options beside the type.
 * @param options.none - The number that stands for nothing, if the type does not tell it: for integers of at most 32 bits,
 *   and enumerations of numbers. It cannot be passed as a value.
 * @example `t.optional(t.string)`, `t.optional(t.i32, { none: -1 })`
 */
export const optional = <Item extends DeclaredType>(
  item: Item,
  options: { readonly none?: number } = {},
): OptionalType<Item> => ({ type: "optional", item, ...optionsOf("optional", options) });

/**
 * Declares a plain type.
 *
 * @param type - Its name.
 */
export const plain = <Name extends PlainName>(type: Name): PlainType<Name> => ({ type });

/**
 * Integers whose sign is unknown, for declarations that are written by a tool. A module takes −1 and its unsigned equal alike,
 * so the JavaScript that was generated for it does not say which it expects.
 */
export const bits = {
  /** An integer of at most 16 bits, signed or unsigned: −32768 to 65535. A result is as the module made it. */
  bits16: plain("bits16"),
  /** A 32-bit integer, signed or unsigned: −2147483648 to 4294967295. A result is signed. */
  bits32: plain("bits32"),
  /** A 64-bit bigint, signed or unsigned. A result is signed. */
  bits64: plain("bits64"),
};

/**
 * Declares a JavaScript value. `as` is not enumerable, so that declarations stay plain data.
 *
 * @param node - The declaration.
 * @param extra - Its other members.
 */
export const js = <Extra extends object>(node: JsType, extra: Extra): StatedJsType & Extra => {
  define(node, "as", { value: () => node });
  for (const [name, value] of Object.entries(extra)) define(node, name, { value: value as unknown });
  return node as StatedJsType & Extra;
};

/**
 * One of several texts, numbered by their order, or one of several numbers.
 *
 * @param values - The texts in the order of their numbers; or an object, such as an enum, whose values are the numbers or
 *   the texts.
 * @param options - The options beside the values.
 * @example `t.enumeration(["low", "high"])`, `t.enumeration({ Low: 0, High: 4 })`,
 *   `t.optional(t.enumeration({ Low: 0, High: 4 }, { complete: true }))`
 */
export function enumeration<const Value extends string>(
  values: readonly Value[],
  options?: EnumerationOptions,
): EnumerationType<Value, { readonly [Name in Value]: Name }>;
export function enumeration<const Values extends { readonly [name: string]: number | string }>(
  values: Values,
  options?: EnumerationOptions,
): EnumerationType<EnumerationValue<Values>, EnumerationNames<Values>>;
export function enumeration(
  values: readonly string[] | { readonly [name: string]: number | string },
  options: EnumerationOptions = {},
): EnumerationType {
  const given = within("enumeration", "values", values, (all) => ({
    named: Array.isArray(all) ? undefined : Object.entries(all),
    values: Object.values(all),
  }));
  const rest = optionsOf("enumeration", options);
  if (!given.named) return { type: "enumeration", values: given.values, ...rest };
  // A numeric TypeScript enum also has its names among its values.
  const hasNumbers = given.values.some((value) => typeof value === "number");
  const named = given.named.filter(([, value]) => !hasNumbers || typeof value === "number");
  return {
    type: "enumeration",
    values: named.map(([, value]) => value),
    names: named.map(([name]) => name),
    ...rest,
  };
}

/**
 * Declares a host function: a value for an import that is served with JavaScript values. One that does not fit its import
 * fails the load with `import-mismatch`.
 *
 * @param params - The types of its parameters. In C `t.string` and `t.bytes` are an address and a length, and `t.cstring` is an
 *   address. The function does not receive what `t.out` declares: it returns that.
 * @param result - The type of its result; `t.void` for none.
 * @param call - The function. Only `offload` takes one that returns a promise.
 * @param options - The options beside the types.
 * @example `imports: { env: { log: t.host([t.u8, t.string], t.void, (level, text) => logs.push([level, text])) } }`
 */
export function host<
  const Params extends readonly HostParameter[],
  Result extends DeclaredType,
  Returned extends HostAnswer<Params, Result, Members> | Promise<HostAnswer<Params, Result, Members>>,
  Members = AnyMembers,
>(
  params: Params,
  result: Result,
  call: (...args: HostArguments<Params, Members>) => Returned,
  options?: HostOptions<Result, Members>,
): DeclaredHost<Params, Result, Returned, Members>;
export function host(
  params: readonly HostParameter[],
  result: DeclaredType,
  call: (...args: never[]) => unknown,
  options: HostOptions = {},
): unknown {
  return { ...optionsOf("host", options), member: "host", params, result, call } satisfies HostFunction;
}

/**
 * The number of elements of another parameter: a `t.buffer`, or an array, bytes or a text whose length does not follow
 * its address. The caller does not pass it. As `t.out` or the result it says how many elements of the buffer were written,
 * none if a result is negative; `t.inout` of it also tells the function the capacity.
 *
 * @param of - The index of that parameter, from 0.
 * @param type - The integer type, which tells the width: `t.i8` to `t.u64`. Default `t.size`.
 * @example `t.fn([t.buffer(t.u8), t.length(0)], t.length(0, t.i32))` for `int f(uint8_t *to, size_t capacity)`
 */
export function length<Name extends LengthName = "size">(of: number, type?: PlainType<Name>): LengthType<Name> {
  const as = within("length", "type", type ?? (plain("size") as PlainType<Name>), ({ type: name }) => name);
  return { type: "length", of, as };
}
/** The type of options that were left out. */
export type None = Record<never, never>;

/** The parameters of a function. */
export type ParamList = readonly DeclaredParameter[];

/**
 * Makes a member with its options. The type has those of them that change the type of the member.
 *
 * @param call - The function of `t`.
 * @param made - The member without options.
 * @param options - The options.
 */
export const member = <Member extends object, Options extends object>(
  call: string,
  made: Member,
  options: Options | undefined,
): Member & Flags<Options> => ({ ...optionsOf(call, options ?? {}), ...made }) as Member & Flags<Options>;

/**
 * A parameter with a name, which messages then use: "the argument "width" of resize". An editor still shows `args_0`:
 * TypeScript cannot name a parameter after a text.
 *
 * @param name - The name.
 * @param type - The type of the parameter.
 * @example `t.fn([t.param("image", t.bytes), t.param("width", t.u32)], t.bytes)`
 */
export const param = <const Type extends DeclaredType | RestType>(name: string, type: Type): ParamType<Type> => ({
  type: "param",
  name,
  of: type,
});

/**
 * The last parameter of a function that takes any number of arguments. They are passed together.
 *
 * @param type - Their type together: a list, an array of numbers, or bytes.
 * @example `t.fn([t.string, t.rest(t.list(t.string))], t.string)` is `(first: string, ...rest: string[]) => string`
 */
export const rest = <const Type extends CollectedType>(type: Type): RestType<Type> => ({ type: "rest", of: type });

/**
 * A property that is read as one type and written as another.
 *
 * @param get - How it is read.
 * @param set - How it is written.
 * @example `t.property(t.getter(t.string), t.setter(t.optional(t.string)))`
 */
export const property = <Get extends GetterMember, Set extends SetterMember>(
  get: Get,
  set: Set,
): PropertyMember<Get, Set> => ({
  member: "property",
  get,
  set,
});

/**
 * A class.
 *
 * @param members - Its constructor under `new`, its methods, properties and static methods.
 * @param options - The options beside its members.
 * @example `t.class({ new: t.ctor([t.u32]), add: t.method([t.u32], t.void) })`
 */
export const declareClass = <const Members extends ClassMembers, const Options extends ClassOptions = None>(
  members: Members,
  options?: Options,
) =>
  member<DeclaredClass<Members> & Extending<Options>, Options>("class", { member: "class", members } as never, options);
