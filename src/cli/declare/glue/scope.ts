import type {
  ClassDeclaration,
  Expression,
  Function as FunctionNode,
  FunctionDeclaration,
  Node,
  PatternLike,
} from "@babel/types";

/** A name that is declared in a scope. */
export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  /** Its declaration, for a function, class or import. */
  declaration?: Node;
  /** For an import: the module and the name there; `*` is the whole module. */
  imported?: { readonly module: string; readonly name: string };
  /** For a name in a pattern: the member that it takes, by its names from the outside to the inside, and of what. */
  property?: Taken | undefined;
  /** Everything that is assigned to it. */
  readonly values: Expression[];
  /** Whether it also gets values that no expression states, such as arguments. */
  isOpen: boolean;
  /** The place that gives it another value after its declaration which no expression states: the head of a loop, `++`. */
  rewritten?: Node;
  /** The names of its members that are read. */
  readonly read: Set<string>;
  /** Whether one of its values is decremented inside brackets, as the top of a stack is. */
  isStackTop: boolean;
}

/** The part of a value that a pattern takes. */
export interface Taken {
  readonly of: Expression;
  readonly names: readonly string[];
  /** The value that takes the place of none. */
  readonly otherwise?: Expression;
}

/** A scope: a file, a function or a block. */
export interface Scope {
  readonly node: Node;
  readonly parent: Scope | undefined;
  /** Whether `var` declares its names here. */
  readonly isFunction: boolean;
  readonly bindings: Map<string, Binding>;
}

/** All scopes of a text. */
export interface Scopes {
  /** The scope that a node opens. */
  readonly of: (node: Node) => Scope | undefined;
  /** The scope that a name stands in. */
  readonly around: (name: Node) => Scope | undefined;
  /** The scope that a function or an expression stands in or opens. */
  readonly scopeOf: (node: Node) => Scope | undefined;
  readonly root: Scope;
  /** The declarations of classes. */
  readonly classes: readonly ClassDeclaration[];
  /** Every binding. */
  readonly bindings: readonly Binding[];
}

/** Returns the binding of a name, as seen from a scope. */
export function lookUp(scope: Scope | undefined, name: string): Binding | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.bindings.get(name);
    if (found) return found;
  }
  return undefined;
}

/** Calls back for each child of a node, in the order of the text. */
export function eachChild(node: Node, visit: (child: Node) => void): void {
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === "loc" || key.endsWith("Comments") || key === "extra") continue;
    if (Array.isArray(value)) {
      for (const one of value as unknown[]) if (isNode(one)) visit(one);
    } else if (isNode(value)) visit(value);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Whether a node is a function. */
export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === "FunctionDeclaration" ||
    node?.type === "FunctionExpression" ||
    node?.type === "ArrowFunctionExpression" ||
    node?.type === "ObjectMethod" ||
    node?.type === "ClassMethod" ||
    node?.type === "ClassPrivateMethod"
  );
}

