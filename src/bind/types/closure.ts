import type { ClosureType } from "../../public/index.ts";
import { flat, plainDescription, type TypeDescription } from "./description.ts";
import type { TypeNode } from "./node.ts";

/** A function. */
export const closure: TypeDescription<ClosureType<readonly TypeNode[], TypeNode>> = {
  ...plainDescription,
  members: ["params", "result", "lent"],
  flag: "lent",
  read: (type, { own, flag, inner, all }) => {
    const params = all(own("params"));
    const result = inner(own("result"), "result");
    return params && result && { type, params, result, lent: flag };
  },
  inner: ({ params, result }) => [...params, result],
  text: (_, inner) => `closure(${inner.slice(0, -1).join(", ")}) -> ${inner.at(-1)}`,
  acceptance: () => flat("a function", (value) => typeof value === "function"),
};
