import type { ExportShape, Extern, FunctionType, Shape, ValueType } from "../../public/index.ts";

/** The helper exports of a wasm-bindgen module, by what they do. */
export type Helper =
  | "malloc"
  | "realloc"
  | "free"
  | "storeException"
  | "allocateSlot"
  | "freeSlot"
  | "dropSlice"
  | "destroyClosure"
  | "moveStackPointer"
  | "start";

/** Which of wasm-bindgen's conventions a module follows, as its shape shows. */
export interface Abi {
  /** The last number of the version of wasm-bindgen, as in 0.2.92; absent where nothing tells it. */
  readonly version: number | undefined;
  /** Whether it is of 0.2.93 or later, as its version says or its names and signatures show. */
  readonly isSince93: boolean;
  /** Where JavaScript values are kept: in an array of JavaScript's, or in a table of the module's. */
  readonly handles: "heap" | "externref";
  /** The exports that may be each helper; more than one only where names were stripped and signatures are alike. */
  readonly helpers: { readonly [role in Helper]?: readonly string[] };
  /** The exports that have a helper's own name, and are something else than that helper ever was. */
  readonly misfits: { readonly [role in Helper]?: ExportShape };
  /** The export name of the table of values. */
  readonly externrefs: string | undefined;
  /** The export name of the table of functions. */
  readonly functions: string | undefined;
  /** The export name of the stack pointer, where it is a global that can be written: so it was up to 0.2.69. */
  readonly stackPointer: string | undefined;
  /** The functions that may call a closure of the module: their first two words are the closure. */
  readonly shims: readonly Shim[];
  /** The same, by {@link typeKey} of the closures that they call. */
  readonly shimsByType: ReadonlyMap<string, readonly Shim[]>;
  /** Those of them that may as well destroy closures. */
  readonly destroyers: ReadonlySet<string>;
}

/** An export that may call a closure. */
export interface Shim {
  readonly name: string;
  readonly type: FunctionType;
}

/** Each helper's own name, and the signatures that it has had, in `i` for i32. */
const helpers: readonly (readonly [role: Helper, name: string, signatures: readonly string[]])[] = [
  ["malloc", "__wbindgen_malloc", ["ii>i", "i>i"]],
  ["realloc", "__wbindgen_realloc", ["iiii>i", "iii>i"]],
  ["free", "__wbindgen_free", ["iii>", "ii>"]],
  ["storeException", "__wbindgen_exn_store", ["i>"]],
  ["allocateSlot", "__externref_table_alloc", [">i"]],
  ["freeSlot", "__externref_table_dealloc", ["i>"]],
  ["dropSlice", "__externref_drop_slice", ["ii>"]],
  ["destroyClosure", "__wbindgen_destroy_closure", ["ii>"]],
  ["moveStackPointer", "__wbindgen_add_to_stack_pointer", ["i>i"]],
  // With threads it takes the size of a stack.
  ["start", "__wbindgen_start", [">", "i>"]],
];

const helperNames: ReadonlySet<string> = new Set(helpers.flatMap(([, name]) => [name, `${name}_command_export`]));

function isHelperName(name: string): boolean {
  return helperNames.has(name);
}

function isEmptyFunction({ kind, type }: Extern): boolean {
  return kind === "function" && (!type || letters(type) === ">");
}

/** The name of a helper whose own name was stripped. */
const anonymous = /^__wbindgen_export(_?\d+)?$/;
/** The same of a shim: up to 0.2.104 it is one of a helper's, and since then it has the number of a function. */
const anonymousShim = /^(__wbindgen_export_\d+|__wasm_bindgen_func_elem_\d+(_\d+)?)$/;
/** How the names of shims are mangled: the trait's method in each era, or the wrapper that passes values of a table. */
function isMangledShim(name: string): boolean {
  if (name.includes("describe__invoke") || name.startsWith("_dyn_core__ops__function__")) return true;
  if (/^closure\d+_(externref|multivalue)_shim/.test(name) || name.includes("closure__destroy")) return true;
  // Not one regular expression: of a name that repeats its beginning, it would read the rest again each time.
  const [start] = /convert__closures?_/.exec(name) ?? [];
  return start !== undefined && name.includes("invoke", name.indexOf(start) + start.length);
}

/**
 * Reads which conventions a module follows.
 *
 * @param shape - The module's shape; where it is not complete, stripped names tell nothing.
 * @param bindgen - The last number of the version, where the hash of an import shows it and the module does not tell.
 */
