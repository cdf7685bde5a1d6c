/** Links parameters that belong together: a length, and the buffer, array or text that it is the length of. */
import { isSameList } from "../base/same.ts";
import type { LengthType, Lowering } from "../public/index.ts";
import type { Links } from "./planning.ts";
import type { LengthPlan, LinkedPlan, OutPlan, ReceivedPlan, UnpassedPlan } from "./plans.ts";
import type { TypeNode } from "./types/node.ts";
import { innermost, isPassed, receivedOf } from "./types/transfer.ts";
import { typeText } from "./types/types.ts";

/**
 * Finds the links between the parameters of a function.
 *
 * @param params - Their types.
 * @param result - The type of its result.
 * @returns The reason for a length that belongs to nothing.
 */
export function linkParameters(params: readonly TypeNode[], result: TypeNode): Links | string {
  const split = new Set<number>();
  const counts = new Map<number, { declared: LengthType; at: number | "result" }>();
  for (const [at, node] of [...params.entries(), ["result", result] as const]) {
    const declared = node.type === "out" || node.type === "inout" ? node.item : node;
    if (declared.type !== "length") continue;
    const target = params[declared.of];
    const kind = target && innermost(target).type;
    const text = typeText(declared);
    if (!target) return `${text} is of no parameter: it has ${params.length}, counted from 0`;
    const isGiven = node === declared && at !== "result";
    if (kind !== "buffer") {
      if (!isGiven) return `${text} tells how many elements are written, and parameter ${declared.of} is no t.buffer`;
      if (kind !== "array" && kind !== "bytes" && kind !== "string")
        return `${text} is of ${typeText(target)}, which has no length`;
      split.add(declared.of);
    }
    if (isGiven) continue;
    if (counts.has(declared.of)) return `the length of parameter ${declared.of} comes back in two places`;
    counts.set(declared.of, { declared, at });
  }
  return { split, counts };
}

/**
 * Returns the ways to pass an address whose length another parameter takes. The way lowers both words.
 *
 * @param ways - The ways to pass the value.
 * @param address - The type of an address.
 */
export function splitWays(ways: readonly Lowering[], address: "i32" | "i64"): readonly Lowering[] {
  return ways.filter(({ words }) => isSameList(words, [address, address])).map((way) => ({ ...way, words: [address] }));
}

/**
 * Plans what there is to the parameters of a function beside passing them.
 *
 * @param types - Their types.
 * @param ways - How each is passed.
 * @param links - The links between them, if there are any.
 * @param outs - The rooms that they point to, by their indices.
 * @returns `undefined` for parameters that are only passed.
 */
export function planLinked(
  types: readonly TypeNode[],
  ways: readonly Lowering[],
  links: Links | undefined,
  outs: ReadonlyMap<number, OutPlan>,
): LinkedPlan | undefined {
  const unpassed: UnpassedPlan[] = [];
  const places = new Map<number, OutPlan>();
  const split = new Set<number>();
  const received: ReceivedPlan[] = [];
  const passedAt = (index: number): number => types.slice(0, index).filter(isPassed).length;
  for (const [index, type] of types.entries()) {
    const at = passedAt(index);
    const out = outs.get(index);
    if (!isPassed(type)) unpassed.push({ at, out, length: lengthOf(type, ways[index] as Lowering, passedAt) });
    else if (out) places.set(at, out);
    if (links?.split.has(index)) split.add(at);
    if (!receivedOf(type)) continue;
    const { filled } = ways[index] as Lowering;
    if (out) received.push({ out, buffer: undefined });
    else if (filled) {
      const found = links?.counts.get(index);
      const count = found && {
        declared: found.declared,
        out: found.at === "result" ? found.at : (outs.get(found.at) as OutPlan),
      };
      received.push({ out: undefined, buffer: { at, filled, count } });
    }
  }
  return unpassed.length + places.size + received.length > 0 ? { unpassed, places, split, received } : undefined;
}

function lengthOf(type: TypeNode, way: Lowering, passedAt: (index: number) => number): LengthPlan | undefined {
  const declared = lengthIn(type);
  return declared && { declared, of: passedAt(declared.of), lowering: declared === type ? way : undefined };
}

/**
 * Returns the length that a parameter passes: by value, or where it also receives one.
 *
 * @param type - The parameter's type.
 */
export function lengthIn(type: TypeNode): LengthType | undefined {
  const inner = type.type === "inout" ? type.item : type;
  return inner.type === "length" ? inner : undefined;
}
