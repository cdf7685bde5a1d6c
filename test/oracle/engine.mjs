/* global WebAssembly */
/**
 * Asks an engine about a module. This file runs by itself in every engine that is asked: it imports nothing.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes - The module.
 * @param {readonly string[]} customNames - The custom sections to ask for: an engine lists none.
 * @returns {{ error: string } | Facts} The error that refuses the module, or its facts. Sizes are strings, because
 * engines tell them as numbers or bigints.
 *
 * @typedef {{ module?: string; name: string; kind: string; type?: unknown }} Item - Types only with type reflection.
 * @typedef {{ imports: Item[]; exports: Item[]; customs: string[][] }} Facts
 */
export function engineFacts(bytes, customNames) {
  const plain = (value) => {
    if (typeof value === "number" || typeof value === "bigint") return String(value);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry)]));
  };
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const { Module } = WebAssembly;
    const module = new Module(bytes);
    return {
      imports: Module.imports(module).map(plain),
      exports: Module.exports(module).map(plain),
      customs: customNames.map((name) => Module.customSections(module, name).map(hex)),
    };
  } catch (error) {
    return { error: String(error.message) };
  }
}
