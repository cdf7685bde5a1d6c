import type { Node } from "@babel/types";
import { eachChild, keyOf, lookUp, propertyName, type Scope, type Scopes } from "./scope.ts";

/** Something that has a name for the outside. */
export interface Definition {
  readonly name: string;
  /** The expression or declaration of its value. */
  readonly node: Node;
}

/** The names that a file gives to others, and the names of properties that may be imports of the module. */
export interface Definitions {
  readonly exported: readonly Definition[];
  /** Each value of a property, and each exported function, by name. */
  readonly named: ReadonlyMap<string, readonly Node[]>;
}

/**
 * Finds what a file defines by name: exports of an ES module, properties of `exports`, of an object that takes their place,
 * and of other objects.
 */
export function findDefinitions(program: Node, scopes: Scopes, inside: Scope | undefined): Definitions {
  const exported: Definition[] = [];
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
    const [value] = binding.values;
    const isEmpty =
      (value?.type === "ObjectExpression" && value.properties.length === 0) ||
      (value?.type === "CallExpression" && value.arguments[0]?.type === "NullLiteral");
    return binding.scope === inside && binding.values.length === 1 && isEmpty;
  };
  const add = (key: string, node: Node): void => {
    exported.push({ name: key, node });
    name(key, node);
  };

  const visit = (node: Node, depth: number): void => {
    switch (node.type) {
      case "ExportNamedDeclaration":
        if (node.declaration?.type === "VariableDeclaration") {
          for (const { id, init } of node.declaration.declarations) {
            if (id.type === "Identifier" && init) add(id.name, init);
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
      case "AssignmentExpression":
        // `exports.a = exports.b = void 0` only says that there will be such names.
        if (node.operator === "=" && node.left.type === "MemberExpression" && !isEmpty(node.right)) {
          const key = propertyName(node.left);
          if (key !== undefined && isExports(node.left.object)) add(key, node.right);
          else if (key !== undefined) name(key, node.right);
          if (key === "exports" && isExports(node.left) && node.right.type === "ObjectExpression") {
            for (const one of node.right.properties) {
              const inner = one.type === "SpreadElement" ? undefined : keyOf(one);
              if (inner === undefined || one.type === "SpreadElement") continue;
              add(inner, one.type === "ObjectProperty" ? one.value : one);
            }
          }
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
  return { exported, named };
}

function isEmpty(node: Node): boolean {
  return node.type === "AssignmentExpression" || (node.type === "UnaryExpression" && node.operator === "void");
}
