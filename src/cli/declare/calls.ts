import type { Advice, FunctionType, Shape } from "../../public/index.ts";
import { exportNames } from "../../toolchains/wasm-bindgen/calling.ts";
import { CommandError } from "../command-error.ts";
import { printable } from "../output.ts";
import { abiExports } from "./abi-names.ts";
import type { Remark } from "./declared.ts";
import type { DtsClass, DtsFunction, DtsModule, DtsType } from "./dts-model.ts";
import { readDts } from "./dts.ts";
import { readExportTypes } from "./export-types.ts";
import type { GlueClass, GlueModule } from "./glue/model.ts";
import { readGlue } from "./glue/read.ts";
import { exportedFunctions, guessGlue } from "./guess.ts";
import type { Inputs, TextFile } from "./inputs.ts";
import { isHole } from "./merging.ts";

/** Everything that tells how a module's exports are called. */
export interface Calls {
  /** The generated JavaScript, or what was guessed in its place. */
  readonly glue: GlueModule;
  /** The generated JavaScript; absent if there is none of this module. */
  readonly read: GlueModule | undefined;
  /** The package's types; absent if there are none of this module. */
  readonly dts: DtsModule | undefined;
  readonly guesses: readonly Remark[];
  readonly holes: readonly Remark[];
  readonly notes: readonly Remark[];
}

/**
 * Chooses what tells how a module's exports are called: the generated JavaScript, else the package's types, else the words of
 * the exports. A text of another module is not used; one that the user named is an error.
 *
 * @param inputs - The module, and the texts that may belong to it.
 */
export function readCalls(inputs: Inputs): Calls {
  const { module, shape } = inputs;
  const exports = exportedFunctions(shape);
  const notes: Remark[] = [];
  const refuse = (text: TextFile, option: string, reason: string): void => {
    if (text.isGiven) {
      throw new CommandError(
        `${printable(text.name)} is of another module, or of another build of ${printable(module.name)}: ${reason}. ` +
          `Name the one of this build with ${option}.`,
      );
    }
    notes.push({ member: text.name, reason: `it is not used: ${reason}` });
  };
  const stated = readOr(inputs.dts, "dts", ({ text, name }) => readDts(text, name));
  const classNames = [...(stated?.classes ?? []), ...(stated?.hidden ?? [])].map((one) => one.name);
  let read = readOr(inputs.glue, "glue", ({ text, name }) => readGlue(text, name, { shape, classNames }));
  const reason = inputs.glue && read && foreignReason(inputs.glue.text, read, shape, exports);
  if (inputs.glue && reason !== undefined) {
    refuse(inputs.glue, "--glue", reason);
    read = undefined;
  }

  let dts = stated && withInner(read ? withHidden(stated, read) : stated, read?.functions ?? exports);
  const holes: Remark[] = [...(read?.unnamed ?? [])].map(([member, { line, column }]) => ({
    member,
    reason: `something else has its name, at ${inputs.glue?.name ?? "the JavaScript"}:${line}:${column}`,
  }));
  const raw = dts && !read ? readExportTypes(dts, exports) : undefined;
  if (dts && raw) {
    const own = dts.functions.filter(
      ({ name }) => exports.has(name) && !raw.functions.some((one) => one.name === name),
    );
    dts = {
      ...dts,
      functions: [...raw.functions, ...own],
      classes: dts.classes.filter((one) => isOfModule(one, exports)),
    };
    holes.push(...raw.holes);
  } else if (inputs.dts && dts && !fits(dts, read, exports)) {
    const whose = read
      ? `the functions and classes of ${inputs.glue?.name ?? "the JavaScript"}`
      : "the module's exports";
    refuse(inputs.dts, "--dts", `nothing that it declares is among ${whose}`);
    dts = undefined;
  }
  for (const words of dts?.skipped ?? []) {
    notes.push({
      member: inputs.dts?.name ?? "the .d.ts",
      reason: `a declaration in it is no function or class: ${words}`,
    });
  }
  if (read) {
    notes.push(...uncalled(read, shape, exports, inputs.glue?.name ?? "the JavaScript"));
    return { glue: read, read, dts, guesses: [], holes, notes };
  }
  const isOld = shape.advice.some(saysTooOld) && raw === undefined && dts !== undefined;
  if (isOld) {
    const { plain, others } = numbersOf(dts as DtsModule);
    holes.push(
      ...others.map((member) => ({ member, reason: "a version that is not supported passes its types in other ways" })),
    );
    dts = plain;
  }
  const guessed = guessGlue(shape, dts, !isOld);
  if (shape.toolchain.evidence.some((one) => one.includes("minified"))) {
    const minified = "only the JavaScript that the toolchain wrote beside it knows what they are";
    notes.push({ member: module.name, reason: `the names of its imports and exports are minified: ${minified}` });
  }
  return { ...guessed, read, dts, holes: [...holes, ...guessed.holes], notes };
}

type Exports = ReadonlyMap<string, FunctionType>;

/** Reads a text. The error of one that cannot be read says how to go without it. */
function readOr<Value>(
  text: TextFile | undefined,
  option: "dts" | "glue",
  read: (text: TextFile) => Value,
): Value | undefined {
  try {
    return text && read(text);
  } catch (error) {
    if (error instanceof CommandError)
      error.message += ` Name another file with --${option}, or go without one with --no-${option}.`;
    throw error;
  }
}

/** The name of an import that has a hash. */
const hash = /^__wbg_\w+_[0-9a-f]{16}$/;

