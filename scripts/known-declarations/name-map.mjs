// A map from names to small numbers without the names: three characters of a text, combined, give the number and some bits
// of a hash of the name. The method is that of "Xor Filters" by Graf and Lemire, 2019.

import { join } from "node:path";
import { importTypeScript } from "./typescript.mjs";

const source = join(import.meta.dirname, "../../src/toolchains/wasm-bindgen/known/name-map.ts");
const { alphabet, numbers, placesOf, valueOf } = await importTypeScript(source);

/**
 * Writes the text of a map.
 *
 * @param {ReadonlyMap<string, number>} numberOf - Numbers by name, below `numbers`.
 * @returns {string}
 */
export function writeNameMap(numberOf) {
  if (Math.max(...numberOf.values()) >= numbers) throw new Error("A map has no room for so many numbers.");
  const names = [...numberOf.keys()];
  // Each attempt with one more character has other places.
  for (let length = Math.ceil(names.length * 1.23) + 32; ; length++) {
    const order = peel(names.map((name) => placesOf(name, length)));
    if (!order) continue;
    const cells = new Array(length).fill(0);
    for (const { key, place } of order.reverse()) {
      const name = names[key];
      const value = valueOf(name, numberOf.get(name));
      cells[place] = placesOf(name, length).reduce((sum, at) => (at === place ? sum : sum ^ cells[at]), value);
    }
    return cells.map((cell) => alphabet[cell]).join("");
  }
}

/** The keys in an order in which each has a place that no later one has; undefined if there is none. */
function peel(placesOfKeys) {
  const keysAt = new Map();
  for (const [key, places] of placesOfKeys.entries()) {
    if (new Set(places).size < places.length) return undefined;
    for (const place of places) keysAt.set(place, (keysAt.get(place) ?? new Set()).add(key));
  }
  const queue = [...keysAt].filter(([, keys]) => keys.size === 1).map(([place]) => place);
  const order = [];
  for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
    const [key] = keysAt.get(place);
    if (key === undefined) continue;
    order.push({ key, place });
    for (const other of placesOfKeys[key]) {
      const keys = keysAt.get(other);
      keys.delete(key);
      if (keys.size === 1) queue.push(other);
    }
  }
  return order.length === placesOfKeys.length ? order : undefined;
}
