import type { Expression, Identifier, Node, StringLiteral } from "@babel/types";
import { eachChild, findScopes, isFunction, keyOf, lookUp, namesOf, propertyName, type Scopes } from "./glue/scope.ts";
import { parseText } from "./parse.ts";

/** Something that a file does to the generated JavaScript. */
export interface Effect {
  /** The function or class that it changes; `undefined` for anything else of the JavaScript. */
  readonly member: string | undefined;
  readonly place: string;
  /** The sentence about the file, without its place at the beginning. */
  readonly what: string;
}

/** A file that another loads. */
export interface LoadedFile {
  readonly source: string;
  readonly place: string;
  /** Whether nothing is taken from it. */
  readonly isBare: boolean;
  /** Whether all of its exports are passed on. */
  readonly isPassedOn: boolean;
}

/** The surroundings of a file that is read. */
interface Surroundings {
  /** The names of the generated functions, classes and enumerations. */
  readonly names: ReadonlySet<string>;
  /** Whether programs import the file in the place of the generated JavaScript. */
  readonly isEntry: boolean;
  readonly isGlue: (source: string) => boolean;
}

/** The part of the generated JavaScript, or of the module, that an expression has. */
type Origin = { readonly of: "glue"; readonly name: string | undefined } | { readonly of: "module" };

/** More names than lead from one to the next in any text. */
const mostAliases = 16;
const mutators = /^(?:Object|Reflect)\.(?:assign|definePropert(?:y|ies)|setPrototypeOf|set|deleteProperty)$/;
/** The functions of compilers that pass on exports as they are. */
const passes = /(?:^|_)(?:exportStar|importStar|importDefault|interop\w*|toESM|reExport)$/i;

/**
 * Reads a file that runs with generated JavaScript: finds what it changes of it, other than giving it the exports of the module
 * and starting that, as generated entries do. Nothing of it runs.
 *
 * @param text - The file.
 * @param name - Its name, for messages.
 * @param surroundings - What surrounds it.
 */
