/** The characters of a map's text, each for six bits. */
export const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** How many numbers a map can hold. The other bits of a character tell names that the map lacks. */
export const numbers = 8;

/**
 * Looks up a name in a map that `scripts/known-declarations/name-map.mjs` has written. Three characters are read, however
 * long the map is.
 *
 * @param map - The text of the map.
 * @param name - The name.
 * @returns Its number; `undefined` for seven of eight names that the map lacks, and any number for the others.
 */
export function numberIn(map: string, name: string): number | undefined {
  const found = placesOf(name, map.length).reduce((sum, at) => sum ^ alphabet.indexOf(map.charAt(at)), 0);
  const number = found % numbers;
  return found === valueOf(name, number) ? number : undefined;
}

/**
 * Returns the value that a map holds for a name.
 *
 * @param name - The name.
 * @param number - Its number.
 */
export function valueOf(name: string, number: number): number {
  return number + numbers * (hashOf(name, 0) % (alphabet.length / numbers));
}

/**
 * Returns the places that a name has in a map: one in each third.
 *
 * @param name - The name.
 * @param length - The length of the map.
 */
export function placesOf(name: string, length: number): readonly number[] {
  const third = Math.floor(length / 3);
  return [0, 1, 2].map((part) => part * third + (hashOf(name, Math.imul(length, part + 1)) % third));
}

/** Computes FNV-1a, and mixes the bits, since similar names would have similar hashes. */
function hashOf(name: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
