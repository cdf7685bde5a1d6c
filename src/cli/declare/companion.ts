import type { Identifier, Node, StringLiteral } from "@babel/types";
import { returned } from "./glue/definitions.ts";
import { type Call, Flow, isCall } from "./glue/flow.ts";
import { findGlobalChanges } from "./glue/global-changes.ts";
import { findLoads, type LoadedFile, sourceOf } from "./glue/loads.ts";
import { findReferences, type References } from "./glue/references.ts";
import { runningIn } from "./glue/running.ts";
import { type Binding, eachChild, findScopes, isFunction, keyOf, lookUp, namesOf, propertyName } from "./glue/scope.ts";
import { changedBy, isDefiner, isFreezing, isHarmless, writeTo } from "./glue/writes.ts";
import { parseText } from "./parse.ts";

/** Something that a file does to the generated JavaScript. */
export interface Effect {
  /** The function or class that it changes; `undefined` for anything else of the JavaScript. */
  readonly member: string | undefined;
  readonly place: string;
  /** The sentence about the file, without its place at the beginning. */
  readonly what: string;
}

/** The surroundings of a file that is read. */
interface Surroundings {
  /** The names of the generated functions, classes and enumerations. */
  readonly names: ReadonlySet<string>;
  /** Whether programs import the file in the place of the generated JavaScript. */
  readonly isEntry: boolean;
  readonly isGlue: (source: string) => boolean;
}

/**
 * The part that a value has: all of the generated JavaScript, a copy of that object, or something of it, by its name after a
 * dot; the module's exports, one of these, or an instance that has them; the exports of the file itself.
 */
type State = "glue" | "copy" | `.${string}` | "module" | "export" | "instance" | "exports";

