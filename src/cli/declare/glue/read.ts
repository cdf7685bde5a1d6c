import type { Node } from "@babel/types";
import type { Shape } from "../../../public/index.ts";
import { CommandError } from "../../command-error.ts";
import { parseText } from "../parse.ts";
import { bundledModule } from "./bundled.ts";
import { pointerOf, readClass } from "./classes.ts";
import { findFaultyMethods } from "./concrete/objects.ts";
import { findFaulty } from "./concrete/roles.ts";
import { type Definitions, findDefinitions } from "./definitions.ts";
import { findEnumChange } from "./enum-changes.ts";
import { evaluationOf, type Glue, mostStepsInAll, valueIn } from "./evaluation.ts";
import { holeAt, readFunction } from "./exports.ts";
import { type Interface, interfaceDefinitions } from "./generated.ts";
import { findExportChanges } from "./export-changes.ts";
import { findReplaced } from "./replaced.ts";
import { readImports } from "./imports.ts";
import { linkHelpers } from "./linked.ts";
import { findLoads } from "./loads.ts";
import { classOf } from "./members.ts";
import type { GlueClass, GlueFunction, GlueModule, Hole, Read } from "./model.ts";
import { requireOwnExports } from "./module-exports.ts";
import { findReferences } from "./references.ts";
import { type Binding, findScopes, lookUp, type Scopes } from "./scope.ts";
import { findSurroundings } from "./surroundings.ts";
import type { Term } from "./term.ts";
import { definedValue } from "./variables.ts";
import { evaluate } from "./expressions.ts";
import { callFunction } from "./statements.ts";

/**
 * Reads the JavaScript that wasm-bindgen's CLI printed for a module, of any target and formatting. Nothing of it runs. A form
 * that is not known becomes a hole.
 *
 * @param text - The JavaScript.
 * @param name - Its name, for messages.
 * @param wasm - The module, which tells the types of numbers and which names are its own; and the names of its classes, if
 *   the package's types state them.
 */
export function readGlue(
  text: string,
  name: string,
  wasm?: { readonly shape: Shape; readonly classNames?: readonly string[] },
): GlueModule {
  const parsed = parseText(text, name, "script");
  try {
    const loads = findLoads(parsed);
    linkHelpers(parsed.file);
    const { program } = parsed.file;
    const scopes = findScopes(program);
    const exports = findExports(scopes, wasm?.shape);
    const definitions = findDefinitions(program, scopes, exports?.scope);
    const glue: Glue = {
      parsed,
      scopes,
      exports,
      shape: wasm?.shape,
      variables: new Map(),
      base: new Map(),
      classNames: new Map(),
      pointers: new Map(),
      budget: { left: mostStepsInAll },
      helpers: new Map(),
      evaluator: { evaluate, callFunction },
      faulty: new Set(),
      references: findReferences(program, scopes),
      namespaces: definitions.namespaces,
    };
    requireOwnExports(glue);
    const named = new Set([...definitions.named.values()].flat());
    glue.faulty = new Set([...findFaulty(glue, (node) => named.has(node)), ...findFaultyMethods(glue)]);
    const found = interfaceDefinitions(glue, definitions, wasm?.shape, wasm?.classNames ?? []);
    return {
      ...readApi(glue, found, definitions, wasm?.shape),
      mentioned: new Set(scopes.bindings.flatMap(({ read }) => [...read])),
      loads,
      surroundings: findSurroundings(glue),
      imports: readImports(glue, definitions.named, wasm?.shape),
    };
  } catch (error) {
    // Deep nesting exhausts the stack; other limits of the engine are those of texts and lists.
    const isDeep = error instanceof RangeError && /call stack|recursion/i.test(error.message);
    const reason = isDeep ? "it is nested too deeply" : "it computes a value that is too large";
    if (error instanceof RangeError) throw new CommandError(`${name} cannot be read: ${reason}.`);
    throw error;
  }
}

/**
 * Finds the variable that holds the module's exports: the one of whose members most are exports of the module. Without a
 * module, the names that wasm-bindgen gives to its own exports tell.
 */
function findExports({ bindings }: Scopes, shape: Shape | undefined): Binding | undefined {
  const names = shape && new Set(shape.exports.map((one) => one.name));
  const isExport = (name: string) => (names ? names.has(name) : /^(memory$|__wbindgen_|__wbg_|__externref)/.test(name));
  let best: Binding | undefined;
  let most = 0;
  for (const binding of bindings) {
    const count = [...binding.read].filter(isExport).length;
    // A text may have the JavaScript of two similar modules, of which one has more exports.
    const isNearer = best && count === most && binding.read.size < best.read.size;
    if (count > most || (count > 0 && isNearer)) [best, most] = [binding, count];
  }
  return best;
}

