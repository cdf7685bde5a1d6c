/** What was found for a name: under which key, and whether the key is a pattern. */
export interface Found {
  readonly key: string;
  readonly value: unknown;
  readonly byPattern: boolean;
}

/** The patterns of the objects that a load looks into, read and put in order once: a module may have many imports. */
export type Patterns = Map<object, readonly string[]>;

/**
 * Finds the entries for a name in an object that a user wrote, best first: the exact name, then the matching patterns
 * from most to fewest literal characters, so that the order in which they were written does not matter.
 *
 * @param entries - The user's object; inherited members count, those of `Object.prototype` do not.
 * @param name - The name to look for; it comes from the module and may be anything.
 * @param known - The patterns read so far; added to.
 * @returns The entries whose value is not `undefined`.
 */
export function* find(entries: object, name: string, known: Patterns): Generator<Found, undefined> {
  const exact: unknown =
    name in Object.prototype && !Object.hasOwn(entries, name) ? undefined : Reflect.get(entries, name);
  if (exact !== undefined) yield { key: name, value: exact, byPattern: false };
  const patterns = known.get(entries) ?? patternsOf(entries);
  known.set(entries, patterns);
  for (const key of patterns) {
    const value: unknown = key !== name && matches(key, name) ? Reflect.get(entries, key) : undefined;
    if (value !== undefined) yield { key, value, byPattern: true };
  }
  return undefined;
}

function patternsOf(entries: object): string[] {
  const patterns = Object.keys(entries).filter((key) => key.includes("*"));
  return patterns.sort((a, b) => literals(b) - literals(a));
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
