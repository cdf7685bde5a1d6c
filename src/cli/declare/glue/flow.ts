import type { CallExpression, Function as FunctionNode, NewExpression, Node } from "@babel/types";
import { functionAround, type References } from "./references.ts";
import { type Binding, isFunction, keyOf, lookUp, propertyName, type Scopes, symbolIn } from "./scope.ts";

/** A call; its callee is a node, too. */
export type Call = CallExpression | NewExpression;

/** The value that an expression may have, in the words of whoever follows it. */
export interface Followed<State> {
  /** The expression. */
  readonly node: Node;
  readonly state: State;
}

/** A function of the text, of whose arguments some come first; or one of a global path as `Object.create`. */
type Target = { readonly made: FunctionNode; readonly skip: number } | { readonly path: string };

/** The meaning of the places that a value reaches. Each place is left alone, or followed, or found to be lost. */
export interface Followers<State> {
  /** A member of the value, by its name or symbol if the text states it. `at` is the member or the part of a pattern. */
  member(state: State, name: string | undefined, at: Node): void;
  /** An argument of a function that is none of the text's: of a global path as `Object.create`, or an unknown one. */
  passed(state: State, path: string | undefined, call: Call, index: number): void;
  /** Whether an argument needs not be followed into the function that is called. */
  intercepted?(state: State, call: Call, index: number): boolean;
  /** An argument of a function of the text, into which the value is followed. */
  entered?(state: State, call: Call, index: number, made: FunctionNode): void;
  /** The value is spread into an object. */
  spread(state: State, object: Node, at: Node): void;
  /** The value becomes a property of an object. */
  held(state: State, name: string | undefined, property: Node, object: Node): void;
  /** The value is called. */
  called?(state: State, call: Call): void;
  /** The value is exported by a name. */
  exported?(state: State, name: string, at: Node): void;
  /** The value goes where it cannot be followed. */
  lost(state: State, at: Node): void;
}

/** More places than any value of generated JavaScript reaches. */
const mostPlaces = 200_000;

/** How many names lead from one to the next, at most. */
const mostAliases = 8;

/**
 * Follows values through a text: from names to names, into functions and out of them, and through properties, of which
 * those of one name are taken for one.
 */
export class Flow<State extends string> {
  readonly #seen = new Map<State, Set<Node>>();
  readonly #open: Followed<State>[] = [];
  readonly scopes: Scopes;
  readonly references: References;
  readonly #followers: Followers<State>;

  constructor(scopes: Scopes, references: References, followers: Followers<State>) {
    this.scopes = scopes;
    this.references = references;
    this.#followers = followers;
  }

  /** Follows an expression. */
  follow(state: State, node: Node): void {
    let seen = this.#seen.get(state);
    if (!seen) this.#seen.set(state, (seen = new Set()));
    if (seen.size === seen.add(node).size) return;
    if (seen.size > mostPlaces) return this.#followers.lost(state, node);
    this.#open.push({ state, node });
  }

  /** Whether an expression is followed. */
  has(state: State, node: Node): boolean {
    return this.#seen.get(state)?.has(node) === true;
  }

  /** Follows all uses of a variable. */
  followBinding(state: State, binding: Binding): void {
    for (const one of this.references.of(binding)) this.follow(state, one);
  }

