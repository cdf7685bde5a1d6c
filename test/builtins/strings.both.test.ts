import { describe, expect, it } from "vitest";
import { load, loadSync, t } from "unglue";
import { builtins, type Compiler, isNative, type Level, newest, stringModule } from "./modules.ts";
import { thrownBy } from "../wat.ts";

type Call = (...args: unknown[]) => unknown;
interface Exports {
  readonly [name: string]: Call;
}
const options = { builtins: ["js-string"] } as const;
const { Module } = WebAssembly as unknown as Compiler;

/** Two exports with the same calls: this library's, in the place of the engine's, and what they are compared with. */
const level: Level = newest;
const bytes = stringModule(level);
// A module that was compiled without builtins imports them.
const ours = loadSync<Exports>(new Module(bytes), options);
const theirs = isNative ? loadSync<Exports>(bytes, options) : undefined;
const names = Object.keys(builtins).filter((name) => level === "gc" || !name.endsWith("Array"));

/** Strings of every kind of code unit, and what is none. */
const values: readonly unknown[] = [
  "",
  "a",
  "\0",
  "né",
  "😀",
  "\ud83d",
  "\ude00",
  "\ude00\ud83d",
  "a😀\ud83db",
  "x".repeat(5000),
  "__proto__",
  null,
  undefined,
  0,
  -0,
  1n,
  NaN,
  true,
  Symbol("s"),
  new String("boxed"),
  ["a"],
  { length: 3, toString: () => "a" },
  Object.create(null),
  () => "a",
  new Proxy({}, {}),
];
const numbers = [
  0, 1, 2, 3, 4, 5, -1, 4999, 5000, 5001, 0x7fffffff, -0x80000000, 0x10000, 0xd800, 0xdfff, 0x10ffff, 0x110000,
];

/** An outcome that can be compared: a value, or that it was a trap. */
function outcome(call: () => unknown): unknown {
  try {
    return { value: call() };
  } catch (error) {
    return { trap: error instanceof WebAssembly.RuntimeError };
  }
}

/** Every combination of hostile arguments for a builtin; `array` makes a fresh one for each call. */
function* combinations(params: string): Generator<readonly unknown[]> {
  const [first = "", ...rest] = params;
  if (first === "") return void (yield []);
  const choices =
    first === "i" ? numbers : first === "r" ? values : [null, [], [0x61, 0xd83d, 0xde00], Array<number>(9).fill(7)];
  for (const more of combinations(rest.join(""))) for (const one of choices) yield [one, ...more];
}

/** The meaning of each by the specification, in JavaScript; an error of this class is a trap. */
const meant: { readonly [name: string]: (...args: never[]) => unknown } = {
  cast: (value: unknown) => text(value),
  test: (value: unknown) => (typeof value === "string" ? 1 : 0),
  fromCharCode: (code: number) => String.fromCharCode(code & 0xffff),
  fromCodePoint: (point: number) => trapIf(point < 0 || point > 0x10ffff, () => String.fromCodePoint(point)),
  charCodeAt: (value: unknown, at: number) =>
    trapIf(at < 0 || at >= text(value).length, () => text(value).charCodeAt(at)),
  codePointAt: (value: unknown, at: number) =>
    trapIf(at < 0 || at >= text(value).length, () => text(value).codePointAt(at)),
  length: (value: unknown) => text(value).length,
  concat: (a: unknown, b: unknown) => text(a) + text(b),
  substring: (value: unknown, start: number, end: number) => {
    const [whole, from, to] = [text(value), start >>> 0, end >>> 0];
    return from > to || from > whole.length ? "" : whole.slice(from, to);
  },
  equals: (a: unknown, b: unknown) => Number((a === null ? null : text(a)) === (b === null ? null : text(b))),
  compare: (a: unknown, b: unknown) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0),
};

function trapIf<Value>(isTrap: boolean, otherwise: () => Value): Value {
  if (isTrap) throw new WebAssembly.RuntimeError();
  return otherwise();
}

function text(value: unknown): string {
  return trapIf(typeof value !== "string", () => value as string);
}

