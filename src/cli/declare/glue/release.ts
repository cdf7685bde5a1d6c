import { type Effect, leavesOf } from "./evaluation.ts";
import type { Lifted } from "./lift.ts";
import { isSameWord, scaledWord, sizeOf } from "./memory.ts";
import type { GlueType } from "./model.ts";
import { isConstant, type Term } from "./term.ts";

/**
 * Tells how the memory of a text, an array or a list is released: never, once, or in another way, such as by another size.
 *
 * @param effects - What a function does.
 * @param value - The value.
 */
export function releaseOf(effects: readonly Effect[], { type, words }: Lifted): "none" | "once" | "other" {
  const inner = type.kind === "optional" ? type.item : type;
  const size = sizeIn(inner);
  const [pointer, length] = words.slice(-2);
  if (size === undefined || !pointer || !length) return "none";
  const [first, ...others] = effects.flatMap((one) =>
    one.kind === "wasm" && one.args.length > 1 && one.args[0] && mayBe(one.args[0], pointer) ? [one.args] : [],
  );
  if (!first) return "none";
  const [, bytes, align] = first;
  const isWhole =
    bytes !== undefined &&
    leavesOf(bytes).some((one) => {
      const { word, scale } = scaledWord(one);
      return word !== undefined && scale === size && mayBe(word, length);
    });
  return isWhole && others.length === 0 && (!align || isConstant(align, size)) ? "once" : "other";
}

/** The bytes of one element. */
function sizeIn(type: GlueType): number | undefined {
  switch (type.kind) {
    case "string":
      return 1;
    case "list":
      return 4;
    case "array":
      return sizeOf(type.element === "u8-clamped" ? "u8" : type.element);
    default:
      return undefined;
  }
}

function mayBe(term: Term, word: Term): boolean {
  return leavesOf(term).some((one) => isSameWord(one, word));
}
