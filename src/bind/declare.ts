/** Parts of `t` that stand apart from the list of its members. */
import { invalidArgument } from "../errors/invalid.ts";
import { define } from "../base/own.ts";
import type {
  AnyMembers,
  DeclaredType,
  EnumerationOptions,
  EnumerationType,
  EnumerationValue,
  HostAnswer,
  HostArguments,
  HostFunction,
  HostOptions,
  JsType,
  LengthName,
  LengthType,
  PlainName,
  PlainType,
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
 * Declares a plain type.
 *
 * @param type - Its name.
 */
export const plain = <Name extends PlainName>(type: Name): PlainType<Name> => ({ type });

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
): EnumerationType<Value>;
export function enumeration<const Values extends { readonly [name: string]: number | string }>(
  values: Values,
  options?: EnumerationOptions,
): EnumerationType<EnumerationValue<Values>>;
export function enumeration(
  values: readonly string[] | { readonly [name: string]: number | string },
  options: EnumerationOptions = {},
): EnumerationType {
  const all: (string | number)[] = within("enumeration", "values", values, (given) => Object.values(given));
  // A numeric TypeScript enum also has its names among its values.
  const numbers = all.filter((value) => typeof value === "number");
  return { type: "enumeration", values: numbers.length > 0 ? numbers : all, ...optionsOf("enumeration", options) };
}

/**
 * Declares a host function: a value for an import that is served with JavaScript values. One that does not fit its import
 * fails the load with `import-mismatch`.
 *
 * @param params - The types of its parameters. In C `t.string` and `t.bytes` are an address and a length, and `t.cstring` is an
 *   address. The function does not receive what `t.out` declares: it returns that.
 * @param result - The type of its result; `t.void` for none.
 * @param call - The function.
 * @param options - The options beside the types.
 * @example `imports: { env: { log: t.host([t.u8, t.string], t.void, (level, text) => logs.push([level, text])) } }`
 */
export function host<const Params extends readonly DeclaredType[], Result extends DeclaredType, Members = AnyMembers>(
  params: Params,
  result: Result,
  call: (...args: HostArguments<Params, Members>) => HostAnswer<Params, Result, Members>,
  options: HostOptions<Result, Members> = {},
): HostFunction<Params, Result, Members> {
  return { ...optionsOf("host", options), member: "host", params, result, call: call };
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