/** More names than lead from one to the next in any text. */
const mostAliases = 16;
/** The functions of compilers that pass on exports as they are. */
const passes = /(?:^|_)(?:exportStar|importStar|importDefault|interop\w*|toESM|toCommonJS|reExport)$/i;

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
  const parsed = parseText(text, name, "script");
  const { program } = parsed.file;
  const scopes = findScopes(program);
  const references = findReferences(program, scopes);
  const effects: Effect[] = [];
  const note = (state: State | undefined, at: Node, what: string): void => {
    effects.push({ member: state?.startsWith(".") ? state.slice(1) : undefined, place: parsed.placeOf(at), what });
  };
  const change = (state: State, member: string | undefined, at: Node): void => {
    const part = state === "glue" || state === "copy" ? partOf(state, member, names) : state;
    // A copy may have more members, which the generated JavaScript does not know.
    if (state === "copy" && member !== undefined && !names.has(member)) return;
    note(part, at, "changes it");
  };
  const give = "gives it to something that may change it";
  const runs = runningIn(scopes, references);

  /** The parts that have been followed. */
  const states = new Set<State>();
  const follow = (state: State | undefined, node: Node): void => {
    if (state === undefined) return;
    states.add(state);
    if (node.type === "ObjectProperty") flow.bindProperty(state, node);
    else flow.follow(state, node);
  };
  const given: { readonly state: State; readonly call: Call }[] = [];
  const setters: Call[] = [];
  /** The names that the file exports, with their values where expressions state them. */
  const exported: { readonly name: string; readonly value: Binding | Node | undefined; readonly at: Node }[] = [];
  const assign = (member: string | undefined, value: Node | undefined, at: Node): void => {
    let last = value;
    while (last?.type === "AssignmentExpression" && last.operator === "=") last = last.right;
    // `exports.name = void 0` only says that there will be such a name.
    if (member === undefined || (last?.type === "UnaryExpression" && last.operator === "void")) return;
    exported.push({ name: member, value: last, at });
  };
  const assignAll = (object: Node): void => {
    if (object.type !== "ObjectExpression") return;
    for (const one of object.properties) {
      if (one.type !== "SpreadElement") assign(keyOf(one), one.type === "ObjectProperty" ? one.value : one, one);
    }
  };

  const flow: Flow<State> = new Flow<State>(scopes, references, {
    member(state, member, at) {
      const write = at.type === "ObjectProperty" ? undefined : writeTo(references, at);
      if (write && state === "exports") assign(member, valueOf(write), write);
      else if (write) change(state, member, write);
      else if (isDefiner(references, at, member)) change(state, undefined, at);
      else follow(partOf(state, member, names), at);
    },
    intercepted: (state, call) => {
      if (!passes.test(pathOf(call.callee))) return false;
      if (state !== "exports") follow(state, call);
      return true;
    },
    passed(state, path, call, index) {
      if (isFreezing(path)) {
        follow(state, call);
        return;
      }
      if (path === "Object.assign" && index > 0) {
        follow(state === "glue" ? "copy" : undefined, call);
        return;
      }
      const isList = path === "Object.values" || path === "Object.entries";
      if ((isHarmless(path, index) && !isList) || path?.startsWith("WebAssembly.")) return;
      const changed = index === 0 ? changedBy(path, call) : undefined;
      if (state === "exports") {
        if (path === "Object.assign") for (const one of call.arguments.slice(1)) assignAll(one);
        else for (const one of changed ?? []) assign(one, describedIn(call.arguments[2]), call);
      } else if (changed) for (const one of changed) change(state, one, call);
      else if (index === 0 && /^(Object|Reflect)\.setPrototypeOf$/.test(path ?? "")) change(state, undefined, call);
      else if (path !== "Object.setPrototypeOf") given.push({ state, call });
    },
    spread: (state, object) => follow(state === "glue" ? "copy" : undefined, object),
    held(state, member, _, object) {
      if (state === "exports" || member === undefined || isDescriptor(references, object)) return;
      states.add(state);
      flow.followMembers(state, member);
    },
    called(state, call) {
      if (state === ".__wbg_set_wasm") setters.push(call);
      else if (state === "export" && propertyName(call.callee) === "__wbindgen_start") return;
      else if (state.startsWith(".") || state === "glue") {
        if (runs(call)) note(state, call, "calls it when it is loaded");
      } else if (state === "export" && runs(call)) note(state, call, "calls the module when it is loaded");
    },
    lost: (state, at) => {
      if (state !== "exports" && state !== "instance" && runs(at)) note(state, at, give);
    },
  });

  const stateOf = (source: string): State | undefined =>
    /\.wasm\b/.test(source) ? "module" : isGlue(source) ? "glue" : undefined;
  for (const binding of scopes.bindings) {
    const { imported } = binding;
    const state = imported && stateOf(imported.module);
    const part = state && imported.name !== "*" ? partOf(state, imported.name, names) : state;
    if (part) for (const one of references.of(binding)) follow(part, one);
  }
  const instances: Call[] = [];
  const visit = (node: Node): void => {
    const source = sourceOf(node);
    if (source !== undefined) follow(stateOf(source), node);
    if (isCall(node) && pathOf(node.callee).startsWith("WebAssembly.")) {
      instances.push(node);
      follow("instance", node);
    }
    if (/^Export(Named|All)Declaration$/.test(node.type)) visitExport(node);
    eachChild(node, visit);
  };
  const visitExport = (node: Node): void => {
    if (node.type !== "ExportNamedDeclaration") return;
    const { declaration, source } = node;
    if (declaration?.type === "VariableDeclaration") {
      for (const one of declaration.declarations.flatMap(({ id }) => namesOf(id))) {
        exported.push({ name: one, value: lookUp(scopes.root, one), at: node });
      }
    } else if (declaration && "id" in declaration && declaration.id?.type === "Identifier") {
      exported.push({ name: declaration.id.name, value: undefined, at: node });
    }
    for (const one of node.specifiers) {
      if (one.type !== "ExportSpecifier") continue;
      const local = nameOf(one.local);
      const isSame = source && isGlue(source.value) && local === nameOf(one.exported);
      if (!isSame) exported.push({ name: nameOf(one.exported), value: source ? undefined : one.local, at: one });
    }
  };
  visit(program);
  /** The object that the file puts in the place of its exports. */
  const exportAs = (value: Node | undefined, at: Node): void => {
    if (value?.type === "ObjectExpression") assignAll(value);
    else if (value && isCall(value) && !passes.test(pathOf(value.callee))) exported.push({ name: "*", value, at });
  };
  for (const one of references.free("exports")) follow("exports", one);
  for (const one of references.free("module")) {
    const member = references.parentOf(one);
    if (member?.type !== "MemberExpression" || propertyName(member) !== "exports") continue;
    const write = writeTo(references, member);
    if (!write) follow("exports", member);
    else if (!isForNames(references.parentOf(write))) exportAs(valueOf(write), write);
  }
  flow.run();

  /** Whether an expression is a part, in each case. */
  const isExactly = (state: State, value: Node, depth = 0): boolean => {
    if (depth > mostAliases || !flow.has(state, value)) return false;
    if (value.type === "AwaitExpression") return isExactly(state, value.argument, depth + 1);
    if (value.type === "Identifier") return isAlways(state, lookUp(scopes.around(value), value.name), depth + 1);
    return /^((Optional)?(Member|Call)|New|Import)Expression$/.test(value.type);
  };
  /** Whether a variable that may be a part is nothing else. */
  const isAlways = (state: State, binding: Binding | undefined, depth = 0): boolean => {
    if (!binding || binding.rewritten) return false;
    const { imported, property, values, isOpen } = binding;
    if (imported) return true;
    if (property) {
      const { of, names: path, otherwise } = property;
      const isNamed = !state.startsWith(".") || (flow.has("glue", of) && path.length === 1 && state === `.${path[0]}`);
      return isNamed && values.length === 0 && otherwise === undefined;
    }
    return !isOpen && values.length > 0 && values.every((one) => isExactly(state, one, depth));
  };
  const isSame = (value: Binding | Node | undefined, state: State): boolean =>
    value !== undefined && ("scope" in value ? isAlways(state, value) : isExactly(state, value));
  for (const { name: one, value, at } of exported) {
    if (!isEntry) break;
    if (one === "*" && value !== undefined && !isSame(value, "glue")) {
      note(undefined, at, "exports something else in its place");
    } else if (names.has(one) && !isSame(value, `.${one}`)) {
      note(`.${one}`, at, "exports something else by this name");
    }
  }
  for (const { state, call } of given) {
    if (!setters.includes(call) && state !== "instance" && runs(call)) note(state, call, give);
  }
  for (const call of setters) {
    const [value] = call.arguments;
    if (!isSame(value, "module")) note(undefined, call, "puts a value of its own in the place of the module's exports");
  }
  const isOfGlue = (node: Node): boolean => {
    if ([...states].some((state) => state !== "exports" && flow.has(state, node))) return true;
    let is = false;
    if (!isFunction(node)) eachChild(node, (child) => void (is ||= isOfGlue(child)));
    return is;
  };
  for (const call of instances) {
    for (const object of call.arguments) {
      for (const one of object.type === "ObjectExpression" ? object.properties : []) {
        const value = one.type === "ObjectProperty" ? one.value : one;
        if (value.type === "Identifier" || value.type === "MemberExpression" || !isOfGlue(value)) continue;
        note(undefined, call, "gives the module other functions than the generated ones");
      }
    }
  }
  for (const { subject, node } of findGlobalChanges(scopes, references, runs, () => true)) {
    note(undefined, node, `may change ${subject}, which the generated JavaScript may use`);
  }
  return { effects, loads: findLoads(parsed) };
}

