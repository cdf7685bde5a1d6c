import { UnglueError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";

/** Makes what encodes text. The encoder is made at its first use: some worklets have none. */
export function createEncode(): Runtime["encode"] {
  let encoder: TextEncoder | undefined;
  return (text, into) => {
    if (typeof TextEncoder !== "function") throw missing("TextEncoder");
    encoder ??= new TextEncoder();
    return encoder.encodeInto(text, into).read;
  };
}

/** Makes what decodes text. */
export function createDecode(): Runtime["decode"] {
  let decoder: TextDecoder | undefined;
  return (bytes) => {
    if (typeof TextDecoder !== "function") throw missing("TextDecoder");
    decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    return decoder.decode(bytes);
  };
}

function missing(what: string): UnglueError<"unavailable-here"> {
  return new UnglueError(
    "unavailable-here",
    `Text of this kind needs ${what}, which this runtime does not have. Set globalThis.${what}: Node has it in node:util.`,
    { what },
  );
}
