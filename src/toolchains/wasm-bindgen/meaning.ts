import { declarationText } from "./declared.ts";
import type { Declaration, DeclarationKind } from "./known/index.ts";

/**
 * Reads a meaning with its types, as people and declaration files state it:
 *
 * - `console.log: (h)` a function, `Date.now: ()->d` one with a result, `fetch: (h)->!H` one that hands its exceptions to
 *   the module;
 * - `new Map: ()->H` a constructor;
 * - `Map.prototype.set: (h,h)->H` a method, and `.set: (h,h)->H` the same where the class is not known. The receiver is not
 *   among the parameters;
 * - `get Map.prototype.size: ()->u`, `set .name: (s)`, `get Error.stackTraceLimit: ()->h`: properties of a receiver, and of an
 *   object that is named;
 * - `get []: (h)->H`, `set []: (h,h)`, `delete []: (h)->b`: members by a key;
 * - `instanceof Error: ()->b`;
 * - `window: ?H` a value: of these types, or none;
 * - `console.log: (...[H)` the last parameter is a list of arguments;
 * - `queueMicrotask: (h) with Mut(H)` a function that takes closures of a type, which the module thus makes.
 *
 * The type of an import does not show what it does: `(externref) -> externref` may be a method, a getter, a constructor or a
 * function of its argument, and the name fits all of them. `npm run survey` compared such guesses with the packages' own
 * JavaScript, and they were wrong more often than right. So the meaning is stated, or the import is a stub.
 *
 * @param stated - The meaning.
 * @returns The declaration, without the name of a crate; `undefined` if it cannot be read.
 */
export function readMeaning(stated: string): Declaration | undefined {
  const colon = stated.indexOf(":");
  const form = colon < 0 ? undefined : formOf(stated.slice(0, colon).trim());
  const types = stated.slice(colon + 1).trim();
  return form && (types.startsWith("(") ? readFunction(form, types) : readValue(form, types));
}

/**
 * Whether a text has the form of a meaning, with or without types.
 *
 * @param stated - The text.
 */
export function isMeaning(stated: string): boolean {
  return formOf(stated) !== undefined || readMeaning(stated) !== undefined;
}

/** The words by which text becomes code, and those that lead to them. */
const evaluating: ReadonlySet<string> = new Set(["Function", "eval", "constructor", "__proto__"]);

/** The imports that evaluate text by their own name, which is in the module. */
const evaluators: readonly (readonly [meaning: RegExp, name: RegExp])[] = [
  [/^new Function\(\)$/, /^__wbg_new_?(no|with)_?args(_?typed)?_[0-9a-f]{16}$/],
  [/^eval$/, /^__wbg_eval_[0-9a-f]{16}$/],
  [/^get (\w+\.prototype)?\.constructor$/, /^__wbg_constructor_[0-9a-f]{16}$/],
];

/**
 * Whether a meaning would turn text into code: through `Function`, `eval`, the constructor of a constructor, or a timer with
 * a text. Data can state such a meaning only of an import whose name says the same.
 *
 * @param declaration - The declaration.
 * @param importName - The name of the import.
 */
export function evaluates(declaration: Declaration, importName: string): boolean {
  const { kind, receiver, path, name, params } = declaration;
  if (kind === "instanceof") return false;
  const text = declarationText(declaration);
  if (evaluators.some(([meaning, own]) => meaning.test(text) && own.test(importName))) return false;
  // The class of a receiver is not read when the import is called.
  const reached = [...(receiver ? [] : path), name].flatMap((one) => one.split("."));
  const isTimer = /^set(Timeout|Interval)$/.test(reached.at(-1) ?? "") && /^\??s$/i.test(params[0] ?? "");
  return isTimer || reached.some((one) => evaluating.has(one));
}

/** An operation, with the names of what it works on. */
type Form = Pick<Declaration, "kind" | "path" | "name" | "receiver">;

