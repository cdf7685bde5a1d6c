import type { CallExpression, Function as FunctionNode, Identifier, Node, ObjectExpression } from "@babel/types";
import { once } from "../../../base/once.ts";
import type { Namespace } from "./evaluation.ts";
import { type Binding, eachChild, isFunction, keyOf, lookUp, propertyName, type Scope, type Scopes } from "./scope.ts";

/** Something that has a name for the outside. */
export interface Definition {
  readonly name: string;
  /** The expression or declaration of its value. */
  readonly node: Node;
  /** The variable of the object that has the name, if it is one of the file's. */
  readonly object?: Binding | undefined;
  /** Whether only another part of the same bundle can see the name, which has names of its own for the outside. */
  readonly isInner?: boolean;
}

/** The names that a file gives to others, and the names of properties that may be imports of the module. */
export interface Definitions {
  readonly exported: readonly Definition[];
  /** The same by the variables that hold their objects, with those of objects inside a bundle. */
  readonly namespaces: ReadonlyMap<Binding, Namespace>;
  /** The expressions that a module of ECMAScript exports by default. */
  readonly defaults: readonly Node[];
  /** The expressions that name the object with the exports, where one is defined. */
  readonly objects: readonly Node[];
  /** The assignments and calls that define them. */
  readonly definers: ReadonlySet<Node>;
  /** Each value of a property, and each exported function, by name. */
  readonly named: ReadonlyMap<string, readonly Node[]>;
}

/**
 * Finds what a file defines by name: exports of an ES module, properties of `exports`, of an object that takes their place,
 * and of other objects.
 */
