import type { OptionalType } from "../../public/index.ts";
import { ofItem, type TypeDescription } from "./description.ts";
import type { TypeNode } from "./node.ts";
import { textLayout } from "./texts.ts";

/** A value or nothing. */
export const optional: TypeDescription<OptionalType<TypeNode>> = {
  ...ofItem,
  acceptance: (node, isWide, of) => {
    const item = of(node.item, isWide);
    return {
      expected: `${item.expected}, or undefined`,
      accepts: (value) => value === undefined || value === null || item.accepts(value),
      copy: item.copy,
      refused: item.refused,
    };
  },
  layout: ({ item: { type } }, isWide) =>
    type === "string" || type === "cstring" ? textLayout(type, true, isWide) : undefined,
};
