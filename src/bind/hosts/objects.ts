import type {
  Calling,
  Filling,
  InnerObjects,
  Instance,
  ObjectType,
  OwnedType,
  Receiving,
  Returning,
} from "../../public/index.ts";
import { checkRange } from "../field.ts";
import { expectedOf, isNone, isObjectFor } from "../object-use.ts";
import { Wrapper } from "../objects.ts";
import type { ObjectUse } from "../plans.ts";
import { layoutOf } from "../types/types.ts";
import { plainReceiving, plainReturning } from "../values/index.ts";
import { addressOf, addressWord } from "../word.ts";

/** The part of a life that writing to memory takes. */
interface HasMemory {
  readonly instance: Pick<Instance, "memory">;
}

/**
 * Returns how an import receives an object: by its address.
 *
 * @param use - The object.
 * @param objects - The objects of the interface.
 * @param calling - The convention.
 */
export function receivingOfObject(use: ObjectUse, objects: InnerObjects, { address }: Calling): Receiving {
  const type = typeOf(use);
  return {
    ...plainReceiving,
    words: [address],
    pointerTo: use.isOptional ? undefined : use.class,
    lift: (_, words, at) => {
      const place = addressOf(words[at]);
      return place === 0 ? undefined : objects.lift(type, place);
    },
  };
}

/**
 * Returns how an import returns an object: by its address.
 *
 * @param use - The object.
 * @param objects - The objects of the interface.
 * @param calling - The convention.
 */
export function returningOfObject(use: ObjectUse, objects: InnerObjects, calling: Calling): Returning {
  return {
    ...plainReturning,
    ...acceptanceOf(use),
    words: [calling.address],
    lower: (_, value, words) => void words.push(addressWord(calling, addressIn(use, objects, value))),
  };
}

/**
 * Returns how an import writes the address of an object to where a parameter points.
 *
 * @param use - The object.
 * @param objects - The objects of the interface.
 * @param calling - The convention.
 */
export function fillingOfObject(use: ObjectUse, objects: InnerObjects, calling: Calling): Filling<HasMemory> {
  const isWide = calling.address === "i64";
  const layout = layoutOf({ type: "size" }, isWide);
  return {
    ...acceptanceOf(use),
    copy: undefined,
    refused: undefined,
    pointerTo: use.class,
    words: [calling.address],
    // An object is written, and never read there.
    read: () => undefined,
    prepare: ({ instance: { memory } }, value, words, at) => {
      const start = addressOf(words[at]);
      checkRange(memory, start, isWide ? 8 : 4);
      // It stays the caller's until nothing can fail any more.
      const place = addressIn({ ...use, isOwned: false }, objects, value);
      if (use.isOwned) Wrapper.refuseLent(value);
      return () => {
        if (use.isOwned) addressIn(use, objects, value);
        layout?.write(memory, start, place, []);
      };
    },
  };
}

function acceptanceOf(use: ObjectUse): Pick<Returning, "expected" | "accepts"> {
  return { expected: expectedOf(use), accepts: (value) => isNone(use, value) || isObjectFor(use, value) };
}

function addressIn(use: ObjectUse, objects: InnerObjects, value: unknown): number {
  return value === undefined || value === null ? 0 : objects.lower(typeOf(use), value);
}

function typeOf({ class: name, isOwned }: ObjectUse): ObjectType | OwnedType {
  return isOwned ? { type: "owned", class: name } : { type: "object", class: name };
}
