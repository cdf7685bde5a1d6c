import { define, hasMember, hasMembers, isOfKind, isReadable, memberOf, ownValue } from "../base/own.ts";
import { describe, tagOf } from "../errors/describe.ts";
import { invalidOption, usage } from "../errors/invalid.ts";
import type { ProvidedBuiltin } from "../builtins/index.ts";
import type * as externs from "./externs/index.ts";
import { typeText } from "../base/type-text.ts";
import type {
  Adapter,
  FunctionType,
  ImportFunction,
  Imports,
  ImportShape,
  InstantiateOptions,
  MissingPolicy,
  ProvideContext,
  Shape,
} from "../public/index.ts";
import { madeByFirstCall, reportLater } from "./defer.ts";
import { find, type Found, type Patterns } from "./pattern.ts";
import { importConflict, importMismatch, typesUnknown, unresolvedImports } from "./refusals.ts";
import { nothing, Resolved } from "./resolved.ts";
import { createStub, describerOf, type Hint, type Stubs } from "./stub.ts";

/** The context in which imports are resolved. */
export interface ResolveContext {
  readonly shape: Shape;
  /** The adapters that provide imports, in the order in which they are asked. */
  readonly adapters: readonly Adapter[];
  /** The context that the adapters receive. */
  readonly life: ProvideContext;
  readonly options: InstantiateOptions;
  /** The user's imports. */
  readonly given: Imports | undefined;
  /** Provides the builtins that the module was compiled with. */
  readonly builtins: ((wanted: ImportShape) => ProvidedBuiltin | undefined) | undefined;
  /** Creates and checks imports other than functions; present if there are any. */
  readonly externs: typeof externs | undefined;
  /** The patterns read so far, empty at first. */
  readonly patterns: Patterns;
  /** The facts that the stubs share. */
  readonly stubs: Stubs;
  /** Whether anything is decided by the meanings of imports while the instance is made. */
  readonly needsMeanings: boolean;
  /** Describes an import that nothing provides. */
  readonly hintFor: Hint;
  /** The functions that describe stubs, by their policies, empty at first. */
  readonly described: Map<MissingPolicy, (wanted: ImportShape) => string>;
}

/** Returns the value of an import, whose calls someone is told of. */
type Watch = (one: Resolved) => unknown;

/** An import that is created. Some are created together, after all imports have been looked at. */
interface Created {
  readonly made: ImportShape;
  readonly evidence: string;
  readonly make: () => unknown;
}

/** An import that nothing provides. */
interface Unresolved {
  readonly lacking: ImportShape;
  readonly reason: "missing" | "types";
}

/**
 * Finds a provider for every import: builtin, user, adapter, created, stub, in this order.
 *
 * Fails with `unresolved-imports`, `types-unknown`, `import-mismatch`, `import-conflict`, `cannot-create`,
 * `limit-exceeded`, `invalid-option`.
 *
 * @param context - The module's shape, its adapter, the instance in the making and its options.
 * @returns The imports with values, in the module's order.
 */
export function resolveImports(context: ResolveContext): Resolved[] {
  const unresolved: Unresolved[] = [];
  const { externs, shape, options } = context;
  const creation = externs?.beginCreation(shape, options.limits);
  const created = new Map<string, Created>();
  const provided: (Resolved | Created)[] = [];
  for (const wanted of shape.imports) {
    const one =
      fromBuiltins(wanted, context) ??
      fromUser(wanted, context) ??
      fromAdapters(wanted, context, fromAdapterLater) ??
      fromCreation(wanted, context, creation, created) ??
      fromStub(wanted, context);
    if (isOfKind(one, "lacking")) unresolved.push(one);
    else provided.push(one);
  }
  if (unresolved.length > 0) refuse(unresolved, context);
  creation?.finish();
  return provided.map((one) =>
    one instanceof Resolved ? one : new Resolved(one.made, "created", one.make(), one.evidence),
  );
}

/**
 * Builds the object that the engine reads the imports from.
 *
 * @param resolved - The imports with values, in the module's order.
 * @param watch - Returns the value of an import, with its calls traced.
 * @returns Null-prototype objects by module name and name.
 */
