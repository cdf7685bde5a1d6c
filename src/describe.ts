/**
 * A value in a few words, for messages.
 *
 * @param value - Anything.
 * @returns Such as `"text"`, `5`, `null`, `an array`, `a function`, `an object (Date)`.
 */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || !value) return String(value);
  const tag = tagOf(value);
  return tag === "Array" ? "an array" : `an object (${tag})`;
}

/**
 * What a value is, whichever realm it comes from: `Array`, `ArrayBuffer`, `WebAssembly.Memory`.
 *
 * @param value - Anything, a revoked proxy included.
 */
export function tagOf(value: unknown): string {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return "Object";
  }
}

/**
 * An import's name as messages show it.
 *
 * @param wanted - The import.
 */
export function importText(wanted: { readonly module: string; readonly name: string }): string {
  return `${describe(wanted.module)}.${describe(wanted.name)}`;
}
