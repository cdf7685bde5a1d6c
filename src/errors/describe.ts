/**
 * A value in a few words, for messages.
 *
 * @param value - Anything.
 * @returns Such as `"text"`, `5`, `null`, `an array`, `a function`, `an object (Date)`.
 */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cut(withoutCredentials(value), 60));
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

/**
 * A URL as messages and details show it: without credentials, and cut where it is long, as a `data:` URL may be.
 *
 * @param url - The URL, or what was given for one.
 */
export function urlText(url: string): string {
  return cut(withoutCredentials(url), 200);
}

/**
 * A text that may quote URLs, without their credentials, and cut where it is long.
 *
 * @param text - The text, such as a platform's message.
 * @param url - A URL that it is likely to quote.
 */
export function quotation(text: string, url?: string): string {
  const shown = url && text.includes(url) ? text.replaceAll(url, () => urlText(url)) : text;
  const quoted =
    /((?:https?|wss?|ftp):[\\/]*|[\\/]{2})(?:[^\\/?#\s]+@|(?![a-z]:[\\/])[^\\/?#@[\s]*:(?!\d{1,5}(?:[\\/?#\s]|$))\S{0,999}@)/gi;
  return cut(shown.replaceAll(quoted, "$1***@"), 500);
}

/**
 * Blanks the user and password of a URL. Like the URL parser it takes slashes of either kind, and of some schemes none. For the
 * parser a password ends at an unescaped slash; here it goes on to the last `@`, if what stands before the slash is no host with
 * a port.
 *
 * @param url - The URL, or any other text, which is returned as it is.
 */
export function withoutCredentials(url: string): string {
  if (!url.includes("@")) return url;
  const start =
    /^(\s*(?:(?:https?|wss?|ftp):[\\/\s]*|(?:[a-z][\w+.-]*:)*[\\/]{2,}))(?:[^\\/?#]*@|(?![a-z]:[\\/])[^\\/?#@[]*:(?!\d{1,5}(?:[\\/?#]|$))[^]*@)/i;
  // The parser drops tabs and line breaks wherever they stand.
  return url.replaceAll(/[\t\n\r]/g, "").replace(start, "$1***@");
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
