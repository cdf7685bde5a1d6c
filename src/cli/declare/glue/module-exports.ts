import type { CallExpression, Function as FunctionNode, Node } from "@babel/types";
import { CommandError } from "../../command-error.ts";
import type { Glue } from "./evaluation.ts";
import { type Call, Flow, type Followers, isCall } from "./flow.ts";
import { type Binding, eachChild, isFunction, keyOf, lookUp, propertyName } from "./scope.ts";

// Nobody can tell who calls a function that is exported or given to others: they may give it the exports.
const ignore = (): void => undefined;
const noFollowers: Followers<never> = { member: ignore, passed: ignore, spread: ignore, held: ignore, lost: ignore };

/** More names than lead from one to the next in any text. */
const mostAliases = 16;

/** Fails if the JavaScript puts other functions in the place of the module's exports. */
export function requireOwnExports(glue: Glue): void {
  const { parsed, exports } = glue;
  const made: Node | undefined = exports?.rewritten ?? exports?.values.find((one) => isOther(glue, one, 0));
  if (made) {
    throw new CommandError(
      `${parsed.placeOf(otherIn(glue, made))}: the JavaScript puts a value of its own in the place of the module's exports, so ` +
        "it does not tell how these are called. Name JavaScript that wasm-bindgen has generated with --glue.",
    );
  }
}

/** The value that a function of the text is given in the place of the module's exports. */
function otherIn(glue: Glue, node: Node): Node {
  return argumentsOf(glue, node).find((one) => isOther(glue, one, 1)) ?? node;
}

/** Whether a value is made by the text, with the module's exports or without: `{ ...exports, mine }`, `new Proxy(exports, …)`. */
function isOther(glue: Glue, node: Node, depth: number): boolean {
  if (depth > mostAliases) return true;
  const inner = (one: Node): boolean => isOther(glue, one, depth + 1);
  switch (node.type) {
    case "ObjectExpression":
      return node.properties.length === 0 ? depth > 0 : !node.properties.every((one) => isPassedOn(glue, one));
    case "AwaitExpression":
      return inner(node.argument);
    case "SequenceExpression":
      return node.expressions.slice(-1).some(inner);
    case "AssignmentExpression":
      return inner(node.right);
    case "ConditionalExpression":
      return inner(node.consequent) || inner(node.alternate);
    case "LogicalExpression":
      return inner(node.left) || inner(node.right);
    case "CallExpression":
      return !isInterop(glue, node) && node.arguments.some((one) => isOfModule(glue, one, depth + 1));
    case "MemberExpression":
      return propertyName(node) !== "exports" && isGlobal(glue, node.object);
    case "Identifier": {
      const binding = bindingOf(glue, node);
      if (!binding) return node.name !== "undefined" && depth > 0;
      // A bundle fills an empty object with the exports.
      const values = binding.values.filter((one) => one.type !== "ObjectExpression" || one.properties.length > 0);
      return binding !== glue.exports && [...values, ...argumentsOf(glue, node)].some(inner);
    }
    default:
      return /^(New|Function|ArrowFunction|Class|Array)Expression$|^(String|Numeric|Template|BigInt)Literal$/.test(
        node.type,
      );
  }
}

/** Whether a property of an object is the export of its name: a bundler lists the exports of a module so. */
function isPassedOn(glue: Glue, property: Node): boolean {
  const name = keyOf(property);
  if (name === "__proto__") return true;
  const value = property.type === "ObjectProperty" ? property.value : undefined;
  if (value === undefined || name === undefined) return false;
  if (value.type === "MemberExpression") return propertyName(value) === name;
  const binding = value.type === "Identifier" ? bindingOf(glue, value) : undefined;
  const [only, ...others] = binding?.values ?? [];
  if (binding?.property) return binding.property.names.at(-1) === name;
  return only?.type === "MemberExpression" && others.length === 0 && propertyName(only) === name;
}