export function readAbi(shape: Shape, bindgen?: number): Abi {
  const { imports, exports } = shape;
  const isExternref =
    imports.some((one) => one.name === "__wbindgen_init_externref_table" && isEmptyFunction(one)) ||
    exports.some((one) => one.kind === "table" && one.type?.element === "externref");
  const functions = exports.filter((one) => one.kind === "function");
  const named = new Map<string, ExportShape>();
  for (const one of exports) if (isHelperName(one.name)) named.set(one.name, one);
  const known = readVersion(shape) ?? bindgen;
  const version = known ?? Infinity;
  // Before 0.2.87 the allocator took no alignment, and its signatures were then those of other helpers today.
  const isOld = functions.some(
    ({ name, type }) =>
      name !== "" && type && letters(type) === "iii>i" && (anonymous.test(name) || name === "__wbindgen_realloc"),
  );
  const stripped = functions.filter(({ name }) => anonymous.test(name));
  const found = Object.create(null) as { [role in Helper]?: readonly string[] };
  const misfits = Object.create(null) as { [role in Helper]?: ExportShape };
  for (const [role, name, signatures] of helpers) {
    const signature = signatures.at(isOld ? -1 : 0);
    // Where a linker made a command of the module, its exports are wrapped and named so.
    const given = named.get(name) ?? named.get(`${name}_command_export`);
    const isFit = given?.kind === "function" && (!given.type || signatures.includes(letters(given.type)));
    if (given && !isFit) misfits[role] = given;
    const own = given ? [given.name].filter(() => isFit) : [];
    const mayBeStripped = !neverStripped.has(role) && !(role === "destroyClosure" && version < 115);
    const names =
      given || !mayBeStripped
        ? own
        : stripped.filter(({ type }) => type && letters(type) === signature).map((one) => one.name);
    if (names.length > 0 && (isExternref || !externrefOnly.has(role))) found[role] = names;
  }
  const table = (element: string) =>
    exports.find((one) => one.kind === "table" && (one.type?.element === element || one.type === undefined))?.name;
  const externrefs = isExternref ? (table("externref") ?? table("(ref null extern)")) : undefined;
  const functionTable = table("funcref");
  const stackPointer = found.moveStackPointer ? undefined : stackPointerOf(shape, known);
  const shims = functions.flatMap(({ name, type }) =>
    type && takesClosure(type) && (isMangledShim(name) || anonymousShim.test(name)) ? [{ name, type }] : [],
  );
  // What destroys a closure has a name as shims have them in these versions: it is one for all, or each closure has its own.
  const mayExportDestroyers = known === undefined || (known >= 105 && known < 115);
  const destroyers = shims.filter(({ type }) => mayExportDestroyers && letters(type) === "ii>").map(({ name }) => name);
  if (known !== undefined && destroyers.length > 0) found.destroyClosure ??= destroyers;
  return {
    version: known,
    isSince93: known === undefined ? looksSince93(shape) : known >= 93,
    handles: isExternref ? "externref" : "heap",
    helpers: found,
    misfits,
    externrefs,
    functions: functionTable,
    stackPointer,
    shims,
    shimsByType: groupByType(shims),
    destroyers: new Set(destroyers),
  };
}

/** Since 0.2.93 what frees an object has a second parameter; the names are of later versions. */
function looksSince93({ imports, exports }: Shape): boolean {
  return (
    imports.some(
      ({ name, kind }) =>
        kind === "function" && (name.startsWith("__wbg___wbindgen_") || name.startsWith("__wbindgen_cast_")),
    ) ||
    exports.some(
      (one) =>
        (one.kind === "table" && one.name === "__wbindgen_externrefs") ||
        (one.kind === "function" && one.type && /^__wbg_.*_free$/.test(one.name) && letters(one.type) === "ii>"),
    )
  );
}

function stackPointerOf({ exports }: Shape, version = 0): string | undefined {
  if (version >= 70) return undefined;
  const globals = exports.filter(
    (one) => one.kind === "global" && one.type?.value === "i32" && one.type.mutable && anonymous.test(one.name),
  );
  return globals.length === 1 ? globals[0]?.name : undefined;
}

/**
 * Whether results of several words are written where a pointer says. If not, they are several results.
 *
 * @param abi - The module's conventions.
 */
export function hasReturnPointers({ helpers, stackPointer }: Abi): boolean {
  return helpers.moveStackPointer !== undefined || stackPointer !== undefined;
}

/**
 * Whether an export may as well run closures as be a helper: closures are in the table of functions, and helpers are not.
 *
 * @param abi - The module's conventions.
 * @param name - The export.
 */
export function mayBeShim({ shims }: Abi, name: string): boolean {
  return anonymous.test(name) && shims.some((shim) => shim.name === name);
}

function groupByType(shims: readonly Shim[]): ReadonlyMap<string, readonly Shim[]> {
  const groups = new Map<string, Shim[]>();
  // The key of a type is as long as its list of parameters, which thousands of exports may share.
  const byType = new Map<FunctionType, Shim[]>();
  for (const shim of shims) {
    let group = byType.get(shim.type);
    if (!group) {
      const key = typeKey(shim.type.params.slice(2), shim.type.results);
      group = groups.get(key) ?? [];
      groups.set(key, group);
      byType.set(shim.type, group);
    }
    group.push(shim);
  }
  return groups;
}

/**
 * A key for the type of a closure.
 *
 * @param params - The words of its parameters, without those of the closure itself.
 * @param results - The words of its result.
 */
export function typeKey(params: readonly ValueType[], results: readonly ValueType[]): string {
  return `${params.join()}>${results.join()}`;
}

const externrefOnly: ReadonlySet<Helper> = new Set(["allocateSlot", "freeSlot", "dropSlice"]);
const neverStripped: ReadonlySet<Helper> = new Set(["moveStackPointer", "start"]);

/**
 * Reads the last number of the version of the wasm-bindgen CLI, as in 0.2.92.
 *
 * @param shape - The module's shape.
 */
export function readVersion({ producers }: Shape): number | undefined {
  const written = producers?.processedBy.find(({ name }) => name === "wasm-bindgen")?.version;
  const patch = /^0\.2\.(\d+)/.exec(written ?? "")?.[1];
  return patch === undefined ? undefined : Number(patch);
}

function takesClosure({ params }: FunctionType): boolean {
  return params.length >= 2 && params[0] === "i32" && params[1] === "i32";
}

/** A signature in letters, as in `ii>i`; `?` for what no helper has. */
function letters({ params, results }: FunctionType): string {
  // No helper has more, and thousands of exports may share one type of thousands of parameters.
  if (params.length > 4 || results.length > 1) return "?";
  const write = (types: readonly string[]) => types.map((type) => (type === "i32" ? "i" : "?")).join("");
  return `${write(params)}>${write(results)}`;
}
