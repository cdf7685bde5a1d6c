import type { Served } from "./fixture.ts";

/** Values that cross between Go and JavaScript, by name: each job is done with every runtime, and the results are compared. */
export const scenario: { readonly [name: string]: (go: Served) => unknown } = {
  "types of values": (go) =>
    [
      undefined,
      null,
      true,
      false,
      0,
      -0,
      1.5,
      NaN,
      Infinity,
      "",
      "text",
      Symbol("s"),
      {},
      [],
      () => 1,
      new Date(0),
    ].map((value) => go["typeOf"]?.(value)),
  "values there and back": (go) => {
    const values = [
      undefined,
      null,
      true,
      0,
      -0,
      1,
      -1.5,
      NaN,
      -Infinity,
      2 ** 53,
      5e-324,
      "",
      "Zoë 🦀",
      "a\0b",
      "\ud800",
    ];
    return values.map((value) => go["echo"]?.(value));
  },
  "identity of objects": (go) => {
    const objects = [{}, [], () => 1, new Map(), Symbol("s"), new Proxy({}, {}), Object.create(null)];
    return objects.map((object) => go["echo"]?.(object) === object);
  },
  "numbers in Go": (go) => [
    [0, -0, 1.5, -2, NaN, Infinity, 2 ** 53, 1e308].map((value) => go["half"]?.(value)),
    [0, -1, 1.9, 2 ** 31, -(2 ** 40)].map((value) => go["int"]?.(value)),
    Object.is(go["float"]?.(-0), -0),
  ],
  "texts in Go": (go) => [
    ["", "abc", "Zoë 🦀", "\ud800", "a\0b"].map((value) => [go["text"]?.(value), go["length"]?.(value)]),
    [1, null, undefined, {}, true, Symbol("s")].map((value) => go["text"]?.(value)),
    go["invalidText"]?.(),
  ],
  truth: (go) =>
    [undefined, null, false, 0, -0, NaN, "", "0", {}, [], 1, Symbol("s")].map((value) => go["truthy"]?.(value)),
  equality: (go) => {
    const object = {};
    return [
      [1, 1],
      [NaN, NaN],
      [object, object],
      [{}, {}],
      ["a", "a"],
      [null, undefined],
      [0, -0],
    ].map((pair) => go["equal"]?.(...pair));
  },
  properties: (go) => {
    const object: Record<string, unknown> = { a: 1, [""]: "empty", Zoë: true };
    const before = ["a", "", "Zoë", "b", "toString"].map((name) => go["get"]?.(object, name));
    go["set"]?.(object, "b", [1]);
    go["set"]?.(object, "__proto__", null);
    go["remove"]?.(object, "a");
    go["remove"]?.(object, "nothing");
    return [
      before,
      Object.entries(object),
      Object.getPrototypeOf(object) === Object.prototype,
      go["get"]?.("text", "length"),
    ];
  },
  "frozen objects": (go) => {
    const object = Object.freeze({ a: 1 });
    go["set"]?.(object, "a", 2);
    go["remove"]?.(object, "a");
    return object;
  },
  elements: (go) => {
    const list: unknown[] = ["a", "b"];
    go["setIndex"]?.(list, 3, "d");
    return [go["index"]?.(list, 1), go["index"]?.(list, 9), go["index"]?.(list, -1), go["size"]?.(list), list];
  },
  lengths: (go) =>
    [
      { length: 2.7 },
      { length: "12" },
      { length: NaN },
      {},
      "Zoë",
      () => 1,
      { length: -3 },
      { length: 2 ** 40 },
      new Int8Array(7),
    ].map((value) => go["size"]?.(value)),
  "methods, functions and constructors": (go) => [
    go["call"]?.([3, 1, 2], "slice", 1, 2),
    go["call"]?.("text", "toUpperCase"),
    go["call"]?.({ name: "me", self: namesThis }, "self"),
    go["invoke"]?.((...args: unknown[]) => args.length, 1, undefined, null),
    go["invoke"]?.(function (this: unknown) {
      return this;
    }),
    go["construct"]?.(Uint8Array, 3),
    go["construct"]?.(Date, 0),
    go["construct"]?.(class Own {}) instanceof Object,
  ],
  instances: (go) => [go["instanceOf"]?.([], Array), go["instanceOf"]?.([], Map), go["instanceOf"]?.(1, Number)],
  "exceptions as values": (go) => [
    go["call"]?.({ fails: () => raise(new RangeError("out")) }, "fails"),
    go["invoke"]?.(() => raise("a text")),
    go["invoke"]?.(() => raise(undefined)),
    go["construct"]?.(
      class Failing {
        constructor() {
          raise(new TypeError("not made"));
        }
      },
    ),
  ],
  "misuse, which panics": (go) => [
    go["call"]?.({}, "nothing"),
    go["call"]?.(5, "toFixed"),
    go["invoke"]?.({}),
    go["construct"]?.(() => 1),
    go["get"]?.(1, "x"),
    go["get"]?.(null, "x"),
    go["float"]?.("text"),
    go["size"]?.(5),
    go["copyToGo"]?.([1, 2, 3], 3),
    go["copyToJS"]?.(new Int8Array(3), 3),
    go["typeOf"]?.(10n),
  ],
  bytes: (go) => {
    const bytes = new Uint8Array(4);
    const clamped = new Uint8ClampedArray(2);
    const part = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
    return [
      go["copyToGo"]?.(part, 5),
      go["copyToGo"]?.(part, 2),
      go["copyToGo"]?.(new Uint8ClampedArray([255, 1]), 2),
      [go["copyToJS"]?.(bytes, 9), go["copyToJS"]?.(clamped, 1)],
      [bytes, clamped],
    ];
  },
  "maps and slices": (go) => go["values"]?.(),
  "callbacks inside calls": (go) => [
    [3, 1, 2].map((value) => go["half"]?.(value)),
    go["unguarded"]?.(() => go["unguarded"]?.(() => go["half"]?.(8))),
    go["call"]?.([1, 2, 3], "map", go["half"]),
    go["call"]?.([1, 2, 3], "forEach", go["echo"]),
  ],
  receivers: (go) => {
    const object = { receiver: go["receiver"] };
    return [(object.receiver as () => unknown)() === object, Reflect.apply(go["receiver"] as () => unknown, 7, [])];
  },
  "goroutines and channels": (go) => go["concurrent"]?.(100),
  "large texts and arguments": (go) => {
    const text = "0123456789abcdef".repeat(2 ** 17);
    return [
      go["length"]?.(text),
      (go["echo"]?.(text) as string) === text,
      go["call"]?.(Math, "max", ...Array(1000).keys()),
    ];
  },
};

/** Describes a result so that equal descriptions mean equal results. */
export function described(value: unknown): unknown {
  if (Object.is(value, -0)) return "-0";
  if (value === undefined || typeof value === "number" || typeof value === "symbol")
    return `${typeof value} ${String(value)}`;
  if (typeof value === "function") return "a function";
  if (value instanceof Error) return { error: value.name, message: value.message };
  if (value instanceof Date) return { date: value.getTime() };
  if (ArrayBuffer.isView(value)) return { array: value.constructor.name, of: Array.from(value as Uint8Array) };
  if (Array.isArray(value)) return value.map(described);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, described(member)]));
  return value;
}

function namesThis(this: { readonly name: string }): string {
  return this.name;
}

function raise(error: unknown): never {
  throw error;
}
