import { frozenRecord } from "../base/frozen-record.ts";
import { memberOf } from "../base/own.ts";
import { Validity } from "../base/validity.ts";
import { describe } from "../errors/describe.ts";
import type { MemoryUse } from "../errors/details.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Resolved } from "../imports/index.ts";
import { type Allocator, type Codec, createCodec, findAllocator, memoryUse } from "../memory/index.ts";
import { type Callbacks, createCallbacks, requireIndex } from "../table/index.ts";
import type {
  AllocationLog,
  Convention,
  DefaultExports,
  ExportedFunction,
  ImportFunction,
  ImportReport,
  Instance,
  InstanceState,
  InstantiateOptions,
  Shape,
  ValueType,
} from "../public/index.ts";
import type { BoundApi } from "../bind/index.ts";
import { parseSignature } from "../binary/signature.ts";
import type { Trampolines } from "../binary/trampoline.ts";
import { cAllocator } from "../toolchains/c/toolchain.ts";
import type { KnownExport } from "../toolchains/known-exports.ts";
import { allocators, toolchainNamed } from "../toolchains/registry.ts";
import { findStack } from "../toolchains/stack.ts";
import { type Chunks, lacksCoders } from "./chunks.ts";
import { createParts } from "./create-parts.ts";
import { createFacade } from "./facade.ts";
import { registerBy } from "./initialize.ts";
import { createGuard, disposed, type Guard, poisoned } from "./guard.ts";
import type { Life, Parts } from "./life.ts";
import { findReachable, type Reachable } from "./reachable.ts";
import type { Succession } from "./restart/succession.ts";
import type { Thrown } from "./thrown.ts";

/** The context in which a life is made. */
interface LifeContext {
  readonly shape: Shape;
  readonly options: InstantiateOptions;
  /** The toolchain that the module's bytes show. */
  readonly madeBy: string;
  /** The trampolines compiled so far, shared by the instances of a module. */
  readonly trampolines: Trampolines;
  /** The exports that linkers and C libraries add to the module. */
  readonly knownExports: ReadonlySet<KnownExport>;
  readonly chunks: Chunks;
  /** The declared interface, if there is one. */
  readonly bound: BoundApi | undefined;
  /** The link to later lives, if a trap begins the next one. */
  readonly succession: Succession | undefined;
}

/**
 * Makes the library's part of a life before the engine makes its own, since imports may hold it from the beginning.
 *
 * @param context - The shape, the options and the state that the module's instances share.
 */
export function createLife(context: LifeContext): Life {
  return new OneLife(context);
}

/** A class, because an object with its own getters takes some kilobytes: engines do not share its layout. */
class OneLife implements Life {
  readonly shape: Shape;
  readonly options: InstantiateOptions;
  readonly bound: BoundApi | undefined;
  readonly guard: Guard;
  readonly validity: Validity;
  readonly instance: Instance;
  readonly life: Life = this;
  readonly refusal = undefined;
  parts: Parts;
  convention: Convention | undefined;
  log: AllocationLog | undefined;
  pending: Life["pending"];
  registered: unknown;
  hostError: unknown;
  readonly #context: LifeContext;
  /** The exceptions of its imports, if anything follows from them. */
  readonly #thrown: Thrown | undefined;
  /** Makes the error for requests after the end. */
  #ended: ((intent: string) => UnglueError) | undefined;
  #resolved: readonly Resolved[] = [];
  #engine: WebAssembly.Instance | undefined;
  #exports: WebAssembly.Exports | undefined;
  // Created on first use.
  #allocator: Allocator | undefined;
  #guarded: DefaultExports | undefined;
  /** The guarded functions that were asked for one by one. */
  #guardedByName: Map<string, ExportedFunction> | undefined;
  #callbacks: Callbacks | undefined;
  #codec: Codec | undefined;

