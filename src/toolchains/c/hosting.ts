import { elementArrays } from "../../bind/types/arrays.ts";
import { nodeOf, type TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf, isAllocated, layoutOf, typeText } from "../../bind/types/types.ts";
import {
  passedBytes,
  plainReceiving,
  plainReturning,
  receivedDetached,
  receivingBy,
  returningBy,
} from "../../bind/values/index.ts";
import { addressOf } from "../../bind/word.ts";
import type { ArrayType, Hosting, Lifting, Lowering, Receiving, Returning } from "../../public/index.ts";
import { bufferingOf, fillingsOf } from "./filling.ts";
import { numbersLifting } from "./numbers.ts";
import type { Pointers } from "./pointers.ts";
import { isPlaced, storedRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";

/** The ways to pass values to exports and receive them, which imports use in reverse. */
export interface Ways {
  readonly lowerings: (type: TypeNode) => readonly Lowering<Runtime>[];
  readonly liftings: (type: TypeNode, owned: boolean) => readonly Lifting<Runtime>[];
}

/**
 * Makes the way in which C's imports are served.
 *
 * @param pointers - The module.
 * @param ways - The ways of its exports.
 */
export function createHosting(pointers: Pointers, ways: Ways): Hosting<Runtime> {
  return {
    owns: () => false,
    receivings: (type, consumes) => receivingsOf(pointers, ways, nodeOf(type), consumes === true),
    returnings: (type, owned) => returningsOf(pointers, ways, nodeOf(type), owned),
    fillings: (type) => fillingsOf(pointers, nodeOf(type)),
    buffer: (type) => bufferingOf(pointers, type),
    refusal: (type, use, stated) => refusalOf(nodeOf(type), use, stated, pointers.isWide),
    lendsObjects: true,
    hand: undefined,
  };
}

function receivingsOf(
  pointers: Pointers,
  ways: Ways,
  type: TypeNode,
  consumes: boolean,
): readonly Receiving<Runtime>[] {
  const inner = type.type === "optional" ? type.item : type;
  if (refusalOf(type, "parameter", consumes, pointers.isWide) !== undefined) return [];
  if (inner.type === "js" && inner === type) return [{ ...plainReceiving, ...reference, convert: same }];
  if (inner.type === "array" && inner.mutable) {
    return [{ ...mutableReceiving(pointers, inner, inner !== type), pointerTo: countedText(type) }];
  }
  return ways
    .liftings(type, consumes)
    .filter(({ words, stored }) => !stored && words.length > 0)
    .filter(({ words }) => inner.type !== "string" || words.length === 2)
    .map((lifting) => receivingBy(lifting, false))
    .map((receiving) => ({ ...receiving, pointerTo: receiving.pointerTo ?? countedText(type) }));
}

/** Describes what an address and a length refer to, if only an empty one may be at null. */
function countedText(type: TypeNode): string | undefined {
  return ["string", "bytes", "array"].includes(type.type) ? typeText(type) : undefined;
}

/** An array that the function changes: a copy, written back afterwards. */
function mutableReceiving(pointers: Pointers, { element }: ArrayType, isOptional: boolean): Receiving<Runtime> {
  const inner = numbersLifting(pointers, element, false);
  return {
    ...plainReceiving,
    words: inner.words,
    lift: (runtime, words, at) =>
      isOptional && addressOf(words[at]) === 0 ? undefined : inner.lift(runtime, words, at, false),
    finish: (runtime, value, words, at) => writeBack(runtime, value, words, at, element),
  };
}

/** Prepares to write an array back to where its words say. */
function writeBack(
  { memory }: Runtime,
  value: unknown,
  words: readonly unknown[],
  at: number,
  element: ArrayType["element"],
): () => void {
  if (value === undefined) return () => undefined;
  const size = addressOf(words[at + 1]) * elementArrays[element].BYTES_PER_ELEMENT;
  const { bytes } = passedBytes(memory, value);
  if (bytes.length !== size) throw receivedDetached(size);
  return () => {
    if (size > 0) memory.write(addressOf(words[at]), bytes);
  };
}

function returningsOf(
  pointers: Pointers,
  ways: Ways,
  type: TypeNode,
  owned: boolean | undefined,
): readonly Returning<Runtime>[] {
  if (refusalOf(type, "result", owned, pointers.isWide) !== undefined) return [];
  const inner = type.type === "optional" ? type.item : type;
  if (type.type === "js") return [{ ...plainReturning, ...reference, ...acceptanceOf(type, false), isSame: true }];
  const isArray = inner.type === "bytes" || inner.type === "array";
  const returnings = ways
    .lowerings(type)
    // An array without its length says too little, and a struct is written to the first parameter.
    .filter(({ words, allocates }) => (isArray ? words.length === 2 : !isPlaced(inner) || !allocates))
    .map((lowering) => returningBy(owned && lowering.allocates ? givingAway(lowering) : lowering));
  const stored = isPlaced(type) ? storedRecord(pointers, type) : undefined;
  return stored ? [...returnings, stored] : returnings;
}

/** Passes a value in memory that the module frees. Only a ledger has to know. */
function givingAway(lowering: Lowering<Runtime>): Lowering<Runtime> {
  return {
    ...lowering,
    lower: (runtime, value, words) => {
      const at = words.length;
      lowering.lower(runtime, value, words, []);
      runtime.memory.release(addressOf(words[at]));
    },
  };
}

/** A reference crosses unchanged. */
const reference = {
  words: ["externref"],
  lift: (_: Runtime, words: readonly unknown[], at: number) => words[at],
  lower: (_: Runtime, value: unknown, words: unknown[]) => void words.push(value),
} as const;

function same(word: unknown): unknown {
  return word;
}

function refusalOf(
  type: TypeNode,
  use: "parameter" | "result" | "output",
  stated: boolean | undefined,
  isWide: boolean,
): string | undefined {
  const inner = type.type === "optional" ? type.item : type;
  if (inner.type === "buffer" || inner.type === "length" || inner.type === "inout")
    return `t.${inner.type} is for functions of the module: a host function that fills memory takes a t.out`;
  if (use === "parameter") {
    return stated && inner.type === "array" && inner.mutable
      ? "an array that is given away cannot be written back: leave out consumes or mutable"
      : undefined;
  }
  const hasText = isPlaced(inner) && layoutOf(inner, isWide)?.isPointer === true;
  if (use === "output")
    return hasText || isAllocated(type)
      ? "nothing would free the memory that it points to: take a buffer of the module's, t.buffer"
      : undefined;
  if (inner.type === "closure" && inner.lent) return "a function that is returned stays in the table: leave out lent";
  if (hasText && stated !== false)
    return "the texts that its struct points to are freed when it is called the next time: say so with { owned: false }";
  return isAllocated(type) && inner.type !== "list" && stated === undefined
    ? "it returns memory, so say who frees it: { owned: true } for the module, or { owned: false } for this library, when the function is called the next time"
    : undefined;
}
