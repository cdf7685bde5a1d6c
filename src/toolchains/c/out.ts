import type { Layout } from "../../bind/types/description.ts";
import type { TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf, layoutOf } from "../../bind/types/types.ts";
import { plainLowering } from "../../bind/values/index.ts";
import type { Lifting, Lowering, Room } from "../../public/index.ts";
import type { Runtime } from "./runtime.ts";
import type { Pointers } from "./pointers.ts";

/** The distance in bytes between two words that the module writes separately. */
const stride = 8;

/**
 * Returns the lowerings of an out parameter, which the module writes: a number or a struct, the address of a text, or the
 * address of a text or an array and, through a second parameter, its length.
 *
 * @param pointers - The module.
 * @param item - The type of the written value.
 * @param liftings - The ways to receive it as a result.
 */
export function outLowerings(
  { address, isWide }: Pointers,
  item: TypeNode,
  liftings: readonly Lifting<Runtime>[],
): readonly Lowering<Runtime>[] {
  const nothing = { ...plainLowering, expected: "nothing", accepts: () => false, lower: () => undefined };
  const { type } = item.type === "optional" ? item.item : item;
  if (type !== "string" && type !== "cstring" && type !== "bytes" && type !== "array") {
    const layout = placeOf(item, isWide);
    return layout ? [{ ...nothing, words: [address], out: roomOf(layout) }] : [];
  }
  const pointer = layoutOf({ type: "size" }, isWide);
  return liftings.map((lifting) => ({
    ...nothing,
    words: lifting.words.map(() => address),
    out: {
      size: lifting.words.length * stride,
      pointers: lifting.words.map((_, at) => at * stride),
      pointerTo: lifting.pointerTo,
      write: undefined,
      read: (runtime, start) => {
        const { memory } = runtime;
        const words = lifting.words.map((_, at) => pointer?.read(memory, start + at * stride));
        return lifting.lift(runtime, words, 0, false);
      },
    },
  }));
}

/**
 * Returns the lowering of an in-out parameter, which points to a number or a struct of numbers.
 *
 * @param pointers - The module.
 * @param item - The type of the value.
 * @returns None for other types: nothing tells who frees the old text and who the new one.
 */
export function inOutLowerings({ address, isWide }: Pointers, item: TypeNode): readonly Lowering<Runtime>[] {
  const layout = placeOf(item, isWide);
  if (!layout || layout.isPointer) return [];
  const write = ({ memory }: Runtime, start: number, value: unknown): void => {
    layout.write(memory, start, value, []);
  };
  const lowering = { ...plainLowering, words: [address], ...acceptanceOf(item, isWide), lower: () => undefined };
  return [{ ...lowering, out: { ...roomOf(layout), write } }];
}

/** The layout of what a parameter points to. */
function placeOf(item: TypeNode, isWide: boolean): Layout | undefined {
  return layoutOf(item.type === "length" ? { type: item.as } : item, isWide);
}

function roomOf(layout: Layout): Room<Runtime> {
  const read = ({ memory }: Runtime, start: number): unknown => layout.read(memory, start);
  return { size: layout.size, pointers: [0], pointerTo: undefined, write: undefined, read };
}
