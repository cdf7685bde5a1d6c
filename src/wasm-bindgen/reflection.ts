import type { Declaration, DeclarationKind } from "../known/index.ts";

/**
 * Reads what a user states of an import that no table has: a meaning and the types that go with it, as in
 * `"Game.prototype.move: (u,s)->b"`. The receiver is not among the parameters.
 *
 * The type of an import does not tell what it does: `(externref) -> externref` is a method, a getter, a constructor or a
 * function that is given its argument, and the name fits each of them. `npm run survey` compared such a guess with what
 * packages' own JavaScript does, and it was wrong more often than right. So it is stated, or it is a stub.
 *
 * @param stated - A meaning, a colon, and types.
 * @returns The declaration; `undefined` if it cannot be read.
 */
export function readMeaning(stated: string): Declaration | undefined {
  const [, text = "", list = "", result = ""] = /^(.+?)\s*:\s*\(([^:]*)\)\s*(?:->\s*(\S+))?$/.exec(stated) ?? [];
  for (const [kind, pattern] of forms) {
    const [, owner, name = ""] = pattern.exec(text) ?? [];
    if (owner === undefined && name === "") continue;
    return {
      crate: "",
      kind,
      path: owner ? owner.split(".") : [],
      name,
      params: list.split(",").flatMap((code) => code.trim() || []),
      receiver: receivers.has(kind),
      result,
      catch: false,
      variadic: false,
    };
  }
  return undefined;
}

const receivers: ReadonlySet<DeclarationKind> = new Set(["method", "getter", "setter", "instanceof"]);

/** The forms of a meaning; in brackets the owner and the name. */
const forms: readonly (readonly [DeclarationKind, RegExp])[] = [
  ["constructor", /^new ([\w$.]+)(?:\(\))?()$/],
  ["instanceof", /^instanceof ([\w$.]+)()$/],
  ["getter", /^get ([\w$.]+)\.prototype\.([\w$]+)$/],
  ["setter", /^set ([\w$.]+)\.prototype\.([\w$]+)$/],
  ["static-getter", /^get ([\w$.]+)\.([\w$]+)$/],
  ["static-setter", /^set ([\w$.]+)\.([\w$]+)$/],
  ["method", /^([\w$.]+)\.prototype\.([\w$]+)$/],
  ["function", /^(?:([\w$.]+)\.)?([\w$]+)$/],
];
