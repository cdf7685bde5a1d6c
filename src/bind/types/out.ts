import type { InOutType, OutType } from "../../public/index.ts";
import { flat, ofItem, type TypeDescription } from "./description.ts";
import type { TypeNode } from "./node.ts";

/** An output parameter: a place that the module writes to. */
export const out: TypeDescription<OutType<TypeNode>> = {
  ...ofItem,
  text: (_, [item]) => `out ${item}`,
  acceptance: () => flat("nothing that can be passed", () => false),
};

/** An in-out parameter: a place that the caller and the module write to. */
export const inout: TypeDescription<InOutType<TypeNode>> = {
  ...ofItem,
  text: (_, [item]) => `inout ${item}`,
  acceptance: ({ item }, isWide, of) => of(item, isWide),
};
