/**
 * Describes a value briefly, for messages.
 *
 * @param value - Anything.
 * @returns A description such as `"text"`, `5`, `null`, `an array`, `a function`, `an object (Date)`.
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
 * Returns the class tag of a value from any realm: `Array`, `ArrayBuffer`, `WebAssembly.Memory`.
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
 * Returns an import's name as messages show it.
 *
 * @param wanted - The import.
 */
export function importText(wanted: { readonly module: string; readonly name: string }): string {
  return `${describe(wanted.module)}.${describe(wanted.name)}`;
}

/**
 * Returns a URL as messages and details show it: without credentials, and shortened if it is long, as a `data:` URL may be.
 *
 * @param url - The URL, or the value given for one.
 */
export function urlText(url: string): string {
  return cut(withoutCredentials(url), 200);
}

/**
 * Removes the credentials of URLs from a text and shortens it if it is long.
 *
 * @param text - The text, such as a platform's message.
 * @param url - A URL that the text is likely to quote.
 */
export function quotation(text: string, url?: string): string {
  const shown = url && text.includes(url) ? text.replaceAll(url, () => urlText(url)) : text;
  const quoted =
    /((?:https?|wss?|ftp):[\\/]*|[\\/]{2})(?:[^\\/?#\s]+@|(?![a-z]:[\\/])[^\\/?#@[\s]*:(?!\d{1,5}(?:[\\/?#\s]|$))\S{0,999}@)/gi;
  return cut(shown.replaceAll(quoted, "$1***@"), 500);
}

/**
 * Blanks the user and password of a URL. Like the URL parser it accepts either kind of slash, and for some schemes none. For
 * the parser a password ends at an unescaped slash; here it extends to the last `@`, unless the text before the slash is a
 * host with a port.
 *
 * @param url - The URL. Any other text is returned unchanged.
 */
export function withoutCredentials(url: string): string {
  if (!url.includes("@")) return url;
  const start =
    /^(\s*(?:(?:https?|wss?|ftp):[\\/\s]*|(?:[a-z][\w+.-]*:)*[\\/]{2,}))(?:[^\\/?#]*@|(?![a-z]:[\\/])[^\\/?#@[]*:(?!\d{1,5}(?:[\\/?#]|$))[^]*@)/i;
  // The parser drops tabs and line breaks anywhere in a URL.
  return url.replaceAll(/[\t\n\r]/g, "").replace(start, "$1***@");
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
