import type { Shape } from "../../../../public/index.ts";
import type { Binding, Scopes } from "../scope.ts";
import type { Engine } from "./builtins.ts";
import { startProgram } from "./program.ts";
import type { Program } from "./state.ts";
import { Bytes, type Callable, provide, Thing, Thrown, Unknown, type Value } from "./values.ts";

/** A block of the model's memory. */
export interface Block {
  readonly at: number;
  readonly size: number;
  readonly align: Value;
}

/** Generated JavaScript that is interpreted, with a model of the module that it calls. */
export interface Model {
  readonly program: Program;
  readonly memory: Thing;
  /** The values of the table of references. */
  readonly table: Map<number, Value>;
  /** The calls of functions of the module, by their arguments, and by the names of exports or indices in a table. */
  readonly calls: (readonly Value[])[];
  readonly called: ModelCall[];
  /** Answers a call of an export in place of the model, if it is set. */
  answer: ((call: ModelCall) => { readonly value: Value } | undefined) | undefined;
  /** The live blocks of memory. */
  readonly blocks: Map<number, Block>;
  readonly malloc: Callable;
  readonly realloc: Callable;
  /** Whether the module does something that no allocator takes, such as a block that is not there. */
  isMisused: boolean;
}

/** A call of a function of the module. */
export interface ModelCall {
  /** The export, or the index in the table of functions. */
  readonly callee: string | number;
  readonly args: readonly Value[];
}

/** The size of the model's memory. */
const memorySize = 1 << 16;
/** The first places of the table of references belong to the module. */
const firstPlace = 132;

/** The variants of what surrounds the JavaScript. */
export interface Surroundings extends Engine {
  /** Whether memory grows whenever it is allocated. */
  readonly grows: boolean;
}

/** Interprets generated JavaScript up to the point where the module is loaded. */
export function makeModel(
  { scopes, exports, shape }: { readonly scopes: Scopes; readonly exports: Binding; readonly shape: Shape | undefined },
  surroundings: Surroundings,
): Model {
  const program = startProgram(scopes, exports.scope, surroundings);
  const memory = new Thing();
  const bytes = new Bytes(new ArrayBuffer(memorySize));
  bytes.tellsDetached = surroundings.hasDetached;
  memory.members.set("buffer", bytes);
  const blocks = new Map<number, Block>();
  let next = 1024;
  const allocate = (size: Value, align: Value): number => {
    if (typeof size !== "number" || !(size >= 0 && size < memorySize / 4)) {
      model.isMisused = true;
      return 0;
    }
    if (surroundings.grows) growMemory(model);
    const at = Math.ceil(next / 16) * 16;
    next = at + size + 1;
    if (next > memorySize) throw new Thrown("out of memory");
    blocks.set(at, { at, size, align });
    return at;
  };
  const model: Model = {
    program,
    memory,
    table: new Map(),
    calls: [],
    called: [],
    answer: undefined,
    blocks,
    isMisused: false,
    malloc: provide(([size, align]) => allocate(size, align)),
    realloc: provide(([at, oldSize, newSize, align]) => {
      const block = typeof at === "number" ? blocks.get(at) : undefined;
      if (block?.size !== oldSize || block?.align !== align) model.isMisused = true;
      if (!block) return 0;
      const made = allocate(newSize, align);
      const data = bytesOf(model);
      data.copyWithin(made, block.at, block.at + Math.min(block.size, Number(newSize)));
      blocks.delete(block.at);
      return made;
    }),
  };
  const variable = program.environments.get(exports.scope)?.variables.get(exports.name);
  if (variable) Object.assign(variable, { value: exportsOf(model, shape), isUnknown: false });
  return model;
}

/** Makes a memory grow: views of it are empty from then on. */
export function growMemory({ memory }: Model): void {
  const old = memory.members.get("buffer");
  if (!(old instanceof Bytes)) return;
  const bytes = new Bytes(old.data.slice(0));
  bytes.tellsDetached = old.tellsDetached;
  memory.members.set("buffer", bytes);
  old.isDetached = true;
}

/** The bytes of the model's memory. */
export function bytesOf({ memory }: Model): Uint8Array {
  const bytes = memory.members.get("buffer");
  if (!(bytes instanceof Bytes)) throw new Error("There is a buffer.");
  return new Uint8Array(bytes.data);
}

/** The exports: their types tell what those of a table of references do. */
function exportsOf(model: Model, shape: Shape | undefined): Thing {
  const exports = new Thing();
  if (!shape) exports.members.set("memory", model.memory);
  for (const one of shape?.exports ?? []) {
    if (one.kind === "memory") exports.members.set(one.name, model.memory);
    else if (one.kind === "table") {
      const isOfFunctions = one.type?.element === "funcref";
      exports.members.set(one.name, isOfFunctions ? functionTableOf(model) : tableOf(model));
    } else if (one.kind === "function") exports.members.set(one.name, functionOf(model, one.name, one.type));
  }
  return exports;
}

/** The size of the model's table of references before it grows. */
const tableSize = 128;

function tableOf({ table }: Model): Thing {
  const made = new Thing();
  let size = tableSize;
  made.members.set(
    "grow",
    provide(([count]) => {
      const before = size;
      if (typeof count !== "number" || !(count >= 0 && count <= tableSize)) throw new Unknown();
      size += count;
      return before;
    }),
  );
  made.members.set(
    "get",
    provide(([at]) => table.get(Number(at))),
  );
  made.members.set(
    "set",
    provide(([at, value]) => {
      table.set(Number(at), value);
      return undefined;
    }),
  );
  return made;
}

/** The table of functions: it has one for each index. */
function functionTableOf(model: Model): Thing {
  const made = new Thing();
  made.members.set(
    "get",
    provide(([at]) => (typeof at === "number" ? provide((args) => call(model, { callee: at, args })) : undefined)),
  );
  return made;
}

function call(model: Model, made: ModelCall): Value {
  model.calls.push(made.args);
  model.called.push(made);
  return model.answer?.(made)?.value;
}

type ExportType = Extract<Shape["exports"][number], { kind: "function" }>["type"];

function functionOf(model: Model, callee: string, type: ExportType): Callable {
  const isPlace = type?.params.length === 0 && type.results.length === 1;
  let next = firstPlace;
  return provide((args) => {
    // A function without parameters makes a place in the table.
    if (isPlace) return model.answer?.({ callee, args })?.value ?? next++;
    return call(model, { callee, args }) ?? (type?.results.length === 1 ? allocated(model, args) : undefined);
  });
}

/** The result of an allocator that the JavaScript calls by its export. Any other function may get it, too. */
function allocated({ malloc, realloc }: Model, args: readonly Value[]): Value {
  const sizes = args.filter((one) => typeof one === "number" && one >= 0 && one < memorySize / 4);
  if (args.length > 4 || sizes.length < args.length) return args[0] === -16 ? memorySize / 2 : undefined;
  return (args.length > 2 ? realloc : malloc).call(args, undefined, false);
}
