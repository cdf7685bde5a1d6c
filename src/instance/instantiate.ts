import { Failure } from "../failure.ts";
import type { Resolved } from "../imports/index.ts";
import type { Parts } from "../parts.ts";
import type { Trampolines } from "../table/index.ts";
import type { Adapter, Imports, Instance, InstantiateOptions, Shape } from "../types/index.ts";
import { isBuiltIn, isTrap, trapError } from "./guard.ts";
import { initialize } from "./initialize.ts";
import { createInstance } from "./instance.ts";

/** A compiled module with all that its instances share. */
export interface Instantiable {
  readonly raw: WebAssembly.Module;
  readonly shape: Shape;
  readonly adapter: Adapter | undefined;
  readonly trampolines: Trampolines;
}

/**
 * Makes an instance: resolves its imports, lets the engine instantiate, and runs the initializers.
 *
 * @param module - The compiled module.
 * @param options - Imports, policies and limits, already checked.
 * @param parts - The parts that the module needs.
 */
export async function instantiate(module: Instantiable, options: InstantiateOptions, parts: Parts): Promise<Instance> {
  const { resolved, imports, finish } = prepare(module, options, parts);
  let made: WebAssembly.Instance;
  try {
    made = await WebAssembly.instantiate(module.raw, imports);
  } catch (error) {
    throw failureOf(error, resolved, module.shape);
  }
  return finish(made);
}

/**
 * Makes an instance at once.
 *
 * @param module - The compiled module.
 * @param options - Imports, policies and limits, already checked.
 * @param parts - The parts that the module needs.
 */
export function instantiateSync(module: Instantiable, options: InstantiateOptions, parts: Parts): Instance {
  const { resolved, imports, finish } = prepare(module, options, parts);
  let made: WebAssembly.Instance;
  try {
    made = new WebAssembly.Instance(module.raw, imports);
  } catch (error) {
    throw failureOf(error, resolved, module.shape);
  }
  return finish(made);
}

interface Prepared {
  readonly resolved: readonly Resolved[];
  readonly imports: WebAssembly.Imports;
  readonly finish: (made: WebAssembly.Instance) => Instance;
}

function prepare(
  { raw, shape, adapter, trampolines }: Instantiable,
  options: InstantiateOptions,
  parts: Parts,
): Prepared {
  const { instance, resolve, begin, follow } = createInstance({ shape, options, trampolines, parts });
  const given = userImports(options, instance);
  // One for each life: adapters tell lives apart by it.
  const life = { instance, shape, module: raw, limits: options.limits };
  const context = { shape, adapter, life, options, given, externs: parts.externs, patterns: new Map() };
  const resolved = parts.imports?.resolveImports(context) ?? [];
  resolve(resolved);
  return {
    resolved,
    imports: parts.imports?.importObject(resolved, options.trace) ?? {},
    finish: ({ exports }) => {
      begin(exports);
      const convention = adapter?.attach(instance, life);
      if (convention) follow(convention);
      initialize(shape, exports, convention?.initializer);
      return instance;
    },
  };
}

function userImports({ imports }: InstantiateOptions, instance: Instance): Imports | undefined {
  const given: unknown = typeof imports === "function" ? imports(instance) : imports;
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null || typeof Reflect.get(given, "then") === "function") {
    throw new Failure("invalid-option", {
      call: "instantiate",
      option: "what imports returns",
      value: given,
      expected: "an object of modules",
    });
  }
  return given as Imports;
}

/** What the engine threw while instantiating, as the failure that it is; what an import threw passes through. */
function failureOf(error: unknown, resolved: readonly Resolved[], shape: Shape): unknown {
  if (isTrap(error)) return trapError("(start)", error);
  if (isBuiltIn(error, "LinkError")) {
    const given = resolved.filter(({ report: { provider } }) => provider === "user" || provider === "adapter");
    return new Failure(
      "link-failed",
      { shape, given: given.map(({ report: wanted, value }) => ({ wanted, value })) },
      error,
    );
  }
  if (!isBuiltIn(error, "RangeError")) return error;
  if (/disallowed|main thread/i.test(error.message)) return new Failure("sync-too-large", {}, error);
  // Not what an import met with: the start function may call one that makes or grows a memory.
  return /out of memory|allocate/i.test(error.message) ? new Failure("out-of-memory", {}, error) : error;
}
