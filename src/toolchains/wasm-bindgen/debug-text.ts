/**
 * Describes a value as Rust's `{:?}` shows a `JsValue`.
 *
 * @param value - Any value.
 */
export function debugText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `"${value}"`;
    case "symbol":
      return value.description === undefined ? "Symbol" : `Symbol(${value.description})`;
    case "function":
      return value.name ? `Function(${value.name})` : "Function";
    case "object":
      return value === null ? "null" : objectText(value);
    default:
      return String(value);
  }
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `[${value.map(debugText).join(", ")}]`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (value instanceof Error) return `${value.name}: ${value.message}\n${value.stack ?? ""}`;
  if (tag !== "Object") return tag;
  try {
    return `Object(${JSON.stringify(value)})`;
  } catch {
    return "Object";
  }
}
