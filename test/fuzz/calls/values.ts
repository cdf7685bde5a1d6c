import fc from "fast-check";

/** Thrown by what the values below do: it must come out as it is, if it comes out. */
export class Thrown extends Error {}

/** A hostile value, a new one for each call, since some are used up. */
export interface Recipe {
  readonly text: string;
  make(): unknown;
}

const thrower = (): never => {
  throw new Thrown("the caller's own");
};
const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const detach = <View extends ArrayBufferView>(view: View): View => {
  structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
  return view;
};
const Resizable = ArrayBuffer as unknown as new (
  size: number,
  options: { maxByteLength: number },
) => ArrayBuffer & {
  resize?: (size: number) => void;
};
const cut = (): Uint8Array => {
  const buffer = new Resizable(8, { maxByteLength: 16 });
  const view = new Uint8Array(buffer, 4, 4);
  buffer.resize?.(2);
  return view;
};
const traps: ProxyHandler<object> = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((name) => [name, thrower]),
);
const withOwn = <Target extends object>(target: Target, members: object): Target =>
  Object.defineProperties(
    target,
    Object.fromEntries(Object.entries(members).map(([name, value]) => [name, { value: value as unknown }])),
  );
const withGetter = <Target extends object>(target: Target, name: PropertyKey): Target =>
  Object.defineProperty(target, name, { get: thrower, enumerable: true });
/** Answers to every name with itself; it can be called and constructed. */
const universal = (): object => {
  const proxy: object = new Proxy(
    function () {
      return undefined;
    },
    {
      // prettier-ignore
      get: (_, name) => (name === "then" ? undefined : name === Symbol.toPrimitive ? () => 1 : proxy),
      has: () => true,
      apply: () => proxy,
      construct: () => proxy,
    },
  );
  return proxy;
};

const arrays = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
] as const;

const numbers = [
  0, -0, 1, -1, 0.5, 2, 7, 8, 64, 255, 256, 1000, 4096, 65_535, 65_536, NaN, Infinity, -Infinity, 2 ** 31 - 1, 2 ** 31, -(2 ** 31),
  2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1e308, 5e-324, 2 ** 64,
]; // prettier-ignore
const bigints = [0n, 1n, -1n, 255n, 65_536n, 2n ** 31n, 2n ** 32n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n, 2n ** 128n]; // prettier-ignore
const texts = [
  "", "a", "abc", "0", "1", "-1", "1e3", "a\0b", "\ud800", "\udc00a", "😀", "é".repeat(40), "x".repeat(100_000), "length", "__proto__",
  "constructor", "toString", "then", "nul", "u8", "utf-8", "i->", "ij->f", "trap", "error", "grow", "poison", "low", "high",
]; // prettier-ignore

