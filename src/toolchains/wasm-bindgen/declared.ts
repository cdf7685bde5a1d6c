import { describe } from "../../errors/describe.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ImportFunction } from "../../public/index.ts";
import type { Declaration } from "./known/index.ts";
import type { Action } from "./lowered.ts";
import { hearing } from "./panic-hooks.ts";

// Read once, because the module may replace it.
const { apply } = Reflect as {
  readonly apply: (call: ImportFunction, self: unknown, args: readonly unknown[]) => unknown;
};

type Newable = new (...args: unknown[]) => unknown;
type Keyed = Record<PropertyKey, unknown>;

/**
 * Makes the action of a declared import. Globals are looked up when it is called, so that a module for another environment
 * still loads, and a test can replace them.
 *
 * @param declaration - The declaration.
 */
export function actionOf(declaration: Declaration): Action {
  const { kind, name, variadic } = declaration;
  // wasm-bindgen writes names into JavaScript unchanged, so a name with dots is a path: "prototype.set.call".
  const path = declaration.path.flatMap((one) => one.split("."));
  const members = name.split(".");
  const key = members.pop() ?? "";
  const holderIn = (object: unknown) => members.reduce((at, member) => (at as Keyed)[member], object) as Keyed;
  const spread = (args: readonly unknown[]): unknown[] => (variadic ? spreadLast(args) : [...args]);
  switch (kind) {
    case "function":
    case "static": {
      const owner = [...path, ...members];
      return (_, args) => {
        const object = globalAt(owner, declaration) as Keyed;
        // A global function has no receiver.
        return callIn(object, key, owner.length > 0 ? object : undefined, spread(args), declaration);
      };
    }
    case "constructor":
      return (_, args) => new (globalAt(path, declaration) as Newable)(...spread(args));
    case "method":
      return (_, [receiver, ...args]) => {
        const object = holderIn(receiver);
        return callIn(object, key, object, spread(args), declaration);
      };
    case "getter":
      return (_, [receiver]) => holderIn(receiver)[key];
    case "setter":
      return (_, [receiver, value]) => {
        holderIn(receiver)[key] = value;
      };
    case "static-getter":
      return () => (globalAt([...path, ...members], declaration) as Keyed)[key];
    case "static-setter":
      return (_, [value]) => {
        (globalAt([...path, ...members], declaration) as Keyed)[key] = value;
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
    case "accessor": {
      const owner = [...path, ...members];
      if (declaration.result.startsWith("?")) return () => find([...owner, key]);
      return () => {
        const object = globalAt(owner, declaration) as Keyed;
        if (owner.length > 0 || key in object) return object[key];
        return moduleOfNode(key) ?? refuseUnavailable(declaration);
      };
    }
    case "intrinsic":
      return () => undefined;
  }
}

/** The meaning of an import in JavaScript. */
export interface Meaning {
  /** As in `console.log`. */
  readonly text: string;
  /** Makes the action of the import with a function that the user has given for the meaning. */
  readonly actionBy: (given: ImportFunction) => Action;
}

/** Returns the meaning of a declared import. */
export function meaningOf(declaration: Declaration): Meaning {
  return {
    text: declarationText(declaration),
    actionBy: (given) => hearing(declaration, actionBy(declaration, given)),
  };
}

/**
 * Makes the action of a declared import that the user has given a function for. It is called as JavaScript would call the
 * original: on the receiver, with the other arguments.
 *
 * @param declaration - The declaration.
 * @param given - The user's function.
 */
function actionBy({ kind, receiver, variadic }: Declaration, given: ImportFunction): Action {
  // In JavaScript the value that instanceof tests is no receiver.
  const hasReceiver = receiver && kind !== "instanceof";
  return (_, args) => {
    const values = hasReceiver ? args.slice(1) : args;
    return apply(given, hasReceiver ? args[0] : undefined, variadic ? spreadLast(values) : values);
  };
}

/** Writes a declaration as a user would in JavaScript, as in `Map.prototype.set`; as in `.set` if the class is not known. */
export function declarationText({ kind, path, name }: Declaration): string {
  const owner = path.join(".");
  const receiver = owner && `${owner}.prototype`;
  switch (kind) {
    case "constructor":
      return `new ${owner}()`;
    case "method":
      return `${receiver}.${name}`;
    case "getter":
      return `get ${receiver}.${name}`;
    case "setter":
      return `set ${receiver}.${name}`;
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

function spreadLast(args: readonly unknown[]): unknown[] {
  return [...args.slice(0, -1), ...(args.at(-1) as Iterable<unknown>)];
}

function callIn(object: Keyed, key: string, self: unknown, args: unknown[], declaration: Declaration): unknown {
  const found = object[key];
  if (typeof found === "function") return apply(found as ImportFunction, self, args);
  throw declaration.kind === "method" ? lacking(declaration, object) : unavailable(declaration);
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

/** Whether a value is of a class. A class that does not exist has no instances. */
function isInstance(value: unknown, path: readonly string[]): boolean {
  try {
    return value instanceof (find(path) as Newable);
  } catch {
    return false;
  }
}

/**
 * Returns `module` as JavaScript for Node has it around it, where no global has: only to require Node's cryptography, which random
 * numbers come from. A module gets no other of Node's modules that its user has not given. `undefined` elsewhere.
 */
function moduleOfNode(key: string): object | undefined {
  const { process } = globalThis as { readonly process?: { readonly getBuiltinModule?: (name: string) => unknown } };
  if (key !== "module" || typeof process?.getBuiltinModule !== "function") return undefined;
  const { getBuiltinModule } = process;
  return {
    require: (name: unknown): unknown => {
      if (typeof name === "string" && /^(node:)?crypto$/.test(name)) return getBuiltinModule("crypto");
      const given = "importsByMeaning: { module: () => ({ require: createRequire(import.meta.url) }) }";
      const text = `The module called module.require(${describe(name)}), and gets only crypto unless you give it more: ${given}.`;
      throw new UnglueError("unavailable-here", text, { what: "module.require" });
    },
  };
}

function refuseUnavailable(declaration: Declaration): never {
  throw unavailable(declaration);
}

function unavailable(declaration: Declaration): UnglueError<"unavailable-here"> {
  const what = declarationText(declaration);
  return new UnglueError(
    "unavailable-here",
    `The module called ${what}, which this runtime does not have. Run it where that exists, or give a stand-in: ` +
      `set the global, or importsByMeaning: { ${JSON.stringify(what)}: () => … }.`,
    { what },
  );
}

/** Makes the error of a method that a value lacks: an argument of the wrong class, or a runtime whose class is older. */
function lacking(declaration: Declaration, value: unknown): UnglueError<"unavailable-here"> {
  const what = declarationText(declaration);
  return new UnglueError(
    "unavailable-here",
    `The module called ${what} on ${describe(value)}, which has no such function. Pass a value that has it; if this runtime's class ` +
      `lacks it, give a stand-in: importsByMeaning: { ${JSON.stringify(what)}: () => … }.`,
    { what },
  );
}
