import { wasmBindgen } from "../entries/wasm-bindgen.ts";
import { compile, UnglueError } from "../node.ts";
import type { Adapter, BuiltinOptions, ImportShape, ImportValue, Instance, Known, Shape } from "../public/index.ts";
import { findStartSection } from "../reflect/definitions.ts";
import { isExceptionTag } from "../toolchains/wasm-bindgen/abi.ts";

/** The options of an instance whose code never runs. */
export interface UnstartedOptions {
  /** The facts about imports that a declaration file states. */
  readonly known?: Known | undefined;
  /** The interface that is compared with the module. */
  readonly api?: unknown;
}

/** Makes an instance of which no code runs. Errors: those of `Module.instantiate`. */
export type Unstarted = (options?: UnstartedOptions) => Promise<Instance>;

/**
 * Compiles a module for instances of which no code runs: without its start function, its initializers, and the functions
 * that an adapter calls when an instance begins.
 *
 * @param bytes - The module.
 * @param builtins - The builtins that it is compiled with.
 * @returns A function that makes an instance.
 */
export async function compileUnstarted(
  bytes: Uint8Array<ArrayBuffer>,
  builtins: BuiltinOptions = {},
): Promise<Unstarted> {
  const module = await compile(withoutStart(bytes), { ...builtins, adapters: [callingNothing(wasmBindgen())] });
  const make = ({ known, api }: UnstartedOptions, imports: StandIns): Promise<Instance> =>
    module.instantiate({
      initialize: false,
      limits: { memoryPages: 65536 },
      warn: () => undefined,
      imports,
      ...(known && { known }),
      ...(api !== undefined && { api: api as never }),
    });
  return async (options = {}) => {
    const tags = tagsOf(module.shape);
    try {
      return await make(options, tags);
    } catch (error) {
      const standIns = standInsFor(error, module.shape, tags);
      if (!standIns) throw error;
      return make(options, standIns).catch((other: unknown) => {
        // A value that does not fit says nothing about the module.
        throw UnglueError.is(other, "import-mismatch") || UnglueError.is(other, "link-failed") ? error : other;
      });
    }
  };
}

type StandIns = Record<string, Record<string, ImportValue>>;

/** Makes the globals and tags for which nothing stands in a load, since no code runs that would use them. */
function standInsFor(error: unknown, { imports }: Shape, tags: StandIns): StandIns | undefined {
  if (!UnglueError.is(error, "unresolved-imports")) return undefined;
  const keyOf = ({ module, name }: Pick<ImportShape, "module" | "name">): string => JSON.stringify([module, name]);
  const missing = new Set(error.details.imports.map(keyOf));
  // A module may import its memory a second time, as a reference.
  const memories = new Map(imports.flatMap((one) => (one.kind === "memory" ? [[keyOf(one), one] as const] : [])));
  const all = Object.assign(Object.create(null) as StandIns, tags);
  for (const one of imports) {
    if (!missing.has(keyOf(one))) continue;
    const value = standInFor(memories.get(keyOf(one)) ?? one);
    if (value === undefined) return undefined;
    const given: StandIns[string] = { ...all[one.module] };
    all[one.module] = Object.assign(Object.create(null) as StandIns[string], given, { [one.name]: value });
  }
  return all;
}

function standInFor({ kind, type }: ImportShape): ImportValue | undefined {
  const { Tag } = WebAssembly as unknown as { readonly Tag?: new (type: object) => ImportValue };
  try {
    if (kind === "tag" && type) return Tag && new Tag({ parameters: [...type.params] });
    if (kind === "memory" && type && !type.shared && type.address === "i32") {
      const { initial, maximum } = type;
      return new WebAssembly.Memory({
        initial: Number(initial),
        ...(maximum !== undefined && { maximum: Number(maximum) }),
      });
    }
    if (kind !== "global" || !type) return undefined;
    if (type.mutable) return new WebAssembly.Global({ value: type.value as "externref", mutable: true });
    return type.value === "i64" ? 0n : ["i32", "f32", "f64"].includes(type.value) ? 0 : ("" as unknown as ImportValue);
  } catch {
    // The type is one that JavaScript cannot name.
    return undefined;
  }
}

/** An adapter whose instances call no function of the module when they begin. */
function callingNothing(adapter: Adapter): Adapter {
  return {
    ...adapter,
    withKnown: (...facts) => callingNothing(adapter.withKnown?.(...facts) ?? adapter),
    attach: (instance, context) => {
      const { life, handles } = adapter.attach?.(instance, context) ?? {};
      return { life, ...(handles && { handles }) };
    },
  };
}

/** A tag of this engine, which may lack the right one, in place of the tag of JavaScript's exceptions: nothing is thrown. */
function tagsOf({ imports }: Shape): Record<string, Record<string, ImportValue>> {
  const { Tag } = WebAssembly as unknown as { readonly Tag?: new (type: object) => ImportValue };
  const tags = Tag && !("JSTag" in WebAssembly) ? imports.filter(isExceptionTag) : [];
  const made = tags.flatMap(({ module, name }) =>
    Tag ? [[module, { [name]: new Tag({ parameters: ["externref"] }) }] as const] : [],
  );
  return Object.fromEntries(made);
}

/**
 * Returns a module without its start function.
 *
 * @param bytes - The module.
 */
export function withoutStart(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const found = findStartSection(bytes);
  if (!found) return bytes;
  const [start, end] = found;
  const left = new Uint8Array(bytes.length - (end - start));
  left.set(bytes.subarray(0, start));
  left.set(bytes.subarray(end), start);
  return left;
}
