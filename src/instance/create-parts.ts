import { memberOf } from "../base/own.ts";
import type { Validity } from "../base/validity.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { type Allocator, createMemory } from "../memory/index.ts";
import type { Arena, Handles, Memory, Table } from "../public/index.ts";
import { createTable } from "../table/index.ts";
import { exportTableFlags, growableTableFlags } from "../toolchains/linker-flags.ts";
import { toolchainNamed } from "../toolchains/registry.ts";
import { boundHandles } from "./handles.ts";
import type { Life, Parts } from "./life.ts";
import type { Reachable } from "./reachable.ts";

/**
 * Makes the parts of a life: its memories, tables and handles.
 *
 * @param life - The life.
 * @param validity - How long they can be used.
 * @param arenas - Receives each arena that is made, until that is disposed of.
 */
export function createParts(life: Life, validity: Validity, arenas?: Set<Arena>): Parts {
  return new PartsOf(life, validity, arenas);
}

class PartsOf implements Parts {
  readonly #life: Life;
  readonly #validity: Validity;
  readonly #arenas: Set<Arena> | undefined;
  #memories: Map<WebAssembly.Memory, Memory> | undefined;
  #tables: Map<WebAssembly.Table, Table<unknown>> | undefined;
  /** A separate field, because every read and write uses its getter. */
  #memory: Memory | undefined;
  #cMemory: Memory | undefined;
  #handles: Handles | undefined;

  constructor(life: Life, validity: Validity, arenas: Set<Arena> | undefined) {
    this.#life = life;
    this.#validity = validity;
    this.#arenas = arenas;
  }

  get memory(): Memory {
    return this.#memory ?? this.#firstMemory();
  }

  get cMemory(): Memory {
    if (this.#cMemory) return this.#cMemory;
    const memory = this.#makeCMemory();
    // Until the start function has ended, there are no exports by which the allocator is found.
    if (this.#life.hasBegun) this.#cMemory = memory;
    return memory;
  }

  get memories(): Readonly<Record<string, Memory>> {
    return record(this.#life.reachable<WebAssembly.Memory>("memory", "the memories"), (one) => this.#wrapMemory(one));
  }

  get table(): Table {
    const life = this.#life;
    const first = life.reachable<WebAssembly.Table>("table", "the table").find(({ extern }) => holdsFunctions(extern));
    if (first) return this.#wrapTable(first) as Table;
    if (life.shape.tables.length > 0 || !life.shape.complete) life.exports("the table");
    throw new UnglueError(
      "no-table",
      `The module neither exports nor imports a table of functions. Link it so that it exports its table: ${exportTableFlags}.`,
      {},
    );
  }

  get tables(): Readonly<Record<string, Table<unknown>>> {
    return record(this.#life.reachable<WebAssembly.Table>("table", "the tables"), (one) => this.#wrapTable(one));
  }

  get handles(): Handles {
    if (this.#handles) return this.#handles;
    const { convention, shape } = this.#life;
    this.#life.exports("the handles");
    const handles = convention && memberOf(convention, "handles");
    if (handles) return (this.#handles = boundHandles(handles, this.#validity));
    const adapter = toolchainNamed(shape.toolchain.name)?.adapter;
    throw new UnglueError(
      "no-handles",
      "The module has no handles: it knows JavaScript values by no number, or its toolchain is not one whose convention is " +
        `known here.${adapter ? ` Where the calls cannot wait, give the adapter: ${adapter.importLine} adapters: [${adapter.call}].` : ""}`,
      {},
    );
  }

  #firstMemory(): Memory {
    const life = this.#life;
    const [first] = life.reachable<WebAssembly.Memory>("memory", "the memory");
    if (first === undefined) {
      if (life.shape.memories.length > 0 || !life.shape.complete) life.exports("the memory");
      throw new UnglueError(
        "no-memory",
        "The module neither exports nor imports a memory, so there is none to read, write or allocate in.",
        {},
      );
    }
    const memory = this.#wrapMemory(first);
    // Until the start function has ended, an export may still turn out to be the first.
    if (life.hasBegun) this.#memory = memory;
    return memory;
  }

  #makeCMemory(): Memory {
    const { memory } = this;
    const { cAllocator } = this.#life;
    const [first] = this.#life.reachable<WebAssembly.Memory>("memory", "the memory");
    return first && cAllocator ? this.#makeMemory(first, () => cAllocator) : memory;
  }

  #wrapMemory(one: Reachable<WebAssembly.Memory>): Memory {
    return once((this.#memories ??= new Map<WebAssembly.Memory, Memory>()), one.raw, () =>
      this.#makeMemory(one, () => this.#life.allocator),
    );
  }

  #makeMemory({ raw, extern }: Reachable<WebAssembly.Memory>, allocator: () => Allocator): Memory {
    const life = this.#life;
    return createMemory(raw, {
      ...(extern.kind === "memory" && extern.type && { type: extern.type }),
      ceiling: life.options.limits?.memoryPages,
      codec: life.codec,
      allocator,
      log: () => life.log,
      validity: this.#validity,
      arenas: this.#arenas,
    });
  }

  #wrapTable({ raw, extern }: Reachable<WebAssembly.Table>): Table<unknown> {
    return once((this.#tables ??= new Map<WebAssembly.Table, Table<unknown>>()), raw, () =>
      createTable(raw, {
        growableFlags: growableTableFlags,
        type: extern.kind === "table" ? extern.type : undefined,
        ceiling: this.#life.options.limits?.tableElements,
        validity: this.#validity,
      }),
    );
  }
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
 * Makes an object whose names come from the module. A null prototype makes `__proto__` an ordinary name. An export may have
 * the same name as an import's `module.name`: the first keeps it, and a later one gets its index appended.
 */
function record<Raw, Value>(
  reachable: readonly Reachable<Raw>[],
  wrap: (one: Reachable<Raw>) => Value,
): Readonly<Record<string, Value>> {
  const values = Object.create(null) as Record<string, Value>;
  for (const [place, one] of reachable.entries()) {
    let { key } = one;
    while (key in values) key += `#${place}`;
    values[key] = wrap(one);
  }
  return values;
}
