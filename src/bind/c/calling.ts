import { acceptanceOf, scalarLifting, scalarLowering } from "../../crossing/index.ts";
import type {
  Calling,
  DeclaredName,
  DeclaredType,
  ElementName,
  Instance,
  Lifting,
  Lowering,
  Shape,
  ValueType,
} from "../../types/index.ts";
import { addressOf } from "../word.ts";
import { exportNames } from "./names.ts";
import { recordLifting, recordLowering } from "./record.ts";

/** What the convention keeps of one life: nothing but the instance. */
type Life = Instance;

const elementSizes: { readonly [Element in ElementName]: number } = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
};

const arrayClasses = {
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
} as const;

/**
 * The convention of C, as clang, Zig and Rust's `extern "C"` have it: pointers and lengths, text that a zero ends, structs
 * by pointer. What is passed is allocated for the call with the module's own allocator, and freed after it.
 *
 * @param shape - The module's shape.
 */
export function createCCalling({ memories }: Shape): Calling<Life> {
  const isWide = memories[0]?.address === "i64";
  const address: ValueType = isWide ? "i64" : "i32";
  const word = (value: number) => (isWide ? BigInt(value) : value);
  const nothing = (value: unknown) => value === undefined || value === null;

  const text = (type: DeclaredType, withLength: boolean): Lowering<Life> => ({
    words: withLength ? [address, address] : [address],
    ...acceptanceOf(withLength ? type : { type: "cstring" }, isWide),
    lower: ({ memory }, value, words, later) => {
      // A zero behind it does no harm where the length is passed too.
      const made = memory.allocString(value as string, { layout: "nul" });
      later.push(() => {
        memory.free(made.address, made.length + 1, 1);
      });
      words.push(word(made.address));
      if (withLength) words.push(word(made.length));
    },
  });

  const numbers = (
    type: DeclaredType,
    element: ElementName,
    isMutable: boolean,
    withLength: boolean,
  ): Lowering<Life> => ({
    words: withLength ? [address, address] : [address],
    ...acceptanceOf(type, isWide),
    lower: ({ memory }, value, words, later) => {
      const array = value as Uint8Array;
      const size = array.byteLength;
      // Not null for an empty array either: many a function takes null for none.
      const room = Math.max(size, 1);
      const start = memory.alloc(room, elementSizes[element]);
      memory.write(start, array);
      later.push(() => {
        if (isMutable) new Uint8Array(array.buffer, array.byteOffset, size).set(memory.read(start, size));
        memory.free(start, room, elementSizes[element]);
      });
      words.push(word(start));
      if (withLength) words.push(word(array.length));
    },
  });

  const lowerings = (type: DeclaredType): readonly Lowering<Life>[] => {
    const scalar = scalarLowering(type, isWide);
    if (scalar) return [scalar];
    switch (type.type) {
      case "string":
        return [text(type, true), text(type, false)];
      case "cstring":
        return [text(type, false)];
      case "bytes":
        return [numbers(type, "u8", false, true)];
      case "array":
        return [true, false].map((withLength) => numbers(type, type.element, type.mutable ?? false, withLength));
      case "optional":
        return optional(type.item as DeclaredType);
      case "closure":
        return [closure(type)];
      case "record":
        return recordLowering(type, isWide);
      default:
        return [];
    }
  };

  /** Null for none: of what is passed by its address. */
  const optional = (item: DeclaredType): readonly Lowering<Life>[] =>
    ["string", "cstring", "bytes", "array", "closure", "record"].includes(item.type)
      ? lowerings(item).map((inner) => ({
          words: inner.words,
          ...acceptanceOf({ type: "optional", item }, isWide),
          lower: (life, value, words, later) => {
            if (nothing(value)) for (const type of inner.words) words.push(type === "i64" ? 0n : 0);
            else inner.lower(life, value, words, later);
          },
        }))
      : [];

  /** A function pointer. The function keeps its place in the table until the instance ends: nothing tells how long it is used. */
  const closure = (type: DeclaredType & { readonly type: "closure" }): Lowering<Life> => {
    const params = type.params.map((param) => liftings(param as DeclaredType, false)[0]);
    const result = type.result as DeclaredType;
    const [returned] = result.type === "void" ? [] : lowerings(result);
    const letters = (types: readonly ValueType[]) => types.map((one) => letterOf[one] ?? "?").join("");
    const signature = `${letters(params.flatMap((param) => param?.words ?? ["v128"]))}->${letters(returned?.words ?? [])}`;
    return {
      words: ["i32"],
      ...acceptanceOf(type, isWide),
      lower: (instance, value, words) => {
        const call = value as (...args: unknown[]) => unknown;
        const at = instance.callback(signature as "->", (...given: unknown[]) => {
          let from = 0;
          const args = params.map((param) => {
            const lifted = param?.lift(instance, given, from, true);
            from += param?.words.length ?? 0;
            return lifted;
          });
          const value = call(...args);
          const made: unknown[] = [];
          returned?.lower(instance, value, made, []);
          return made[0];
        });
        words.push(at);
      },
    };
  };

  const readText = (life: Life, start: number, size: number, isOwned: boolean): string => {
    const value = life.memory.readString(start, size);
    if (isOwned) life.memory.free(start, size, 1);
    return value;
  };

  const liftings = (type: DeclaredType, isOwned: boolean): readonly Lifting<Life>[] => {
    const scalar = scalarLifting(type, isWide);
    if (scalar) return [scalar];
    switch (type.type) {
      case "string":
      case "cstring": {
        const ended: Lifting<Life> = {
          words: [address],
          lift: (life, words, at) => {
            const start = addressOf(words[at]);
            const end = life.memory.u8.indexOf(0, start);
            return readText(life, start, Math.max(end - start, 0), isOwned);
          },
        };
        const counted: Lifting<Life> = {
          words: [address, address],
          lift: (life, words, at) => readText(life, addressOf(words[at]), addressOf(words[at + 1]), isOwned),
        };
        return type.type === "cstring" ? [ended] : [ended, counted];
      }
      case "bytes":
        return [numbersLifting("u8", isOwned)];
      case "array":
        return [numbersLifting(type.element, isOwned)];
      case "optional":
        return liftings(type.item as DeclaredType, isOwned)
          .filter(
            ({ words }) =>
              words[0] === address && !["u32", "i32", "size", "bool"].includes((type.item as DeclaredType).type),
          )
          .map(({ words, lift }) => ({
            words,
            lift: (life, from, at, isAlone) => (addressOf(from[at]) === 0 ? undefined : lift(life, from, at, isAlone)),
          }));
      case "record":
        return recordLifting(type, isWide);
      case "closure":
        return [];
      default:
        return [];
    }
  };

  const numbersLifting = (element: ElementName, isOwned: boolean): Lifting<Life> => ({
    words: [address, address],
    lift: ({ memory }, words, at) => {
      const start = addressOf(words[at]);
      const size = addressOf(words[at + 1]) * elementSizes[element];
      const bytes = memory.read(start, size);
      if (isOwned) memory.free(start, size, elementSizes[element]);
      return new arrayClasses[element](bytes.buffer);
    },
  });

  return {
    name: "C",
    address,
    hasErrors: false,
    hasInPlace: true,
    exportNames: (declared: DeclaredName) => exportNames(declared),
    lowerings,
    liftings,
    freeing: [{ type: { params: [address], results: [] }, explicit: [], collected: [] }],
    takeArea: ({ memory }, size) => memory.alloc(size, 16),
    giveArea: ({ memory }, start, size) => {
      memory.free(start, size, 16);
    },
    takeError: () => undefined,
  };
}

const letterOf: { readonly [Type in string]?: string } = { i32: "i", i64: "j", f32: "f", f64: "d" };