/** Explains why generated JavaScript belongs to another module; `undefined` if it may be this one's. */
function foreignReason(text: string, read: GlueModule, { imports }: Shape, exports: Exports): string | undefined {
  // The hash at its end makes a name one of a version of a library.
  const hashed = imports.map(({ name }) => name).filter((name) => hash.test(name));
  const own = new Set(text.match(/__wbg_\w+?_[0-9a-f]{16}(?![\w$])/g));
  if (hashed.length > 0 && own.size > 0 && !hashed.some((name) => own.has(name))) {
    return `none of the functions that it gives to modules is among the ${hashed.length} that this one imports by a hash`;
  }
  const called = exportsOf(read);
  // Without such imports, nothing else shows that JavaScript which calls no export has to do with the module.
  const isCalled =
    called.length === 0 ? hashed.length > 0 || hasOwnImports(imports) : called.some((name) => exports.has(name));
  return isCalled ? undefined : "it calls none of the module's exports";
}

/**
 * Whether advice says that the module is of a version that passes other values than numbers in ways that are not known.
 *
 * @param advice - The advice.
 */
export function saysTooOld({ code }: Advice): boolean {
  return code === "unsupported-version";
}

/** Keeps the functions of numbers, and names what else the types declare. */
function numbersOf(dts: DtsModule): { readonly plain: DtsModule; readonly others: readonly string[] } {
  const isNumber = (type: DtsType): boolean => type.kind === "keyword" && /^(number|boolean|void)$/.test(type.name);
  const isPlain = ({ params, result }: DtsFunction): boolean =>
    [...params.map(({ type }) => type), result].every(isNumber);
  const others = [...dts.functions.filter((one) => !isPlain(one)), ...dts.classes].map(({ name }) => name);
  return { plain: { ...dts, functions: dts.functions.filter(isPlain), classes: [] }, others };
}

function hasOwnImports(imports: Shape["imports"]): boolean {
  return imports.some(({ name }) => name.startsWith("__wb"));
}

/** The exports that the functions and classes of generated JavaScript call. */
function exportsOf({ functions, classes }: GlueModule): readonly string[] {
  const calls = [...functions.values(), ...[...classes.values()].flatMap(callsOf)];
  const frees = [...classes.values()].flatMap(({ free }) => (free === undefined ? [] : [free]));
  return [...frees, ...calls.flatMap((one) => (isHole(one) ? [] : [one.export]))];
}

function callsOf({ construct, methods, statics, getters, setters, staticGetters, staticSetters }: GlueClass) {
  const members = [methods, statics, getters, setters, staticGetters, staticSetters];
  return [...(construct ? [construct] : []), ...members.flatMap((one) => [...one.values()])];
}

/** Adds the classes that the types declare without exporting them, and that the JavaScript has. */
function withHidden(dts: DtsModule, { classes }: GlueModule): DtsModule {
  const added = dts.hidden.filter(({ name }) => classes.has(name) && !dts.classes.some((one) => one.name === name));
  return { ...dts, classes: [...dts.classes, ...added] };
}

/** Adds the functions that the types declare without exporting them by themselves, and that the module has. */
function withInner(dts: DtsModule, has: { has(name: string): boolean }): DtsModule {
  const added = dts.inner.filter(({ name }) => has.has(name) && !dts.functions.some((one) => one.name === name));
  return added.length === 0 ? dts : { ...dts, functions: [...dts.functions, ...added] };
}

/** Whether something that the types declare is of the module. */
function fits({ functions, classes, enums }: DtsModule, read: GlueModule | undefined, exports: Exports): boolean {
  if (read) {
    return (
      functions.some(({ name }) => read.functions.has(name) || read.others.has(name)) ||
      classes.some(({ name }) => read.classes.has(name)) ||
      enums.some(({ name }) => read.enums.has(name))
    );
  }
  const isExport = (name: string): boolean =>
    exportNames({ kind: "function", class: undefined, prefix: undefined, name }).some((one) => exports.has(one));
  return functions.some(({ name }) => isExport(name)) || classes.some((one) => isOfModule(one, exports));
}

/** Whether an export is of a class. */
function isOfModule({ name, methods, statics, properties }: DtsClass, exports: Exports): boolean {
  const has = (kind: Parameters<typeof exportNames>[0]["kind"], member: string): boolean =>
    exportNames({ kind, class: name, prefix: undefined, name: member }).some((one) => exports.has(one));
  return (
    has("free", "") ||
    has("constructor", "new") ||
    [...methods, ...statics].some((one) => has("method", one.name)) ||
    properties.some((one) => has("field-get", one.name) || has("field-set", one.name))
  );
}

/**
 * The exports that the JavaScript does not mention: functions of C libraries, which the linker exports too. A compiler merges equal
 * functions, and then the JavaScript calls one of their names for all of them, so none is missed.
 */
function uncalled(read: GlueModule, shape: Shape, exports: Exports, glueName: string): readonly Remark[] {
  const isAbi = abiExports(shape);
  const called = new Set([...exportsOf(read), ...(read.mentioned ?? [])]);
  const indexOf = new Map(shape.exports.map((one) => [one.name, one.kind === "function" ? one.index : undefined]));
  const served = new Set([...called].filter((name) => !isAbi(name)).map((name) => indexOf.get(name)));
  served.delete(undefined);
  return [...exports.keys()]
    .filter((name) => !called.has(name) && !isAbi(name) && !served.has(indexOf.get(name)))
    .map((member) => ({ member, reason: `${glueName} never calls this export: it stands in wasm.exports alone` }));
}