const special: readonly (readonly [text: string, make: () => unknown])[] = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["true", () => true],
  ["false", () => false],
  ["a symbol", () => Symbol("own")],
  ["Symbol.iterator", () => Symbol.iterator],
  ["a function", () => () => 5],
  ["a function that throws", () => thrower],
  ["a function of a text", () => () => "text"],
  ["a function of an object", () => () => ({})],
  ["a function of itself", () => universal],
  ["an async function", () => async () => Promise.resolve(5)],
  ["an async function that throws", () => () => quiet(Promise.reject(new Thrown("later")))],
  ["a class", () => class Own {}],
  ["a function with a name of its own", () => withOwn(() => 5, { name: thrower, length: -1 })],
  ["[]", () => []],
  ["an array of numbers", () => [1, 2, 3]],
  ["an array of texts", () => ["a", "é"]],
  ["an array of holes", () => new Array<unknown>(3)],
  ["the longest array", () => new Array<unknown>(2 ** 32 - 1)],
  ["an array with a hostile iterator", () => withOwn([1], { [Symbol.iterator]: thrower })],
  ["an array whose item throws", () => withGetter(["a"], 0)],
  ["an array of another class", () => new (class Own extends Array<unknown> {})(1, "a")],
  ["{}", () => ({})],
  ["an object without a prototype", () => Object.create(null) as unknown],
  ["a point", () => ({ x: 1, y: 2 })],
  ["a point that throws", () => withGetter({ y: 1 }, "x")],
  ["a point that changes", () => changing({ x: 1, y: 2 })],
  ["an object whose every usual member throws", () => throwing()],
  ["an object with a hostile text", () => ({ toString: thrower, valueOf: thrower })],
  ["an object with a hostile primitive", () => ({ [Symbol.toPrimitive]: thrower })],
  ["an object of a text", () => ({ toString: () => "i->", valueOf: () => 1 })],
  ["an object with a hostile tag", () => withGetter({}, Symbol.toStringTag)],
  ["a false Uint8Array", () => ({ [Symbol.toStringTag]: "Uint8Array", length: 4, byteLength: 4 })],
  ["a false ArrayBuffer", () => ({ [Symbol.toStringTag]: "ArrayBuffer", byteLength: 8 })],
  ["a false Module", () => ({ [Symbol.toStringTag]: "WebAssembly.Module" })],
  ["an inherited Uint8Array", () => Object.create(Uint8Array.prototype) as unknown],
  ["a thenable that throws", () => ({ then: thrower })],
  ["an object whose then throws", () => withGetter({}, "then")],
  ["a rejected promise", () => quiet(Promise.reject(new Thrown("later")))],
  ["a promise of a number", () => Promise.resolve(5)],
  ["a promise of a hostile object", () => quiet(Promise.resolve(throwing()))],
  ["a Date", () => new Date(0)],
  ["an invalid Date", () => new Date(NaN)],
  ["a RegExp", () => /x/g],
  ["a Map", () => new Map([[1, 2]])],
  ["an Error", () => new Error("own")],
  ["an error that looks like ours", () => withOwn(new Error("own"), { code: "trap", name: "UnglueError" })],
  ["a proxy of all traps", () => new Proxy({}, traps)],
  ["a proxy of a list, of all traps", () => new Proxy([], traps)],
  ["a proxy of a function, of all traps", () => new Proxy(() => 5, traps)],
  ["a proxy that answers to every name", universal],
  ["a proxy of a Uint8Array", () => new Proxy(new Uint8Array(4), {})],
  ["a proxy of a list that changes", () => changing(["a", "b"])],
  ["a revoked object", () => revoked({})],
  ["a revoked list", () => revoked([])],
  ["a revoked function", () => revoked(() => 5)],
  ["an ArrayBuffer", () => new ArrayBuffer(8)],
  ["a detached ArrayBuffer", () => detach(new Uint8Array(8)).buffer],
  ["a resizable ArrayBuffer", () => new Resizable(8, { maxByteLength: 16 })],
  ["a view that was cut off", cut],
  ["a SharedArrayBuffer", () => (typeof SharedArrayBuffer === "function" ? new SharedArrayBuffer(8) : undefined)],
  [
    "a shared Uint8Array",
    () => (typeof SharedArrayBuffer === "function" ? new Uint8Array(new SharedArrayBuffer(8)) : undefined),
  ],
  ["a DataView", () => new DataView(new ArrayBuffer(8), 1, 4)],
  ["a detached DataView", () => detach(new DataView(new ArrayBuffer(8)))],
  [
    "a Uint8Array of lies",
    () => withOwn(Uint8Array.of(1, 2), { length: 1e9, byteLength: 1e9, byteOffset: -1, buffer: null }),
  ],
  ["a Uint8Array whose members throw", () => withGetter(withGetter(Uint8Array.of(1, 2), "length"), "buffer")],
  ["the start of a module", () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
  ["half of a module", () => Uint8Array.of(0, 0x61, 0x73, 0x6d)],
  ["a memory", () => new WebAssembly.Memory({ initial: 1 })],
  ["a table", () => new WebAssembly.Table({ element: "anyfunc", initial: 1 })],
  ["a global", () => new WebAssembly.Global({ value: "i32" }, 1)],
  ["a module", () => new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))],
  ["half a response", () => ({ arrayBuffer: thrower, status: 200, headers: {} })],
  [
    "a response of junk",
    () => ({ arrayBuffer: () => 5, status: "no", headers: { get: () => Symbol("own") }, url: {}, ok: 1, clone: 5 }),
  ],
  ["half a blob", () => ({ arrayBuffer: () => "junk", size: -1 })],
  ["a blob that throws", () => ({ arrayBuffer: thrower, size: 8 })],
  ["half a stream", () => ({ getReader: () => ({}) })],
  ["a stream that throws", () => ({ getReader: thrower })],
  ["a stream of junk", () => new ReadableStream({ start: (to) => { to.enqueue("junk"); to.close(); } })], // prettier-ignore
  ["a stream that fails", () => new ReadableStream({ start: (to) => { to.error(new Thrown("own")); } })], // prettier-ignore
  ["half a URL", () => ({ href: Symbol("own"), protocol: "file:" })],
  ["half a request", () => ({ url: 5, method: "GET" })],
  ["a signal", () => new AbortController().signal],
  ["an aborted signal", () => AbortSignal.abort(new Thrown("own"))],
  ["half a signal", () => ({ aborted: "no", addEventListener: thrower })],
  ["an adapter that throws", () => ({ name: "own", detect: thrower, provide: thrower, attach: thrower })],
  ["an adapter of junk", () => ({ name: 5, detect: () => 5, provide: () => 5, attach: () => 5, calling: () => 5 })],
  ["a ledger that throws", () => ({ follow: thrower })],
  ["a ledger of junk", () => ({ follow: () => 5 })],
  ["a shape of junk", () => ({ imports: [null], exports: 5 })],
  ["an interface of junk", () => ({ members: { f: { member: "function", params: [5], result: {} } } })],
];

