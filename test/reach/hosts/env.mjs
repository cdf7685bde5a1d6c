// The description of a runtime, for all hosts.
/* global setTimeout */
import given from "./given.mjs";

/**
 * Describes a runtime.
 *
 * @param {object} parts - The package's entry points, and what this runtime has besides.
 * @returns {import("../checks/kit.mjs").Env} The description.
 */
export function describeRuntime(parts) {
  const modules = {};
  for (const [name, text] of Object.entries(given.modules)) modules[name] = fromHex(text);
  return {
    base: given.base,
    hashes: given.hashes,
    closure: given.closure,
    tick: () => new Promise((resolve) => setTimeout(resolve, 5)),
    ...parts,
    modules,
  };
}

/** Not by `atob`, which worklets lack. */
function fromHex(text) {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(at * 2, at * 2 + 2), 16));
}