  /** Follows all members of a name. */
  followMembers(state: State, name: string): void {
    for (const one of this.references.members(name)) {
      if (one.type === "ObjectProperty") this.#bind(state, one.value, one);
      else if (!this.#isTarget(one)) this.follow(state, one);
    }
  }

  /** Takes the steps that are left. */
  run(): void {
    for (let next = this.#open.pop(); next; next = this.#open.pop()) this.#step(next);
  }

  #isTarget(node: Node): boolean {
    const parent = this.references.parentOf(node);
    return parent?.type === "AssignmentExpression" && parent.left === node;
  }

  #step({ state, node }: Followed<State>): void {
    const parent = this.references.parentOf(node);
    if (!parent) return;
    const followers = this.#followers;
    switch (parent.type) {
      case "SequenceExpression":
        if (parent.expressions.at(-1) === node) this.follow(state, parent);
        return;
      case "ConditionalExpression":
        if (parent.test !== node) this.follow(state, parent);
        return;
      case "LogicalExpression":
      case "AwaitExpression":
        return this.follow(state, parent);
      case "VariableDeclarator":
        return this.#bind(state, parent.id, parent);
      case "AssignmentPattern":
        return this.#bind(state, parent.left, parent);
      case "AssignmentExpression": {
        if (parent.left === node) return;
        const { left } = parent;
        if (!/^(\|\||&&|\?\?)?=$/.test(parent.operator)) return;
        if (left.type === "MemberExpression" || left.type === "OptionalMemberExpression") {
          followers.held(state, propertyName(left), left, left.object);
        } else this.#bind(state, left, parent);
        return this.follow(state, parent);
      }
      case "ObjectProperty": {
        if (parent.value !== node) return;
        const object = this.references.parentOf(parent);
        if (object?.type === "ObjectExpression") followers.held(state, keyOf(parent), parent, object);
        return;
      }
      case "SpreadElement": {
        const object = this.references.parentOf(parent);
        return object?.type === "ObjectExpression"
          ? followers.spread(state, object, parent)
          : followers.lost(state, parent);
      }
      case "ReturnStatement": {
        const around = functionAround(this.references, parent);
        return around ? this.#result(state, around) : undefined;
      }
      case "ArrowFunctionExpression":
        return parent.body === node ? this.#result(state, parent) : undefined;
      case "CallExpression":
      case "OptionalCallExpression":
      case "NewExpression":
        if (parent.callee === node) return followers.called?.(state, parent as Call);
        return this.#pass(
          state,
          parent as Call,
          parent.callee,
          parent.arguments,
          parent.arguments.indexOf(node as never),
        );
      case "MemberExpression":
      case "OptionalMemberExpression":
        if (parent.object !== node) return;
        return followers.member(state, propertyName(parent) ?? symbolIn(parent.property), parent);
      case "ExportSpecifier": {
        const { exported } = parent;
        return followers.exported?.(state, exported.type === "Identifier" ? exported.name : exported.value, parent);
      }
      case "ExportDefaultDeclaration":
        return followers.exported?.(state, "default", parent);
      case "ArrayExpression": {
        const call = this.references.parentOf(parent);
        const isList = call?.type === "CallExpression" && call.arguments[1] === parent;
        const called = isList && call.callee.type === "MemberExpression" ? call.callee : undefined;
        if (!isList || !called || propertyName(called) !== "apply") return followers.lost(state, parent);
        return this.#pass(state, call, called.object, parent.elements, parent.elements.indexOf(node as never));
      }
      case "ThrowStatement":
      case "YieldExpression":
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "TaggedTemplateExpression":
      case "Decorator":
        return followers.lost(state, parent);
      case "ForOfStatement":
        return parent.right === node ? followers.lost(state, parent.right) : undefined;
      default:
    }
  }

  /** Follows a value into the names of a pattern. */
  #bind(state: State, pattern: Node, at: Node): void {
    switch (pattern.type) {
      case "Identifier": {
        const binding = lookUp(this.scopes.around(pattern), pattern.name);
        if (binding) this.followBinding(state, binding);
        return;
      }
      case "AssignmentPattern":
        return this.#bind(state, pattern.left, at);
      case "ObjectPattern":
        for (const one of pattern.properties) {
          if (one.type === "RestElement") this.#followers.lost(state, at);
          else this.#followers.member(state, keyOf(one), one);
        }
        return;
      case "MemberExpression":
        return this.#followers.held(state, propertyName(pattern), pattern, pattern.object);
      default:
        this.#followers.lost(state, at);
    }
  }

  /** Follows a value into the pattern of a property that takes it: `{ name: pattern }`. */
  bindProperty(state: State, property: Node): void {
    if (property.type === "ObjectProperty") this.#bind(state, property.value, property);
  }

  /** Follows what a function returns. */
  #result(state: State, made: FunctionNode): void {
    const parent = this.references.parentOf(made);
    if (!parent) return;
    if (made.type === "ObjectMethod" || made.type === "ClassMethod") {
      const name = keyOf(made);
      if (name === undefined) this.#followers.lost(state, made);
      else this.#followResults(state, name);
      if (made.type === "ObjectMethod" && made.kind === "get") this.#followers.held(state, name, made, parent);
      return;
    }
    if (isCall(parent) && parent.callee === made) return this.follow(state, parent);
    if (
      parent.type === "MemberExpression" &&
      parent.object === made &&
      /^(call|apply)$/.test(propertyName(parent) ?? "")
    ) {
      const call = this.references.parentOf(parent);
      return call && isCall(call) ? this.follow(state, call) : undefined;
    }
    if (parent.type === "ObjectProperty") {
      const name = keyOf(parent);
      const object = this.references.parentOf(parent);
      if (name !== undefined) this.#followResults(state, name);
      // A bundle's exports are functions that return them.
      if (object && made.params.length === 0) this.#followers.held(state, name, parent, object);
      return;
    }
    if (parent.type === "AssignmentExpression" && parent.left.type === "MemberExpression") {
      const name = propertyName(parent.left);
      if (name !== undefined) this.#followResults(state, name);
      return;
    }
    const target =
      made.type === "FunctionDeclaration"
        ? made.id
        : parent.type === "VariableDeclarator"
          ? parent.id
          : parent.type === "AssignmentExpression"
            ? parent.left
            : undefined;
    const own = target?.type === "Identifier" ? lookUp(this.scopes.scopeOf(made), target.name) : undefined;
    for (const one of own ? this.references.of(own) : []) this.#followCall(state, one);
  }

  #followResults(state: State, name: string): void {
    for (const one of this.references.members(name)) this.#followCall(state, one);
  }

  #followCall(state: State, callee: Node): void {
    const call = this.references.parentOf(callee);
    if (call && isCall(call) && call.callee === callee) this.follow(state, call);
  }

  /** Follows an argument into the functions that are called. */
  #pass(state: State, call: Call, callee: Node, args: readonly (Node | null)[], index: number): void {
    if (this.#followers.intercepted?.(state, call, index) === true) return;
    const isSpread = args.slice(0, index).some((one) => one?.type === "SpreadElement");
    const called = isSpread ? undefined : this.resolve(callee);
    if (!called) return this.#followers.passed(state, undefined, call, index);
    for (const one of called) {
      // The arguments in a list have other places.
      if ("path" in one) this.#followers.passed(state, args === call.arguments ? one.path : undefined, call, index);
      else {
        const { made, skip } = one;
        this.#followers.entered?.(state, call, index - skip, made);
        const param = made.params[index - skip];
        if (param && param.type !== "RestElement") this.#bind(state, param, call);
        else if (index >= skip && (made.params.at(-1)?.type === "RestElement" || this.#usesArguments(made))) {
          this.#followers.passed(state, undefined, call, index);
        }
      }
    }
  }

  #usesArguments(made: FunctionNode): boolean {
    return this.references.free("arguments").some((one) => functionAround(this.references, one) === made);
  }

  /** The functions that an expression may be, if all are known. */
  resolve(callee: Node, depth = 0): readonly Target[] | undefined {
    if (depth > mostAliases) return undefined;
    const inner = (node: Node | null | undefined): readonly Target[] | undefined =>
      node ? this.resolve(node, depth + 1) : undefined;
    if (isFunction(callee)) return [{ made: callee, skip: 0 }];
    switch (callee.type) {
      case "SequenceExpression":
        return inner(callee.expressions.at(-1));
      case "LogicalExpression":
        // `this && this.helper || helper`: a helper of a compiler, which another file may bring along.
        if (callee.operator === "&&" || isOfThis(callee.left)) return inner(callee.right);
        return all([inner(callee.left), inner(callee.right)]);
      case "CallExpression":
        return isFunction(callee.callee) ? inner(lastResult(callee.callee)) : undefined;
      case "MemberExpression": {
        const name = propertyName(callee);
        if (name === undefined) return undefined;
        const of = callee.object.type === "Super" ? undefined : inner(callee.object);
        if (of?.every((one) => "path" in one)) {
          return of.map(({ path }) => ({
            path: /^(globalThis|self|window|global)$/.test(path) ? name : `${path}.${name}`,
          }));
        }
        if (name === "call" && of) {
          return of.map((one) => ("path" in one ? one : { made: one.made, skip: one.skip + 1 }));
        }
        if (name === "apply" || name === "bind") return undefined;
        const found = this.references.functions(name);
        return found.length > 0 ? found.map((made) => ({ made, skip: 0 })) : undefined;
      }
      case "Identifier": {
        const binding = lookUp(this.scopes.around(callee), callee.name);
        return binding ? this.#resolveBinding(binding, depth) : [{ path: callee.name }];
      }
      default:
        return undefined;
    }
  }

  #resolveBinding(binding: Binding, depth: number): readonly Target[] | undefined {
    const { declaration, values, property, isOpen } = binding;
    if (property) {
      const of = property.otherwise ? undefined : this.resolve(property.of, depth + 1);
      return of?.every((one) => "path" in one)
        ? of.map(({ path }) => ({ path: [path, ...property.names].join(".") }))
        : undefined;
    }
    const given = isOpen ? this.#argumentFor(binding) : undefined;
    if (isOpen && !given) return undefined;
    const nodes = [...(declaration ? [declaration] : []), ...(given ? [given] : []), ...values];
    return nodes.length === 0 ? undefined : all(nodes.map((one) => this.resolve(one, depth + 1)));
  }

  /** The argument of a function that is called where it stands, for one of its parameters. */
  #argumentFor({ name, scope }: Binding): Node | undefined {
    const { node } = scope;
    const call = isFunction(node) ? this.references.parentOf(node) : undefined;
    if (!isFunction(node) || !call || !isCall(call) || call.callee !== node) return undefined;
    const at = node.params.findIndex((one) => one.type === "Identifier" && one.name === name);
    return at < 0 || call.arguments.slice(0, at).some(({ type }) => type === "SpreadElement")
      ? undefined
      : call.arguments[at];
  }
}

/** All lists in one, if there are all of them. */
function all(lists: readonly (readonly Target[] | undefined)[]): readonly Target[] | undefined {
  return lists.every((one) => one !== undefined) ? lists.flat() : undefined;
}

/** `this && this.name` */
function isOfThis(node: Node): boolean {
  return node.type === "LogicalExpression" && node.operator === "&&" && node.left.type === "ThisExpression";
}

/** The expression that a function returns at its end. */
function lastResult({ body }: FunctionNode): Node | null | undefined {
  const last = body.type === "BlockStatement" ? body.body.at(-1) : undefined;
  return last?.type === "ReturnStatement" ? last.argument : undefined;
}

/** Whether a node calls something. */
export function isCall(node: Node): node is Call {
  return (
    node.type === "CallExpression" ||
    node.type === "NewExpression" ||
    (node.type as string) === "OptionalCallExpression"
  );
}
