import type { Declaration, DeclarationKind } from "./known/index.ts";

/**
 * Reads a user's statement about an import that no table has: a meaning with its types, as in
 * `"Game.prototype.move: (u,s)->b"`. The receiver is not among the parameters.
 *
 * The type of an import does not show what it does: `(externref) -> externref` may be a method, a getter, a constructor or a
 * function of its argument, and the name fits all of them. `npm run survey` compared such guesses with the packages' own
 * JavaScript, and they were wrong more often than right. So the meaning is stated, or the import is a stub.
 *
 * @param stated - A meaning, a colon, and types; `!` before the result says that exceptions are handed to the module.
 * @returns The declaration; `undefined` if it cannot be read.
 */
export function readMeaning(stated: string): Declaration | undefined {
  const [, text = "", list = "", fails, result = ""] =
    /^(.+?)\s*:\s*\(([^:]*)\)\s*(?:->\s*(!)?(\S*))?$/.exec(stated) ?? [];
  const form = formOf(text);
  if (!form) return undefined;
  const { kind, owner, name } = form;
  return {
    crate: "",
    kind,
    path: owner ? owner.split(".") : [],
    name,
    // Does not split at commas within a closure's brackets.
    params: list.split(/,(?![^()]*\))/).flatMap((code) => code.trim() || []),
    receiver: receivers.has(kind),
    result,
    catch: fails !== undefined,
    variadic: false,
    closure: undefined,
  };
}

/**
 * Whether a text has the form of a meaning, with or without types.
 *
 * @param stated - The text.
 */
export function isMeaning(stated: string): boolean {
  return formOf(stated) !== undefined || readMeaning(stated) !== undefined;
}

function formOf(text: string): { kind: DeclarationKind; owner: string | undefined; name: string } | undefined {
  for (const [kind, pattern] of forms) {
    const found = pattern.exec(text);
    if (found) return { kind, owner: found[1], name: found[2] ?? "" };
  }
  return undefined;
}

const receivers: ReadonlySet<DeclarationKind> = new Set([
  "method",
  "getter",
  "setter",
  "index-getter",
  "index-setter",
  "index-deleter",
  "instanceof",
]);

/** The forms of a meaning. The groups capture the owner and the name. */
const forms: readonly (readonly [DeclarationKind, RegExp])[] = (
  [
    ["constructor", "new (PATH)(?:\\(\\))?"],
    ["instanceof", "instanceof (PATH)"],
    ["index-getter", "get (PATH|)\\[\\]"],
    ["index-setter", "set (PATH|)\\[\\]"],
    ["index-deleter", "delete (PATH|)\\[\\]"],
    ["getter", "get (PATH)\\.prototype\\.(NAME)"],
    ["setter", "set (PATH)\\.prototype\\.(NAME)"],
    ["static-getter", "get (PATH)\\.(NAME)"],
    ["static-setter", "set (PATH)\\.(NAME)"],
    ["method", "(PATH)\\.prototype\\.(NAME)"],
    ["function", "(?:(PATH)\\.)?(NAME)"],
  ] as const
).map(([kind, form]) => [
  kind,
  new RegExp(`^${form.replace("PATH", "NAME(?:\\.NAME)*").replaceAll("NAME", "[\\w$]+")}$`),
]);
