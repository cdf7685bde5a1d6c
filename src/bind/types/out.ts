import type { OutType } from "../../public/index.ts";
import { flat, ofItem, type TypeDescription } from "./description.ts";
import type { TypeNode } from "./node.ts";

/** An output parameter: a place that the module writes to. */
export const out: TypeDescription<OutType<TypeNode>> = {
  ...ofItem,
  text: (_, [item]) => `out ${item}`,
  acceptance: () => flat("nothing that can be passed", () => false),
};
