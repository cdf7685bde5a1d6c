import { invalidOption } from "../errors/invalid.ts";
import { ownValue } from "../base/own.ts";
import { loadError } from "../errors/load-error.ts";
import { shapeOfModule } from "../reflect/compiled.ts";
import type { Interface, ReadShape } from "../reflect/index.ts";
import type * as declaration from "../reflect/declaration.ts";
import type { CompactShape, Extern, ExternKind, Shape, SourceOptions } from "../public/index.ts";
import type { Compiled } from "./compile.ts";
import type { Builtins } from "../builtins/index.ts";
import type { Terms } from "./terms.ts";

/** The members that tell types apart; the plural ones are lists. */
const telling: { readonly [kind in ExternKind]: readonly string[] } = {
  function: ["params", "results"],
  memory: ["initial", "pageSize"],
  table: ["initial", "element"],
  global: ["value"],
  tag: ["params"],
};

/** The reader of declaration files. */
export type ReadDeclaration = typeof declaration;

/** Whether the shape of a compiled module is read from a declaration file. */
export function needsDeclaration({ shape, fingerprint }: SourceOptions): boolean {
  return shape !== undefined && (fingerprint !== undefined || !isFull(shape));
}

/**
 * Reads the shape of a module that was compiled elsewhere. Errors: `needs-bytes`, `invalid-option`, `declaration-mismatch`,
 * `limit-needs-bytes`, `limit-exceeded`.
 *
 * @param module - The module.
 * @param options - Its shape, if the user has it; options that need the bytes are refused.
 * @param terms - What checks the module's own memories and tables, and the builtins that it was compiled with.
 * @param reader - The reader of declaration files, if one is needed.
 */
export function describeModule(
  module: WebAssembly.Module,
  options: SourceOptions,
  terms: Pick<Terms, "limiter" | "builtins"> | undefined,
  reader: ReadDeclaration | undefined,
): Compiled {
  for (const option of ["integrity", "onProgress"] as const) {
    if (options[option] !== undefined) throw loadError("needs-bytes", { option });
  }
  const { shape, fingerprint } = options;
  const own = shapeOfModule(module);
  const full = shape && isFull(shape) ? shape : undefined;
  const stated = full ?? (shape && reader?.expandShape(shape as CompactShape));
  // The names of another constants module differ, too, but the option is what is wrong.
  if (stated && !full) terms?.builtins?.checkDeclared(stated);
  const [ownAlike, alike] = withoutDifference(own, stated, terms?.builtins);
  if (alike && !isShapeOf(ownAlike, alike)) {
    if (reader && fingerprint !== undefined) {
      throw reader.declarationMismatch(ownAlike, { fingerprint, shape: { ...alike, complete: true } });
    }
    const expected = "the shape of this very module, as inspect() returns it";
    throw invalidOption("load", "shape", expected, shape);
  }
  const imports = stated && terms?.builtins?.completed(own.imports, stated.imports);
  // A shape of the caller stays the same object if nothing is added.
  const given = full && imports && imports !== full.imports ? { ...full, imports } : full;
  // The engine knows the custom sections.
  const described = full || !stated ? own : { ...own, ...stated, ...(imports && { imports }), complete: true };
  terms?.limiter?.requireCapped(given ?? described);
  return { module, shape: described, isHead: true, isBare: true, given };
}

/** Whether a shape has the form that `inspect` returns. */
function isFull(shape: Shape | CompactShape): shape is Shape {
  return Object.hasOwn(shape, "complete");
}

/**
 * Leaves out of either list the builtins that the other lacks: the engine leaves out those that it provides, and so does inspect
 * with the same options.
 */
function withoutDifference(
  own: ReadShape,
  stated: Interface | undefined,
  builtins: Builtins | undefined,
): readonly [Interface, Interface | undefined] {
  if (!stated || !builtins || !areObjects(stated.imports)) return [own, stated];
  return [
    { ...own, imports: builtins.listed(stated.imports, own.imports) },
    { ...stated, imports: builtins.listed(own.imports, stated.imports) },
  ];
}

/** Whether a shape, which may come from a file, has the engine's names and kinds, and a type of the right kind for each. */
function isShapeOf(own: Interface, { imports, exports, memories, tables }: Interface): boolean {
  return (
    isListOf(own.imports, imports) &&
    isListOf(own.exports, exports) &&
    [memories, tables].every((one) => Array.isArray(one))
  );
}

/** The shape may come from a file. */
function areObjects(list: unknown): boolean {
  return Array.isArray(list) && list.every((one: unknown) => Object(one) === one);
}

function isTypeOf(kind: ExternKind, type: unknown): boolean {
  const members = Object(type) as { readonly [member: string]: unknown };
  return telling[kind].every((name) => name in members && Array.isArray(members[name]) === name.endsWith("s"));
}

function isListOf(own: readonly Extern[], given: readonly Extern[]): boolean {
  return namesOf(given) === namesOf(own) && given.every(({ kind, type }) => type === undefined || isTypeOf(kind, type));
}

/** Joins names and kinds, read as own members; `undefined` for a value that is not a list. */
function namesOf(list: unknown): string | undefined {
  if (!Array.isArray(list)) return undefined;
  const named = list.map((one: unknown) => {
    const extern = Object(one) as object;
    return ["module", "name", "kind"].map((member) => ownValue(extern, member));
  });
  return JSON.stringify(named);
}
