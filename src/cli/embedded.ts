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

/** Follows the digits of a string or template. Written as a loop, since a module may have a hundred million of them. */
function endOfDigits(text: string, from: number): number {
  const digits = /[\w+/-]{1,4096}|\\[rn]|\\?\r?\n/y;
  let end = from;
  for (digits.lastIndex = end; digits.test(text);) end = digits.lastIndex;
  while (text[end] === "=") end++;
  return end;
}