export function findDefinitions(program: Node, scopes: Scopes, inside: Scope | undefined): Definitions {
  const exported: Definition[] = [];
  const defaults: Node[] = [];
  const objects: Node[] = [];
  const definers = new Set<Node>();
  const named = new Map<string, Node[]>();
  const name = (key: string, node: Node): void => {
    const known = named.get(key);
    if (known) known.push(node);
    else named.set(key, [node]);
  };
  const isExports = (object: Node): boolean => {
    if (object.type === "MemberExpression") {
      // In a bundle, `module` is a parameter that may have another name.
      return object.object.type === "Identifier" && propertyName(object) === "exports";
    }
    if (object.type !== "Identifier") return false;
    const binding = lookUp(scopes.around(object), object.name);
    if (!binding) return object.name === "exports";
    // Without modules, an empty object takes the exports.
    if (isOuterParameter(binding, inside)) return true;
    const [value] = binding.values;
    const isEmpty =
      (value?.type === "ObjectExpression" && value.properties.length === 0) ||
      (value?.type === "CallExpression" && value.arguments[0]?.type === "NullLiteral");
    return binding.scope === inside && binding.values.length === 1 && isEmpty;
  };
  const add = (key: string, node: Node, object?: Node): void => {
    const holder = object?.type === "MemberExpression" ? object.object : object;
    const of = holder?.type === "Identifier" ? lookUp(scopes.around(holder), holder.name) : undefined;
    exported.push({ name: key, node, object: of });
    name(key, node);
  };
  // Few files have calls that may define exports, and the whole file tells which do.
  const exportedObjects = once(() => namespaces(program, scopes, isExports));
  /** Whether the names of an object are the file's, and not only those of one of several files in a bundle. */
  const isOuter = (object: Binding): boolean =>
    object.values.length === 0 ? !isInTable(object.scope.node) : exportedObjects().has(object);
  /** The exports that a call defines: `Object.defineProperty(exports, …)`, or a bundler's `__export(exports, { … })`. */
  const definedBy = ({ callee, arguments: args }: CallExpression): readonly Definition[] => {
    const [object, second, third, ...more] = args;
    const described = third ?? second;
    if (!object || described?.type !== "ObjectExpression" || more.length > 0) return [];
    const isOfExports = (): boolean => isExports(object) || isNamed(scopes, object, exportedObjects());
    if (described === second) return isOfExports() ? described.properties.flatMap(definitionBy) : [];
    const isDescriptor = callee.type === "MemberExpression" && propertyName(callee) === "defineProperty";
    if (!isDescriptor || second?.type !== "StringLiteral" || !isOfExports()) return [];
    const value = described.properties.flatMap(definitionBy).find((one) => /^(get|value)$/.test(one.name));
    return value ? [{ name: second.value, node: value.node }] : [];
  };

  const inTables = new Set<Node>();
  const isInTable = (made: Node): boolean => inTables.has(made);
  const visit = (node: Node, depth: number): void => {
    // A bundle has its modules in an object or a list.
    if (node.type === "ObjectMethod") inTables.add(node);
    if (node.type === "ObjectProperty") inTables.add(node.value);
    if (node.type === "ArrayExpression") for (const one of node.elements) if (one) inTables.add(one);
    // `0 && (module.exports = { … })` tells Node the names that a bundle exports, and never runs.
    if (node.type === "LogicalExpression" && node.operator === "&&" && node.left.type === "NumericLiteral") {
      if (node.left.value === 0) return;
    }
    switch (node.type) {
      case "ExportNamedDeclaration":
        if (node.declaration?.type === "VariableDeclaration") {
          for (const { id, init } of node.declaration.declarations) {
            if (id.type === "Identifier" && init) add(id.name, init);
            else if (id.type !== "Identifier") for (const local of boundNames(id)) add(local.name, local);
          }
        } else if (node.declaration && "id" in node.declaration && node.declaration.id?.type === "Identifier") {
          add(node.declaration.id.name, node.declaration);
        }
        if (!node.source) {
          for (const one of node.specifiers) {
            if (one.type !== "ExportSpecifier") continue;
            add(one.exported.type === "Identifier" ? one.exported.name : one.exported.value, one.local);
          }
        }
        break;
      case "ExportDefaultDeclaration":
        defaults.push(node.declaration);
        break;
      case "AssignmentExpression":
        // `exports.a = exports.b = void 0` only says that there will be such names.
        if (node.operator === "=" && node.left.type === "MemberExpression" && !isEmpty(node.right)) {
          const key = propertyName(node.left);
          // A bundler's `module` has the exports, and is none.
          if (key !== undefined && key !== "exports" && isExports(node.left.object)) {
            add(key, node.right, node.left.object);
            objects.push(node.left.object);
            definers.add(node);
          } else if (key !== undefined) name(key, node.right);
          if (key === "exports" && isExports(node.left) && node.right.type === "ObjectExpression") {
            for (const one of node.right.properties) {
              const inner = one.type === "SpreadElement" ? undefined : keyOf(one);
              if (inner === undefined || one.type === "SpreadElement") continue;
              add(inner, one.type === "ObjectProperty" ? one.value : one, node.left);
            }
          }
        }
        break;
      case "CallExpression":
        for (const one of definedBy(node)) {
          add(one.name, one.node, node.arguments[0]);
          if (node.arguments[0]) objects.push(node.arguments[0]);
          definers.add(node);
        }
        break;
      case "ObjectProperty": {
        const key = keyOf(node);
        if (key !== undefined) name(key, node.value);
        break;
      }
      case "ObjectMethod": {
        const key = keyOf(node);
        if (key !== undefined) name(key, node);
        break;
      }
      default:
    }
    eachChild(node, (child) => visit(child, depth + 1));
  };
  visit(program, 0);
  return {
    exported: withoutInner(exported, isOuter),
    namespaces: namespacesIn(exported),
    defaults,
    objects,
    definers,
    named,
  };
}

/** Leaves out the names of objects inside a bundle that the bundle itself gives to something. */
function withoutInner(exported: readonly Definition[], isOuter: (object: Binding) => boolean): readonly Definition[] {
  const isInner = ({ object }: Definition): boolean => object !== undefined && !isOuter(object);
  const outer = exported.filter((one) => !isInner(one));
  if (outer.length === 0 || outer.length === exported.length) return exported;
  const names = new Set(outer.map(({ name }) => name));
  const inner = exported.filter((one) => isInner(one) && !names.has(one.name));
  return [...outer, ...inner.map((one) => ({ ...one, isInner: true }))];
}

