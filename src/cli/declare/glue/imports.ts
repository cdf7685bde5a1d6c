import { isDeepStrictEqual } from "node:util";
import type { Node } from "@babel/types";
import type { FunctionType, Shape } from "../../../public/index.ts";
import { intrinsicName, intrinsics } from "../../../toolchains/wasm-bindgen/intrinsics.ts";
import { returned } from "./definitions.ts";
import { doesAsNamed } from "./concrete/intrinsics.ts";
import { type Evaluation, evaluationOf, type Glue, unlessTooLong } from "./evaluation.ts";
import { holeAt } from "./exports.ts";
import { findImportChanges } from "./import-changes.ts";
import { readMeaning } from "./meaning.ts";
import { isPlainPath, pathOf } from "./paths.ts";
import { hasKnownForm, isKnownForm } from "./intrinsic-forms.ts";
import type { GlueImport, Hole, Read } from "./model.ts";
import { holderOf, ofThisModule } from "./own-definitions.ts";
import { isFunction, lookUp } from "./scope.ts";
import { callFunction } from "./statements.ts";
import { isConstant, nothing, type Term } from "./term.ts";
import { definedValue } from "./variables.ts";

/** An import as the module declares it, or as its name tells without a module. */
interface Wanted {
  readonly module: string | undefined;
  readonly name: string;
  readonly type: FunctionType | undefined;
}

/**
 * Reads the functions that the JavaScript gives the module.
 *
 * @param glue - The generated JavaScript.
 * @param named - Everything that it defines by name.
 * @param shape - The module. Without it, functions whose names have wasm-bindgen's form are taken for imports.
 */
export function readImports(
  glue: Glue,
  named: ReadonlyMap<string, readonly Node[]>,
  shape: Shape | undefined,
): ReadonlyMap<string, Read<GlueImport>> {
  const imports = new Map<string, Read<GlueImport>>();
  const modules = new Map<string, string | undefined>();
  const own = new Set(shape?.imports.filter(({ name }) => isOwnName(name)).map(({ module }) => module));
  const wantedOnes = wantedImports(named, shape);
  const nodesOf = new Map(
    wantedOnes.map(({ name }) => [
      name,
      ofThisModule(
        glue,
        (named.get(name) ?? []).map((node) => ownNode(glue, node)),
      ),
    ]),
  );
  const changes = findImportChanges(glue.scopes, glue.references, [...nodesOf.values()].flat(), own);
  const changeOf = (name: string) => changes.find((one) => one.name === undefined || one.name === name);
  const isLinked = [...own].some((module) => module.startsWith("./"));
  for (const wanted of wantedOnes) {
    const { name, module } = wanted;
    const nodes = nodesOf.get(name) ?? [];
    // Other modules are passed on as they are.
    if (module !== undefined && !modules.has(module)) {
      modules.set(module, foreignModule(glue, named.get(module) ?? [], module, isLinked && !own.has(module)));
    }
    const foreign = module === undefined ? undefined : modules.get(module);
    if (foreign !== undefined) imports.set(name, { kind: "foreign", module: foreign, name, path: [] });
    else {
      const change = nodes.length > 0 ? changeOf(name) : undefined;
      const read = change
        ? holeAt(glue, change.node, `the import ${name}, whose object is changed,`)
        : onlyOne(glue, name, nodes, (node): Read<GlueImport> =>
            isIntrinsic(name)
              ? { kind: "intrinsic", ...readIntrinsic(glue, node, wanted) }
              : readImport(glue, node, wanted, shape),
          );
      if (read) imports.set(name, read);
    }
  }
  return imports;
}

/** Whether a name has the form of wasm-bindgen's own imports. */
function isOwnName(name: string): boolean {
  return /^__wb(g|indgen)_/.test(name);
}

function wantedImports(named: ReadonlyMap<string, readonly Node[]>, shape: Shape | undefined): Wanted[] {
  if (!shape) {
    return [...named.keys()].filter(isOwnName).map((name) => ({ module: undefined, name, type: undefined }));
  }
  return shape.imports.flatMap((one) =>
    one.kind === "function" ? [{ module: one.module, name: one.name, type: one.type }] : [],
  );
}

/** Whether an import is a part of wasm-bindgen's runtime, which its name tells. */
function isIntrinsic(name: string): boolean {
  const known = intrinsicName(name);
  return (known !== undefined && intrinsics.has(known)) || /^__wbg__wbg_cb_unref_[0-9a-f]{16}$/.test(name);
}

/** The function that an object of a bundle gives to others by a getter: `{ name: () => name }`. */
function ownNode({ scopes }: Glue, node: Node): Node {
  const variable = isFunction(node) && node.params.length === 0 ? returned(node) : undefined;
  const binding = variable?.type === "Identifier" ? lookUp(scopes.around(variable), variable.name) : undefined;
  const [value, ...others] = binding?.values ?? [];
  return (others.length === 0 && !binding?.isOpen && (binding?.declaration ?? value)) || node;
}