export function importObject(resolved: readonly Resolved[], watch: Watch | undefined): WebAssembly.Imports {
  const groups = new Map<string, WebAssembly.ModuleImports>();
  const object = Object.create(null) as WebAssembly.Imports;
  for (const one of resolved) {
    if (one.isBy("engine")) continue;
    const { module, name } = one.wanted;
    let entries = groups.get(module);
    if (!entries) {
      entries = Object.create(null) as WebAssembly.ModuleImports;
      groups.set(module, entries);
      object[module] = entries;
    }
    const value = watch ? watch(one) : one.value;
    if (value === undefined || Object.hasOwn(entries, name)) return repeatedImports(resolved, watch);
    entries[name] = value as WebAssembly.ImportValue;
  }
  return object;
}

/** Builds the same object for a module that imports a name several times, or imports without values. */
function repeatedImports(resolved: readonly Resolved[], watch: Watch | undefined): WebAssembly.Imports {
  const groups = new Map<string, Map<string, Resolved[]>>();
  for (const one of resolved) {
    if (one.isBy("engine")) continue;
    const { module, name } = one.wanted;
    const group = groups.get(module) ?? new Map<string, Resolved[]>();
    groups.set(module, group);
    const same = group.get(name);
    if (same) same.push(one);
    else group.set(name, [one]);
  }
  const object = Object.create(null) as WebAssembly.Imports;
  for (const [module, group] of groups) {
    const entries = Object.create(null) as WebAssembly.ModuleImports;
    object[module] = entries;
    for (const [name, same] of group) serve(entries, name, same, watch);
  }
  return object;
}

/** The builtins come first, as the engine never looks for what it provides itself. */
function fromBuiltins(wanted: ImportShape, { builtins }: ResolveContext): Resolved | undefined {
  const provided = builtins?.(wanted);
  // Nothing that a builtin throws is a host's.
  return (
    provided &&
    new Resolved(wanted, provided.provider, provided.value, provided.evidence, { ...nothing, unwinds: true })
  );
}

function fromUser(wanted: ImportShape, { given, externs, patterns, options }: ResolveContext): Resolved | undefined {
  const entry = given && findGiven(given, wanted, patterns);
  if (!entry) return undefined;
  const { group, found } = entry;
  const evidence = userEvidence(group, found);
  const host = wanted.kind === "function" ? hostOf(found.value) : undefined;
  if (host) return new Resolved(wanted, "user", undefined, evidence, { ...nothing, host });
  const value = unwrap(found.value, wanted);
  const misfit = wanted.kind === "function" ? notCallable(value) : externs?.describeMisfit(value, wanted);
  if (misfit !== undefined) throw importMismatch(wanted, misfit);
  externs?.refuseBeyond(value, wanted, options.limits);
  return new Resolved(wanted, "user", value, evidence);
}

/**
 * Finds the user's entry for an import. Errors: `invalid-option` for a module's imports that cannot be read.
 *
 * @param given - The user's imports.
 * @param wanted - The import.
 * @param patterns - The patterns read so far; the function adds to them.
 */
export function findGiven(
  given: object,
  wanted: Pick<ImportShape, "module" | "name">,
  patterns: Patterns,
): { readonly group: Found; readonly found: Found } | undefined {
  // A name that is given and has no value is a mistake, such as a misspelt member of the caller's.
  if (Object.hasOwn(given, wanted.module)) refuseOther(wanted.module, ownValue(given, wanted.module));
  for (const group of find(given, wanted.module, patterns)) {
    refuseOther(group.key, group.value);
    const found = find(group.value as object, wanted.name, patterns).next().value;
    if (found !== undefined) return { group, found };
  }
  return undefined;
}

/** Refuses what stands for a module's imports and has none. Errors: `invalid-option`. */
function refuseOther(module: string, value: unknown): void {
  if (typeof value === "function" ? isClass(value) : hasMembers(value)) return;
  const way: unknown = typeof value === "function" ? ownValue(value, usage) : undefined;
  const hint = typeof way === "string" ? ` (this function is passed whole: ${way})` : "";
  const option = `imports${/^[\w$]+$/.test(module) ? `.${module}` : `[${describe(module)}]`}`;
  throw invalidOption("instantiate", option, `an object of the module's imports that can be read${hint}`, value);
}

