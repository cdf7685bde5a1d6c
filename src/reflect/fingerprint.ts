import type { Extern, FunctionType, Shape } from "../public/index.ts";

/**
 * Returns the fingerprint of a module: a hash of its imports and exports with their kinds, the types of its functions, globals
 * and tags, and the indexes of what it exports. The indexes count all functions, so most changes of a program change it.
 * Limits do not: an option may lower them.
 *
 * It is a hash of 64 bits that notices mistakes. It is not one that an attacker cannot forge.
 *
 * @param shape - The shape, read from the module's bytes.
 * @returns 16 hexadecimal digits.
 */
export function fingerprintOf({ imports, exports }: Pick<Shape, "imports" | "exports">): string {
  // Each type is written once, and then by its number: thousands of functions may share one type of thousands of parameters.
  const known = new Map<FunctionType, number>();
  const numbers = new Map<string, number>();
  const typeOf = ({ kind, type }: Extern): string | number => {
    if (kind === "global" && type) return `${kind} ${String(type.mutable)} ${type.value}`;
    if (kind === "tag" && type) return `${kind} ${type.params.join()}`;
    if (kind !== "function" || !type) return kind;
    const seen = known.get(type);
    if (seen !== undefined) return seen;
    const text = `${type.params.join()}>${type.results.join()}`;
    const number = numbers.get(text);
    known.set(type, number ?? numbers.size);
    if (number !== undefined) return number;
    numbers.set(text, numbers.size);
    return text;
  };
  const parts: (string | number)[] = [imports.length];
  for (const one of imports) parts.push(one.module, one.name, typeOf(one));
  for (const one of exports) parts.push(one.name, one.index ?? -1, typeOf(one));
  return hash(JSON.stringify(parts));
}

/** Hashes a text by two multiplications for each of its characters, with different factors. */
function hash(text: string): string {
  let [low, high] = [0x243f6a88, 0x13198a2e];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(((low << 5) | (low >>> 27)) ^ code, 0x9e3779b1);
    high = Math.imul(((high << 13) | (high >>> 19)) ^ code, 0x85ebca77);
  }
  // The first bits of each half depend on few characters at the end.
  const mixed = [Math.imul(low ^ (high >>> 15), 0xc2b2ae3d), Math.imul(high ^ (low >>> 13), 0x27d4eb2f)];
  return mixed.map((half) => ((half ^ (half >>> 16)) >>> 0).toString(16).padStart(8, "0")).join("");
}
