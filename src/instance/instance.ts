import { invalidOption } from "../errors/invalid.ts";
import { disposeKey } from "../base/dispose-key.ts";
import { define, memberOf } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { instanceFacts, preview } from "../base/preview.ts";
import type { Resolved } from "../imports/index.ts";
import { type Allocator, createMemory, findAllocator } from "../memory/index.ts";
import type { NextLife, Succession } from "./restart/index.ts";
import { type Callbacks, createCallbacks, createTable } from "../table/index.ts";
import type {
  AllocationLog,
  Convention,
  DefaultExports,
  Instance,
  InstanceState,
  InstantiateOptions,
  Memory,
  Shape,
  Table,
} from "../public/index.ts";
import type { BoundApi } from "../bind/index.ts";
import { allocators, toolchainNamed } from "../toolchains/registry.ts";
import { type Chunks, lacksCoders } from "./chunks.ts";
import { createGuard, disposed, type Guard, poisoned } from "./guard.ts";
import { type Reachable, findReachable } from "./reachable.ts";
import { exportTableFlags, growableTableFlags } from "../toolchains/linker-flags.ts";
import type { KnownExport } from "../toolchains/known-exports.ts";
import { findStack } from "../toolchains/stack.ts";
import type { Trampolines } from "../binary/trampoline.ts";

/** What an instance is made from. */
export interface InstanceContext {
  readonly shape: Shape;
  readonly options: InstantiateOptions;
  /** The trampolines compiled so far, shared by the instances of a module. */
  readonly trampolines: Trampolines;
  /** The exports that linkers and C libraries give the module. */
  readonly knownExports: ReadonlySet<KnownExport>;
  readonly chunks: Chunks;
  /** What follows after a trap, where something does. */
  readonly succession: Succession | undefined;
}

/** One life of an instance, from the inside. */
export interface InstanceLife extends Pick<NextLife, "instance" | "end" | "poison" | "dispose"> {
  /** Runs a function of the module under the trap policy; see {@link Guard.wrap}. */
  readonly guard: Guard["wrap"];
  /** Marks an error that a stub throws. */
  readonly stubThrew: Guard["stubThrew"];
  /** Returns the exports. Errors: as those of the instance. */
  readonly exports: () => WebAssembly.Exports;
  /** The ledger's log of it, if a ledger was given and the life has begun. */
  readonly log: () => AllocationLog | undefined;
  /** Takes the imports in. */
  readonly resolve: (resolved: readonly Resolved[]) => void;
  /** Takes the declared interface in. */
  readonly bind: (bound: BoundApi | undefined) => void;
  /**
   * Begins the life, once the start function has ended: with the engine's instance, and then with the convention that an adapter
   * knows by its exports. Errors: `disposed` if an import disposed of it before.
   */
  readonly begin: (made: WebAssembly.Instance, attach: () => Convention | undefined) => Convention | undefined;
  /** The initializers have ended. */
  readonly ready: () => void;
}

/**
 * Makes the library's side of a life, before the engine makes its own: imports may hold it from the beginning.
 *
 * @param context - The shape, the options and what the module's instances share.
 */