/** Groups definitions by the variables that hold their objects. */
function namespacesIn(exported: readonly Definition[]): ReadonlyMap<Binding, Namespace> {
  const found = new Map<Binding, Map<string, Node[]>>();
  for (const { name, node, object } of exported) {
    if (!object) continue;
    let members = found.get(object);
    if (!members) found.set(object, (members = new Map<string, Node[]>()));
    const known = members.get(name);
    if (known) known.push(node);
    else members.set(name, [node]);
  }
  return found;
}

/** Whether a variable is a parameter of a function around the generated JavaScript, which a bundler gives the exports. */
function isOuterParameter({ name, scope, values }: Binding, inside: Scope | undefined): boolean {
  const { node } = scope;
  if (!isFunction(node) || values.length > 0) return false;
  for (let at = inside; at; at = at.parent) {
    if (at === scope) return node.params.some((one) => one.type === "Identifier" && one.name === name);
  }
  return false;
}

function isEmpty(node: Node): boolean {
  return node.type === "AssignmentExpression" || (node.type === "UnaryExpression" && node.operator === "void");
}

/** The names that a pattern binds. */
function boundNames(pattern: Node): readonly Identifier[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((one) => boundNames(one.type === "RestElement" ? one.argument : one.value));
    case "ArrayPattern":
      return pattern.elements.flatMap((one) => (one ? boundNames(one) : []));
    case "AssignmentPattern":
      return boundNames(pattern.left);
    default:
      return [];
  }
}

/**
 * Finds the objects whose properties a bundle exports: `module.exports = __toCommonJS(object)` or `= object`, or what the function around
 * the bundle returns in this form.
 */
function namespaces(program: Node, scopes: Scopes, isExports: (object: Node) => boolean): ReadonlySet<Binding> {
  const found = new Set<Binding>();
  const note = (node: Node | null | undefined): void => {
    const [object] = node?.type === "CallExpression" && node.arguments.length === 1 ? node.arguments : [node];
    const binding = object?.type === "Identifier" ? lookUp(scopes.around(object), object.name) : undefined;
    const [value] = binding?.values.length === 1 ? binding.values : [];
    if (binding && value?.type === "ObjectExpression" && value.properties.length === 0) found.add(binding);
  };
  const visit = (node: Node): void => {
    if (node.type === "AssignmentExpression" && isExports(node.left)) note(node.right);
    if (node.type === "ReturnStatement") note(node.argument);
    eachChild(node, visit);
  };
  visit(program);
  return found;
}

/** Whether an expression is the name of one of some variables. */
function isNamed(scopes: Scopes, object: Node, variables: ReadonlySet<Binding>): boolean {
  const binding = object.type === "Identifier" ? lookUp(scopes.around(object), object.name) : undefined;
  return binding !== undefined && variables.has(binding);
}

/** The name that a property gives to a value, or to what its function returns. */
function definitionBy(property: ObjectExpression["properties"][number]): readonly Definition[] {
  if (property.type === "SpreadElement") return [];
  const name = keyOf(property);
  const node = property.type === "ObjectProperty" ? returned(property.value) : resultOf(property);
  return name !== undefined && node ? [{ name, node }] : [];
}

/**
 * Returns the expression that a function without parameters returns, or the expression itself.
 *
 * @param node - The expression.
 */
export function returned(node: Node): Node | undefined {
  if (node.type === "ObjectMethod" && node.kind === "get") return resultOf(node);
  return node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression" ? resultOf(node) : node;
}

/** The expression that a function returns, if it does nothing else. */
function resultOf({ body }: FunctionNode): Node | undefined {
  if (body.type !== "BlockStatement") return body;
  const [only] = body.body;
  return only?.type === "ReturnStatement" ? (only.argument ?? undefined) : undefined;
}
