import { UnglueError } from "../errors.ts";
import type { Resolved } from "../imports/index.ts";
import type { Allocator } from "../memory/index.ts";
import type { Parts } from "../parts.ts";
import type { Callbacks, Trampolines } from "../table/index.ts";
import type {
  AllocationLog,
  Convention,
  DefaultExports,
  Instance,
  InstantiateOptions,
  Memory,
  Shape,
  Table,
} from "../types/index.ts";
import { createGuard, disposed } from "./guard.ts";
import { type Part, partsOf } from "./parts.ts";

/** What an instance is made from. */
export interface InstanceContext {
  readonly shape: Shape;
  readonly options: InstantiateOptions;
  /** The trampolines compiled so far, shared by the instances of a module. */
  readonly trampolines: Trampolines;
  readonly parts: Parts;
}

/** An instance in the making. */
export interface Making {
  readonly instance: Instance;
  /** Takes the imports in. */
  readonly resolve: (resolved: readonly Resolved[]) => void;
  /** Takes the exports in, once the start function has ended. Errors: `disposed` if an import disposed of it before. */
  readonly begin: (exports: WebAssembly.Exports) => void;
  /** Takes the convention in, as an adapter knows it. */
  readonly follow: (convention: Convention) => void;
}

/**
 * Makes the library's side of an instance, before the engine makes its own: imports may hold it from the beginning.
 *
 * @param context - The shape, the options and what the module's instances share.
 */
export function createInstance(context: InstanceContext): Making {
  const { shape, options, trampolines, parts } = context;
  const guard = createGuard(options.onTrap ?? "poison");
  const memories = new Map<WebAssembly.Memory, Memory>();
  const tables = new Map<WebAssembly.Table, Table<unknown>>();
  let resolved: readonly Resolved[] = [];
  let exports: WebAssembly.Exports | undefined;
  let convention: Convention | undefined;
  // Made at first use; the memory because its getter is on the way of every read and write.
  let firstMemory: Memory | undefined;
  let allocator: Allocator | undefined;
  let log: AllocationLog | undefined;
  let guarded: DefaultExports | undefined;
  let callbacks: Callbacks | undefined;

  const refuseDisposed = (intent: string): void => {
    if (guard.state === "disposed") throw disposed(intent);
  };

  const readyExports = (what: string): WebAssembly.Exports => {
    refuseDisposed(`use ${what}`);
    if (exports) return exports;
    throw new UnglueError(
      "not-ready",
      `Cannot use ${what} yet: the module's start function has not ended. Read it inside the import that needs it, and not ` +
        "while making the imports; during the start function only an imported memory or table is there.",
      { what },
    );
  };

  const reachable = <Raw>(kind: "memory" | "table", what: string): Part<Raw>[] => {
    refuseDisposed(`use ${what}`);
    return partsOf<Raw>(kind, shape, resolved, exports);
  };

  // What the shape has no need for is not there, and then there is nothing to wrap with it either.
  const partOf = <Name extends keyof Parts>(name: Name) => parts[name] as NonNullable<Parts[Name]>;

  const wrapMemory = ({ raw, extern }: Part<WebAssembly.Memory>): Memory =>
    once(memories, raw, () => {
      const { createMemory, findAllocator } = partOf("memory");
      return createMemory(raw, {
        ...(extern.kind === "memory" && extern.type && { type: extern.type }),
        ceiling: options.limits?.memoryPages,
        allocator: () =>
          (allocator ??= findAllocator(
            readyExports("the allocator"),
            shape,
            options.allocator ?? convention?.allocator,
          )),
        log: () => log,
      });
    });

  const wrapTable = ({ raw, extern }: Part<WebAssembly.Table>): Table<unknown> =>
    once(tables, raw, () =>
      partOf("tables").createTable(raw, {
        type: extern.kind === "table" ? extern.type : undefined,
        ceiling: options.limits?.tableElements,
      }),
    );

  const dispose = (): void => {
    if (guard.state === "disposed") return;
    guard.dispose();
    log?.disposed();
    callbacks?.clear();
    resolved = resolved.map(({ report }) => ({ report, value: undefined }));
    exports = firstMemory = allocator = guarded = callbacks = convention = undefined;
    memories.clear();
    tables.clear();
  };

  const instance: Instance = {
    get exports() {
      return readyExports("the exports") as DefaultExports;
    },

    get guarded() {
      if (guarded) return guarded;
      const functions = Object.create(null) as Record<string, DefaultExports[string]>;
      for (const [name, value] of Object.entries(readyExports("the exports"))) {
        if (typeof value === "function") functions[name] = guard.wrap(name, value as DefaultExports[string]);
      }
      return (guarded = Object.freeze(functions));
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
      const first = reachable<WebAssembly.Table>("table", "the table").find(({ extern }) => holdsFunctions(extern));
      if (first) return wrapTable(first) as Table;
      if (shape.tables.length > 0 || !shape.complete) readyExports("the table");
      throw new UnglueError(
        "no-table",
        "The module neither exports nor imports a table of functions. Link it so that it exports its table: -Wl,--export-table " +
          "(clang), -C link-arg=--export-table (Rust), --exportTable (AssemblyScript).",
        {},
      );
    },

    get tables() {
      return record(reachable<WebAssembly.Table>("table", "the tables"), wrapTable);
    },

    get handles() {
      readyExports("the handles");
      if (convention?.handles) return convention.handles;
      throw new UnglueError(
        "no-handles",
        "The module has no handles: it knows JavaScript values by no number, or its toolchain is not one whose convention is " +
          "known here. Where the calls cannot wait, give the adapter: adapters: [wasmBindgen()] from unglue/wasm-bindgen.",
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

    callback(signature, callback) {
      readyExports("callbacks");
      const { table } = instance;
      callbacks ??= partOf("tables").createCallbacks({
        table,
        trampolines,
        given: options.trampolines,
      });
      return callbacks.add(signature, callback);
    },

    freeCallback(index) {
      if (!callbacks) {
        readyExports("callbacks");
        throw new UnglueError(
          "unknown-callback",
          `This instance has no callback with the index ${index}: it has none at all.`,
          { index },
        );
      }
      callbacks.free(index);
    },

    dispose,

    // Where the symbol is missing, the key is a harmless second "dispose".
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
    [Symbol.dispose ?? "dispose"]: dispose,
  };
  return {
    instance,
    resolve: (found) => {
      resolved = found;
    },
    begin: (made) => {
      refuseDisposed("finish loading");
      exports = made;
      log = options.ledger?.follow(instance);
    },
    follow: (known) => {
      convention = known;
      guard.follow(known);
    },
  };
}

function holdsFunctions(extern: Part<unknown>["extern"]): boolean {
  return extern.kind === "table" && (extern.type === undefined || extern.type.element === "funcref");
}

function once<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Names come from the module: a null prototype keeps `__proto__` an ordinary one. */
function record<Raw, Value>(
  parts: readonly Part<Raw>[],
  wrap: (part: Part<Raw>) => Value,
): Readonly<Record<string, Value>> {
  const values = Object.create(null) as Record<string, Value>;
  for (const part of parts) values[part.key] = wrap(part);
  return values;
}