/** Finds the scopes of a text, the names that they declare, and what is assigned to each name. */
export function findScopes(program: Node): Scopes {
  const scopes = new Map<Node, Scope>();
  const all: Binding[] = [];
  const classes: ClassDeclaration[] = [];
  const open = (node: Node, parent: Scope | undefined, isFunctionScope: boolean): Scope => {
    const scope: Scope = { node, parent, isFunction: isFunctionScope, bindings: new Map() };
    scopes.set(node, scope);
    return scope;
  };
  const declare = (scope: Scope, name: string): Binding => {
    const known = scope.bindings.get(name);
    if (known) return known;
    const binding: Binding = {
      name,
      scope,
      values: [],
      isOpen: false,
      read: new Set(),
      isStackTop: false,
    };
    scope.bindings.set(name, binding);
    all.push(binding);
    return binding;
  };

  /** Functions in blocks whose names reach the function around: sloppy mode assigns them there, too. */
  const escaping: { readonly node: FunctionDeclaration; readonly scope: Scope }[] = [];
  const lexical = new Set<Binding>();
  const declareIn = (node: Node, scope: Scope, parent: Node, isStrict: boolean): void => {
    const hoisted = functionScope(scope);
    if (node.type === "VariableDeclaration") {
      for (const { id, init } of node.declarations) {
        for (const name of namesOf(id)) {
          const binding = declare(node.kind === "var" ? hoisted : scope, name);
          if (node.kind !== "var") lexical.add(binding);
          if (id.type !== "Identifier") binding.isOpen = true;
          else if (init) binding.values.push(init);
        }
        if (id.type === "Identifier" || !init) continue;
        for (const [name, taken] of takenBy(id, { of: init, names: [] })) {
          const binding = lookUp(node.kind === "var" ? hoisted : scope, name);
          if (binding) binding.property = binding.property ? undefined : taken;
        }
      }
    } else if ((node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id) {
      const isInBlock = !scope.isFunction || parent.type === "IfStatement";
      if (node.type === "FunctionDeclaration" && isInBlock && !isStrict && !node.async && !node.generator) {
        escaping.push({ node, scope });
      }
      if (parent.type !== "IfStatement") declare(scope, node.id.name).declaration = node;
      if (node.type === "ClassDeclaration") {
        classes.push(node);
        lexical.add(declare(scope, node.id.name));
      }
    } else if (node.type === "ImportDeclaration") {
      for (const one of node.specifiers) {
        const name =
          one.type === "ImportSpecifier"
            ? one.imported.type === "Identifier"
              ? one.imported.name
              : one.imported.value
            : one.type === "ImportDefaultSpecifier"
              ? "default"
              : "*";
        declare(scope, one.local.name).imported = { module: node.source.value, name };
      }
    }
  };

  const bind = (node: Node, scope: Scope, parent: Node, isStrictAround: boolean): void => {
    const isStrict = isStrictAround || isStrictItself(node);
    declareIn(node, scope, parent, isStrict);
    let inner = scope;
    if (isFunction(node)) {
      inner = open(node, scope, true);
      if (node.type === "FunctionExpression" && node.id) declare(inner, node.id.name).declaration = node;
      for (const param of node.params) for (const name of namesOf(param)) declare(inner, name).isOpen = true;
    } else if (node.type === "ClassExpression" && node.id) {
      inner = open(node, scope, false);
      declare(inner, node.id.name).declaration = node;
    } else if (opensBlock(node) && !(isFunction(parent) && node === parent.body)) {
      // The body of a function shares the function's scope: a minifier makes `var` of its `let`.
      inner = open(node, scope, false);
      if (node.type === "CatchClause" && node.param) {
        for (const name of namesOf(node.param)) declare(inner, name).isOpen = true;
      }
    }
    eachChild(node, (child) => bind(child, inner, node, isStrict));
  };

  const names = new Map<Node, Scope>();
  const places = new WeakMap<Node, Scope>();
  const use = (node: Node, scope: Scope, isIndex: boolean, isTarget: boolean): void => {
    const inner = scopes.get(node) ?? scope;
    if (node.type === "Identifier") names.set(node, scope);
    else places.set(node, scope);
    for (const { target, value } of writesIn(node)) {
      for (const name of namesOf(target)) {
        const binding = lookUp(inner, name);
        if (!binding) continue;
        if (value) binding.values.push(value);
        else if (node.type === "UpdateExpression") binding.rewritten = node;
        else {
          binding.isOpen = true;
          if (target.type !== "Identifier") binding.property = undefined;
          if (node.type !== "AssignmentExpression") binding.rewritten = node;
        }
      }
    }
    if (node.type === "MemberExpression" && node.object.type === "Identifier" && !isTarget) {
      const name = propertyName(node);
      if (name !== undefined) lookUp(scope, node.object.name)?.read.add(name);
    } else if (node.type === "UpdateExpression" && node.argument.type === "Identifier") {
      const binding = lookUp(scope, node.argument.name);
      if (binding && isIndex && node.operator === "--" && node.prefix) binding.isStackTop = true;
    }
    eachChild(node, (child) =>
      use(
        child,
        inner,
        node.type === "MemberExpression" && node.computed && child === node.property,
        node.type === "AssignmentExpression" && child === node.left,
      ),
    );
  };

  const root = open(program, undefined, true);
  const isStrictProgram = isStrictItself(program);
  eachChild(program, (child) => bind(child, root, program, isStrictProgram));
  for (const { node, scope } of escaping) {
    const name = node.id?.name;
    const hoisted = functionScope(scope);
    if (name === undefined || isHidden(name, scope, hoisted)) continue;
    const binding = declare(hoisted, name);
    if (lexical.has(binding)) continue;
    binding.isOpen = true;
    binding.rewritten = node;
  }
  eachChild(program, (child) => use(child, root, false, false));
  return {
    of: (node) => scopes.get(node),
    around: (name) => names.get(name),
    scopeOf: (node) => places.get(node) ?? names.get(node),
    root,
    classes,
    bindings: all,
  };
}

/**
 * Returns the names and patterns that a node writes to, each with its value if an expression states it. Declarations are no writes.
 *
 * @param node - The node.
 */
export function writesIn(node: Node): readonly { readonly target: Node; readonly value?: Expression }[] {
  switch (node.type) {
    case "AssignmentExpression": {
      const isStated = node.left.type === "Identifier" && /^(\|\||&&|\?\?)?=$/.test(node.operator);
      return [isStated ? { target: node.left, value: node.right } : { target: node.left }];
    }
    case "UpdateExpression":
      return [{ target: node.argument }];
    case "ForInStatement":
    case "ForOfStatement": {
      const { left } = node;
      if (left.type !== "VariableDeclaration") return [{ target: left }];
      return left.kind === "var" ? left.declarations.map(({ id }) => ({ target: id })) : [];
    }
    default:
      return [];
  }
}

/** Whether code is in strict mode by itself: a module, a class, or a function that says so. */
function isStrictItself(node: Node): boolean {
  if (/^Class(Declaration|Expression)$/.test(node.type)) return true;
  if (node.type !== "Program" && !isFunction(node)) return false;
  const body = node.type === "Program" ? node : node.body;
  if (body.type !== "Program" && body.type !== "BlockStatement") return false;
  return (
    body.directives.some(({ value }) => value.value === "use strict") ||
    (body.type === "Program" && body.body.some(({ type }) => /^(Import|Export)/.test(type)))
  );
}

/** Whether a block between two scopes has a name of its own, which keeps a function inside from the outer scope. */
function isHidden(name: string, from: Scope, to: Scope): boolean {
  if (from === to) return false;
  for (let at = from.parent; at && at !== to; at = at.parent) if (at.bindings.has(name)) return true;
  return false;
}

function opensBlock(node: Node): boolean {
  return /^(BlockStatement|For(In|Of)?Statement|CatchClause|SwitchStatement)$/.test(node.type);
}

function functionScope(scope: Scope): Scope {
  let at = scope;
  while (!at.isFunction && at.parent) at = at.parent;
  return at;
}

/** The names that a pattern declares. */
export function namesOf(pattern: Node | PatternLike): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "AssignmentPattern":
      return namesOf(pattern.left);
    case "RestElement":
      return namesOf(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.flatMap((one) => (one ? namesOf(one) : []));
    case "ObjectPattern":
      return pattern.properties.flatMap((one) => namesOf(one.type === "RestElement" ? one.argument : one.value));
    default:
      return [];
  }
}

