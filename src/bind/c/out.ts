import type { DeclaredType, Instance, Lifting, Lowering, Memory } from "../../types/index.ts";
import { readWord } from "../layout.ts";
import type { OutBox } from "../outs.ts";
import { placeOf } from "../place.ts";
import { addressWord } from "../word.ts";

/** How what was written is read. */
interface Read {
  readonly size: number;
  readonly align: number;
  readonly read: (life: Instance, memory: Memory, at: number) => unknown;
}

/**
 * Room for a result that the module writes: zero before the call, read and freed after it.
 *
 * @param item - The type of what is written.
 * @param address - The type of an address.
 * @param liftings - The ways in which the type can be received.
 * @returns None for what is neither a number, a struct of numbers nor the address of a text.
 */
export function outLowering(
  item: DeclaredType,
  address: "i32" | "i64",
  liftings: readonly Lifting<Instance>[],
): readonly Lowering<Instance>[] {
  const way = reading(item, address, liftings);
  if (!way) return [];
  const { align, read } = way;
  // Of nothing an allocator may have no address.
  const size = Math.max(way.size, 1);
  return [
    {
      words: [address],
      expected: "",
      accepts: () => true,
      lower: (life, value, words, later) => {
        const { memory } = life;
        const start = memory.alloc(size, align);
        later.push(() => {
          try {
            (value as OutBox).value = read(life, memory, start);
          } finally {
            memory.free(start, size, align);
          }
        });
        memory.u8.fill(0, start, start + size);
        words.push(addressWord({ address }, start));
      },
    },
  ];
}

function reading(item: DeclaredType, address: "i32" | "i64", liftings: readonly Lifting<Instance>[]): Read | undefined {
  const place = placeOf(item, address === "i64");
  if (place) return { ...place, read: (_, { view }, at) => place.read(view, at) };
  const texts: readonly string[] = ["string", "cstring"];
  const isText =
    texts.includes(item.type) || (item.type === "optional" && texts.includes((item.item as DeclaredType).type));
  const pointer = isText ? liftings.find(({ words }) => words.length === 1) : undefined;
  if (!pointer) return undefined;
  const size = address === "i64" ? 8 : 4;
  return {
    size,
    align: size,
    read: (life, memory, at) => pointer.lift(life, [readWord(memory, address, at)], 0, true),
  };
}
