import { nodeOf, type TypeNode } from "../../bind/types/node.ts";
import { typeText } from "../../bind/types/types.ts";
import { receivingBy, returningBy } from "../../bind/values/index.ts";
import { addressOf } from "../../bind/word.ts";
import type { Hosting, ImportShape, Lifting, Lowering } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import type { Runtime } from "./runtime.ts";

/** The ways to pass values to exports and receive them, which imports use in reverse. */
export interface Ways {
  readonly lowerings: (type: TypeNode) => readonly Lowering<Runtime>[];
  readonly liftings: (type: TypeNode) => readonly Lifting<Runtime>[];
  readonly refusal: (type: TypeNode) => string | undefined;
}

/**
 * Makes the way in which the imports of an AssemblyScript module are served with values.
 *
 * @param abi - The module's ABI.
 * @param ways - The ways of its exports.
 */
export function createHosting(abi: Abi, ways: Ways): Hosting<Runtime> {
  const refusal = (type: TypeNode, use: "parameter" | "result" | "output"): string | undefined => {
    if (use === "output") return "AssemblyScript passes no outputs to its imports: return the value";
    const inner = type.type === "optional" ? type.item : type;
    if (inner.type === "owned")
      return `its collector owns all objects: declare t.object(${JSON.stringify(inner.class)})`;
    if (inner.type === "array" && inner.mutable === true)
      return "what an import changes is not written back: leave out mutable, and return the array";
    if (use === "parameter") return inner === type || inner.type !== "void" ? undefined : typeText(type);
    return ways.refusal(type);
  };
  return {
    owns: ({ module }: ImportShape) => !module.startsWith("wasi_"),
    receivings: (type) => {
      const node = nodeOf(type);
      if (refusal(node, "parameter") !== undefined) return [];
      // An argument is lent: only a result comes with a count.
      return ways.liftings(node).map((lifting) => receivingBy(lent(abi, lifting), true));
    },
    returnings: (type) => {
      const node = nodeOf(type);
      if (refusal(node, "result") !== undefined) return [];
      return ways.lowerings(node).map((lowering) => returningBy(lowering.allocates ? given(lowering) : lowering));
    },
    fillings: () => [],
    buffer: () => undefined,
    refusal: (type, use) => refusal(nodeOf(type), use) ?? ways.refusal(nodeOf(type)),
    // An argument comes without a count, which its wrapper would take away.
    lendsObjects: !abi.isCounted,
    hand: undefined,
  };
}

function lent(abi: Abi, lifting: Lifting<Runtime>): Lifting<Runtime> {
  if (!abi.isCounted || lifting.convert) return lifting;
  return {
    ...lifting,
    lift: (runtime, words, at, isAlone) => {
      const address = addressOf(words[at]);
      if (address !== 0) runtime.heap.keep(address);
      return lifting.lift(runtime, words, at, isAlone);
    },
  };
}

/** Passes an object that the module keeps alive itself from now on. */
function given(lowering: Lowering<Runtime>): Lowering<Runtime> {
  return {
    ...lowering,
    lower: (runtime, value, words) => {
      const at = words.length;
      lowering.lower(runtime, value, words, []);
      const address = addressOf(words[at]);
      if (address !== 0) runtime.heap.give(address);
    },
  };
}
