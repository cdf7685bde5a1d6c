/** What was found for a name: under which key, and whether the key is a pattern. */
export interface Found {
  readonly key: string;
  readonly value: unknown;
  readonly byPattern: boolean;
}

/**
 * Finds the entries for a name in an object that a user wrote, best first: the exact name, then the matching patterns
 * from most to fewest literal characters, so that the order in which they were written does not matter.
 *
 * @param entries - The user's object; inherited members count, those of `Object.prototype` do not.
 * @param name - The name to look for; it comes from the module and may be anything.
 * @returns The entries whose value is not `undefined`.
 */
export function* find(entries: object, name: string): Generator<Found, undefined> {
  const exact: unknown =
    name in Object.prototype && !Object.hasOwn(entries, name) ? undefined : Reflect.get(entries, name);
  if (exact !== undefined) yield { key: name, value: exact, byPattern: false };
  const patterns = Object.keys(entries).filter((key) => key.includes("*") && key !== name && matches(key, name));
  for (const key of patterns.sort((a, b) => literals(b) - literals(a))) {
    const value: unknown = Reflect.get(entries, key);
    if (value !== undefined) yield { key, value, byPattern: true };
  }
  return undefined;
}

/** Without a regular expression: names are hostile, and several stars would make one backtrack. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*");
  const first = parts.shift() ?? "";
  const last = parts.pop() ?? "";
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts) {
    at = name.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return at <= name.length - last.length;
}

function literals(pattern: string): number {
  return pattern.replaceAll("*", "").length;
}