export function createInstance(context: InstanceContext): InstanceLife {
  const { shape, options, trampolines, knownExports, chunks, succession } = context;
  const guard = createGuard(options.onTrap === "throw" ? "throw" : "poison", succession);
  const memories = new Map<WebAssembly.Memory, Memory>();
  const tables = new Map<WebAssembly.Table, Table<unknown>>();
  let resolved: readonly Resolved[] = [];
  let engine: WebAssembly.Instance | undefined;
  let exports: WebAssembly.Exports | undefined;
  let convention: Convention | undefined;
  // Made at first use; the memory because its getter is on the way of every read and write.
  let firstMemory: Memory | undefined;
  let allocator: Allocator | undefined;
  let log: AllocationLog | undefined;
  let guarded: DefaultExports | undefined;
  let callbacks: Callbacks | undefined;
  let bound: BoundApi | undefined;

  let refusal: ((intent: string) => UnglueError) | undefined;

  const refuseEnded = (intent: string): void => {
    if (refusal) throw refusal(intent);
  };

  const readyExports = (what: string): WebAssembly.Exports => {
    refuseEnded(`use ${what}`);
    if (exports) return exports;
    throw new UnglueError(
      "not-ready",
      `Cannot use ${what} yet: the module's start function has not ended. Read it inside the import that needs it, and not ` +
        "while making the imports; during the start function only an imported memory or table is there.",
      { what },
    );
  };

  const reachable = <Raw>(kind: "memory" | "table", what: string): Reachable<Raw>[] => {
    refuseEnded(`use ${what}`);
    return findReachable<Raw>(kind, shape, resolved, exports);
  };

  const wrapMemory = ({ raw, extern }: Reachable<WebAssembly.Memory>): Memory =>
    once(memories, raw, () => {
      return createMemory(raw, {
        ...(extern.kind === "memory" && extern.type && { type: extern.type }),
        ceiling: options.limits?.memoryPages,
        utf8: lacksCoders() ? chunks.extras?.plainUtf8 : undefined,
        allocator: () => (allocator ??= makeAllocator()),
        log: () => log,
      });
    });

  const makeAllocator = (): Allocator => {
    readyExports("the allocator");
    // What allocates may trap like any other call.
    if (options.allocator !== "grow")
      return findAllocator(
        instance.guarded,
        shape,
        options.allocator ?? (convention && memberOf(convention, "allocator")),
        allocators,
      );
    const toolchain = toolchainNamed(shape.toolchain.name);
    return (chunks.extras as NonNullable<Chunks["extras"]>).createGrownAllocator(
      instance.memory,
      shape.memories[0]?.pageSize ?? 65_536,
      toolchain?.claimsMemory ? toolchain.name : undefined,
    );
  };

  const wrapTable = ({ raw, extern }: Reachable<WebAssembly.Table>): Table<unknown> =>
    once(tables, raw, () =>
      createTable(raw, {
        growableFlags: growableTableFlags,
        type: extern.kind === "table" ? extern.type : undefined,
        ceiling: options.limits?.tableElements,
      }),
    );

  const firstTable = (): Table => {
    const first = reachable<WebAssembly.Table>("table", "the table").find(({ extern }) => holdsFunctions(extern));
    if (first) return wrapTable(first) as Table;
    if (shape.tables.length > 0 || !shape.complete) readyExports("the table");
    throw new UnglueError(
      "no-table",
      `The module neither exports nor imports a table of functions. Link it so that it exports its table: ${exportTableFlags}.`,
      {},
    );
  };

  const endAs = (state: InstanceState, refuse: (intent: string) => UnglueError): void => {
    if (refusal) return;
    refusal = refuse;
    guard.end(state, (name) => refuse(name === undefined ? "wait for it" : `call the export ${describe(name)}`));
    log?.disposed();
    callbacks?.clear();
    resolved = resolved.map(({ report }) => ({ report, value: undefined }));
    engine = exports = firstMemory = allocator = guarded = callbacks = convention = undefined;
    memories.clear();
    tables.clear();
  };

  const dispose = (): void => endAs("disposed", disposed);
  // What ends a life that others may follow ends them all.
  const disposeOfAll = succession?.dispose ?? dispose;

  const instance: Instance = {
    get exports() {
      const ready = readyExports("the exports") as DefaultExports;
      guard.lookAtEachCall();
      return ready;
    },

    get instance() {
      readyExports("the engine's instance");
      // It leads to the exports.
      guard.lookAtEachCall();
      return engine as WebAssembly.Instance;
    },

    get guarded() {
      if (guarded) return guarded;
      const functions = Object.create(null) as Record<string, DefaultExports[string]>;
      for (const [name, value] of Object.entries(readyExports("the exports"))) {
        if (typeof value !== "function") continue;
        const wrapped = guard.wrap(name, value as DefaultExports[string]);
        functions[name] = log?.called ? observed(wrapped, log) : wrapped;
      }
      return (guarded = Object.freeze(functions));
    },

    get api() {
      if (!bound) return noMembers;
      readyExports("the interface");
      return bound.api;
    },

    get memory() {
      if (firstMemory) return firstMemory;
      const [first] = reachable<WebAssembly.Memory>("memory", "the memory");
      if (first === undefined) {
        if (shape.memories.length > 0 || !shape.complete) readyExports("the memory");
        throw new UnglueError(
          "no-memory",
          "The module neither exports nor imports a memory, so there is none to read, write or allocate in.",
          {},
        );
      }
      const memory = wrapMemory(first);
      // Until the start function has ended, an export may still prove to be the first.
      if (exports) firstMemory = memory;
      return memory;
    },

    get memories() {
      return record(reachable<WebAssembly.Memory>("memory", "the memories"), wrapMemory);
    },

    get table() {
      guard.lookAtEachCall();
      return firstTable();
    },

    get tables() {
      guard.lookAtEachCall();
      return record(reachable<WebAssembly.Table>("table", "the tables"), wrapTable);
    },

    get handles() {
      readyExports("the handles");
      const handles = convention && memberOf(convention, "handles");
      if (handles) return handles;
      const adapter = toolchainNamed(shape.toolchain.name)?.adapter;
      throw new UnglueError(
        "no-handles",
        "The module has no handles: it knows JavaScript values by no number, or its toolchain is not one whose convention is " +
          `known here.${adapter ? ` Where the calls cannot wait, give the adapter: ${adapter.importLine} adapters: [${adapter.call}].` : ""}`,
        {},
      );
    },

    get imports() {
      return resolved.map(({ report }) => report);
    },

    shape,

    toolchain: shape.toolchain,

    get state() {
      return guard.state;
    },

    get ready() {
      return settled(guard.refuse);
    },

    callback(signature, callback) {
      readyExports("callbacks");
      const table = firstTable();
      callbacks ??= createCallbacks({
        table,
        trampolines,
        given: options.trampolines,
      });
      return callbacks.add(signature, succession ? succession.bind(callback) : callback);
    },

    freeCallback(index) {
      if (!callbacks) {
        readyExports("callbacks");
        throw new UnglueError(
          "unknown-callback",
          `This instance has no callback with the index ${describe(index)}: it has none at all.`,
          { index },
        );
      }
      callbacks.free(index);
    },

    dispose: disposeOfAll,
    [disposeKey]: disposeOfAll,
  };
  preview(instance, "Instance", () => instanceFacts(instance));
  return {
    instance,
    exports: () => readyExports("the exports"),
    guard: guard.wrap,
    stubThrew: guard.stubThrew,
    log: () => log,
    resolve: (found) => {
      resolved = found;
    },
    bind: (made) => {
      bound = made;
    },
    begin: (made, attach) => {
      refuseEnded("finish loading");
      engine = made;
      ({ exports } = made);
      log = options.ledger && checkLog(options.ledger.follow(instance));
      convention = attach();
      guard.follow(convention, findStack(convention, knownExports, exports));
      // What an adapter has looked at was made without the convention.
      guarded = undefined;
      return convention;
    },
    ready: () => {
      // What the initializers called may have disposed of it.
      if (!refusal) guard.begin();
    },
    end: (refuse) => endAs("poisoned", refuse),
    poison: (cause) => guard.end("poisoned", (name) => poisoned(cause, name)),
    dispose,
  };
}

