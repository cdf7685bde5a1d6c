import { nodeOf, type TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf } from "../../bind/types/types.ts";
import {
  plainLifting,
  plainLowering,
  referenceLiftings,
  referenceLowerings,
  scalarLifting,
  scalarLowering,
} from "../../bind/values/index.ts";
import { findKnownExports } from "../known-exports.ts";
import type { Calling, Lifting, Lowering, Shape } from "../../public/index.ts";
import { addressOf } from "../../bind/word.ts";
import { functionLifting, functionLowering, type FunctionPointers } from "./function-pointer.ts";
import { beginRuntime, giveArea, type Runtime, takeArea } from "./runtime.ts";
import { createHosting } from "./hosting.ts";
import { exportNames } from "./names.ts";
import { numbersLifting, numbersLowering } from "./numbers.ts";
import { bufferLowering } from "./buffer.ts";
import { inOutLowerings, outLowerings } from "./out.ts";
import { canFree, type Ownership, type Pointers, pointersOf } from "./pointers.ts";
import { placeRefusal } from "./place-refusal.ts";
import { promiseRefusal } from "./promise-refusal.ts";
import { recordLifting, recordLowering, recordRefusal } from "./record.ts";
import { countedLifting, endedLifting, textLowering } from "./texts.ts";

/**
 * Makes the C calling convention of clang, Zig and Rust's `extern "C"`: pointers and lengths, zero-terminated text, structs
 * by pointer. Arguments are allocated for the call with the module's own allocator, and freed after it.
 *
 * @param shape - The module's shape.
 */
export function createCCalling(shape: Shape): Calling<Runtime> {
  const pointers = pointersOf(shape);
  const { address } = pointers;
  const hasStack = shape.complete && findKnownExports(shape).has("__stack_pointer");
  return {
    name: "C",
    address,
    hasErrors: false,
    hasPromises: undefined,
    hasInPlace: true,
    exportNames,
    begin: (context) => beginRuntime(context, hasStack),
    lowerings: (type, owned = false) => loweringsOf(pointers, nodeOf(type), owned),
    liftings: (type, owned) => liftingsOf(pointers, nodeOf(type), owned),
    refusal: (type) =>
      promiseRefusal(nodeOf(type)) ??
      placeRefusal(nodeOf(type), pointers.isWide) ??
      recordRefusal(nodeOf(type), pointers.isWide),
    canFree: (name) => canFree(pointers, name),
    givesAway: undefined,
    addressKey: undefined,
    boxesObjects: undefined,
    hasClassIds: undefined,
    takesNull: undefined,
    announce: undefined,
    holding: undefined,
    hasAreas: true,
    ownAllocator: undefined,
    allocators: undefined,
    freeing: [{ type: { params: [address], results: [] }, words: [], waits: undefined }],
    areaAllocates: !hasStack,
    takeArea,
    giveArea,
    takeError: () => undefined,
    hosting: createHosting(pointers, {
      lowerings: (type) => loweringsOf(pointers, type, false),
      liftings: (type, owned) => liftingsOf(pointers, type, owned),
    }),
  };
}

function loweringsOf(pointers: Pointers, type: TypeNode, owned: Ownership): readonly Lowering<Runtime>[] {
  const scalar = scalarLowering(type, pointers.isWide);
  if (scalar) return [scalar];
  switch (type.type) {
    case "string":
      return [textLowering(pointers, true), textLowering(pointers, false)];
    case "cstring":
      return [textLowering(pointers, false)];
    case "bytes":
      return [numbersLowering(pointers, { type, element: "u8", isMutable: false, hasLength: true })];
    case "array": {
      const { element, mutable: isMutable = false } = type;
      return [true, false].map((hasLength) => numbersLowering(pointers, { type, element, isMutable, hasLength }));
    }
    case "optional":
      return optionalLowerings(pointers, type.item);
    case "closure":
      return functionLowering(functionPointers(pointers), type);
    case "record":
    case "union":
    case "fixed":
    case "chars":
      return recordLowering(pointers, type);
    case "js":
      return referenceLowerings();
    case "out": {
      const { item } = type;
      return outLowerings(pointers, item, liftingsOf(pointers, item, owned));
    }
    case "inout":
      return inOutLowerings(pointers, type.item);
    case "buffer":
      return [bufferLowering(pointers, type)];
    case "length":
      return loweringsOf(pointers, { type: type.as }, false);
    default:
      return [];
  }
}

function liftingsOf(pointers: Pointers, type: TypeNode, owned: Ownership): readonly Lifting<Runtime>[] {
  const scalar = scalarLifting(type, pointers.isWide);
  if (scalar) return [scalar];
  switch (type.type) {
    case "string":
      return [endedLifting(pointers, owned), countedLifting(pointers, owned)];
    case "cstring":
      return [endedLifting(pointers, owned)];
    case "bytes":
      return [numbersLifting(pointers, "u8", owned)];
    case "array":
      return [numbersLifting(pointers, type.element, owned)];
    case "optional":
      return optionalLiftings(pointers, type.item, owned);
    case "record":
    case "union":
    case "fixed":
    case "chars":
      return recordLifting(pointers, type);
    case "closure":
      return functionLifting(functionPointers(pointers), type);
    case "length":
      return liftingsOf(pointers, { type: type.as }, false);
    case "js":
      return referenceLiftings();
    default:
      return [];
  }
}

function functionPointers(pointers: Pointers): FunctionPointers {
  return {
    pointers,
    lowerings: (type) => loweringsOf(pointers, type, false),
    liftings: (type) => liftingsOf(pointers, type, false),
  };
}

/** Whether a type is passed as an address or a table index, for which 0 means none. */
function isPointed({ type }: TypeNode): boolean {
  return ["string", "cstring", "bytes", "array", "closure", "record", "union", "fixed", "chars", "buffer"].includes(
    type,
  );
}

function optionalLowerings(pointers: Pointers, item: TypeNode): readonly Lowering<Runtime>[] {
  if (!isPointed(item)) return [];
  return loweringsOf(pointers, item, false)
    .filter(({ words }) => words[0] === pointers.address)
    .map((inner) => ({
      ...plainLowering,
      words: inner.words,
      allocates: inner.allocates,
      filled: inner.filled,
      ...acceptanceOf({ type: "optional", item }, pointers.isWide),
      accepts: (value) => value === undefined || value === null || inner.accepts(value),
      lower: (runtime, value, words, later) => {
        if (value !== undefined && value !== null) inner.lower(runtime, value, words, later);
        else words.push(...inner.words.map(() => pointers.word(0)));
      },
    }));
}

function optionalLiftings(pointers: Pointers, item: TypeNode, owned: Ownership): readonly Lifting<Runtime>[] {
  if (!isPointed(item)) return [];
  return liftingsOf(pointers, item, owned)
    .filter(({ words, stored }) => !stored && words[0] === pointers.address)
    .map((inner) => ({
      ...plainLifting,
      words: inner.words,
      lift: (runtime, from, at, isAlone) =>
        addressOf(from[at]) === 0 ? undefined : inner.lift(runtime, from, at, isAlone),
    }));
}
