import type { ImportShape } from "../../public/index.ts";
import type { Descriptor } from "./descriptors.ts";

/**
 * The conversions of casts by the hash of their type, which 0.2.102 to 0.2.106 put in their names. If the version is
 * unknown, an owned text is read as a borrowed one, which leaks it.
 */
const hashedCasts: ReadonlyMap<string, string> = new Map([
  ["2241b6af4c4b2941", "s"],
  ["7e9c58eeb11b0a6f", "s"],
  ["e8a0dcfd3cf01c12", "S"],
  ["d6cd19b81560fd6e", "d"],
  ["9ae0607507abb057", "I"],
  ["4625c577ab2ec9ee", "U"],
  ["e7b45dd881f38ce3", "u128"],
  ["2ddd8a25ff58642a", "i128"],
  ["cb9088102bce6b30", "&[u8]"],
  ["77927a9dcb96442f", "&[u8]"],
  ["1cdaf84cdfe0c33d", "&[u8]"],
  ["7590e414d9bcb6c4", "&[c8]"],
  ["feefb5fadd6457fd", "&[i8]"],
  ["e47ceb6027f5c92c", "&[i16]"],
  ["bbb4883c6389f1de", "&[u16]"],
  ["9575fb55a66c262b", "&[i]"],
  ["7c316abdc43840a3", "&[u]"],
  ["38a261ec6a12ed41", "&[I]"],
  ["3ab50d48fbb5ae1c", "&[U]"],
  ["cd07b1914aa3d62c", "&[f]"],
  ["4af8e60a922bcf35", "&[d]"],
  ["77bc3e92745e9a35", "[u8]"],
  ["7161a53321eb0ad8", "[c8]"],
  ["165e107043a4ee16", "[i8]"],
  ["3eefffd22877a394", "[i16]"],
  ["6bffaedbf7b62d6e", "[u16]"],
  ["e6e63f7ff65a7e17", "[i]"],
  ["57067ee8154e169f", "[u]"],
  ["9685f5fa9ad263bb", "[I]"],
  ["40a9f49286e726ce", "[U]"],
  ["38bab93e5e373874", "[f]"],
  ["b63aeb0d85365734", "[d]"],
  ["e481686c74984159", "[h]"],
  ["25a0a844437d0e92", "[h]"],
]);

/** A possible conversion of a cast: the code of a type, or one of these constants if less is known. */
export type CastCode = string;
export const someClosure = "closure";
export const someView = "&[…]";
export const someList = "[…]";
export const someImport = "import";

interface Kind {
  readonly code: CastCode;
  readonly words: string;
  /** Whether there may be several, as for types with type arguments. */
  readonly isMany: true | undefined;
}

/**
 * Everything that casts convert, in the order of the types' descriptions: `Closure(…`, `F64`, `I128`, `I64`,
 * `Ref(CachedString)`, `Ref(Slice(…`, `Ref(String)`, `String`, `U128`, `U64`, `Vector(…`. Since 0.2.107 casts are numbered
 * in that order, so the types of the other casts narrow the possibilities of each.
 */
const kinds: readonly Kind[] = [
  { code: someClosure, words: "i32,i32", isMany: true },
  { code: "d", words: "f64", isMany: undefined },
  { code: "i128", words: "i64,i64", isMany: undefined },
  { code: "I", words: "i64", isMany: undefined },
  { code: "s", words: "i32,i32", isMany: undefined },
  { code: someView, words: "i32,i32", isMany: true },
  { code: "s", words: "i32,i32", isMany: undefined },
  { code: "S", words: "i32,i32", isMany: undefined },
  { code: "u128", words: "i64,i64", isMany: undefined },
  { code: "U", words: "i64", isMany: undefined },
  { code: someList, words: "i32,i32", isMany: true },
];

/**
 * Returns the possible conversions of each cast of a module: the one that the `name` section describes, or all that the
 * types of the casts leave.
 *
 * @param functions - The imported functions.
 * @param version - The last number of wasm-bindgen's version, if the module states it.
 * @param descriptors - The casts that the `name` section describes.
 * @returns The codes, by the name of the import; none for a conversion that is not known here.
 */
