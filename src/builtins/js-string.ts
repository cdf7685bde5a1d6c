import { ownMembers } from "../base/own.ts";
import type { ImportFunction } from "../public/index.ts";
import { connectArrays, createTrap } from "./helper.ts";
import type { ArrayBuiltin, StringBuiltin } from "./signatures.ts";

// The engine's builtins do not look at what a program has put in place of these.
const { apply } = Reflect;
const { fromCharCode, fromCodePoint } = String;
// eslint-disable-next-line @typescript-eslint/unbound-method -- they are called with a receiver
const { charCodeAt, codePointAt, substring } = String.prototype;

/** The largest code point. */
const lastCodePoint = 0x10ffff;

/** Makes a builtin for strings; `undefined` if the engine cannot do what it needs. */
export type MakeBuiltin = (name: StringBuiltin) => ImportFunction | undefined;

/**
 * Begins to make the builtins for strings, for one instance, with the results and traps of the specification. The engine
 * passes an i32 as a signed number.
 */
export function beginStringBuiltins(): MakeBuiltin {
  const trap = createTrap();
  const text = (value: unknown): string => (typeof value === "string" ? value : trap());
  const at = (value: string, index: number): number => (index >>> 0 < value.length ? index >>> 0 : trap());
  const functions: { readonly [name in Exclude<StringBuiltin, ArrayBuiltin>]: ImportFunction } = ownMembers({
    cast: text,
    test: (value: unknown) => Number(typeof value === "string"),
    fromCharCode: (code: number) => fromCharCode(code),
    fromCodePoint: (point: number) => fromCodePoint(point >>> 0 <= lastCodePoint ? point : trap()),
    charCodeAt: (value: unknown, index: number) => apply(charCodeAt, text(value), [at(text(value), index)]),
    codePointAt: (value: unknown, index: number) => apply(codePointAt, text(value), [at(text(value), index)]),
    length: (value: unknown) => text(value).length,
    concat: (first: unknown, second: unknown) => text(first) + text(second),
    substring: (value: unknown, start: number, end: number) => {
      const whole = text(value);
      // JavaScript's own function would exchange the two.
      return start >>> 0 > end >>> 0 ? "" : apply(substring, whole, [start >>> 0, end >>> 0]);
    },
    equals: (first: unknown, second: unknown) => Number(orNull(first, text) === orNull(second, text)),
    compare: (first: unknown, second: unknown) => {
      const [a, b] = [text(first), text(second)];
      return a === b ? 0 : a < b ? -1 : 1;
    },
  });
  let arrays: ReturnType<typeof connectArrays> | undefined;
  return (name) => {
    if (!isOfArrays(name)) return functions[name];
    arrays ??= connectArrays(trap);
    return arrays?.[name];
  };
}

function isOfArrays(name: StringBuiltin): name is ArrayBuiltin {
  return name === "fromCharCodeArray" || name === "intoCharCodeArray";
}

function orNull(value: unknown, text: (value: unknown) => string): string | null {
  return value === null ? null : text(value);
}
