/** The eight bytes that begin a module, in the six bits of a Base64 digit: the last digit has the version's last bits. */
const start = "AGFzbQEAAA";
/** No module is shorter than its header of eight bytes, which is eleven digits. */
const shortest = 11;

/**
 * Finds modules that stand in a text as Base64, as bundlers and some packages put them into JavaScript.
 *
 * @param text - The text.
 * @returns The modules in their order, equal ones once.
 */
export function findEmbedded(text: string): readonly Uint8Array<ArrayBuffer>[] {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    const end = endOfDigits(text, at);
    if (end - at < shortest) continue;
    // A string may be cut into lines by escapes.
    const digits = text.slice(at, end).replaceAll(/\\r|\\n|\\\r?\n|\s/g, "");
    if (!found.has(digits)) found.set(digits, new Uint8Array(Buffer.from(digits, "base64")));
    at = end;
  }
  return [...found.values()];
}

/** A text without the modules in it, and where they stood. */
export interface WithoutModules {
  readonly text: string;
  /** Each cut: where it is in the remaining text, and how many signs are missing there. */
  readonly cuts: readonly { readonly at: number; readonly length: number }[];
}

/**
 * Cuts the Base64 digits of modules out of a text, so that the text around them can be parsed at no cost for the modules.
 *
 * @param text - The text.
 */
export function withoutModules(text: string): WithoutModules {
  const parts: string[] = [];
  const cuts: { at: number; length: number }[] = [];
  let from = 0;
  let at = 0;
  for (let found = text.indexOf(start); found >= 0; found = text.indexOf(start, from)) {
    const end = endOfDigits(text, found);
    const kept = text.slice(from, found);
    parts.push(kept);
    at += kept.length;
    cuts.push({ at, length: end - found });
    from = end;
  }
  return { text: parts.join("") + text.slice(from), cuts };
}

/** Follows the digits of a string or template. Written as a loop, since a module may have a hundred million of them. */
function endOfDigits(text: string, from: number): number {
  const digits = /[\w+/-]{1,4096}|\\[rn]|\\?\r?\n/y;
  let end = from;
  for (digits.lastIndex = end; digits.test(text);) end = digits.lastIndex;
  while (text[end] === "=") end++;
  return end;
}
