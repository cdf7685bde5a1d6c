import { isSameList } from "../../base/same.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type {
  Buffering,
  Calling,
  Filling,
  FunctionType,
  Hosting,
  InnerObjects,
  LengthType,
  Receiving,
  ValueType,
  Word,
} from "../../public/index.ts";
import { lengthIn } from "../links.ts";
import type { Links } from "../planning.ts";
import { objectUse } from "../plan-function.ts";
import { lengthValue } from "../types/buffer.ts";
import { invalidValue } from "../types/invalid-value.ts";
import type { TypeNode } from "../types/node.ts";
import { isPassed } from "../types/transfer.ts";
import { acceptanceOf } from "../types/types.ts";
import { plainReceiving, withReceivings } from "../values/index.ts";
import { addressOf, addressWord } from "../word.ts";
import { fillingOfObject, receivingOfObject } from "./objects.ts";
import { convertAt, parameterPlace, type Place } from "./place.ts";
import type { HostNode } from "./read.ts";

type Signature = Pick<HostNode, "params" | "labels" | "consumes">;

/** The convention that a host function is planned for. */
export interface HostPlanning {
  readonly calling: Calling;
  readonly hosting: Hosting;
  readonly objects: InnerObjects | undefined;
  /** Whether the interface declares a class. */
  readonly isClass: (name: string) => boolean;
  /** Returns the name of the other convention that keeps the objects of a class in boxes of its own, if one does. */
  readonly boxedBy: (name: string) => string | undefined;
  /** The import's name in messages. */
  readonly name: string;
  /** The import's type. */
  readonly type: FunctionType;
}

/** A way to serve a parameter. */
export interface Way {
  readonly words: readonly ValueType[];
  /** How the argument of the function is made. */
  readonly receiving: Receiving | undefined;
  /** How the value is written that the function returns for it, or a length. */
  readonly filling: Filling | undefined;
  readonly buffering: Buffering | undefined;
}

/** A parameter of an import, as a host function serves it. */
export interface HostParam {
  /** The index of its first word. */
  readonly at: number;
  /** How errors name it. */
  readonly place: Place;
  /** A description of what its first word points to, if it must not be null, and whether the import writes there. */
  readonly pointer: HostPointer | undefined;
  /** How the argument is made; `undefined` if the function receives none. */
  readonly receiving: Receiving | undefined;
  /** How the value is written that the function returns for it; `undefined` if it returns none. */
  readonly filling: Filling | undefined;
  /** The memory that the value is written to instead, if the parameter is a buffer. */
  readonly buffer: HostBuffer | undefined;
  /** Whether that value is an object, which the module then owns. */
  readonly givesObject: boolean;
}

/** An address among the words of a parameter. */
export interface HostPointer {
  readonly to: string;
  readonly isWritten: boolean;
  /** Returns the number of elements there, if the module passes it. Null may be the address of none. */
  readonly length: ((life: unknown, words: readonly Word[]) => number) | undefined;
}

/** Memory of the module that a host function fills. */
export interface HostBuffer {
  readonly way: Buffering;
  /** Returns how many elements fit. */
  readonly capacity: (life: unknown, words: readonly Word[]) => number;
  /**
   * Prepares to tell the number of elements that are written, through a pointer; `"result"` if it is the result; `undefined`
   * if the module is not told, so that the buffer has to be filled.
   */
  readonly tell: "result" | ((life: unknown, words: readonly Word[], count: number) => () => void) | undefined;
  /** Whether a zero ends the contents. */
  readonly isEnded: boolean;
}

const plainWay = { receiving: undefined, filling: undefined, buffering: undefined } as const;

/**
 * Returns the ways to serve a parameter.
 *
 * @param node - The host function.
 * @param at - The index of the parameter.
 * @param links - The links between the parameters.
 * @param planning - The convention.
 */
export function waysOf(node: Signature, at: number, links: Links, planning: HostPlanning): readonly Way[] {
  const { calling, hosting, objects } = planning;
  const type = node.params[at] as TypeNode;
  const byReceiving = (receivings: readonly Receiving[]) =>
    receivings.map((receiving): Way => ({ ...plainWay, words: receiving.words, receiving }));
  const use = objectUse(type.type === "out" ? type.item : type);
  switch (type.type) {
    case "length":
      return byReceiving(hosting.receivings({ type: type.as }, undefined));
    case "out":
    case "inout": {
      const { item } = type;
      const written = item.type === "length" ? ({ type: item.as } as const) : item;
      const fillings =
        use && type.type === "out"
          ? objects
            ? [fillingOfObject(use, objects, calling)]
            : []
          : hosting.fillings(written);
      return fillings.map((filling) => ({
        ...plainWay,
        words: filling.words,
        filling,
        receiving: type.type === "inout" ? readingBy(filling) : undefined,
      }));
    }
    case "buffer": {
      const buffering = hosting.buffer(type);
      return buffering ? [{ ...plainWay, words: buffering.words, buffering }] : [];
    }
    default: {
      if (use) return objects ? byReceiving([receivingOfObject(use, objects, calling)]) : [];
      const { address } = calling;
      const own = hosting.receivings(type, node.consumes[at]);
      const receivings = byReceiving(type.type === "js" ? withReceivings(own, [planning.type]) : own);
      return links.split.has(at)
        ? receivings
            .filter(({ words }) => isSameList(words, [address, address]))
            .map((way) => ({ ...way, words: [address] }))
        : receivings;
    }
  }
}