function quiet<Of extends Promise<unknown>>(promise: Of): Of {
  promise.catch(() => undefined);
  return promise;
}

/** All that the library asks objects for, as getters that throw. */
function throwing(): object {
  const object = {};
  const names =
    "length type member members params result then env byteLength name imports exports timeout signal alloc call layout";
  for (const name of names.split(" ")) withGetter(object, name);
  return object;
}

/** Each answer of it is another the next time. */
function changing<Target extends object>(target: Target): Target {
  let asked = 0;
  return new Proxy(target, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name);
      if (typeof value === "function" || typeof name === "symbol") return value;
      asked += 1;
      return asked % 2 ? value : [undefined, NaN, "changed", {}, 2 ** 31][asked % 5];
    },
  });
}

const plain = [
  ...numbers.map((value) => [Object.is(value, -0) ? "-0" : String(value), () => value] as const),
  ...bigints.map((value) => [`${value}n`, () => value] as const),
  ...texts.map((value) => [JSON.stringify(value.length > 20 ? `${value.slice(0, 20)}…` : value), () => value] as const),
  ...arrays.flatMap((Class) => [
    [`an empty ${Class.name}`, () => new Class()] as const,
    [`a ${Class.name}`, () => new Class(4)] as const,
    [`a detached ${Class.name}`, () => detach(new Class(4))] as const,
  ]),
].map(([text, make]): Recipe => ({ text, make }));
const odd = special.map(([text, make]): Recipe => ({ text, make }));

const leaf = fc.oneof(
  { arbitrary: fc.constantFrom(...plain), weight: 4 },
  { arbitrary: fc.constantFrom(...odd), weight: 5 },
);

/** Anything that anybody may pass. */
export const hostile: fc.Arbitrary<Recipe> = fc.oneof(
  { arbitrary: leaf, weight: 8 },
  leaf.map(({ text, make }): Recipe => ({ text: `[${text}]`, make: () => [make()] })),
  leaf.map(({ text, make }): Recipe => ({ text: `a proxy of ${text}`, make: () => proxied(make()) })),
  fc
    .tuple(leaf, leaf)
    .map(([x, y]): Recipe => ({ text: `a point of ${x.text}, ${y.text}`, make: () => ({ x: x.make(), y: y.make() }) })),
  leaf.map(({ text, make }): Recipe => ({ text: `a function of ${text}`, make: () => () => make() })),
  fc
    .anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      maxDepth: 2,
    })
    .map((value): Recipe => ({ text: fc.stringify(value), make: () => value })),
);

function proxied(value: unknown): unknown {
  return (typeof value === "object" && value !== null) || typeof value === "function" ? new Proxy(value, {}) : value;
}
