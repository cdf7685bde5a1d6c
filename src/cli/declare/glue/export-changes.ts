import type { Function as FunctionNode, Node } from "@babel/types";
import type { Definitions } from "./definitions.ts";
import { type Call, Flow, isCall } from "./flow.ts";
import { functionAround, type References } from "./references.ts";
import { eachChild, isFunction, keyOf, lookUp, propertyName, type Scopes } from "./scope.ts";
import { changedBy, type Change, isDefiner, isFreezing, isHarmless, writeTo } from "./writes.ts";

/**
 * Finds what a text changes of the object that holds its exports, other than by the definitions of them. Every use of the object
 * has to be of a form that leaves it as it is.
 *
 * @param scopes - The names of the text.
 * @param references - Their uses.
 * @param definitions - The definitions of the exports.
 */
export function findExportChanges(
  scopes: Scopes,
  references: References,
  { exported, objects, definers }: Pick<Definitions, "exported" | "objects" | "definers">,
): readonly Change[] {
  const changes: Change[] = [];
  const add = (name: string | undefined, node: Node): void => void changes.push({ name, node });
  /** The calls that pass the object to functions of the text, and those of the functions that define what they are given. */
  const calls: { readonly call: Node; readonly made: FunctionNode }[] = [];
  const exporters = new Set<Node | undefined>();

  /** Notes the members of an object that cover those of the exports. */
  const cover = (object: Node, at: Node): void => {
    if (flow.has("exports", object)) return;
    const properties = object.type === "ObjectExpression" ? object.properties : [undefined];
    for (const one of properties) add(one && keyOf(one), at);
  };
  const flow: Flow<"exports"> = new Flow<"exports">(scopes, references, {
    lost: (_, at) => add(undefined, at),
    spread(_, object, at) {
      // A copy is another object, which may be exported, too.
      const parent = references.parentOf(object);
      if (parent?.type !== "AssignmentExpression" && parent?.type !== "ExportDefaultDeclaration") return;
      if (object.type !== "ObjectExpression") return;
      for (const one of object.properties.slice(object.properties.indexOf(at as never) + 1)) {
        if (one.type === "SpreadElement") cover(one.argument, one);
        else if (keyOf(one) === undefined) add(undefined, one);
      }
    },
    member(_, name, at) {
      if (at.type === "ObjectProperty") return;
      const write = writeTo(references, at);
      if (!write) {
        if (isDefiner(references, at, name)) add(undefined, at);
      } else if (name === undefined || !(definers.has(write) || isAnnounced(exported, name, write))) add(name, write);
    },
    passed(state, path, call, index) {
      if (isHarmless(path, index)) return;
      if (isFreezing(path)) {
        flow.follow(state, call);
        return;
      }
      if (index > 0 && path === "Object.assign") {
        for (const one of call.arguments.slice(index + 1)) cover(one, call);
        flow.follow(state, call);
        return;
      }
      if (path === "Object.setPrototypeOf") return;
      if (index === 0 && definers.has(call)) return;
      if (index === 0 && isExporting(call)) return void exporters.add(functionAround(references, call));
      const changed = index === 0 ? changedBy(path, call) : undefined;
      for (const name of changed ?? [undefined]) {
        if (name === undefined || !/^(__esModule|\[Symbol\.toStringTag\])$/.test(name)) add(name, call);
      }
    },
    entered: (_, call, index, made) => {
      if (index === 0) calls.push({ call, made });
    },
    held(state, name) {
      if (name !== undefined && name !== "exports") flow.followMembers(state, name);
    },
  });

  for (const one of references.free("exports")) flow.follow("exports", one);
  for (const one of receiversIn(scopes.root.node, references)) flow.follow("exports", one);
  for (const one of references.free("module")) followModule(flow, references, one);
  for (const object of objects) {
    if (object.type === "Identifier") {
      const binding = lookUp(scopes.around(object), object.name);
      if (binding) flow.followBinding("exports", binding);
    } else if (object.type === "MemberExpression" && object.object.type === "Identifier") {
      const binding = lookUp(scopes.around(object.object), object.object.name);
      for (const one of binding ? references.of(binding) : []) followModule(flow, references, one);
    }
  }
  flow.run();
  for (const { call, made } of calls) if (exporters.has(made) && !definers.has(call)) add(undefined, call);
  return changes;
}

/** The places where CommonJS has its exports as `this`: outside of functions, and in one that is called with it. */
function receiversIn(program: Node, references: References): readonly Node[] {
  if (program.type !== "Program" || program.sourceType === "module") return [];
  const found: Node[] = [];
  const visit = (node: Node): void => {
    if (node.type === "ThisExpression") {
      const parent = references.parentOf(node);
      // Helpers of compilers are shared by a member of it: `this && this.helper`.
      if (!(parent?.type === "LogicalExpression" && parent.left === node)) found.push(node);
    }
    if (/^Class(Declaration|Expression)$/.test(node.type)) return;
    if (isFunction(node) && node.type !== "ArrowFunctionExpression" && !isCalledOnThis(node, references)) return;
    eachChild(node, visit);
  };
  visit(program);
  return found;
}

/** `(function () { … }).call(this)` */
function isCalledOnThis(node: Node, { parentOf }: References): boolean {
  const member = parentOf(node);
  const call =
    member?.type === "MemberExpression" && /^(call|apply)$/.test(propertyName(member) ?? "") && parentOf(member);
  return call && isCall(call) ? call.arguments[0]?.type === "ThisExpression" : false;
}

/** Follows `module.exports`, except where it is assigned to. */
function followModule(flow: Flow<"exports">, references: References, module: Node): void {
  const member = references.parentOf(module);
  if (member?.type !== "MemberExpression" || member.object !== module || propertyName(member) !== "exports") return;
  if (!writeTo(references, member)) flow.follow("exports", member);
}

/** `exports.name = void 0` before the definition only says that there will be such a name. */
function isAnnounced(exported: Definitions["exported"], name: string, write: Node): boolean {
  if (write.type !== "AssignmentExpression" || write.operator !== "=") return false;
  let value: Node = write.right;
  while (value.type === "AssignmentExpression") value = value.right;
  if (value.type !== "UnaryExpression" || value.operator !== "void") return false;
  return exported.some((one) => one.name === name && (one.node.start ?? 0) > (write.start ?? 0));
}

/** `Object.defineProperty(exports, name, { get: all[name] })`: the part of a helper that defines each of its exports. */
function isExporting({ arguments: [, name, described] }: Call): boolean {
  if (name?.type !== "Identifier" || described?.type !== "ObjectExpression") return false;
  const getter = described.properties.find((one) => one.type === "ObjectProperty" && propertyName(one) === "get");
  const value = getter?.type === "ObjectProperty" ? getter.value : undefined;
  const read = isFunction(value) ? onlyResult(value) : value;
  const isNamed = (node: Node | undefined): boolean => node?.type === "Identifier" && node.name === name.name;
  if (read?.type !== "MemberExpression") return false;
  if (read.computed) return isNamed(read.property);
  // Object.getOwnPropertyDescriptor(all, name).get
  const { object } = read;
  if (propertyName(read) !== "get" || object.type !== "CallExpression") return false;
  return propertyName(object.callee) === "getOwnPropertyDescriptor" && isNamed(object.arguments[1]);
}

function onlyResult({ body }: FunctionNode): Node | undefined {
  if (body.type !== "BlockStatement") return body;
  const [only] = body.body;
  return only?.type === "ReturnStatement" ? (only.argument ?? undefined) : undefined;
}