/** Whether a function has members, as a class with static ones does. */
function isClass(value: object): boolean {
  return (
    isReadable(value) &&
    Object.getOwnPropertyNames(value).some(
      (name) => !["length", "name", "prototype", "arguments", "caller"].includes(name),
    )
  );
}

/**
 * Returns a host function, made by `t.host`; `undefined` for any other value.
 *
 * @param value - Anything.
 */
export function hostOf(value: unknown): object | undefined {
  if (typeof value !== "object" || value === null || !isReadable(value)) return undefined;
  return ownValue(value, "member") === "host" ? value : undefined;
}

/** Describes a value that cannot be called. JavaScript Promise Integration has imports that are objects. */
function notCallable(value: unknown): string | undefined {
  return typeof value === "function" || tagOf(value) === "WebAssembly.Suspending" ? undefined : describe(value);
}

/** Tells how an import was given. The values are left to the caller: a report outlives its instance. */
function userEvidence({ key: module, byPattern: isPattern }: Found, { key: name, byPattern }: Found): () => string {
  return () => `given ${isPattern || byPattern ? "by the pattern" : "as"} ${describe(module)}.${describe(name)}`;
}

/** Replaces the library's memories and tables with the engine's objects inside them. */
function unwrap(value: unknown, { kind }: ImportShape): unknown {
  if ((kind !== "memory" && kind !== "table") || typeof value !== "object" || value === null) return value;
  return isReadable(value) && hasMember(value, "raw") ? (value as { readonly raw: unknown }).raw : value;
}

/** Asks the adapters for an import, each whether its function can wait and then for its value. */
function fromAdapters(
  wanted: ImportShape,
  context: ResolveContext,
  later?: (wanted: ImportShape, context: ResolveContext, adapter: Adapter) => Resolved | undefined,
): Resolved | undefined {
  for (const adapter of context.adapters) {
    const found = later?.(wanted, context, adapter) ?? fromAdapter(wanted, context, adapter);
    if (found) return found;
  }
  return undefined;
}

function fromAdapter(wanted: ImportShape, { life }: ResolveContext, adapter: Adapter): Resolved | undefined {
  const provided = adapter.provide(wanted, life);
  if (!provided) return undefined;
  const more = {
    adapter: adapter.name,
    meaning: memberOf(provided, "meaning"),
    unwinds: memberOf(provided, "unwinds"),
    host: undefined,
  };
  return new Resolved(wanted, "adapter", unwrap(provided.value, wanted), provided.evidence, more);
}

function fromCreation(
  wanted: ImportShape,
  context: ResolveContext,
  creation: externs.Creation | undefined,
  created: Map<string, Created>,
): Created | Unresolved | undefined {
  if (wanted.kind === "function" || !creation) return undefined;
  const { options } = context;
  const creates =
    wanted.kind === "memory" || wanted.kind === "table"
      ? options.create !== false
      : guesses(policyFor(wanted, context));
  if (!creates) return { lacking: wanted, reason: "missing" };
  if (wanted.type === undefined) return { lacking: wanted, reason: "types" };
  const key = JSON.stringify([wanted.module, wanted.name]);
  const twin = created.get(key);
  if (twin === undefined) {
    const one: Created = {
      made: wanted,
      evidence: `created as declared: ${typeText(wanted)}`,
      make: creation.create(wanted),
    };
    created.set(key, one);
    return one;
  }
  if (typeText(twin.made) !== typeText(wanted)) throw importConflict([twin.made, wanted]);
  return { made: wanted, evidence: twin.evidence, make: twin.make };
}

function fromStub(wanted: ImportShape, context: ResolveContext): Resolved | Unresolved {
  const policy = policyFor(wanted, context);
  if (policy === "error") return { lacking: wanted, reason: "missing" };
  const hint = hinting(wanted, context);
  return new Resolved(
    wanted,
    "stub",
    createStub(wanted, policy, hint, context.stubs),
    describing(policy, hint, context),
  );
}