export function readCompanion(
  text: string,
  name: string,
  { names, isEntry, isGlue }: Surroundings,
): { readonly effects: readonly Effect[]; readonly loads: readonly LoadedFile[] } {
  const { file, placeOf } = parseText(text, name, "script");
  const scopes = findScopes(file.program);
  const origins = new Origins(scopes, isGlue);
  const effects: Effect[] = [];
  const loads: LoadedFile[] = [];
  const note = (origin: Origin, at: Node, what: string): void => {
    effects.push({ member: origin.of === "glue" ? origin.name : undefined, place: placeOf(at), what });
  };
  const load = (source: string, at: Node, isBare: boolean, isPassedOn = false): void => {
    loads.push({ source, place: placeOf(at), isBare, isPassedOn });
  };
  /** Notes a generated name that the file gives to something else. */
  const give = (exported: string, origin: Origin | undefined, at: Node): void => {
    if (!isEntry || !names.has(exported) || (origin?.of === "glue" && origin.name === exported)) return;
    note({ of: "glue", name: exported }, at, "exports something else by this name");
  };
  const change = (target: Node, at: Node): void => {
    const origin = target.type === "MemberExpression" ? origins.find(target.object) : undefined;
    if (origin) note(origin, at, "changes it");
    if (target.type !== "MemberExpression" || propertyName(target.object) !== "prototype") return;
    const { object } = target.object as Extract<Node, { type: "MemberExpression" }>;
    if (object.type !== "Identifier" || lookUp(scopes.around(object), object.name)) return;
    note({ of: "module" }, at, `changes ${object.name}.prototype, which the generated JavaScript may use`);
  };

  const visitExport = (node: Node): void => {
    if (node.type === "ExportAllDeclaration") {
      load(node.source.value, node, false, true);
    } else if (node.type === "ExportNamedDeclaration") {
      const { declaration, source } = node;
      if (source) load(source.value, node, false, true);
      const declared =
        declaration?.type === "VariableDeclaration"
          ? declaration.declarations.flatMap(({ id }) => namesOf(id))
          : declaration && "id" in declaration && declaration.id?.type === "Identifier"
            ? [declaration.id.name]
            : [];
      for (const one of declared) {
        const binding = declaration?.type === "VariableDeclaration" ? lookUp(scopes.root, one) : undefined;
        const [value, ...others] = binding?.values ?? [];
        give(one, value && others.length === 0 ? origins.find(value) : undefined, node);
      }
      for (const one of node.specifiers) {
        if (one.type !== "ExportSpecifier") continue;
        const local = one.local as Identifier | StringLiteral;
        const origin = !source
          ? origins.find(local)
          : isGlue(source.value)
            ? ({ of: "glue", name: textOf(local) } as const)
            : undefined;
        give(textOf(one.exported), origin, one);
      }
    }
  };

  const visitCall = (node: Extract<Node, { type: "CallExpression" | "NewExpression" }>, runs: boolean): void => {
    const source = sourceOf(node);
    if (source !== undefined) return;
    const called = origins.find(node.callee);
    const path = pathOf(node.callee);
    const args = node.arguments;
    if (called?.of === "glue" && called.name === "__wbg_set_wasm") {
      const [value] = args;
      if (!value || !origins.isModule(value))
        note({ of: "module" }, node, "puts a value of its own in the place of the module's exports");
      return;
    }
    if (
      called &&
      runs &&
      !(called.of === "module" && /^(?:__wbindgen_start|default)$/.test(propertyName(node.callee) ?? ""))
    )
      note(called, node, called.of === "glue" ? "calls it when it is loaded" : "calls the module when it is loaded");
    if (path.startsWith("WebAssembly.")) {
      for (const one of args) for (const inner of importsIn(one)) if (!isPassed(inner)) noteIn(inner, node);
      return;
    }
    if (passes.test(path)) return;
    const isMutator = mutators.test(path);
    if (isMutator) {
      const [target] = args;
      if (target) change({ type: "MemberExpression", object: target } as Node, node);
      if (
        target &&
        pathOf(target) === "exports" &&
        args[1]?.type === "StringLiteral" &&
        !args[1].value.includes("__esModule")
      )
        give(args[1].value, origins.inside(args[2]), node);
      return;
    }
    if (!runs || /^Object\.(?:keys|freeze|entries|values)$/.test(path)) return;
    for (const one of args) {
      const given = origins.inside(one);
      if (given && !isFunction(one)) note(given, node, "gives it to something that may change it");
    }
  };
  const importsIn = (node: Node): readonly Node[] =>
    node.type === "ObjectExpression"
      ? node.properties.map((one): Node => (one.type === "ObjectProperty" ? one.value : one))
      : [];
  const isPassed = (node: Node): boolean => node.type === "Identifier" || node.type === "MemberExpression";
  const noteIn = (node: Node, at: Node): void => {
    const origin = origins.inside(node);
    if (origin) note({ of: "module" }, at, "gives the module other functions than the generated ones");
  };

  /** @param runs - Whether the code runs when the file is loaded, rather than when somebody calls it. */
  const visit = (node: Node, runs: boolean): void => {
    visitExport(node);
    switch (node.type) {
      case "ImportDeclaration":
        load(node.source.value, node, node.specifiers.length === 0);
        return;
      case "ExpressionStatement":
        if (node.expression.type === "CallExpression") {
          const source = sourceOf(node.expression);
          if (source !== undefined) return load(source, node, true);
        }
        break;
      case "AssignmentExpression":
        change(node.left, node);
        visitCommonJs(node.left, node.right);
        break;
      case "UpdateExpression":
        change(node.argument, node);
        break;
      case "UnaryExpression":
        if (node.operator === "delete") change(node.argument, node);
        break;
      case "CallExpression":
      case "NewExpression": {
        const source = sourceOf(node);
        if (source !== undefined) load(source, node, false);
        visitCall(node, runs);
        // Functions that are given to a call may be run by it.
        for (const one of [node.callee, ...node.arguments]) visit(one, runs);
        if (runs)
          for (const one of [node.callee, ...node.arguments])
            if (isFunction(one)) eachChild(one, (child) => visit(child, true));
        return;
      }
      default:
    }
    const inner = runs && !isFunction(node);
    eachChild(node, (child) => visit(child, inner));
  };
  const visitCommonJs = (left: Node, right: Node): void => {
    const path = pathOf(left);
    if (/^(?:module\.)?exports\.\w+$/.test(path)) {
      // `exports.name = void 0` only says that there will be such a name.
      if (right.type !== "UnaryExpression" && right.type !== "AssignmentExpression")
        give(path.replace(/^.*\./, ""), origins.find(right), left);
    } else if (path === "module.exports" && right.type === "ObjectExpression") {
      for (const one of right.properties) {
        const key = one.type === "SpreadElement" ? undefined : keyOf(one);
        if (key !== undefined) give(key, one.type === "ObjectProperty" ? origins.find(one.value) : undefined, one);
      }
    }
  };
  visit(file.program, true);
  return { effects, loads };
}

