/**
 * How the types in the tables' lines cross the border, read from the lines again: nothing of the library's own reading of
 * types is used, so that a mistake there is seen.
 */
import type { Instance } from "unglue";

/** A word: a number, a bigint, or a value where values cross as they are. */
export type Word = unknown;

/** The instance that words are made for. */
export interface World {
  readonly wasm: Instance;
  readonly isHeap: boolean;
  /** The last number of wasm-bindgen's version. */
  readonly version: number;
  /** A new value of JavaScript's, different from all before. */
  fresh(): unknown;
}

/** A value as the module passes it. */
export interface Passed {
  readonly words: readonly Word[];
  /** The value that JavaScript must see. */
  readonly value: unknown;
  /** Allocations that the module still owns after the call, and frees. */
  readonly lent?: readonly { readonly at: number; readonly size: number; readonly align: number }[];
  /** Handles that the module still owns after the call. */
  readonly handles?: readonly number[];
}

/** A value as JavaScript returns it. */
export interface Returned {
  readonly value: unknown;
  /** Whether the words stand for the value; takes what they own. */
  readonly isSame: (words: readonly Word[], world: World) => boolean;
}

/** One of Rust's types. */
export interface RustType {
  /** Its words as a parameter. */
  readonly words: (isHeap: boolean) => readonly string[];
  /** Its words as a result, where they are others. */
  readonly resultWords?: readonly string[];
  /** Values to pass, among them what stands for nothing. */
  readonly pass: (world: World) => readonly (() => Passed)[];
  /** Values to return. */
  readonly give: (world: World) => readonly Returned[];
  /** Parameters and result of a closure of this type; only closures have it. */
  readonly closure?: {
    readonly params: readonly RustType[];
    readonly result: RustType | undefined;
    readonly fails: boolean;
  };
}

const scalars = new Map<string, readonly [word: string, passed: readonly (readonly [Word, unknown])[]]>([
  [
    "bool",
    [
      "i32",
      [
        [1, true],
        [0, false],
      ],
    ],
  ],
  ["char", ["i32", [[0x1f600, "😀"]]]],
  ["i8", ["i32", [[-3, -3]]]],
  ["i16", ["i32", [[-300, -300]]]],
  ["i32", ["i32", [[-70_000, -70_000]]]],
  ["isize", ["i32", [[-70_000, -70_000]]]],
  ["u8", ["i32", [[200, 200]]]],
  ["u16", ["i32", [[60_000, 60_000]]]],
  [
    "u32",
    [
      "i32",
      [
        [-1, 4294967295],
        [7, 7],
      ],
    ],
  ],
  [
    "usize",
    [
      "i32",
      [
        [-1, 4294967295],
        [7, 7],
      ],
    ],
  ],
  ["i64", ["i64", [[-5n, -5n]]]],
  ["u64", ["i64", [[-1n, 18446744073709551615n]]]],
  ["f32", ["f32", [[1.5, 1.5]]]],
  ["f64", ["f64", [[2.25, 2.25]]]],
]);

const arrays = {
  i8: Int8Array,
  u8: Uint8Array,
  c8: Uint8ClampedArray,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};

/** Splits at the commas outside of brackets. */
export function splitList(list: string): string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < list.length; at++) {
    const char = list[at] as string;
    if ("<([".includes(char)) depth++;
    else if (")]".includes(char) || (char === ">" && list[at - 1] !== "-")) depth--;
    else if (char === "," && depth === 0) {
      parts.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, list.slice(from)].filter((part) => part !== "");
}

/** Returns the contents of the brackets at the beginning of a text. */
export function bracketedAt(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if ("<([".includes(char)) depth++;
    else if (")]".includes(char) || (char === ">" && text[at - 1] !== "-")) depth--;
    if (depth === 0) return text.slice(1, at);
  }
  throw new Error(`No bracket closes in ${text}`);
}

