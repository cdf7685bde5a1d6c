import { memberOf } from "../base/own.ts";

/** The entry found for a name: its key, and whether the key is a pattern. */
export interface Found {
  readonly key: string;
  readonly value: unknown;
  readonly byPattern: boolean;
}

/** The patterns of the objects that a load searches, read and sorted once: a module may have many imports. */
export type Patterns = Map<object, readonly Pattern[]>;

/** A key with stars, split into parts. */
interface Pattern {
  readonly key: string;
  /** The texts before, between and after its stars. */
  readonly parts: readonly string[];
}

/**
 * Finds the entries for a name in a user's object, best first: the exact name, then the matching patterns from most to
 * fewest literal characters. So the order in which they were written does not matter.
 *
 * @param entries - The user's object. Inherited members count, except those of `Object.prototype`.
 * @param name - The name to look for; it comes from the module and may be anything.
 * @param known - The patterns read so far; the function adds to them.
 * @returns The entries whose value is not `undefined`.
 */
export function* find(entries: object, name: string, known: Patterns): Generator<Found, undefined> {
  const exact: unknown = memberOf(entries, name);
  if (exact !== undefined) yield { key: name, value: exact, byPattern: false };
  const patterns = known.get(entries) ?? patternsOf(entries);
  known.set(entries, patterns);
  for (const { key, parts } of patterns) {
    const value: unknown = key !== name && matches(parts, name) ? Reflect.get(entries, key) : undefined;
    if (value !== undefined) yield { key, value, byPattern: true };
  }
  return undefined;
}

function patternsOf(entries: object): Pattern[] {
  const patterns = Object.keys(entries).flatMap((key) => (key.includes("*") ? [{ key, parts: key.split("*") }] : []));
  return patterns.sort((a, b) => literals(b) - literals(a));
}

/** No regular expression: names are hostile, and several stars would make one backtrack. */
function matches(parts: readonly string[], name: string): boolean {
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    at = name.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return at <= name.length - last.length;
}

function literals({ key, parts }: Pattern): number {
  return key.length - parts.length + 1;
}
