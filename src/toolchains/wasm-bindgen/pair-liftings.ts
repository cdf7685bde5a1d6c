import type { TypeNode } from "../../bind/types/node.ts";
import { plainLifting, scalarLifting } from "../../bind/values/index.ts";
import type { Lifting } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Returns the way in which a number of 32 bits that may be left out comes back up to 0.2.95, if the version is unknown. The
 * function's type tells it from a double, unless the result is written to memory: then both fit, which is refused.
 *
 * @param type - The type.
 * @param abi - The module's conventions.
 */
export function pairLiftings(type: TypeNode, { version }: Abi): readonly Lifting<Runtime>[] {
  if (version !== undefined || type.type !== "optional" || !/^(i32|u32|bits32|size|f32)$/.test(type.item.type))
    return [];
  const item = scalarLifting(type.item, false);
  if (!item) return [];
  const lift: Lifting<Runtime>["lift"] = (runtime, words, at, call) =>
    words[at] === 0 ? undefined : item.lift(runtime, words, at + 1, call);
  return [{ ...plainLifting, words: ["i32", ...item.words], lift }];
}