/** The part that a member of a part is, if it is one. */
function partOf(state: State, name: string | undefined, names: ReadonlySet<string>): State | undefined {
  switch (state) {
    case "glue":
    case "copy":
      return name === undefined || name === "default" ? state : `.${name}`;
    case "module":
      return /^(default|exports|instance|module)$/.test(name ?? "") ? state : "export";
    case "instance":
      return name === "exports" ? "module" : name === "instance" ? state : undefined;
    case "exports":
      return name !== undefined && names.has(name) ? `.${name}` : undefined;
    default:
      return state;
  }
}

/** The value that an assignment gives, if it states one. */
function valueOf(write: Node): Node | undefined {
  return write.type === "AssignmentExpression" && write.operator === "=" ? write.right : undefined;
}

/** The value that the description of a property gives, itself or by a getter. */
function describedIn(description: Node | undefined): Node | undefined {
  if (description?.type !== "ObjectExpression") return undefined;
  const one = description.properties.find((each) => /^(get|value)$/.test(keyOf(each) ?? ""));
  return one && returned(one.type === "ObjectProperty" ? one.value : one);
}

function isDescriptor({ parentOf }: References, object: Node): boolean {
  const call = parentOf(object);
  return call !== undefined && isCall(call) && /\.definePropert(y|ies)$/.test(pathOf(call.callee));
}

/** `0 && (module.exports = { … })` tells Node the names that a bundle exports, and never runs. */
function isForNames(node: Node | undefined): boolean {
  return node?.type === "LogicalExpression" && node.left.type === "NumericLiteral" && node.left.value === 0;
}

/** The names of an expression, as in `Object.assign`. */
function pathOf(node: Node): string {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression") return "";
  return `${pathOf(node.object)}.${propertyName(node) ?? ""}`;
}

function nameOf(name: Identifier | StringLiteral): string {
  return name.type === "StringLiteral" ? name.value : name.name;
}
