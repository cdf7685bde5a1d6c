import { encodeModule, section, sectionIds } from "../binary/encode.ts";
import type { ImportFunction } from "../public/index.ts";
import type { ArrayBuiltin } from "./signatures.ts";

// The engine's builtins do not look at what a program has put in place of these.
const { apply } = Reflect;
const { fromCharCode } = String;
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with a receiver
const { charCodeAt } = String.prototype;

const func = 0x60;
const i32 = 0x7f;
const externref = 0x6f;
/** A nullable reference to type 0, the array. */
const array = [0x63, 0];
const nonNullExtern = [0x64, externref];
const ids = { ...sectionIds, function: 3, code: 10 } as const;

/**
 * Makes the function that traps. A module cannot catch a trap of the engine, but it can catch any error that JavaScript
 * throws. Where compiling is forbidden, the error is JavaScript's.
 */
export function createTrap(): () => never {
  let trap: (() => never) | undefined;
  return () => {
    trap ??= makeTrap();
    return trap();
  };
}

function makeTrap(): () => never {
  try {
    const bytes = encodeModule(
      section(ids.type, [1, func, 0, 0]),
      section(ids.function, [1, 0]),
      section(ids.export, [1, 1, letter("t"), 0, 0]),
      section(ids.code, [1, 3, 0, 0x00, 0x0b]),
    );
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports["t"] as () => never;
  } catch {
    return () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
  }
}

/** The functions of the helper: they reach what JavaScript cannot. */
interface Helper {
  readonly get: (array: unknown, index: number) => number;
  readonly set: (array: unknown, index: number, code: number) => void;
  readonly len: (array: unknown) => number;
}

/**
 * Makes the builtins that take arrays. JavaScript cannot reach the elements of an array of the module, so a helper module
 * does; it has the same type of array, and the engine compares its functions with the imports.
 *
 * @param trap - Traps.
 * @returns `undefined` if the engine has no such arrays, or must not compile.
 */
export function connectArrays(trap: () => never): { readonly [name in ArrayBuiltin]: ImportFunction } | undefined {
  let helper: Helper | undefined;
  const of = (): Helper => helper ?? trap();
  const fromCharCodeArray = (codes: unknown, start: number, end: number): string => {
    const { get, len } = of();
    const [first, last] = [start >>> 0, end >>> 0];
    if (first > last || last > len(codes)) trap();
    let text = "";
    for (let at = first; at < last; at += most) {
      const piece: number[] = [];
      for (let next = at; next < last && next < at + most; next++) piece[next - at] = get(codes, next);
      text += apply(fromCharCode, undefined, piece);
    }
    return text;
  };
  const intoCharCodeArray = (text: unknown, codes: unknown, start: number): number => {
    const { set, len } = of();
    if (typeof text !== "string" || (start >>> 0) + text.length > len(codes)) return trap();
    for (let at = 0; at < text.length; at++) set(codes, (start >>> 0) + at, apply(charCodeAt, text, [at]));
    return text.length;
  };
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(arrayHelper()), {
      "": { f: fromCharCodeArray, i: intoCharCodeArray },
    });
    const { f, i, g, s, l } = exports as { readonly [name: string]: ImportFunction };
    helper = { get: g, set: s, len: l } as unknown as Helper;
    return f && i && { fromCharCodeArray: f, intoCharCodeArray: i };
  } catch {
    return undefined;
  }
}

/** How many codes become a string together: a call takes no more arguments than the stack has room for. */
const most = 4096;

/** The imports pass through the helper, so that they are functions of exactly the types that the module declares. */
function arrayHelper(): Uint8Array<ArrayBuffer> {
  const types = [
    [0x5e, 0x77, 1],
    [func, 3, ...array, i32, i32, 1, ...nonNullExtern],
    [func, 3, externref, ...array, i32, 1, i32],
    [func, 2, ...array, i32, 1, i32],
    [func, 3, ...array, i32, i32, 0],
    [func, 1, ...array, 1, i32],
  ];
  const get = (index: number): number[] => [0x20, index];
  const bodies = [
    [...get(0), ...get(1), ...get(2), 0x10, 0],
    [...get(0), ...get(1), ...get(2), 0x10, 1],
    [...get(0), ...get(1), 0xfb, 13, 0],
    [...get(0), ...get(1), ...get(2), 0xfb, 14, 0],
    [...get(0), 0xfb, 15],
  ].map((code) => [code.length + 2, 0, ...code, 0x0b]);
  return encodeModule(
    section(ids.type, [types.length, ...types.flat()]),
    section(ids.import, [2, 0, 1, letter("f"), 0, 1, 0, 1, letter("i"), 0, 2]),
    section(ids.function, [5, 1, 2, 3, 4, 5]),
    section(ids.export, [5, ...Array.from("figsl", (name, at) => [1, letter(name), 0, at + 2]).flat()]),
    section(ids.code, [bodies.length, ...bodies.flat()]),
  );
}

function letter(name: string): number {
  return name.charCodeAt(0);
}