/** The parts that the names of a pattern take, as far as the text states them. */
function takenBy(pattern: Node, from: Taken): readonly (readonly [name: string, taken: Taken])[] {
  if (pattern.type === "Identifier") return [[pattern.name, from]];
  // Of a default value, nothing is taken further.
  if (from.otherwise) return [];
  const inside = (name: string): Taken => ({ of: from.of, names: [...from.names, name] });
  switch (pattern.type) {
    case "AssignmentPattern":
      return takenBy(pattern.left, { ...from, otherwise: pattern.right });
    case "ArrayPattern":
      return pattern.elements.flatMap((one, at) => (one ? takenBy(one, inside(String(at))) : []));
    case "ObjectPattern":
      return pattern.properties.flatMap((one) => {
        const name = one.type === "ObjectProperty" ? keyOf(one) : undefined;
        return one.type === "ObjectProperty" && name !== undefined ? takenBy(one.value, inside(name)) : [];
      });
    default:
      return [];
  }
}

/** The name of a member, if the text states it. */
export function propertyName(node: Node): string | undefined {
  if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
    return keyName(node.property, node.computed);
  }
  if (
    node.type === "ObjectProperty" ||
    node.type === "ObjectMethod" ||
    node.type === "ClassMethod" ||
    node.type === "ClassProperty"
  ) {
    return keyName(node.key, node.computed);
  }
  return undefined;
}

/** The name of a property of an object. */
export function keyOf(node: Node): string | undefined {
  return "key" in node && "computed" in node ? keyName(node.key, node.computed ?? false) : undefined;
}

function keyName(key: Node, isComputed: boolean): string | undefined {
  if (key.type === "StringLiteral") return key.value;
  if (key.type === "NumericLiteral") return String(key.value);
  if (key.type === "TemplateLiteral" && key.expressions.length === 0) return key.quasis[0]?.value.cooked ?? undefined;
  return !isComputed && key.type === "Identifier" ? key.name : undefined;
}

/** The name of a member by a symbol, in brackets: `[Symbol.iterator]`. For Node, generated JavaScript has `[inspect.custom]`. */
export function symbolIn(key: Node): string | undefined {
  if (key.type !== "MemberExpression" || key.object.type !== "Identifier") return undefined;
  const name = propertyName(key);
  const { name: of } = key.object;
  return name !== undefined && (of === "Symbol" || (of === "inspect" && name === "custom"))
    ? `[${of}.${name}]`
    : undefined;
}