/** The import that all of its definitions state; a hole if they differ, since any of them may be the one that counts. */
function onlyOne(
  glue: Glue,
  name: string,
  nodes: readonly Node[],
  read: (node: Node) => Read<GlueImport>,
): Read<GlueImport> | undefined {
  const [first, ...others] = nodes;
  if (!first) return undefined;
  const found = read(first);
  const other = others.find((node) => !isDeepStrictEqual(read(node), found));
  // Of several objects, the name tells which one the module gets, and the difference is told.
  const isIn = (one: Read<GlueImport>, changed: boolean): boolean =>
    one.kind === "intrinsic" && (one.changed !== undefined) === changed;
  if (other && isIntrinsic(name) && new Set(nodes.map((node) => holderOf(glue, node))).size === nodes.length) {
    const reads = nodes.map(read);
    const changed = reads.find((one) => isIn(one, true));
    if (changed && reads.some((one) => isIn(one, false))) return changed;
  }
  return other ? holeAt(glue, other, `the import ${name}, which is defined several times,`) : found;
}

/** The module that is passed on under a name. */
function foreignModule(glue: Glue, nodes: readonly Node[], module: string, isLinked: boolean): string | undefined {
  for (const node of nodes) {
    const value = definedValue(glue, node);
    if (value?.kind === "foreign" && value.name === "*") return value.module;
  }
  // A bundler links the modules by itself, and this JavaScript as one of them.
  return nodes.length === 0 && isLinked ? module : undefined;
}

/** Compares a part of wasm-bindgen's runtime with what its name says. */
function readIntrinsic(
  glue: Glue,
  node: Node,
  { name, type }: Wanted,
): { readonly changed?: Hole; readonly texts?: ReadonlyMap<number, string> } {
  const value = definedValue(glue, node);
  if (value?.kind !== "function") return { changed: holeAt(glue, node, name) };
  const { evaluation, result } = callByModule(glue, value);
  // The text for people that describes a value is made by many statements, and is no value of an interface.
  const describes = intrinsicName(name) === "debugstring";
  const unknown = evaluation.effects.find(({ kind, node: at }) => kind === "unknown" && (isFunction(at) || !describes));
  if (unknown) return { changed: holeAt(glue, unknown.node, name) };
  const known = intrinsicName(name) ?? "";
  // Those whose form is known are believed if the interpreter cannot run them.
  const does = doesAsNamed({ glue, node: value.node, name, type }) ?? hasKnownForm(known);
  const isForm = result ? isKnownForm(known, result, evaluation) : describes || !hasKnownForm(known);
  if (!does || !isForm) return { changed: holeAt(glue, value.node, name) };
  const texts = known === "initexternreftable" ? textsIn(evaluation) : undefined;
  return texts?.size ? { texts } : {};
}

/** The texts that a function puts into a table of the module. */
function textsIn({ effects }: Evaluation): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  for (const one of effects) {
    const [place, text] = one.kind === "call" ? one.term.args : [];
    if (isConstant(place) && isConstant(text) && typeof place.value === "number" && typeof text.value === "string")
      texts.set(place.value, text.value);
  }
  return texts;
}

/** Evaluates a function as the module calls it. There is no result if that takes too long. */
function callByModule(
  glue: Glue,
  called: Extract<Term, { kind: "function" }>,
): { readonly evaluation: Evaluation; readonly result: Term | undefined } {
  const evaluation = evaluationOf(glue);
  const args: readonly Term[] = [{ kind: "spread", of: { kind: "arguments", from: 0 } }];
  return { evaluation, result: unlessTooLong(() => callFunction(evaluation, called, args, nothing)) };
}

function readImport(glue: Glue, node: Node, wanted: Wanted, shape: Shape | undefined): Read<GlueImport> {
  const subject = `the import ${wanted.name}`;
  const value = definedValue(glue, node);
  if (!value) return holeAt(glue, node, subject);
  if (value.kind !== "function") return readPassedOn(value, wanted) ?? holeAt(glue, node, subject);
  const { evaluation, result } = callByModule(glue, value);
  if (!result) return holeAt(glue, node, subject);
  const unknown = evaluation.effects.find(({ kind }) => kind === "unknown");
  if (unknown) return holeAt(glue, unknown.node, subject);
  const read = readMeaning({ evaluation, result, node: value.node, name: wanted.name, type: wanted.type, shape });
  if (typeof read === "string") return holeAt(glue, node, `${read} of ${subject}`);
  return read.kind === "strange"
    ? holeAt(glue, read.node, `a part of ${subject} that wasm-bindgen does not print`)
    : read;
}

/** A function that is passed on without any conversion. */
function readPassedOn(value: Term, { name, type }: Wanted): GlueImport | undefined {
  const path = pathOf(value);
  if (!path || !isPlainPath(path)) return undefined;
  const { module, names } = path;
  if (module !== undefined) return { kind: "foreign", module, name: names[0] ?? "*", path: names.slice(1) };
  const codes = { i32: "i", i64: "I", f32: "f", f64: "d", externref: "H" } as const;
  const code = (one: string) => (Object.hasOwn(codes, one) ? codes[one as keyof typeof codes] : undefined);
  const params = type?.params.map(code);
  if (!type || !params || params.includes(undefined)) return undefined;
  const [result] = type.results;
  return {
    kind: "meaning",
    declaration: {
      kind: "function",
      path: names.slice(0, -1),
      name: names.at(-1) ?? name,
      params: params as string[],
      receiver: false,
      result: result === undefined ? "" : (code(result) ?? ""),
      catch: false,
      variadic: false,
      closure: undefined,
    },
  };
}
