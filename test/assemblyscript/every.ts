/** The module of every type, behind its compiler's bindings and behind this library; values that fit its types, and others. */
import fc from "fast-check";
import { inject } from "vitest";
import { compile, type DeclarationFile } from "unglue";
import { moduleUrl } from "./module.ts";

/** A declared type, as a declaration file has it. */
export interface Type {
  readonly type: string;
  readonly item?: Type;
  readonly element?: string;
  readonly fields?: Readonly<Record<string, Type>>;
}

/** A declared function. */
export interface Declared {
  readonly name: string;
  readonly params: readonly Type[];
}

/** Functions by name. */
export type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** The module, and what makes instances of it in either way. */
export interface Every {
  readonly functions: readonly Declared[];
  readonly ours: () => Promise<Ours>;
  readonly theirs: () => Promise<Functions>;
}

/** An instance of this library. */
export interface Ours {
  readonly api: Functions;
  readonly collect: () => void;
  readonly bytes: () => number;
}

/** Opens the module. */
export async function openEvery(): Promise<Every> {
  const module = await compile(moduleUrl("every.wasm"));
  const served = (name: string) => fetch(new URL(`/assemblyscript/every/${name}`, inject("serverUrl")));
  const file = (await (await served("declaration.json")).json()) as DeclarationFile<object>;
  const script = await (await served("bindings.js")).text();
  // The end of bindings for modules makes one instance, and two are wanted here.
  const text = `${script.slice(0, script.indexOf("\nexport const {"))}\nexport { instantiate };`;
  const { instantiate } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`)) as {
    readonly instantiate: (module: WebAssembly.Module, imports: object) => Promise<Functions>;
  };
  const members = Object.entries<{ readonly member: string; readonly params: readonly { readonly of: Type }[] }>(
    (file.api?.members ?? {}) as never,
  );
  return {
    functions: members
      .filter(([, { member }]) => member === "function")
      .map(([name, { params }]) => ({ name, params: params.map(({ of }) => of) })),
    async ours() {
      const wasm = await module.instantiate(file);
      return {
        api: wasm.api as unknown as Functions,
        collect: (wasm.guarded as unknown as Readonly<Record<"__collect", () => void>>).__collect,
        bytes: () => wasm.memory.byteLength,
      };
    },
    theirs: () => instantiate(module.raw, {}),
  };
}

const integers: Readonly<Record<string, readonly [least: number, most: number]>> = {
  i8: [-(2 ** 7), 2 ** 7 - 1],
  u8: [0, 2 ** 8 - 1],
  i16: [-(2 ** 15), 2 ** 15 - 1],
  u16: [0, 2 ** 16 - 1],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
};
const wide: Readonly<Record<string, readonly [least: bigint, most: bigint]>> = {
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, 2n ** 64n - 1n],
};
const arrays: Readonly<Record<string, new (from: never) => ArrayLike<unknown>>> = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};

/** Whether a value is of a type, without anything of this library. One that cannot be read is of none. */
export function fits(type: Type, value: unknown): boolean {
  try {
    return isOf(type, value);
  } catch {
    return false;
  }
}

function isOf(type: Type, value: unknown): boolean {
  const { item = type, fields = {}, element = "" } = type;
  const range = integers[type.type];
  if (range) return Number.isInteger(value) && (value as number) >= range[0] && (value as number) <= range[1];
  const bigs = wide[type.type];
  if (bigs) return typeof value === "bigint" && value >= bigs[0] && value <= bigs[1];
  switch (type.type) {
    case "js":
      return true;
    case "bool":
      return typeof value === "boolean";
    case "f32":
    case "f64":
      return typeof value === "number";
    case "string":
      return typeof value === "string";
    case "optional":
      // A number is never null: it can only be left out.
      return (
        value === undefined || (value === null && !(item.type in arrays || item.type === "bool")) || isOf(item, value)
      );
    case "array": {
      const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
      const isKind = kind === arrays[element]?.name || (element === "u8" && kind === "Uint8ClampedArray");
      // A detached one has no room for its length any more.
      return isKind && !isDetached((value as Uint8Array).buffer);
    }
    case "list":
      return Array.isArray(value) && Array.from(value).every((one) => isOf(item, one));
    default:
      return (
        typeof value === "object" &&
        value !== null &&
        Object.entries(fields).every(([name, field]) => isOf(field, Reflect.get(value, name)))
      );
  }
}

/** Strings with lone surrogates, zeros and all else that JavaScript has in strings. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom("", "\0", "a\0b", "\ud800", "\udfff", "\udc00\ud800", "é".repeat(3000)),
);
const numbers = fc.oneof(fc.double(), fc.constantFrom(-0, 0, NaN, Infinity, -Infinity, 5e-324, 2 ** 53, 0.1));

/** Returns values that are of a type. */
export function valuesOf(type: Type): fc.Arbitrary<unknown> {
  const { item = type, fields = {}, element = "" } = type;
  const range = integers[type.type];
  if (range) return fc.oneof(fc.integer({ min: range[0], max: range[1] }), fc.constantFrom(...range));
  const bigs = wide[type.type];
  if (bigs) return fc.oneof(fc.bigInt(...bigs), fc.constantFrom(...bigs));
  switch (type.type) {
    case "js":
      return fc.anything();
    case "bool":
      return fc.boolean();
    case "f32":
    case "f64":
      return numbers;
    case "string":
      return text;
    case "optional":
      return fc.oneof(fc.constantFrom(undefined, ...(isOf(type, null) ? [null] : [])), valuesOf(item));
    case "array": {
      const Kind = arrays[element] as new (from: unknown[]) => ArrayLike<unknown>;
      return fc.array(valuesOf({ type: element }), { maxLength: 20 }).map((all) => new Kind(all));
    }
    case "list":
      return fc.array(valuesOf(item), { maxLength: 8 });
    default:
      return fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valuesOf(field)])));
  }
}

/** Returns values of which few are of any type. Each call makes them again, since one may detach or empty another. */
export function hostileValues(): readonly unknown[] {
  const sparse = [1, 2, 3];
  Reflect.deleteProperty(sparse, 1);
  const detached = new Uint8Array(4);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const failing = new Proxy({}, { get: () => fail(), has: () => fail(), ownKeys: () => fail() });
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  return [
    ...[undefined, null, true, false, "", "1", "text", "\ud800", Symbol("symbol"), () => 1, class {}],
    ...[0, -0, 1, -1, 0.5, -0.5, NaN, Infinity, -Infinity, 2 ** 53, 1e300, 127, 128, -128, -129, 255, 256],
    ...[32767, 32768, -32769, 65535, 65536, 2 ** 31, -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32],
    ...[0n, 1n, -1n, 2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n - 1n, 2n ** 64n],
    ...[{}, [], [1], [0.5], [1, 256, -1], ["a"], [1n], [true], [null], [undefined], [[1]], [["a", null]], sparse],
    ...[
      new Array<number>(3),
      Object.assign([1], { length: 2 }),
      { length: 2, 0: 1, 1: 2 },
      { length: -1 },
      { length: "2" },
    ],
    ...[new Proxy([1, 2], {}), new Proxy({ a: 1, b: 2, c: true, d: 0.5 }, {}), failing, revoked.proxy],
    ...[new Uint8Array(3), new Uint8ClampedArray([1, 2]), new Int16Array([1, -1, 2, 3]), new Float64Array([NaN, -0])],
    ...[
      new BigInt64Array([-1n]),
      new BigUint64Array([1n]),
      new ArrayBuffer(4),
      new DataView(new ArrayBuffer(4)),
      detached,
    ],
    ...[new String("boxed"), new Number(5), new Boolean(false), new Date(0), /x/, new Map(), Object.create(null)],
    ...[{ a: 1, b: 2, c: true, d: 0.5 }, { a: 1, b: 2, c: 1, d: 0.5 }, { a: 128, b: 2, c: true, d: 0.5 }, { a: 1 }],
    {
      a: 1,
      b: 2,
      c: true,
      get d() {
        return fail();
      },
    },
    Object.create({ a: 1, b: 2, c: true, d: 0.5 }),
  ];
}

function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function fail(): never {
  throw new RangeError("This value cannot be read.");
}
