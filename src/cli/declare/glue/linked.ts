import { parse } from "@babel/parser";
import type { File, FunctionDeclaration, Node } from "@babel/types";
import { eachChild, namesOf, propertyName } from "./scope.ts";

/**
 * The functions that compilers import from libraries of their own, by their names there without underscores, each as a function
 * that does the same for generated JavaScript. Those that only make functions asynchronous are not needed.
 */
const bodies: ReadonlyMap<string, string> = new Map([
  [
    "classCallCheck",
    `(object, made) { if (!(object instanceof made)) throw new TypeError("no object of the class"); }`,
  ],
  [
    "createClass",
    `(made, members, own) {
      function define(target, list) {
        for (var at = 0; at < list.length; at++) Object.defineProperty(target, list[at].key, list[at]);
      }
      if (members) define(made.prototype, members);
      if (own) define(made, own);
      return made;
    }`,
  ],
  ["defineProperty", "(object, name, value) { object[name] = value; return object; }"],
  ["instanceof", "(object, made) { return object instanceof made; }"],
  ["typeof", "(value) { return typeof value; }"],
  ["toConsumableArray", "(list) { return [...list]; }"],
  ["spreadArray", "(list, more) { return [...list, ...more]; }"],
  ["read", "(list) { return list; }"],
  ["slicedToArray", "(list) { return list; }"],
  ["importStar", "(module) { return module; }"],
  ["interopRequireWildcard", "(module) { return module; }"],
]);

/** The name of a helper that a member of a compiler's library is; `undefined` for anything else. */
function helperOf(module: string, member: string | undefined): string | undefined {
  const [, own] = /^@babel\/runtime(?:-corejs\d)?\/helpers\/(?:esm\/)?(\w+)(?:\.js)?$/.exec(module) ?? [];
  const [, other] = /^@swc\/helpers\/_\/_(\w+)$/.exec(module) ?? [];
  const name =
    own !== undefined && (member === undefined || member === "default")
      ? own
      : other !== undefined && member === "_"
        ? other.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
        : module === "tslib" && member?.startsWith("__")
          ? member.slice(2)
          : undefined;
  return name !== undefined && bodies.has(name) ? name : undefined;
}

/** The library of a compiler that an expression loads: `require("…")`, or the same inside one call of another helper. */
function loadedBy(node: Node | null | undefined): string | undefined {
  if (node?.type !== "CallExpression") return undefined;
  const [first, ...others] = node.arguments;
  if (node.callee.type === "Identifier" && node.callee.name === "require") {
    return first?.type === "StringLiteral" && others.length === 0 ? first.value : undefined;
  }
  const name = node.callee.type === "Identifier" ? node.callee.name : propertyName(node.callee);
  return first && /interop|import(Star|Default)|toESM/i.test(name ?? "") ? loadedBy(first) : undefined;
}

/**
 * Puts the functions of compilers' libraries in the place of their imports, so that a text which imports them reads as one that
 * has them.
 *
 * @param file - The parsed text, which is changed.
 */
export function linkHelpers(file: File): void {
  const { program } = file;
  const declared = new Map<string, number>();
  const loads = new Map<string, { readonly module: string; readonly node: Node }>();
  const members: { readonly node: Node; readonly of: string; readonly name: string }[] = [];
  const note = (names: readonly string[]): void => {
    for (const name of names) declared.set(name, (declared.get(name) ?? 0) + 1);
  };
  const visit = (node: Node): void => {
    if (node.type === "VariableDeclarator") note(namesOf(node.id));
    if ("params" in node && Array.isArray(node.params)) for (const one of node.params) note(namesOf(one));
    if (/^(Function|Class)/.test(node.type) && "id" in node && node.id?.type === "Identifier") note([node.id.name]);
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier") {
      const module = loadedBy(node.init);
      if (module !== undefined) loads.set(node.id.name, { module, node });
    }
    const name = node.type === "MemberExpression" ? propertyName(node) : undefined;
    if (node.type === "MemberExpression" && node.object.type === "Identifier" && name !== undefined) {
      members.push({ node, of: node.object.name, name });
    }
    eachChild(node, visit);
  };
  visit(program);
  const made = new Map<string, FunctionDeclaration>();
  const link = (local: string, helper: string, at: Node): void => {
    if (!made.has(local)) made.set(local, functionFor(local, helper, at));
  };

  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration") continue;
    const { value: module } = statement.source;
    statement.specifiers = statement.specifiers.filter((one) => {
      const { name: local } = one.local;
      if (one.type === "ImportNamespaceSpecifier") loads.set(local, { module, node: one });
      const name =
        one.type === "ImportDefaultSpecifier"
          ? "default"
          : one.type === "ImportSpecifier"
            ? one.imported.type === "Identifier"
              ? one.imported.name
              : one.imported.value
            : "*";
      const helper = declared.has(local) ? undefined : helperOf(module, name);
      if (helper !== undefined) link(local, helper, one);
      return helper === undefined;
    });
  }
  for (const [local, { module, node }] of loads) {
    if ((declared.get(local) ?? 0) > 1) loads.delete(local);
    else if (node.type === "VariableDeclarator") {
      const helper = node.init === undefined ? undefined : helperOf(module, undefined);
      // Without a member, a library's function is called itself: its `default` is the same.
      if (helper !== undefined) {
        node.init = { ...functionFor(local, helper, node), type: "FunctionExpression", id: null } as never;
      }
    }
  }
  for (const { node, of, name } of members) {
    const loaded = loads.get(of);
    const helper = loaded && helperOf(loaded.module, name);
    const local = `${of}$${name}`;
    if (helper === undefined || declared.has(local)) continue;
    link(local, helper, loaded?.node ?? node);
    const { start, end, loc } = node;
    for (const key of Object.keys(node)) Reflect.deleteProperty(node, key);
    Object.assign(node, { type: "Identifier", name: local, start, end, loc });
  }
  program.body.push(...made.values());
}

/** Makes the declaration of a helper, whose places are the one that it is imported at. */
function functionFor(local: string, helper: string, at: Node): FunctionDeclaration {
  const { program } = parse(`function ${local}${bodies.get(helper) ?? "() {}"}`);
  const { start, end, loc } = at;
  const move = (node: Node): void => {
    Object.assign(node, { start, end, loc });
    eachChild(node, move);
  };
  move(program);
  return program.body[0] as FunctionDeclaration;
}