/** The operations that begin with a word, on a property and on a member by a key. */
const verbs: ReadonlyMap<string, readonly [named: DeclarationKind, fixed: DeclarationKind, keyed: DeclarationKind]> =
  new Map([
    ["get", ["getter", "static-getter", "index-getter"]],
    ["set", ["setter", "static-setter", "index-setter"]],
  ]);

function formOf(text: string): Form | undefined {
  const [, verb = "", object = ""] = /^(?:(new|instanceof|get|set|delete) +)?(\S+)$/.exec(text) ?? [];
  if (verb === "new" || verb === "instanceof") {
    const path = namesIn(verb === "new" ? object.replace(/\(\)$/, "") : object);
    const kind = verb === "new" ? "constructor" : verb;
    return path && { kind, path, name: "", receiver: kind === "instanceof" };
  }
  const [named, fixed, keyed] = verbs.get(verb) ?? ["method", "function", "index-deleter"];
  if (object.endsWith("[]") && verb !== "") {
    const path = object === "[]" ? [] : namesIn(object.slice(0, -2));
    return path && { kind: keyed, path, name: "", receiver: true };
  }
  if (verb === "delete") return undefined;
  // Without a class, the rest is a path that begins at the receiver.
  if (object.startsWith(".")) {
    return namesIn(object.slice(1)) && { kind: named, path: [], name: object.slice(1), receiver: true };
  }
  const names = namesIn(object);
  const name = names?.pop();
  if (!names || name === undefined) return undefined;
  if (names.length > 1 && names.at(-1) === "prototype") {
    return { kind: named, path: names.slice(0, -1), name, receiver: true };
  }
  if (verb !== "" && names.length === 0) return undefined;
  return { kind: fixed, path: names, name, receiver: false };
}

/** Splits a path at its dots; `undefined` if one of its names is empty or has a character that separates. */
function namesIn(path: string): string[] | undefined {
  const names = path.split(".");
  return names.every((name) => /^[^\s:()[\]"'`]+$/.test(name)) ? names : undefined;
}

/** The code of a type: the texts of an enumeration stand in quotes, and the types of a closure in brackets. */
const type = String.raw`(?:\?*"(?:[^"\\]|\\.)*"|\??(?:Fn|Mut)\([^()"]*\)[^\s(),"]*|[^\s(),".][^\s(),"]*)`;
const parameters = new RegExp(String.raw`(\.\.\.)?(${type})`, "g");
const signature = new RegExp(
  String.raw`^\(\s*((?:(?:\.\.\.)?${type}\s*(?:,\s*|(?=\))))*)\)\s*(?:->\s*(!)?(${type})?\s*)?(?:with (${type}))?$`,
);

function readFunction(form: Form, types: string): Declaration | undefined {
  const [whole, list = "", fails, result = "", closure] = signature.exec(types) ?? [];
  const found = [...list.matchAll(parameters)];
  const last = found.at(-1);
  const codes = [...found.map(([, , code = ""]) => code), result].map(readCode);
  // Only the last parameter can be a list of arguments.
  if (whole === undefined || codes.includes(undefined) || found.some((one) => one[1] && one !== last)) return undefined;
  return {
    crate: "",
    kind: form.kind,
    path: form.path,
    name: form.name,
    params: codes.slice(0, -1) as string[],
    receiver: form.receiver,
    result: codes.at(-1) ?? "",
    catch: fails !== undefined,
    variadic: last?.[1] !== undefined,
    closure,
  };
}

function readValue({ kind, path, name }: Form, types: string): Declaration | undefined {
  const result = new RegExp(`^${type}$`).test(types) ? readCode(types) : undefined;
  if (kind !== "function" || result === undefined) return undefined;
  const none = { params: [], receiver: false, result, catch: false, variadic: false, closure: undefined };
  return { crate: "", kind: "accessor", path, name, ...none };
}

/** Texts of an enumeration are quoted, since they may contain anything. */
function readCode(written: string): string | undefined {
  const [, options = "", quoted] = /^(\?*)("[^]*)$/.exec(written) ?? [];
  if (quoted === undefined) return written;
  try {
    return `${options}"${String(JSON.parse(quoted))}`;
  } catch {
    return undefined;
  }
}