  constructor(context: LifeContext) {
    const { shape, options, bound, succession } = context;
    this.#context = context;
    this.shape = shape;
    this.options = options;
    this.bound = bound;
    this.validity = succession?.validity ?? new Validity();
    if ((options.onHostThrow ?? "throw") !== "throw") this.#thrown = context.chunks.extras?.createThrown();
    this.guard = createGuard(options, this.#thrown, succession, {
      memoryUse: () => this.#memoryUse(),
      ended: (refusal) => {
        this.pending?.end(refusal);
        this.#tellAdapter(refusal);
      },
    });
    this.parts = createParts(this, this.validity);
    this.instance = createFacade(this);
  }

  get state(): InstanceState {
    return this.guard.state;
  }

  get reports(): ImportReport[] {
    return this.#resolved.map(({ report }) => report);
  }

  get externs(): ImportReport[] {
    return this.#resolved.filter(({ wanted }) => wanted.kind !== "function").map(({ report }) => report);
  }

  get hasBegun(): boolean {
    return this.#exports !== undefined;
  }

  get codec(): Codec {
    return (this.#codec ??= createCodec(lacksCoders() ? this.#context.chunks.extras?.plainUtf8 : undefined));
  }

  get guarded(): DefaultExports {
    if (this.#guarded) return this.#guarded;
    const functions: [name: string, call: ExportedFunction][] = [];
    for (const [name, value] of Object.entries(this.exports("the exports"))) {
      if (typeof value !== "function") continue;
      const call = value as ExportedFunction;
      functions.push([name, this.#guardedByName?.get(name) ?? this.#guardExport(name, call)]);
    }
    this.#guardedByName = undefined;
    return (this.#guarded = frozenRecord(functions));
  }

  guardCall(name: string, call: ExportedFunction): ExportedFunction {
    if (this.#exports?.[name] !== call) return this.guard.wrap(name, call);
    if (this.#guarded) return this.#guarded[name] as ExportedFunction;
    // A module may have thousands of exports, and its adapter calls few of them.
    const made = (this.#guardedByName ??= new Map<string, ExportedFunction>());
    const known = made.get(name);
    if (known) return known;
    const guarded = this.#guardExport(name, call);
    made.set(name, guarded);
    return guarded;
  }

  #guardExport(name: string, call: ExportedFunction): ExportedFunction {
    const { extras } = this.#context.chunks;
    const wrapped = this.guard.wrap(name, call);
    return this.log?.called && extras ? extras.observed(wrapped, this.log) : wrapped;
  }

  get allocator(): Allocator {
    return (this.#allocator ??= this.#makeAllocator());
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws becomes a rejection
  async ready(): Promise<void> {
    this.guard.refuse();
  }

  get cAllocator(): Allocator | undefined {
    const { options, convention, shape } = this;
    // An allocator that the user names is for all.
    if (options.allocator !== undefined || !convention || !memberOf(convention, "allocator")) return undefined;
    const exported = new Set(shape.exports.map(({ name }) => name));
    if (!exported.has(cAllocator.alloc) || !exported.has(cAllocator.free)) return undefined;
    try {
      return findAllocator(this.guarded, shape, cAllocator, []);
    } catch {
      // Functions of the program's own have these names.
      return undefined;
    }
  }

  exports(what: string): WebAssembly.Exports {
    this.#refuseEnded(`use ${what}`);
    if (this.#exports) return this.#exports;
    throw new UnglueError(
      "not-ready",
      `Cannot use ${what} yet: the module's start function has not ended. Read it inside the import that needs it, and not ` +
        "while making the imports; during the start function only an imported memory or table is there.",
      { what },
    );
  }

  engine(): WebAssembly.Instance {
    this.exports("the engine's instance");
    return this.#engine as WebAssembly.Instance;
  }

  reachable<Raw>(kind: "memory" | "table", what: string): Reachable<Raw>[] {
    this.#refuseEnded(`use ${what}`);
    return findReachable(kind, this.shape, this.#resolved, this.#exports);
  }

  callback(signature: string, callback: (...args: never[]) => unknown): number {
    this.exports("callbacks");
    const { trampolines } = this.#context;
    const { table } = this.parts;
    this.#callbacks ??= createCallbacks({ table, trampolines, given: this.options.trampolines });
    return this.#callbacks.add(
      signature,
      this.ownCall(callback, this.ownsCalls ? parseSignature(signature).results : undefined, false),
    );
  }

  freeCallback(index: number): void {
    if (!this.#callbacks) {
      this.exports("callbacks");
      requireIndex(index);
      throw new UnglueError(
        "unknown-callback",
        `This instance has no callback with the index ${describe(index)}: it has none at all.`,
        { index },
      );
    }
    this.#callbacks.free(index);
  }

  get ownsCalls(): boolean {
    return (this.#context.succession ?? this.#thrown) !== undefined;
  }

  ownCall<Value>(value: Value, results: readonly ValueType[] | undefined, unwinds: boolean): Value {
    const { validity } = this;
    if (typeof value !== "function") return value;
    const given = value as unknown as (...args: unknown[]) => unknown;
    const call = this.#thrown ? this.#thrown.watch(given, results, unwinds) : given;
    if (!this.#context.succession) return call as Value;
    return ((...args: unknown[]): unknown => {
      validity.check("call JavaScript");
      return call(...args);
    }) as Value;
  }

  continuation(call: ImportFunction): ImportFunction {
    const isOver = (): boolean => this.state !== "live";
    return (...args) => {
      if (isOver()) return undefined;
      const run = (): unknown => call(...args);
      // A promise that waits for the continuation must not be fulfilled with a value that the module did not give.
      return this.pending ? this.pending.resume(run, isOver, () => new Promise(() => undefined)) : run();
    };
  }

  resolve(resolved: readonly Resolved[]): void {
    this.#resolved = resolved;
  }

  begin(made: WebAssembly.Instance, attach: () => Convention | undefined): void {
    this.#refuseEnded("finish loading");
    const { exports } = made;
    this.#engine = made;
    this.#exports = exports;
    const { ledger } = this.options;
    this.log = ledger && this.#context.chunks.extras?.follow(ledger, this.instance);
    this.convention = attach();
    this.guard.follow(this.convention, findStack(this.convention, this.#context.knownExports, exports));
    // The guarded functions that an adapter has looked at were made without the convention.
    this.#guarded = this.#guardedByName = undefined;
  }

  initialized(): void {
    // A function that the initializers called may have disposed of it.
    if (this.#ended) return;
    this.registered = registerBy(this.convention);
    // So may the registration.
    if (!this.#isOver()) this.guard.begin();
  }

  end(refusal: (intent: string) => UnglueError): void {
    this.#end("poisoned", refusal);
  }

  poison(cause: UnglueError): void {
    this.guard.end("poisoned", (name, hasBegun) => poisoned(cause, name, hasBegun));
  }

  discard(): void {
    this.#end("disposed", disposed);
  }

  dispose(): void {
    // An old life must not end the one that has followed it.
    if (this.#ended) return;
    const { succession } = this.#context;
    if (succession) succession.dispose();
    else this.discard();
  }

  #end(state: "disposed" | "poisoned", refusal: (intent: string) => UnglueError): void {
    if (this.#ended) return;
    this.#ended = refusal;
    this.guard.end(state, (name, hasBegun) => {
      if (name === undefined) return refusal("wait for it");
      return refusal(`${hasBegun ? "finish the call of" : "call"} the export ${describe(name)}`);
    });
    this.#callbacks?.clear();
    this.#resolved = this.#resolved.map((one) => one.released());
    if (this.registered !== undefined) this.registered = null;
    this.#engine = this.#exports = this.#allocator = this.#guarded = this.#callbacks = this.convention = undefined;
    this.#guardedByName = undefined;
    // Hands out nothing more, and what was handed out refuses.
    this.parts = createParts(this, this.validity);
    this.validity.end(refusal);
    // Anyone can write a ledger, so this may throw.
    this.log?.disposed();
  }

  #memoryUse(): MemoryUse | undefined {
    try {
      return memoryUse(this.parts.memory.raw, this.shape.memories[0], this.options.limits?.memoryPages);
    } catch {
      // Without a memory that can be reached, nothing is known of it.
      return undefined;
    }
  }

  #tellAdapter(refusal: (name: string, hasBegun: boolean) => UnglueError): void {
    try {
      (this.convention && memberOf(this.convention, "ended"))?.call(this.convention, (name) => refusal(name, true));
    } catch {
      // The life is over, whatever anyone's adapter makes of it.
    }
  }

  #isOver(): boolean {
    return this.#ended !== undefined;
  }

  #refuseEnded(intent: string): void {
    if (this.#ended) throw this.#ended(intent);
  }

  #makeAllocator(): Allocator {
    this.exports("the allocator");
    const { options, shape, convention } = this;
    // The allocating functions may trap like any other call.
    if (options.allocator !== "grow")
      return findAllocator(
        this.guarded,
        shape,
        options.allocator ?? (convention && memberOf(convention, "allocator")),
        allocators,
      );
    const toolchain = toolchainNamed(this.#context.madeBy);
    return (this.#context.chunks.extras as NonNullable<Chunks["extras"]>).createGrownAllocator(
      this.parts.memory,
      shape.memories[0]?.pageSize ?? 65_536,
      toolchain?.claimsMemory ? toolchain.name : undefined,
    );
  }
}