export function readAllCasts(
  functions: readonly ImportShape[],
  version: number | undefined,
  descriptors: ReadonlyMap<string, Descriptor>,
): ReadonlyMap<string, readonly CastCode[]> {
  const read = new Map(readCasts(functions, version));
  for (const [name, { code, closure }] of descriptors) {
    read.set(name, closure ? [someClosure] : code === undefined ? [] : [code]);
  }
  return read;
}

/**
 * Returns the possible conversions of each cast of a module by the types of all, without omitting any.
 *
 * @param functions - The imported functions.
 * @param version - The last number of wasm-bindgen's version, if the module states it.
 * @returns The codes, by the name of the import.
 */
export function readCasts(
  functions: readonly ImportShape[],
  version: number | undefined,
): ReadonlyMap<string, readonly CastCode[]> {
  const read = new Map<string, readonly CastCode[]>();
  const numbered: Numbered[] = [];
  for (const wanted of functions) {
    const [, sort, digits = ""] = /^__wbindgen_(cast|generic)_([0-9a-f]+)$/.exec(wanted.name) ?? [];
    const type = wanted.kind === "function" ? wanted.type : undefined;
    const hashed = sort === "cast" ? hashedCasts.get(digits) : undefined;
    if (hashed !== undefined) read.set(wanted.name, [hashed]);
    if (sort === undefined || hashed !== undefined || !type) continue;
    // Thousands of imports may share one type of thousands of parameters.
    const words = type.params.slice(0, 3).join();
    const number = parseInt(digits, 16);
    // No program has so many casts, so the number is a hash.
    if (number > 0xffff) read.set(wanted.name, codesOf(kinds.filter((kind) => kind.words === words)));
    else numbered.push({ name: wanted.name, number, words });
  }
  for (const [name, codes] of readNumbered(numbered, version)) read.set(name, codes);
  return read;
}

interface Numbered {
  readonly name: string;
  readonly number: number;
  readonly words: string;
}

function readNumbered(
  numbered: readonly Numbered[],
  version: number | undefined,
): ReadonlyMap<string, readonly CastCode[]> {
  const isCast = ({ words }: Numbered) => kinds.some((kind) => kind.words === words);
  const casts = numbered.filter(isCast).sort((a, b) => a.number - b.number);
  // Since 0.2.128 imports that are generic in Rust may have such names too, through an attribute that js-sys uses since
  // 0.2.130. They come last and can have any type.
  const mayImport =
    numbered.some(({ name }) => name.startsWith("__wbindgen_generic_")) &&
    ((version ?? Infinity) >= 130 || casts.length < numbered.length);
  const all: readonly Kind[] = mayImport ? [...kinds, { code: someImport, words: "", isMany: true }] : kinds;
  const fits = (at: number, { words }: Numbered) => [words, ""].includes(all[at]?.words ?? words);
  // The first possible kind of each cast, with all casts before it as early as possible, and likewise the last.
  const firsts: number[] = [];
  let first = 0;
  for (const one of casts) {
    while (!fits(first, one)) first++;
    firsts.push(first);
    if (!all[first]?.isMany) first++;
  }
  // Casts that do not follow this order are read by their types alone.
  const isOrdered = first <= all.length;
  const read = new Map<string, readonly CastCode[]>();
  let last = all.length - 1;
  for (const [at, one] of [...casts.entries()].reverse()) {
    while (!fits(last, one)) last--;
    const [from, to] = isOrdered ? [firsts[at] ?? 0, last] : [0, all.length];
    read.set(one.name, codesOf(all.filter((_, index) => index >= from && index <= to && fits(index, one))));
    if (!all[last]?.isMany) last--;
  }
  return read;
}

function codesOf(fitting: readonly Kind[]): readonly CastCode[] {
  return [...new Set(fitting.map(({ code }) => code))];
}