/** Calls a builtin with a fresh array in the place of each list, and adds what has become of it. */
function callOf(exports: Exports, name: string, args: readonly unknown[]): unknown {
  const arrays: { readonly array: unknown; readonly length: number }[] = [];
  const given = args.map((arg, at) => {
    if (builtins[name]?.[0][at] !== "a" || arg === null) return arg;
    const array = exports["make"]?.((arg as number[]).length);
    (arg as number[]).forEach((code, index) => exports["set"]?.(array, index, code));
    arrays.push({ array, length: (arg as number[]).length });
    return array;
  });
  const result = outcome(() => exports[name]?.(...given));
  const codes = arrays.map(({ array, length }) => Array.from({ length }, (_, at) => exports["get"]?.(array, at)));
  return { result, codes };
}

describe("the builtins for strings", () => {
  it.each(names)("%s: has the results and traps of the specification, and of the engine", (name) => {
    let count = 0;
    const wrong: unknown[] = [];
    for (const args of combinations(builtins[name]?.[0] ?? "")) {
      count++;
      const own = callOf(ours.exports, name, args);
      const other = theirs && callOf(theirs.exports, name, args);
      const expected = meant[name] && { result: outcome(() => meant[name]?.(...(args as never[]))), codes: [] };
      for (const one of [other, expected])
        if (one && JSON.stringify(one) !== JSON.stringify(own)) wrong.push({ args: args.map(String), own, one });
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(10);
  });

  if (level === "gc")
    it("pass the codes of arrays in both directions", () => {
      const { make, get, fromCharCodeArray, intoCharCodeArray } = ours.exports;
      const whole = "a\ud83d😀\0".repeat(3000);
      const array = make?.(whole.length + 1);
      expect(intoCharCodeArray?.(whole, array, 1)).toBe(whole.length);
      expect([get?.(array, 0), get?.(array, 1), get?.(array, 2)]).toEqual([0, 0x61, 0xd83d]);
      expect(fromCharCodeArray?.(array, 1, whole.length + 1)).toBe(whole);
      expect(fromCharCodeArray?.(array, 1, 1)).toBe("");
    });

  it("trap where no module can catch it", () => {
    for (const { exports } of [ours, ...(theirs ? [theirs] : [])]) {
      expect(exports["caught"]?.("text")).toBe(0);
      expect(outcome(() => exports["caught"]?.(5))).toEqual({ trap: true });
    }
  });

  it("poison the instance by a trap, like any other", () => {
    for (const source of [new Module(bytes), ...(isNative ? [bytes] : [])]) {
      const wasm = loadSync<Exports>(source, options);
      expect(outcome(() => wasm.guarded["length"]?.(null))).toEqual({ trap: false });
      expect(wasm.state).toBe("poisoned");
      const restarting = loadSync<Exports>(source, { ...options, onTrap: "restart", onHostThrow: "restart" });
      expect(outcome(() => restarting.guarded["length"]?.(null))).toEqual({ trap: false });
      expect(restarting.guarded["length"]?.("again")).toBe(5);
    }
  });

  it("do not look at what a program has put in place of JavaScript's functions", async () => {
    const { charCodeAt, substring } = String.prototype;
    const wasm = await load<Exports>(new Module(bytes), options);
    const replaced = { value: () => "mine", configurable: true, writable: true };
    try {
      Object.defineProperties(String.prototype, { charCodeAt: replaced, substring: replaced });
      expect(wasm.exports["charCodeAt"]?.("abc", 1)).toBe(98);
      expect(wasm.exports["substring"]?.("abc", 1, 2)).toBe("b");
    } finally {
      Object.defineProperties(String.prototype, {
        charCodeAt: { ...replaced, value: charCodeAt },
        substring: { ...replaced, value: substring },
      });
    }
  });

  if (level === "gc")
    it("are called through a declared interface, with references that are never null", () => {
      const api = t.api({ concat: t.fn([t.js, t.js], t.js), fromCodePoint: t.fn([t.i32], t.js) });
      const { concat, fromCodePoint } = loadSync(bytes, { ...options, api }).api;
      expect(concat("a", fromCodePoint(0x1f600))).toBe("a😀");
      expect(thrownBy(() => fromCodePoint(-1))).toMatchObject({ code: "trap" });
    });

  it("are reported with who provides them", () => {
    const providers = (wasm: typeof ours) => [...new Set(wasm.imports.map(({ provider }) => provider))];
    expect(providers(ours)).toEqual(["polyfill"]);
    expect(ours.imports[0]?.evidence).toBe("a builtin of this library: the engine did not provide it");
    if (!theirs) return;
    expect(providers(theirs)).toEqual(["engine"]);
    expect(theirs.imports).toHaveLength(13);
    expect(theirs.imports[0]).toMatchObject({ name: "cast", evidence: "a builtin of the engine" });
  });
});
