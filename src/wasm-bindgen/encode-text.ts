import { UnglueError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";

/** Makes what encodes text. The encoder is made at its first use: some worklets have none. */
export function createEncode(): Runtime["encode"] {
  let encoder: TextEncoder | undefined;
  return (text, into) => {
    encoder ??= makeEncoder();
    return encoder.encodeInto(text, into).read;
  };
}

function makeEncoder(): TextEncoder {
  if (typeof TextEncoder === "function") return new TextEncoder();
  throw new UnglueError(
    "unavailable-here",
    "Text of this kind needs TextEncoder, which this runtime does not have. Set globalThis.TextEncoder: Node has it in node:util.",
    { what: "TextEncoder" },
  );
}