/** Finds the part of the generated JavaScript that expressions of a file have. */
class Origins {
  readonly #scopes: Scopes;
  readonly #isGlue: (source: string) => boolean;

  constructor(scopes: Scopes, isGlue: (source: string) => boolean) {
    this.#scopes = scopes;
    this.#isGlue = isGlue;
  }

  /** The part that an expression is. */
  find(node: Node, depth = 0): Origin | undefined {
    if (depth > mostAliases) return undefined;
    const source = sourceOf(node);
    if (source !== undefined) return this.#ofSource(source, undefined);
    switch (node.type) {
      case "Identifier": {
        const binding = lookUp(this.#scopes.around(node), node.name);
        if (!binding) return undefined;
        if (binding.imported) {
          const { module, name } = binding.imported;
          return this.#ofSource(module, name === "*" ? undefined : name);
        }
        if (binding.property) {
          const { of, names } = binding.property;
          return this.#memberOf(this.find(of, depth + 1), names[0]);
        }
        for (const one of binding.values) {
          const origin = this.find(one, depth + 1);
          if (origin) return origin;
        }
        return undefined;
      }
      case "MemberExpression":
        return this.#memberOf(this.find(node.object, depth + 1), propertyName(node));
      case "AwaitExpression":
        return this.find(node.argument, depth + 1);
      case "CallExpression": {
        const [first, ...others] = node.arguments;
        return first && others.length === 0 && passes.test(pathOf(node.callee))
          ? this.find(first, depth + 1)
          : undefined;
      }
      default:
        return undefined;
    }
  }

  /** The part that stands anywhere in an expression, outside the functions in it. */
  inside(node: Node | undefined): Origin | undefined {
    if (!node) return undefined;
    let found = this.find(node);
    if (!found && !isFunction(node) && node.type !== "CallExpression" && node.type !== "NewExpression")
      eachChild(node, (child) => void (found ??= this.inside(child)));
    return found;
  }

  /** Whether a value is the exports of the module: those of an import, or of an instance. */
  isModule(node: Node, depth = 0): boolean {
    if (depth > mostAliases) return false;
    if (this.find(node)?.of === "module") return true;
    const isInstance = (one: Node): boolean => {
      const value = one.type === "AwaitExpression" ? one.argument : one;
      if (value.type === "NewExpression" || value.type === "CallExpression")
        return pathOf(value.callee).startsWith("WebAssembly.");
      if (value.type === "MemberExpression") return propertyName(value) === "instance" && isInstance(value.object);
      const binding = value.type === "Identifier" ? lookUp(this.#scopes.around(value), value.name) : undefined;
      if (binding?.property) return isInstance(binding.property.of);
      return binding !== undefined && binding.values.length > 0 && binding.values.every(isInstance);
    };
    if (node.type === "MemberExpression") return propertyName(node) === "exports" && isInstance(node.object);
    const binding = node.type === "Identifier" ? lookUp(this.#scopes.around(node), node.name) : undefined;
    if (binding?.property) return binding.property.names.at(-1) === "exports" && isInstance(binding.property.of);
    return (
      binding !== undefined && binding.values.length > 0 && binding.values.every((one) => this.isModule(one, depth + 1))
    );
  }

  #ofSource(source: string, name: string | undefined): Origin | undefined {
    if (/\.wasm\b/.test(source)) return { of: "module" };
    return this.#isGlue(source) ? { of: "glue", name } : undefined;
  }

  #memberOf(origin: Origin | undefined, name: string | undefined): Origin | undefined {
    return origin?.of === "glue" && origin.name === undefined ? { of: "glue", name } : origin;
  }
}

/** The name of the file that an expression loads: `require("…")`, `import("…")`. */
function sourceOf(node: Node): string | undefined {
  if (node.type === "ImportExpression") return node.source.type === "StringLiteral" ? node.source.value : undefined;
  if (node.type !== "CallExpression") return undefined;
  const [first] = node.arguments;
  const isLoad = node.callee.type === "Import" || (node.callee.type === "Identifier" && node.callee.name === "require");
  return isLoad && first?.type === "StringLiteral" ? first.value : undefined;
}

/** The names of an expression, as in `Object.assign`. */
function pathOf(node: Expression | Node): string {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression") return "";
  return `${pathOf(node.object)}.${propertyName(node) ?? ""}`;
}

function textOf(name: Identifier | StringLiteral): string {
  return name.type === "StringLiteral" ? name.value : name.name;
}
