import type { Extern, Shape } from "../../src/public/index.ts";
import type { Facts, Item } from "./engine.mjs";

/** The names of a shape's custom sections, each once: what to ask an engine for. */
export function customNames(shape: Shape | undefined): string[] {
  return [...new Set(shape?.customSections.map(({ name }) => name))];
}

/**
 * Compares what the reader read with what an engine says: names, kinds and order of imports and exports, types where
 * the engine tells them, and the contents of all custom sections.
 *
 * @returns The first difference in words; `undefined` for none.
 */
export function difference(shape: Shape, bytes: Uint8Array, engine: Facts): string | undefined {
  return (
    listDifference("import", shape.imports, engine.imports) ??
    listDifference("export", shape.exports, engine.exports) ??
    customsDifference(shape, bytes, engine.customs)
  );
}

/** How many of the engine's imports and exports come with a type that was compared. */
export function typesTold({ imports, exports }: Facts): number {
  return [...imports, ...exports].filter(({ type }) => type !== undefined).length;
}

function listDifference(
  what: string,
  ours: readonly (Extern & { readonly module?: string; readonly name: string })[],
  theirs: readonly Item[],
): string | undefined {
  for (let at = 0; at < Math.max(ours.length, theirs.length); at++) {
    const [our, their] = [ours[at], theirs[at]];
    const read = our && { ...inEngineTerms(our), ...(their?.type === undefined && { type: undefined }) };
    const [left, right] = [read, their].map((item) => item && spelledAlike(JSON.stringify(item, sortedKeys)));
    if (left !== right) return `${what} ${at}: read ${left ?? "none"}, the engine has ${right ?? "none"}`;
  }
  return undefined;
}

/**
 * Types as V8 writes those that are shared or exact: it leaves "shared" out of some, and has no parentheses for "exact".
 */
function spelledAlike(text: string): string {
  return text
    .replace(/\(ref null \(shared no(?:ne)?(\w*)\)\)/g, "null$1ref")
    .replace(/\(ref null \(shared (\w+)\)\)/g, "$1ref")
    .replace(/\(shared (\w+)\)/g, "$1")
    .replace(/shared (?=\w)/g, "")
    .replace(/\(exact (\d+)\)/g, "exact $1");
}

/** An import or export as an engine with type reflection describes it. */
function inEngineTerms(item: Extern & { readonly module?: string; readonly name: string }): Item {
  const { module, name } = item;
  return { ...(module !== undefined && { module }), name, kind: item.kind, type: typeInEngineTerms(item) };
}

function typeInEngineTerms(extern: Extern): unknown {
  const { type } = extern;
  if (!type || !("initial" in type)) {
    if (type && "value" in type) return type;
    // A tag's type is one of functions without results, and most engines do not tell it.
    return type && { parameters: type.params, ...("results" in type && { results: type.results }) };
  }
  const { initial, maximum, address } = type;
  // V8 tells the low 32 bits of a table's maximum.
  const kept = "element" in type && maximum !== undefined ? BigInt.asUintN(32, BigInt(maximum)) : maximum;
  return {
    minimum: String(initial),
    ...(kept !== undefined && { maximum: String(kept) }),
    address,
    ...("element" in type ? { element: type.element } : { shared: type.shared }),
  };
}

function customsDifference(
  shape: Shape,
  bytes: Uint8Array,
  theirs: readonly (readonly string[])[],
): string | undefined {
  for (const [at, wanted] of customNames(shape).entries()) {
    const ours = shape.customSections
      .filter(({ name }) => name === wanted)
      .map(({ offset = 0, size }) => hex(bytes.subarray(offset, offset + size)));
    if (String(ours) !== String(theirs[at])) return `the contents of the custom sections ${JSON.stringify(wanted)}`;
  }
  return undefined;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** For JSON: the same keys in the same order. */
function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
