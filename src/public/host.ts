import type { Lifted, Lowered, Passed } from "./bound.ts";
import type { DeclaredType, PlainType, PromiseType } from "./declared.ts";
import type { ElementName, ElementViews } from "./elements.ts";
import type { BufferType, InOutType, LengthType, OutType } from "./memory-types.ts";
import type { Elsewhere, WasmObject } from "./wasm-object.ts";
import type { Api } from "./members.ts";
import type { HostParameter, Unnamed } from "./parameters.ts";

/**
 * The members of an interface that a host function does not know: each of its objects is a {@link WasmObject}. The option
 * `api` of `t.host` gives objects the types of their classes.
 *
 * @category Details of inferred types
 */
export interface AnyMembers {
  readonly [name: string]: Elsewhere<WasmObject>;
}

/**
 * Options of a host function besides its types.
 *
 * @example
 * ```ts
 * const env = t.host([], t.cstring, () => "production", { owned: true });
 * const wasm = await load("./app.wasm", { imports: { env: { env } } });
 * ```
 * @category Declared interfaces
 */
export interface HostOptions<Result = DeclaredType, Members = AnyMembers> {
  /**
   * How the import is called: `"c"`, or the name of the module's adapter. By default an import of the toolchain's own follows
   * the adapter, and any other C's convention.
   */
  readonly convention?: string;
  /**
   * Who frees the text, bytes or array that is returned. `true`: the module, with its own allocator. `false`: this library,
   * when the function is called the next time. For C, where it must be stated; in wasm-bindgen the module always frees it.
   */
  readonly owned?: boolean;
  /**
   * Whether the module gives its text, bytes and arrays away, for all parameters or for each. If it does, they are freed after
   * they were read. C lends them unless this says otherwise. In wasm-bindgen it must be stated: `&str` and `&[u8]` are lent
   * (`false`), `String` and `Vec<u8>` are given away (`true`).
   */
  readonly consumes?: boolean | readonly boolean[];
  /**
   * The result if the call fails, or a function that makes it from the error. The error is then in the instance's
   * `hostError`. Without this option the exception passes through the module to the caller. For a function that suspends the
   * module it is the value of the promise.
   */
  readonly error?: ErrorResult<Result, Members> | ((error: unknown) => ErrorResult<Result, Members>);
  /** Whether the module receives an exception itself, as Rust does with `#[wasm_bindgen(catch)]`. For wasm-bindgen only. */
  readonly catch?: boolean;
  /** The interface whose objects it takes and returns: the one that is given to the load. It gives them their types. */
  readonly api?: Api<Members>;
}

/** The result of a call that failed: in a convention without promises the value of one. */
type ErrorResult<Result, Members> =
  Lowered<Result, Members> | (Result extends PromiseType<infer Value> ? Lowered<Value, Members> : never);

/**
 * A host function, made by `t.host`: a value for an import that is served with values instead of ABI words.
 *
 * @example
 * ```ts
 * const log = t.host([t.string], t.void, (text) => console.log(text));
 * const wasm = await load("./app.wasm", { imports: { env: { log } } });
 * ```
 * @category Imports
 */
export interface HostFunction<
  Params = readonly HostParameter[],
  Result = DeclaredType,
  Members = AnyMembers,
> extends HostOptions<Result, Members> {
  /** The kind of declaration. */
  readonly member: "host";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
  /** The function. */
  readonly call: (...args: never[]) => unknown;
}

/** The key under which the type of an asynchronous host function says so. No such property exists at run time. */
declare const asynchronous: unique symbol;

/**
 * A host function that returns a promise and does not say so in its type. Only a module in a worker can wait for it: `load` does
 * not take one. Declared as `t.promise`, it suspends the module where the engine can.
 *
 * @example
 * ```ts
 * const read = t.host([t.string], t.i32, async (name) => (await fetch(name)).status);
 * const wasm = await offload("./app.wasm", { imports: { env: { read } } });
 * ```
 * @category Imports
 */
export interface AsyncHostFunction<
  Params = readonly HostParameter[],
  Result = DeclaredType,
  Members = AnyMembers,
> extends HostFunction<Params, Result, Members> {
  /** Never set. It keeps asynchronous functions apart. */
  readonly [asynchronous]: true;
}

/**
 * Any value for an import but an asynchronous host function.
 *
 * @category Details of inferred types
 */
export type SynchronousValue = object & { readonly [asynchronous]?: never };

/**
 * The arguments of a host function: one for each declared parameter, except out parameters and lengths. For a buffer it is the
 * capacity.
 *
 * @category Details of inferred types
 */
export type HostArguments<Params, Members> = HostArgumentsOf<Passed<Params>, Members>;

type HostArgumentsOf<Params, Members> = {
  -readonly [At in keyof Params]: Params[At] extends BufferType
    ? number
    : Params[At] extends InOutType<infer Item>
      ? Lifted<Item, Members>
      : Lifted<Params[At], Members>;
} extends infer List extends readonly unknown[]
  ? List
  : never;

/**
 * The value that a host function returns: its result, the values that it writes to parameters, or both in a list. A length is
 * not returned: it is that of the written value.
 *
 * @category Details of inferred types
 */
export type HostAnswer<Params, Result, Members> =
  GivenOuts<Params, Members> extends infer Outs extends readonly unknown[]
    ? Outs extends []
      ? Result extends PlainType<"void">
        ? unknown
        : Lowered<Result, Members>
      : true extends (Result extends PlainType<"void"> | LengthType ? true : false)
        ? Outs extends [infer Only]
          ? Only
          : Readonly<Outs>
        : readonly [Lowered<Result, Members>, ...Outs]
    : never;

/**
 * A host function as declared: an asynchronous one if its answer may be a promise that its type does not have.
 *
 * @category Details of inferred types
 */
export type DeclaredHost<Params, Result, Returned, Members> =
  // With `t.void` a promise is ignored, and a function that returns `any` may be either.
  unknown extends HostAnswer<Params, Result, Members> | Returned | (Result extends PromiseType ? unknown : never)
    ? HostFunction<Params, Result, Members>
    : [Extract<Returned, Promise<unknown>>] extends [never]
      ? HostFunction<Params, Result, Members>
      : AsyncHostFunction<Params, Result, Members>;

/** The values of the parameters that the function writes to: out and in-out parameters, and buffers. */
type GivenOuts<Params, Members> = unknown extends Params
  ? unknown[]
  : Params extends readonly [infer Param, ...infer Rest]
    ? GivenOut<Unnamed<Param>, Rest, Members>
    : [];

type GivenOut<First, Rest, Members> = First extends OutType<LengthType> | InOutType<LengthType>
  ? GivenOuts<Rest, Members>
  : First extends OutType<infer Item> | InOutType<infer Item>
    ? [Lowered<Item, Members>, ...GivenOuts<Rest, Members>]
    : First extends BufferType<infer Element>
      ? [Element extends ElementName ? ElementViews[Element] : string, ...GivenOuts<Rest, Members>]
      : GivenOuts<Rest, Members>;
