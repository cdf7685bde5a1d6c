import type { Node } from "@babel/types";
import {
  type Evaluation,
  evaluationOf,
  type Glue,
  isObject,
  leavesOf,
  type Namespace,
  unlessTooLong,
} from "./evaluation.ts";
import { isTypeof, replacesItself } from "./lowered.ts";
import { memberOf } from "./reads.ts";
import { type Binding, isFunction, lookUp, type Taken } from "./scope.ts";
import { isShared } from "./shared.ts";
import { type Cell, isConstant, isNothing, type Term } from "./term.ts";

/** The value of a variable outside of the function that is evaluated. */
export function variable(evaluation: Evaluation, binding: Binding): Term {
  const { glue } = evaluation;
  const known = glue.variables.get(binding);
  // The next free place is another one each time.
  if (known?.kind === "free-place" || known?.kind === "stack-place") return { kind: known.kind };
  if (known) return known;
  // A variable whose value depends on itself is not known.
  glue.variables.set(binding, { kind: "variable", binding });
  const term = find(evaluation, binding);
  glue.variables.set(binding, term);
  return term;
}

function find({ glue }: Evaluation, binding: Binding): Term {
  const { declaration, imported } = binding;
  if (binding === glue.exports) return { kind: "exports" };
  if (imported) return { kind: "foreign", ...imported };
  // A wrapper for several kinds of modules passes the function that loads others.
  if (binding.isOpen && binding.name === "require" && isFunction(binding.scope.node) && binding.values.length === 0) {
    return { kind: "global", name: "require" };
  }
  if (declaration?.type === "FunctionDeclaration" && replacesItself(glue, binding) && isTypeof(glue, declaration)) {
    return { kind: "function", node: declaration, frame: undefined };
  }
  // Generated JavaScript assigns to no function and no class.
  if (declaration && isWritten(binding)) return { kind: "variable", binding };
  if (declaration?.type === "ClassDeclaration" || declaration?.type === "ClassExpression") {
    return { kind: "class", node: declaration, name: binding.name };
  }
  if (declaration?.type === "FunctionDeclaration") return { kind: "function", node: declaration, frame: undefined };
  if (binding.isStackTop) return { kind: "stack-place" };
  const opaque: Term = { kind: "variable", binding };
  if (binding.rewritten) return opaque;
  if (binding.property) return (binding.values.length === 0 && propertyOf(glue, binding.property)) || opaque;
  const members = glue.namespaces.get(binding);
  if (members) return namespaceOf(glue, members);
  const terms: Term[] = [];
  for (const node of binding.values) {
    const one = unlessTooLong(() => evaluateOutside(glue, node));
    if (!one) return opaque;
    if (!isNothing(one)) terms.push(one);
  }
  const leaves = terms.flatMap(leavesOf);
  const telling = leaves.find(({ kind }) => /^(view|registry|decoder|encoder|heap|halves)$/.test(kind));
  // An engine may lack the class of a coder, and an object takes its place.
  const isCoder = telling?.kind === "decoder" || telling?.kind === "encoder";
  if (telling && (!isCoder || leaves.every(({ kind }) => kind === telling.kind || kind === "record"))) return telling;
  const [only] = terms;
  if (only?.kind === "member" && only.of.kind === "heap" && only.name === "length") return { kind: "free-place" };
  if (!only || terms.length > 1 || binding.isOpen) return opaque;
  // Whoever else has a list may change it.
  if (only.kind === "texts" && isShared(glue.references, binding)) return opaque;
  if (only.kind === "class") return { ...only, name: only.name === "" ? binding.name : only.name };
  // A number may be counted up.
  return isConstant(only) && typeof only.value === "number" && binding.values.length > 1 ? opaque : only;
}

/** Whether a function or class gets another value after its declaration. */
function isWritten({ values, isOpen, rewritten }: Binding): boolean {
  return values.length > 0 || isOpen || rewritten !== undefined;
}

/** Evaluates an expression that belongs to no call. The objects that it makes stay. */
export function evaluateOutside(glue: Glue, node: Node): Term {
  const evaluation = evaluationOf(glue, true);
  const term = glue.evaluator.evaluate(evaluation, node, undefined);
  for (const [cell, value] of evaluation.values) glue.base.set(cell, value);
  return term;
}

/** The part of a value that a name of a pattern takes. A default value is taken where the part is known not to be there. */
function propertyOf(glue: Glue, { of, names, otherwise }: Taken): Term | undefined {
  const evaluation = evaluationOf(glue, true);
  const found = unlessTooLong(() =>
    names.reduce((one, name) => memberOf(evaluation, one, name), evaluateOutside(glue, of)),
  );
  if (!found || !otherwise || isObject(found)) return found;
  return isConstant(found, undefined) ? unlessTooLong(() => evaluateOutside(glue, otherwise)) : undefined;
}

/** An object that a text fills with definitions. */
export function namespaceOf(glue: Glue, members: Namespace): Term {
  const fields = new Map<string, Cell>();
  for (const [name, [node, ...others]] of members) {
    const cell: Cell = { name };
    const value = node && others.length === 0 ? definedValue(glue, node) : undefined;
    fields.set(name, cell);
    glue.base.set(cell, value ?? { kind: "unknown", node: node ?? glue.parsed.file.program });
  }
  return { kind: "record", fields };
}

/** Assigns to a variable outside of the function that is evaluated, and returns what the variable then holds. */
export function assignVariable(evaluation: Evaluation, binding: Binding, value: Term): Term {
  const known = variable(evaluation, binding);
  if (/^(free-place|exports|view|heap|registry|decoder|encoder|halves)$/.test(known.kind)) {
    // A coder that is made again is no operation of an import.
    for (const leaf of leavesOf(value)) {
      const made = evaluation.effects.findIndex((one) => one.kind === "call" && one.term === leaf);
      if (made >= 0) evaluation.effects.splice(made, 1);
    }
    return known;
  }
  let cell: Cell | undefined = evaluation.outer.get(binding);
  if (!cell) {
    evaluation.outer.set(binding, (cell = { name: binding.name }));
    evaluation.glue.base.set(cell, known);
  }
  evaluation.values.set(cell, value);
  return value;
}

/** The value of a definition. */
export function definedValue(glue: Glue, node: Node): Term | undefined {
  const own = (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id;
  const binding = own && lookUp(glue.scopes.scopeOf(node), own.name);
  if (binding && isWritten(binding)) return { kind: "variable", binding };
  if (node.type === "FunctionDeclaration" || node.type === "ObjectMethod") {
    return { kind: "function", node, frame: undefined };
  }
  if (node.type === "ClassDeclaration") return { kind: "class", node, name: node.id?.name ?? "" };
  return unlessTooLong(() => evaluateOutside(glue, node));
}