/** What an instance without a declared interface has. */
const noMembers: object = Object.freeze(Object.create(null) as object);

/** Ledgers may be anybody's. */
function checkLog(log: unknown): AllocationLog {
  const has = (name: string, ...kinds: readonly string[]) =>
    kinds.includes(typeof memberOf(log as AllocationLog, name));
  if (
    typeof log === "object" &&
    log !== null &&
    ["allocated", "freeing", "released", "disposed"].every((name) => has(name, "function")) &&
    ["enter", "received", "ended", "called"].every((name) => has(name, "function", "undefined"))
  ) {
    return log as AllocationLog;
  }
  throw invalidOption(
    "instantiate",
    "what follow of the ledger returns",
    "a log with the functions allocated, freeing, released and disposed",
    log,
  );
}

/** A guarded function that tells the ledger when a call has ended. */
function observed(call: DefaultExports[string], log: AllocationLog): DefaultExports[string] {
  const observing: DefaultExports[string] = (...args) => {
    try {
      return call(...args);
    } finally {
      log.called?.();
    }
  };
  return define(observing, "length", { value: call.length, configurable: true });
}

/** A promise of what is known already. */
// eslint-disable-next-line @typescript-eslint/require-await -- what it throws becomes a rejection
async function settled(check: () => void): Promise<void> {
  check();
}

function holdsFunctions(extern: Reachable<unknown>["extern"]): boolean {
  return extern.kind === "table" && (extern.type === undefined || extern.type.element === "funcref");
}

function once<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/**
 * Names come from the module: a null prototype keeps `__proto__` an ordinary one, and an export may have the name that
 * an import's two make together. The first has it then, and a later one has its place in the list added.
 */
function record<Raw, Value>(
  parts: readonly Reachable<Raw>[],
  wrap: (part: Reachable<Raw>) => Value,
): Readonly<Record<string, Value>> {
  const values = Object.create(null) as Record<string, Value>;
  for (const [place, part] of parts.entries()) {
    let { key } = part;
    while (key in values) key += `#${place}`;
    values[key] = wrap(part);
  }
  return values;
}