/**
 * Reads a type.
 *
 * @param written - As the line has it, abbreviations written out.
 * @param enums - The texts of the crate's string enums.
 * @param version - The last number of wasm-bindgen's version.
 */
export function rustType(
  written: string,
  enums: ReadonlyMap<string, readonly string[]>,
  version: number,
): RustType | undefined {
  const read = (one: string) => rustType(one, enums, version);
  const text = written.trim().replace(/ where .*$|where .*$/, "");
  if (text === "" || text === "()") return undefined;
  const plain = text.replace(/^(::)?(\w+::)+(?=[A-Z]\w*(<|$)|String$)/, "");
  const wrapped = /^(Option|Vec|Clamped|Box|Result|MaybeUninit)</.exec(plain)?.[1];
  const inner = wrapped ? bracketedAt(plain.slice(wrapped.length)) : "";
  if (wrapped === "Option") return optional(inner, read(inner) as RustType, version);
  if (wrapped === "MaybeUninit") return read(inner);
  if (wrapped === "Result") throw new Error(`A Result within: ${written}`);
  if (wrapped === "Vec") return slice(inner, true, false, read);
  if (wrapped === "Box") return slice(bracketedAt(inner), true, false, read);
  if (wrapped === "Clamped") return clamped(inner, read);
  if (plain.startsWith("&mut[")) return slice(bracketedAt(plain.slice(4)), false, false, read);
  if (plain.startsWith("&[")) return slice(bracketedAt(plain.slice(1)), false, false, read);
  const closure = /^&(?:mut )?dyn Fn(?:Mut)?(?=\()/.exec(plain)?.[0];
  if (closure !== undefined) return closureType(plain.slice(closure.length), read);
  if (plain === "&str" || plain === "String") return textType(plain === "String");
  const scalar = scalars.get(plain);
  if (scalar) return scalarType(plain, ...scalar);
  const texts = enums.get(plain);
  if (texts && version >= 93) return enumType(texts);
  return handle(!plain.startsWith("&"));
}

function scalarType(name: string, word: string, passed: readonly (readonly [Word, unknown])[]): RustType {
  const fit = (given: Word): Word =>
    word === "i64" ? BigInt.asIntN(64, given as bigint) : word === "i32" ? (given as number) | 0 : given;
  return {
    words: () => [word],
    pass: () => passed.map(([one, value]) => () => ({ words: [one], value })),
    give: () =>
      passed.map(([one, value]) => ({
        value,
        isSame: ([got]) => fit(got) === fit(name === "char" ? one : name === "bool" ? Number(value) : value),
      })),
  };
}

function handle(isOwned: boolean): RustType {
  return {
    words: (isHeap) => [isHeap ? "i32" : "externref"],
    pass: ({ wasm, isHeap, fresh }) => [
      () => {
        const value = fresh();
        const word = isHeap ? wasm.handles.add(value) : value;
        return { words: [word], value, ...(isHeap && !isOwned && { handles: [word as number] }) };
      },
    ],
    give: ({ fresh }) => {
      const value = fresh();
      const isSame: Returned["isSame"] = ([word], { wasm, isHeap }) =>
        (isHeap ? wasm.handles.take(word as number) : word) === value;
      return [{ value, isSame }];
    },
  };
}

function textType(isOwned: boolean): RustType {
  return {
    words: () => ["i32", "i32"],
    pass: (world) =>
      ["zwölf €", ""].map((value) => () => passBytes(world, new TextEncoder().encode(value), 1, isOwned, value)),
    give: () =>
      ["zurück ✓", ""].map((value) => ({
        value,
        isSame: (words, world) => {
          const bytes = takeBytes(world, words, 1);
          return new TextDecoder().decode(bytes) === value;
        },
      })),
  };
}

function slice(
  element: string,
  isOwned: boolean,
  isClamped: boolean,
  read: (type: string) => RustType | undefined,
): RustType {
  const name = element.replace(/^MaybeUninit<(\w+)>$/, "$1");
  const ArrayClass = Object.hasOwn(arrays, name) ? arrays[isClamped ? "c8" : (name as keyof typeof arrays)] : undefined;
  if (!ArrayClass) return handleSlice(isOwned);
  void read;
  const size = ArrayClass.BYTES_PER_ELEMENT;
  const filled = (...numbers: number[]) =>
    size === 8 && name !== "f64"
      ? new (ArrayClass as BigInt64ArrayConstructor)(numbers.map(BigInt))
      : new (ArrayClass as Uint8ArrayConstructor)(numbers);
  return {
    words: () => ["i32", "i32"],
    pass: (world) =>
      [filled(1, 2, 3), filled()].map((value) => () => {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        const passed = passBytes(world, bytes, size, isOwned, value);
        return { ...passed, words: [passed.words[0], value.length] };
      }),
    give: () =>
      [filled(4, 5), filled()].map((value) => ({
        value,
        isSame: ([at, length], world) => {
          const bytes = takeBytes(world, [at, (length as number) * size], size);
          return length === value.length && String(bytes) === String(new Uint8Array(value.buffer));
        },
      })),
  };
}

/** Values, each by its handle: under both conventions a list of numbers in memory. */
function handleSlice(isOwned: boolean): RustType {
  return {
    words: () => ["i32", "i32"],
    pass: (world) => [
      () => {
        const { wasm, fresh } = world;
        const value = [fresh(), fresh()];
        const slots = value.map((one) => wasm.handles.add(one));
        const passed = passBytes(world, new Uint8Array(Uint32Array.from(slots).buffer), 4, isOwned, value);
        return { ...passed, words: [passed.words[0], 2], ...(!isOwned && { handles: slots }) };
      },
    ],
    give: ({ fresh }) => {
      const value = [fresh(), fresh()];
      return [
        {
          value,
          isSame: ([at, length], world) => {
            const slots = new Uint32Array(takeBytes(world, [at, (length as number) * 4], 4).buffer);
            return Array.from(slots, (slot) => world.wasm.handles.take(slot)).every(
              (one, index) => one === value[index],
            );
          },
        },
      ];
    },
  };
}

function clamped(inner: string, read: (type: string) => RustType | undefined): RustType {
  const plain = inner.replace(/^(::)?(\w+::)+/, "");
  return slice("u8", plain.startsWith("Vec<"), true, read);
}

function enumType(texts: readonly string[]): RustType {
  return {
    words: () => ["i32"],
    pass: () => texts.map((value, at) => () => ({ words: [at], value })),
    give: () => [
      ...texts.map((value, at) => ({ value, isSame: ([word]: readonly Word[]) => word === at })),
      { value: "no such text", isSame: ([word]: readonly Word[]) => word === texts.length },
    ],
  };
}

function optional(text: string, inner: RustType, version: number): RustType {
  const isOneOf = (...names: string[]) => names.includes(text);
  const isHandle = inner.words(false)[0] === "externref";
  if (isHandle) {
    const owned = handle(true);
    return {
      words: inner.words,
      resultWords: ["i32"],
      pass: (world) => [...inner.pass(world), () => ({ words: [world.isHeap ? 0 : undefined], value: undefined })],
      give: (world) => [
        ...owned.give(world).map(({ value }) => ({
          value,
          isSame: ([word]: readonly Word[]) => world.wasm.handles.take(word as number) === value,
        })),
        ...[undefined, null].map((value) => ({ value, isSame: ([word]: readonly Word[]) => word === 0 })),
      ],
    };
  }
  const nothings = (words: readonly Word[]): Pick<RustType, "pass" | "give"> => ({
    pass: (world) => [...inner.pass(world), () => ({ words, value: undefined })],
    give: (world) => [
      ...inner.give(world),
      ...[undefined, null].map((value) => ({
        value,
        isSame: (got: readonly Word[]) => got.length === words.length && got.every((word, at) => word === words[at]),
      })),
    ],
  });
  // A text of an enum that is not among them is one number, nothing is the next.
  const variants = inner.words(true).length === 1 && !scalars.has(text) ? inner.pass({} as World).length : 0;
  if (variants > 0) return { words: inner.words, ...nothings([variants + 1]) };
  if (isOneOf("bool", "char", "i8", "u8", "i16", "u16")) return { words: inner.words, ...nothings([0xffffff]) };
  if (isOneOf("i32", "u32", "isize", "usize", "f32") && version >= 96) {
    const nothing = version <= 118 ? 2 ** 32 + 1 : 2 ** 53 - 1;
    const unsigned = isOneOf("u32", "usize");
    return {
      words: () => ["f64"],
      pass: (world) => [
        ...inner.pass(world).map((make) => () => ({ words: [make().value], value: make().value })),
        () => ({ words: [nothing], value: undefined }),
      ],
      give: (world) => [
        ...inner.give(world).map(({ value }) => ({
          value,
          isSame: ([word]: readonly Word[]) => (unsigned ? word === (value as number) >>> 0 : word === value),
        })),
        ...[undefined, null].map((value) => ({ value, isSame: ([word]: readonly Word[]) => word === nothing })),
      ],
    };
  }
  const words = inner.words(true);
  if (words[0] === "i32" && words.length === 2) {
    return {
      words: inner.words,
      pass: (world) => [...inner.pass(world), () => ({ words: [0, 0], value: undefined })],
      give: (world) => [
        ...inner.give(world),
        ...[undefined, null].map((value) => ({ value, isSame: ([at]: readonly Word[]) => at === 0 })),
      ],
    };
  }
  // A number says whether there is one, before it.
  const zeros = words.map((word) => (word === "i64" ? 0n : 0));
  return {
    words: (isHeap) => ["i32", ...inner.words(isHeap)],
    pass: (world) => [
      ...inner.pass(world).map((make) => () => {
        const one = make();
        return { ...one, words: [1, ...one.words] };
      }),
      () => ({ words: [0, ...zeros], value: undefined }),
    ],
    give: (world) => [
      ...inner.give(world).map(({ value, isSame }) => ({
        value,
        isSame: ([present, ...rest]: readonly Word[], within: World) => present === 1 && isSame(rest, within),
      })),
      ...[undefined, null].map((value) => ({ value, isSame: ([present]: readonly Word[]) => present === 0 })),
    ],
  };
}

function closureType(text: string, read: (type: string) => RustType | undefined): RustType {
  const list = bracketedAt(text);
  const result = text.slice(list.length + 2).replace(/^->/, "");
  const [, fallible] = /^Result<(.*)>$/.exec(result) ?? [];
  const params = splitList(list).map((one) => read(one) as RustType);
  return {
    words: () => ["i32", "i32"],
    pass: () => [() => ({ words: closurePointer, value: aFunction })],
    give: () => [],
    closure: {
      params,
      result: read(fallible === undefined ? result : (splitList(fallible)[0] as string)),
      fails: fallible !== undefined,
    },
  };
}

/** The two words of a closure. */
export const closurePointer = [4096, 8192] as const;

/** Stands for any function. */
export const aFunction = Symbol("a function");

function passBytes(world: World, bytes: Uint8Array, align: number, isOwned: boolean, value: unknown): Passed {
  const at = (world.wasm.exports["__wbindgen_malloc"] as (size: number, align: number) => number)(bytes.length, align);
  world.wasm.memory.write(at, bytes);
  return { words: [at, bytes.length], value, ...(!isOwned && { lent: [{ at, size: bytes.length, align }] }) };
}

function takeBytes({ wasm }: World, [at, size]: readonly Word[], align: number): Uint8Array {
  const bytes = wasm.memory.read(at as number, size as number);
  (wasm.exports["__wbindgen_free"] as (...words: number[]) => void)(at as number, size as number, align);
  return bytes;
}
