import { UnglueError } from "../errors.ts";
import type { Declaration } from "../known/index.ts";
import type { Action } from "./lowered.ts";

type Callable = (...args: unknown[]) => unknown;
type Newable = new (...args: unknown[]) => unknown;
type Keyed = Record<PropertyKey, unknown>;

/**
 * What a declared import does. Globals are looked up when it is called, so that a module which may run elsewhere loads,
 * and a test can replace them.
 *
 * @param declaration - The declaration.
 */
export function actionOf(declaration: Declaration): Action {
  const { kind, path, name, variadic } = declaration;
  const spread = (args: readonly unknown[]): unknown[] =>
    variadic ? [...args.slice(0, -1), ...(args.at(-1) as Iterable<unknown>)] : [...args];
  const owner = () => globalAt(path, declaration);
  switch (kind) {
    case "function":
    case "static":
      return (_, args) => {
        const object = owner() as Keyed;
        return callIn(object, name, spread(args), declaration);
      };
    case "constructor":
      return (_, args) => new (owner() as Newable)(...spread(args));
    case "method":
      return (_, [receiver, ...args]) => callIn(receiver as Keyed, name, spread(args), declaration);
    case "getter":
      return (_, [receiver]) => (receiver as Keyed)[name];
    case "setter":
      return (_, [receiver, value]) => {
        (receiver as Keyed)[name] = value;
      };
    case "static-getter":
      return () => (owner() as Keyed)[name];
    case "static-setter":
      return (_, [value]) => {
        (owner() as Keyed)[name] = value;
      };
    case "index-getter":
      return (_, [receiver, key]) => (receiver as Keyed)[key as PropertyKey];
    case "index-setter":
      return (_, [receiver, key, value]) => {
        (receiver as Keyed)[key as PropertyKey] = value;
      };
    case "index-deleter":
      return (_, [receiver, key]) => Reflect.deleteProperty(receiver as object, key as PropertyKey);
    case "instanceof":
      return (_, [value]) => isInstance(value, path);
    case "accessor":
      return () => find([...path, name]);
    case "intrinsic":
      return () => undefined;
  }
}

/** A declaration as a user would write it in JavaScript, as in `Map.prototype.set`. */
export function declarationText({ kind, path, name }: Declaration): string {
  const owner = path.join(".");
  switch (kind) {
    case "constructor":
      return `new ${owner}()`;
    case "method":
      return `${owner}.prototype.${name}`;
    case "getter":
      return `get ${owner}.prototype.${name}`;
    case "setter":
      return `set ${owner}.prototype.${name}`;
    case "static-getter":
      return `get ${owner}.${name}`;
    case "static-setter":
      return `set ${owner}.${name}`;
    case "index-getter":
      return `get ${owner}[]`;
    case "index-setter":
      return `set ${owner}[]`;
    case "index-deleter":
      return `delete ${owner}[]`;
    case "instanceof":
      return `instanceof ${owner}`;
    default:
      return [...path, name].join(".");
  }
}

function callIn(object: Keyed, name: string, args: unknown[], declaration: Declaration): unknown {
  const found = object[name];
  if (typeof found === "function") return Reflect.apply(found as Callable, object, args);
  throw unavailable(declaration);
}

function globalAt(path: readonly string[], declaration: Declaration): unknown {
  const found = find(path);
  if (found === undefined || found === null) throw unavailable(declaration);
  return found;
}

function find(path: readonly string[]): unknown {
  let found: unknown = globalThis;
  for (const name of path) {
    if (found === undefined || found === null) return undefined;
    found = (found as Keyed)[name];
  }
  return found;
}

/** web-sys writes the names of classes its own way, as in `HtmlCanvasElement`. A class that is not there has no instances. */
function isInstance(value: unknown, path: readonly string[]): boolean {
  const [name = ""] = path.slice(-1);
  const owner = find(path.slice(0, -1));
  const found = find(path) ?? lookUpClass(owner, name);
  try {
    return value instanceof (found as Newable);
  } catch {
    return false;
  }
}

function lookUpClass(owner: unknown, name: string): unknown {
  if (typeof owner !== "object" || owner === null) return undefined;
  const lower = name.toLowerCase();
  const key = Object.getOwnPropertyNames(owner).find((one) => one.toLowerCase() === lower);
  return key === undefined ? undefined : (owner as Keyed)[key];
}

function unavailable(declaration: Declaration): UnglueError<"unavailable-here"> {
  const what = declarationText(declaration);
  return new UnglueError(
    "unavailable-here",
    `The module called ${what}, which this runtime does not have. Run it where that exists, or give a stand-in: ` +
      "set the global, or name the import in `imports`.",
    { what },
  );
}