function readApi(
  glue: Glue,
  found: Interface,
  definitions: Definitions,
  shape: Shape | undefined,
): Omit<GlueModule, "imports" | "loads" | "surroundings"> {
  const { exported } = definitions;
  const { chosen } = found;
  const changes = findExportChanges(glue.scopes, glue.references, definitions);
  const functions = new Map<string, Read<GlueFunction>>();
  const classes = new Map<string, GlueClass>();
  const enums = new Map<string, ReadonlyMap<string, number>>();
  const changedEnums = new Map<string, Hole>();
  const own = new Set(shape?.imports.map((one) => one.name));
  for (const { name, node } of chosen) {
    const term = classOf(definedValue(glue, node));
    if (term && !glue.classNames.has(term.node)) glue.classNames.set(term.node, name);
    const pointer = term && pointerOf(glue, term);
    if (term && pointer !== undefined) glue.pointers.set(term.node, pointer);
  }
  const { covered, replaced } = findReplaced(glue, found, { ...definitions, exported: found.exported });
  const changeOf = (name: string): Node | undefined =>
    changes.find((one) => one.name === undefined || one.name === name)?.node ?? replaced.get(name);
  for (const { name, node } of chosen) {
    if (own.has(name) || /^__wb(g|indgen)_/.test(name)) continue;
    const term = definedValue(glue, node);
    const made = classOf(term);
    if (made) {
      const read = readClass(glue, made, name, changeOf(name));
      if (isOfModule(read)) classes.set(name, read);
    } else if (term?.kind === "function") {
      const read = readFunction(glue, term, name);
      const change = changeOf(name);
      if (!read || isStart(name, read)) continue;
      // JavaScript that calls generated functions in its own way is none of the module's interface.
      if (read.kind === "hole" && !change && isOfBundle(glue, term.node)) continue;
      functions.set(name, change ? holeAt(glue, change, `${name}, whose place among the exports is changed,`) : read);
    } else if (term?.kind === "variable") {
      const other = replacementOf(term.binding);
      const replaced = other ? undefined : replacedEnum(glue, term.binding);
      if (replaced) changedEnums.set(name, holeAt(glue, replaced, `${name}, which gets another value,`));
      if (other) functions.set(name, holeAt(glue, other, `${name}, which gets another value,`));
    } else if (term?.kind === "record") {
      // Another module of a bundle is no enumeration.
      const source = node.type === "Identifier" ? lookUp(glue.scopes.around(node), node.name)?.values[0] : node;
      const values = source && bundledModule(glue, source) ? undefined : enumOf(glue, term);
      const before = values && enums.get(name);
      const isOther = before && [...values].some(([key, value]) => before.get(key) !== value);
      if (isOther) enums.delete(name);
      const change = values && (changeOf(name) ?? findEnumChange(glue, node) ?? (isOther ? node : undefined));
      if (change) changedEnums.set(name, holeAt(glue, change, `${name}, whose values may be changed,`));
      else if (values) enums.set(name, values);
    }
  }
  const callable = new Set(shape?.exports.flatMap((one) => (one.kind === "function" ? [one.name] : [])));
  for (const { name, node } of exported) {
    const isMade = callable.has(name) || callable.has(`__wbg_${name.toLowerCase()}_free`);
    if (!isMade || name.startsWith("__") || functions.has(name) || classes.has(name)) continue;
    // It may be a generated function, by whichever way.
    const term = definedValue(glue, node);
    if (term && /^(variable|member|index|either|unknown|call)$/.test(term.kind))
      functions.set(name, holeAt(glue, node, name));
  }
  const unnamed = new Map<string, Hole>();
  for (const [name, node] of found.unnamed) {
    const hole = holeAt(glue, node, `${name}, whose name is that of something else, too,`);
    if (functions.has(name) || classes.has(name)) unnamed.set(name, hole);
    else functions.set(name, hole);
  }
  const others = new Set(exported.map(({ name }) => name).filter((name) => !functions.has(name) && !classes.has(name)));
  return { functions, classes, enums, changedEnums, others, covered, unnamed };
}

/** Whether a function is one of another module of a bundle than the generated one, which cannot call the WebAssembly itself. */
function isOfBundle({ exports, scopes }: Glue, node: Node): boolean {
  for (let at = scopes.scopeOf(node); at; at = at.parent) if (at === exports?.scope) return false;
  return exports !== undefined;
}

/** The value that is assigned to a function or class after its definition. */
function replacementOf({ declaration, values, rewritten }: Binding): Node | undefined {
  if (rewritten) return rewritten;
  const isMade = (node: Node | undefined): boolean => /Function|Class/.test(node?.type ?? "");
  return isMade(declaration) ? values[0] : values.length > 1 && values.some(isMade) ? values.at(-1) : undefined;
}

/** The value that takes the place of an enumeration's object. */
function replacedEnum(glue: Glue, { values, rewritten }: Binding): Node | undefined {
  const isEnum = values.some((one) => {
    const term = definedValue(glue, one);
    return term?.kind === "record" && enumOf(glue, term) !== undefined;
  });
  return isEnum ? (rewritten ?? values.at(-1)) : undefined;
}

/** Whether a class has anything to do with the module. */
function isOfModule({ free, construct, methods, statics, getters, setters, staticGetters, staticSetters }: GlueClass) {
  const members = [methods, statics, getters, setters, staticGetters, staticSetters];
  return free !== undefined || construct !== undefined || members.some(({ size }) => size > 0);
}

/** Whether a function starts the module. */
function isStart(name: string, read: Read<GlueFunction>): boolean {
  return read.kind === "hole" ? /^(default|init|initSync)$/.test(name) : read.export === "__wbindgen_start";
}

/** The values of an enumeration: an object of numbers, in which numbers may stand for their names, too. */
function enumOf(glue: Glue, { fields }: Extract<Term, { kind: "record" }>): Map<string, number> | undefined {
  const values = new Map<string, number>();
  const evaluation = evaluationOf(glue, true);
  for (const [name, cell] of fields) {
    const term = valueIn(evaluation, cell);
    if (term.kind !== "constant") return undefined;
    if (typeof term.value === "number") values.set(name, term.value);
    else if (typeof term.value !== "string") return undefined;
  }
  return values.size > 0 ? values : undefined;
}
