import type { ExportShape, Extern, FunctionType, ImportShape, Shape, ValueType } from "../../public/index.ts";

/** The helper exports of a wasm-bindgen module, by role. */
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

/** The variant of wasm-bindgen's conventions that a module follows, according to its shape. */
export interface Abi {
  /** The last number of the version of wasm-bindgen, as in 0.2.92; `undefined` if unknown. */
  readonly version: number | undefined;
  /** Whether it is from 0.2.93 or later, according to its version, or to its names and signatures. */
  readonly isSince93: boolean;
  /** Where JavaScript values are kept: in a JavaScript array, or in a table of the module. */
  readonly handles: "heap" | "externref";
  /** The candidates for each helper; more than one only if names were stripped and signatures are equal. */
  readonly helpers: { readonly [role in Helper]?: readonly string[] };
  /** The exports with a helper's own name but a type that this helper never had. */
  readonly misfits: { readonly [role in Helper]?: ExportShape };
  /** Whether the module catches what its imports throw by itself. */
  readonly catchesInside: boolean;
  /** The export name of the table of values. */
  readonly externrefs: string | undefined;
  /** The export name of the function table. */
  readonly functions: string | undefined;
  /** The export name of the stack pointer if it is a mutable global, as it was up to 0.2.69. */
  readonly stackPointer: string | undefined;
  /** The shims: functions that may call a closure of the module. Their first two words are the closure. */
  readonly shims: readonly Shim[];
  /** The same shims, by the {@link typeKey} of the closures that they call. */
  readonly shimsByType: ReadonlyMap<string, readonly Shim[]>;
  /** The names of those shims that may instead destroy closures. */
  readonly destroyers: ReadonlySet<string>;
}

/** A shim: an export that may call a closure. */
export interface Shim {
  readonly name: string;
  readonly type: FunctionType;
}

/** Each helper's own name, and the signatures that it has had, with `i` for i32. */
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
  // With threads it takes a stack size.
  ["start", "__wbindgen_start", [">", "i>"]],
];

const helperNames: ReadonlySet<string> = new Set(helpers.flatMap(([, name]) => [name, `${name}_command_export`]));

function isHelperName(name: string): boolean {
  return helperNames.has(name);
}

function isEmptyFunction({ kind, type }: Extern): boolean {
  return kind === "function" && (!type || letters(type) === ">");
}

/** The name of a helper after its own name was stripped. */
const anonymous = /^__wbindgen_export(_?\d+)?$/;
/** The same for a shim: up to 0.2.104 it looks like a helper's, and since then it contains a function number. */
const anonymousShim = /^(__wbindgen_export_\d+|__wasm_bindgen_func_elem_\d+(_\d+)?)$/;
/**
 * Whether a name is the mangled name of a shim: the trait's method in each era, or the wrapper that passes values of a
 * table.
 */
function isMangledShim(name: string): boolean {
  // One look for the many names of which nothing below can be true.
  if (!/invoke|closure|_dyn_/.test(name)) return false;
  if (name.includes("describe__invoke") || name.startsWith("_dyn_core__ops__function__")) return true;
  if (/^closure\d+_(externref|multivalue)_shim/.test(name) || name.includes("closure__destroy")) return true;
  // Not a single regular expression: for a name that repeats its beginning, it would read the rest again each time.
  const [start] = /convert__closures?_/.exec(name) ?? [];
  return start !== undefined && name.includes("invoke", name.indexOf(start) + start.length);
}

/** Whether a name may be that of a shim, which runs closures. */
export function isShimName(name: string): boolean {
  return isMangledShim(name) || anonymousShim.test(name);
}

/**
 * Reads the conventions that a module follows.
 *
 * @param shape - The module's shape. If it is not complete, stripped names reveal nothing.
 * @param bindgen - The last number of the version, if it is known only by the hash of an import.
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
  // Before 0.2.87 the allocator took no alignment, and its signatures then were those that other helpers have today.
  const isOld = functions.some(
    ({ name, type }) =>
      (name === "__wbindgen_realloc" || anonymous.test(name)) && type !== undefined && letters(type) === "iii>i",
  );
  const stripped = functions.filter(({ name }) => anonymous.test(name));
  const found = Object.create(null) as { [role in Helper]?: readonly string[] };
  const misfits = Object.create(null) as { [role in Helper]?: ExportShape };
  for (const [role, name, signatures] of helpers) {
    const signature = signatures.at(isOld ? -1 : 0);
    // If a linker made the module a command, its exports are wrapped and have this suffix.
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
  // In these versions, functions that destroy closures have names like those of shims. There is one for all closures, or one
  // for each.
  const mayExportDestroyers = known === undefined || (known >= 105 && known < 115);
  const destroyers = shims.filter(({ type }) => mayExportDestroyers && letters(type) === "ii>").map(({ name }) => name);
  if (known !== undefined && destroyers.length > 0) found.destroyClosure ??= destroyers;
  return {
    version: known,
    isSince93: known === undefined ? looksSince93(shape) : known >= 93,
    handles: isExternref ? "externref" : "heap",
    helpers: found,
    misfits,
    catchesInside: imports.some(isExceptionTag),
    externrefs,
    functions: functionTable,
    stackPointer,
    shims,
    shimsByType: groupByType(shims),
    destroyers: new Set(destroyers),
  };
}

/** Whether an import is the tag by which modules built with exceptions catch what imports throw (0.2.109 and later). */
export function isExceptionTag({ kind, name }: ImportShape): boolean {
  return kind === "tag" && name === "__wbindgen_jstag";
}

/**
 * Whether a module looks like 0.2.93 or later: a function that frees an object has a second parameter, or names are from
 * later versions.
 */
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
 * Whether results of several words are written through a return pointer. Otherwise they are multiple results.
 *
 * @param abi - The module's conventions.
 */
export function hasReturnPointers({ helpers, stackPointer }: Abi): boolean {
  return helpers.moveStackPointer !== undefined || stackPointer !== undefined;
}

/**
 * Whether an export may be a shim instead of a helper. Shims are in the function table, and helpers are not.
 *
 * @param abi - The module's conventions.
 * @param name - The export.
 */
export function mayBeShim({ shims }: Abi, name: string): boolean {
  return anonymous.test(name) && shims.some((shim) => shim.name === name);
}

function groupByType(shims: readonly Shim[]): ReadonlyMap<string, readonly Shim[]> {
  const groups = new Map<string, Shim[]>();
  // Grouped by type first: a key is as long as the list of parameters, and thousands of exports may share a type.
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
 * Returns a key for the type of a closure.
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

/** Writes a signature in letters, as in `ii>i`; `?` for one that no helper has. */
function letters({ params, results }: FunctionType): string {
  // No helper has more. Thousands of exports may share one type of thousands of parameters.
  if (params.length > 4 || results.length > 1) return "?";
  const write = (types: readonly string[]) => types.map((type) => (type === "i32" ? "i" : "?")).join("");
  return `${write(params)}>${write(results)}`;
}
