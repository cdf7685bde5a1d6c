import { flat, type Layout, numberLayout, plain, type Scalar } from "./description.ts";

// The engine converts true to 1.
const scalar: Scalar = { word: "i32", lower: undefined, lift: (word: number) => word !== 0 };

const layout: Layout = numberLayout(
  1,
  (view, at) => view.getUint8(at) !== 0,
  (view, at, value) => view.setUint8(at, Number(value)),
);

/** A boolean. */
export const bool = plain(
  flat("a boolean", (value) => typeof value === "boolean"),
  { scalar: () => scalar, layout: () => layout },
);
