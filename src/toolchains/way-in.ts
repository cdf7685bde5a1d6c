import { ownValue } from "../base/own.ts";
import type { Shape } from "../public/index.ts";

/** The advice that says how the functions of a module come about which registers them when it runs. */
const codes: readonly string[] = ["go-program", "node-api"];

/**
 * Returns how the functions of a module are called, if it exports none of them; `undefined` for other modules.
 *
 * @param shape - The module's shape, which may come from the caller and be incomplete.
 */
export function wayIn(shape: Pick<Shape, "advice">): string | undefined {
  return ownValue(shape, "advice")?.find(({ code }) => codes.includes(code))?.message;
}
