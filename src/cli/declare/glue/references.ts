import type { Function as FunctionNode, Identifier, Node } from "@babel/types";
import { type Binding, eachChild, isFunction, keyOf, lookUp, propertyName, type Scopes } from "./scope.ts";

/** Every place of a text where a value is read by name. */
export interface References {
  /** The node that a node is a part of. */
  readonly parentOf: (node: Node) => Node | undefined;
  /** The places that name a variable of the text, without its declaration. */
  readonly of: (binding: Binding) => readonly Identifier[];
  /** The places that name a variable that the text does not declare. */
  readonly free: (name: string) => readonly Identifier[];
  /** The members by a name, and the parts of patterns that take one. */
  readonly members: (name: string) => readonly Node[];
  /** The functions that are given to a property of a name. */
  readonly functions: (name: string) => readonly FunctionNode[];
}

/** Finds the places that read values by name. */
export function findReferences(program: Node, scopes: Scopes): References {
  const parents = new Map<Node, Node>();
  const bound = new Map<Binding, Identifier[]>();
  const free = new Map<string, Identifier[]>();
  const members = new Map<string, Node[]>();
  const functions = new Map<string, FunctionNode[]>();
  const visit = (node: Node, parent: Node | undefined): void => {
    if (parent) parents.set(node, parent);
    if (node.type === "Identifier" && parent && isRead(node, parent)) {
      const binding = lookUp(scopes.around(node), node.name);
      if (binding) add(bound, binding, node);
      else add(free, node.name, node);
    }
    const name = nameOf(node, parent);
    if (name !== undefined) {
      const isMember = node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
      if (isMember || parent?.type === "ObjectPattern") add(members, name, node);
      const value = node.type === "ObjectProperty" ? node.value : node;
      if (isFunction(value)) add(functions, name, value);
      if (isMember && parent?.type === "AssignmentExpression" && parent.left === node && isFunction(parent.right)) {
        add(functions, name, parent.right);
      }
    }
    eachChild(node, (child) => visit(child, node));
  };
  visit(program, undefined);
  return {
    parentOf: (node) => parents.get(node),
    of: (binding) => bound.get(binding) ?? [],
    free: (name) => free.get(name) ?? [],
    members: (name) => members.get(name) ?? [],
    functions: (name) => functions.get(name) ?? [],
  };
}

function add<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}

function nameOf(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === "OptionalMemberExpression" || node.type === "MemberExpression") return propertyName(node);
  return parent?.type === "ObjectPattern" || /^(Object(Property|Method)|Class(Method|Property))$/.test(node.type)
    ? keyOf(node)
    : undefined;
}

/** Whether a name stands for a value, and not for a member, a declaration or a place that is assigned to. */
function isRead(node: Identifier, parent: Node): boolean {
  switch (parent.type) {
    case "MemberExpression":
    case "OptionalMemberExpression":
      return parent.object === node || parent.computed;
    case "ObjectProperty":
      return parent.value === node || parent.computed;
    case "ObjectMethod":
    case "ClassMethod":
      return parent.computed && parent.key === node;
    case "ClassProperty":
    case "ClassAccessorProperty":
      return parent.value === node || parent.computed;
    case "VariableDeclarator":
      return parent.init === node;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ClassPrivateMethod":
      return false;
    case "ArrowFunctionExpression":
      return parent.body === node;
    case "ClassDeclaration":
    case "ClassExpression":
      return parent.superClass === node;
    case "AssignmentExpression":
      return parent.right === node;
    case "AssignmentPattern":
      return parent.right === node;
    case "ExportSpecifier":
      return parent.local === node;
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
    case "CatchClause":
    case "RestElement":
    case "ArrayPattern":
      return false;
    default:
      return true;
  }
}

/**
 * Returns the function that a node stands in, if it stands in one.
 *
 * @param references - The places of the text.
 * @param node - The node.
 */
export function functionAround({ parentOf }: References, node: Node): FunctionNode | undefined {
  let at = parentOf(node);
  while (at && !isFunction(at)) at = parentOf(at);
  return at;
}