function readingBy(filling: Filling): Receiving {
  return {
    ...plainReceiving,
    words: filling.words,
    lift: (life, words, at) => filling.read(life, words, at),
  };
}

/**
 * Places the parameters, and joins what belongs together: arrays and buffers with their lengths.
 *
 * @param node - The host function.
 * @param ways - The way of each parameter.
 * @param start - The index of the first word.
 * @param links - The links between the parameters.
 * @param planning - The convention.
 */
export function paramsOf(
  { params, labels }: Signature,
  ways: readonly Way[],
  start: number,
  links: Links,
  { calling, name }: HostPlanning,
): readonly HostParam[] {
  let at = start;
  const starts = ways.map(({ words }) => {
    const first = at;
    at += words.length;
    return first;
  });
  /** Returns the function that reads the length of a parameter, from the parameter that tells it. */
  const readerOf = (of: number): ((life: unknown, words: readonly Word[]) => number) => {
    const index = params.findIndex((type) => lengthIn(type)?.of === of);
    const { receiving } = ways[index] as Way;
    const first = starts[index] as number;
    const place = parameterPlace(name, index, labels[index]);
    return (life, words) => convertAt(place, () => lengthOf(receiving?.lift(life, words, first)));
  };
  return params.map((type, index): HostParam => {
    const at = starts[index] as number;
    const place = parameterPlace(name, index, labels[index]);
    const givesObject = type.type === "out" && objectUse(type.item)?.isOwned === true;
    const { receiving, filling, buffering } = ways[index] as Way;
    const to = filling?.pointerTo ?? receiving?.pointerTo;
    const isSplit = links.split.has(index) && receiving !== undefined;
    const length = isSplit
      ? readerOf(index)
      : receiving?.words.length === 2
        ? (_: unknown, words: readonly Word[]) => addressOf(words[at + 1])
        : undefined;
    const pointer = to === undefined ? undefined : { to, isWritten: filling !== undefined, length };
    const plain = { at, place, pointer, givesObject, receiving: undefined, filling: undefined, buffer: undefined };
    if (buffering) {
      const capacity = readerOf(index);
      const isEnded = type.type === "buffer" && type.element === "cstring";
      const told = links.counts.get(index);
      const tell =
        told && told.at !== "result"
          ? tellingBy(
              told.declared,
              ways[told.at] as Way,
              { at: starts[told.at] as number, place: parameterPlace(name, told.at, labels[told.at]) },
              calling,
            )
          : told && ("result" as const);
      const argument: Receiving = {
        ...plainReceiving,
        words: buffering.words,
        lift: (life, words) => capacity(life, words),
      };
      return {
        ...plain,
        receiving: argument,
        buffer: { way: buffering, capacity, tell, isEnded },
      };
    }
    if (!isPassed(type)) {
      const isLength = type.type === "length" || (type.type === "out" && type.item.type === "length");
      const isWritten = type.type === "inout" || isLength;
      return { ...plain, filling: isWritten ? undefined : filling };
    }
    const joined = isSplit ? joining(receiving, at, readerOf(index), calling) : receiving;
    return { ...plain, receiving: joined, filling };
  });
}

/** Receives an array whose length is not the word after its address. */
function joining(
  receiving: Receiving,
  first: number,
  length: (life: unknown, words: readonly Word[]) => number,
  calling: Calling,
): Receiving {
  const joined = (life: unknown, words: readonly Word[]): readonly Word[] => [
    words[first],
    addressWord(calling, length(life, words)),
  ];
  const { finish } = receiving;
  return {
    ...receiving,
    lift: (life, words) => receiving.lift(life, joined(life, words), 0),
    finish: finish && ((life, value, words) => finish(life, value, joined(life, words), 0)),
  };
}

/** Makes the function that writes the number of elements where a parameter points. */
function tellingBy(
  declared: LengthType,
  { filling }: Way,
  { at, place }: Pick<HostParam, "at" | "place">,
  calling: Calling,
): (life: unknown, words: readonly Word[], count: number) => () => void {
  const { accepts } = acceptanceOf({ type: declared.as }, calling.address === "i64");
  return (life, words, count) => {
    const value = lengthValue(declared, count);
    if (!accepts(value)) throw lengthTooGreat(declared, count, place);
    return convertAt(place, () => filling?.prepare(life, value, words, at)) ?? (() => undefined);
  };
}

function lengthTooGreat(
  { as }: LengthType,
  count: number,
  { call, argument = "" }: Place,
): UnglueError<"invalid-argument"> {
  const expected = `a length that t.${as} can tell`;
  return new UnglueError(
    "invalid-argument",
    `The host function ${call} must return ${expected}, by ${argument}, got ${count} elements. Nothing was written.`,
    { call, argument, expected, received: String(count) },
  );
}

/** Converts a length from the module. Errors: `invalid-value` if it is negative, or greater than any memory. */
function lengthOf(value: unknown): number {
  const length = Number(value);
  if (length >= 0 && Number.isSafeInteger(length)) return length;
  throw invalidValue("a length", String(value), "which no memory has. Declare the integer type that the module uses.");
}
