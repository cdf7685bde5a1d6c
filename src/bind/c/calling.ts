import { acceptanceOf, scalarLifting, scalarLowering } from "../../crossing/index.ts";
import type { Calling, DeclaredName, DeclaredType, Instance, Lifting, Lowering, Shape } from "../../types/index.ts";
import { addressOf } from "../word.ts";
import { type ClosureContext, closureLowering } from "./closure.ts";
import { countedNumbers, countedText, endedText, numbersLowering, textLowering } from "./data.ts";
import { exportNames } from "./names.ts";
import { outLowering } from "./out.ts";
import { recordLifting, recordLowering } from "./record.ts";

/** What the convention keeps of one life: nothing but the instance. */
type Life = Instance;

/** What is passed or returned by its address, and may be null. */
const pointed: readonly string[] = ["string", "cstring", "bytes", "array", "closure", "record"];

/**
 * The convention of C, as clang, Zig and Rust's `extern "C"` have it: pointers and lengths, text that a zero ends, structs
 * by pointer. What is passed is allocated for the call with the module's own allocator, and freed after it.
 *
 * @param shape - The module's shape.
 */
export function createCCalling({ memories }: Shape): Calling<Life> {
  const isWide = memories[0]?.address === "i64";
  const address = isWide ? "i64" : "i32";

  const lowerings = (type: DeclaredType): readonly Lowering<Life>[] => {
    const scalar = scalarLowering(type, isWide);
    if (scalar) return [scalar];
    switch (type.type) {
      case "string":
        return [textLowering(address, true), textLowering(address, false)];
      case "cstring":
        return [textLowering(address, false)];
      case "bytes":
        return [numbersLowering(address, "u8", false, true)];
      case "array":
        return [true, false].map((withLength) =>
          numbersLowering(address, type.element, type.mutable ?? false, withLength),
        );
      case "optional":
        return optionalLowerings(type.item as DeclaredType);
      case "closure":
        return closureLowering(type, closures);
      case "record":
        return recordLowering(type, isWide);
      case "out":
        return outLowering(type.item as DeclaredType, address, liftings(type.item as DeclaredType, false));
      default:
        return [];
    }
  };

  const optionalLowerings = (item: DeclaredType): readonly Lowering<Life>[] => {
    if (!pointed.includes(item.type)) return [];
    const { accepts, expected } = acceptanceOf({ type: "optional", item }, isWide);
    return lowerings(item).map((inner) => ({
      words: inner.words,
      expected,
      // What is passed without its length cannot have a zero inside.
      accepts: (value) => accepts(value) && (isNothing(value) || inner.accepts(value)),
      lower: (life, value, words, later) => {
        if (isNothing(value)) for (const type of inner.words) words.push(type === "i64" ? 0n : 0);
        else inner.lower(life, value, words, later);
      },
    }));
  };

  const liftings = (type: DeclaredType, isOwned: boolean): readonly Lifting<Life>[] => {
    const scalar = scalarLifting(type, isWide);
    if (scalar) return [scalar];
    switch (type.type) {
      case "string":
        return [endedText(address, isOwned), countedText(address, isOwned)];
      case "cstring":
        return [endedText(address, isOwned)];
      case "bytes":
        return [countedNumbers(address, "u8", isOwned)];
      case "array":
        return [countedNumbers(address, type.element, isOwned)];
      case "optional":
        return optionalLiftings(type.item as DeclaredType, isOwned);
      case "record":
        return recordLifting(type, isWide);
      default:
        return [];
    }
  };

  const optionalLiftings = (item: DeclaredType, isOwned: boolean): readonly Lifting<Life>[] =>
    (pointed.includes(item.type) ? liftings(item, isOwned) : [])
      // What is written to the caller's room is always there.
      .filter(({ stored }) => !stored)
      .map((inner) => ({
        words: inner.words,
        lift: (life, words, at, isAlone) =>
          addressOf(words[at]) === 0 ? undefined : inner.lift(life, words, at, isAlone),
      }));

  const closures: ClosureContext = {
    address,
    places: new WeakMap(),
    lifting: (type) => {
      const [only, ...others] = liftings(type, false).filter(({ stored }) => !stored);
      return others.length === 0 ? only : undefined;
    },
  };

  return {
    name: "C",
    address,
    hasErrors: false,
    hasInPlace: true,
    exportNames: (declared: DeclaredName) => exportNames(declared),
    lowerings,
    liftings,
    unable,
    freeing: [{ type: { params: [address], results: [] }, explicit: [], collected: [] }],
    takeArea: ({ memory }, size) => memory.alloc(size, 16),
    giveArea: ({ memory }, start, size) => {
      memory.free(start, size, 16);
    },
    takeError: () => undefined,
  };
}

/** Why a type cannot be passed, where that is not plain. */
function unable(type: DeclaredType): string | undefined {
  switch (type.type) {
    case "closure":
      return "a function that is passed takes numbers, t.cstring, t.bytes, arrays and records, and returns a number or nothing";
    case "record":
      return "the fields of a record are numbers, booleans, enumerations and records of them";
    case "out":
      return "what is written is a number, a record, an object, or the address of a text";
    case "optional":
      return pointed.includes((type.item as DeclaredType).type)
        ? unable(type.item as DeclaredType)
        : "only what is passed by its address can be null";
    default:
      return undefined;
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