/** Returns what describes a stub: one function for all of a policy that no adapter knows. It holds nothing of the life. */
function describing(policy: MissingPolicy, hint: Hint, context: ResolveContext): (wanted: ImportShape) => string {
  const { described, hintFor, stubs } = context;
  const known = hint === hintFor ? described.get(policy) : undefined;
  if (known) return known;
  const describe = describerOf(policy, hint, stubs.answerOf);
  if (hint === hintFor) described.set(policy, describe);
  return describe;
}

/** Asks the adapters for their hint, and returns what describes an import. It holds nothing of the life. */
function hinting(wanted: ImportShape, { adapters, life, hintFor }: ResolveContext): Hint {
  let ofAdapter: string | undefined;
  for (const adapter of adapters) ofAdapter ??= memberOf(adapter, "hint")?.call(adapter, wanted, life);
  return ofAdapter === undefined ? hintFor : () => ofAdapter;
}

/**
 * Lets the adapter decide about a function at its first call, or when its report is read, since that may take a search. Other
 * policies than these act while the instance is made.
 */
function fromAdapterLater(wanted: ImportShape, context: ResolveContext, adapter: Adapter): Resolved | undefined {
  const { life, needsMeanings, stubs, hintFor } = context;
  const defer = wanted.kind === "function" && !needsMeanings ? memberOf(adapter, "defer") : undefined;
  const policy = defer && policyFor(wanted, context);
  if (policy !== "trap" && policy !== "zero" && policy !== "warn") return undefined;
  const describe = defer?.call(adapter, wanted, life);
  if (!describe) return undefined;
  const value = madeByFirstCall(
    typeOf(wanted)?.params.length,
    () => (fromAdapters(wanted, context) ?? (fromStub(wanted, context) as Resolved)).value as ImportFunction,
  );
  return new Resolved(
    wanted,
    { report: reportLater(wanted, adapter.name, describe, policy, stubs.answerOf, hintFor) },
    value,
  );
}

function typeOf(wanted: ImportShape): FunctionType | undefined {
  return wanted.kind === "function" ? wanted.type : undefined;
}

/** Whether a policy may invent a global or tag. Others must not: a zero `__stack_pointer` corrupts memory silently. */
function guesses(policy: MissingPolicy): boolean {
  return policy === "zero" || policy === "warn";
}

function policyFor({ module, name }: ImportShape, { options, patterns }: ResolveContext): MissingPolicy {
  const { missing } = options;
  if (typeof missing !== "object") return missing ?? "trap";
  return (find(missing, `${module}.${name}`, patterns).next().value?.value as MissingPolicy | undefined) ?? "trap";
}

function refuse(unresolved: readonly Unresolved[], context: ResolveContext): never {
  const untyped = unresolved.filter(({ reason }) => reason === "types");
  const wanted = (ones: readonly Unresolved[]) => ones.map(({ lacking }) => lacking);
  throw untyped.length > 0
    ? typesUnknown(wanted(untyped))
    : unresolvedImports(wanted(unresolved), context.given, (one) => hinting(one, context)(one));
}

/**
 * Sets the value for one name. If the name is imported several times, the specification lets the engine read the imports in
 * the module's order, so a getter can return the function for each.
 */
function serve(
  entries: WebAssembly.ModuleImports,
  name: string,
  same: readonly Resolved[],
  watch: Watch | undefined,
): void {
  const values = same.map((one) => (watch ? watch(one) : one.value) as WebAssembly.ImportValue);
  const [value] = values;
  const [first] = same;
  if (value === undefined || first === undefined) return;
  if (same.every((one) => Object.is(one.value, first.value))) {
    entries[name] = value;
  } else if (same.every(({ wanted }) => wanted.kind === "function")) {
    let next = 0;
    define(entries, name, { get: () => values[next++ % values.length] });
  } else {
    throw importConflict([first.wanted, ...same.slice(1).map(({ wanted }) => wanted)]);
  }
}