/** Whether a value has the module's exports in it, which a function that is given them may wrap. */
function isOfModule(glue: Glue, node: Node, depth: number): boolean {
  if (depth > mostAliases) return true;
  const inner = (one: Node): boolean => isOfModule(glue, one, depth + 1);
  switch (node.type) {
    case "MemberExpression":
      return propertyName(node) === "exports";
    case "AwaitExpression":
    case "SpreadElement":
      return inner(node.argument);
    case "ObjectExpression":
      return node.properties.some((one) =>
        one.type === "SpreadElement" ? inner(one.argument) : one.type === "ObjectProperty" && inner(one.value),
      );
    case "Identifier": {
      const binding = bindingOf(glue, node);
      if (!binding) return false;
      if (binding === glue.exports || binding.property?.names.at(-1) === "exports") return true;
      return isWasm(binding.imported?.module) || binding.values.some(inner);
    }
    case "CallExpression":
    case "NewExpression":
      return node.arguments.some((one) => (one.type === "StringLiteral" ? isWasm(one.value) : inner(one)));
    default:
      return false;
  }
}

/** Whether a module is one of WebAssembly, as far as its name tells. */
function isWasm(name: string | undefined): boolean {
  return name !== undefined && /\.wasm\b/.test(name);
}

/** Whether a call loads a module, or makes one of CommonJS look like one of ECMAScript: such a helper gives it a `default`. */
function isInterop({ scopes, references }: Glue, { callee, arguments: [first] }: CallExpression): boolean {
  if (first?.type === "StringLiteral") return true;
  const called = new Flow<never>(scopes, references, noFollowers).resolve(callee);
  return called?.every((one) => "made" in one && mentionsDefault(one.made)) === true;
}

function mentionsDefault(node: Node): boolean {
  if (node.type === "StringLiteral" && node.value === "default") return true;
  if (node.type === "MemberExpression" && propertyName(node) === "default") return true;
  let found = false;
  eachChild(node, (child) => (found ||= mentionsDefault(child)));
  return found;
}

/** Whether a value is a global object, or a member of one. */
function isGlobal(glue: Glue, node: Node): boolean {
  if (node.type === "MemberExpression") return isGlobal(glue, node.object);
  return node.type === "Identifier" && node.name !== "module" && !bindingOf(glue, node);
}

function bindingOf({ scopes }: Glue, node: Node): Binding | undefined {
  return node.type === "Identifier" ? lookUp(scopes.around(node), node.name) : undefined;
}

/** The values that functions of the text are given for a parameter. */
function argumentsOf(glue: Glue, node: Node): readonly Node[] {
  const binding = bindingOf(glue, node);
  const made = binding?.scope.node;
  if (!binding?.isOpen || !isFunction(made)) return [];
  const nameOf = (param: Node): Node => (param.type === "AssignmentPattern" ? param.left : param);
  const at = made.params.map(nameOf).findIndex((one) => one.type === "Identifier" && one.name === binding.name);
  const param = made.params[at];
  if (!param) return [];
  const given = callsOf(glue, made).flatMap((call) => argumentAt(call, at) ?? []);
  return param.type === "AssignmentPattern" ? [param.right, ...given] : given;
}

/** The calls of a function, by whichever name; a call of its `call` or `apply` has the member as its callee. */
function callsOf({ scopes, references }: Glue, made: FunctionNode): readonly Call[] {
  const calls: Call[] = [];
  const flow: Flow<"function"> = new Flow<"function">(scopes, references, {
    ...noFollowers,
    called: (_, call) => void calls.push(call),
    member(state, name, at) {
      const call = references.parentOf(at);
      if (/^(call|apply)$/.test(name ?? "") && call && isCall(call) && call.callee === at) calls.push(call);
      else if (name === "bind" && call && isCall(call) && call.arguments.length === 1) flow.follow(state, call);
    },
    held(state, name) {
      if (name !== undefined) flow.followMembers(state, name);
    },
    passed(_state, _path, call) {
      // `[value].forEach(set)`, `promise.then(set)`
      if (call.callee.type === "MemberExpression") calls.push({ ...call, arguments: [call.callee.object] });
    },
  });
  const own = made.type === "FunctionDeclaration" && made.id && lookUp(scopes.scopeOf(made), made.id.name);
  if (own) flow.followBinding("function", own);
  else flow.follow("function", made);
  flow.run();
  return calls;
}

function argumentAt({ callee, arguments: args }: Call, at: number): Node | undefined {
  const name = callee.type === "MemberExpression" ? propertyName(callee) : undefined;
  if (name === "call") return args[at + 1];
  const [, list] = args;
  if (name === "apply") return list?.type === "ArrayExpression" ? (list.elements[at] ?? undefined) : list;
  return args[at];
}
