import { wasmBindgen } from "../entries/wasm-bindgen.ts";
import { compile } from "../node.ts";
import type { Adapter, BuiltinOptions, ImportValue, Instance, Known, Shape } from "../public/index.ts";
import { findStartSection } from "../reflect/definitions.ts";
import { isExceptionTag } from "../toolchains/wasm-bindgen/abi.ts";

/** The options of an instance whose code never runs. */
export interface UnstartedOptions {
  /** The facts about imports that a declaration file states. */
  readonly known?: Known | undefined;
  /** The interface that is compared with the module. */
  readonly api?: unknown;
}

/**
 * Compiles a module for instances of which no code runs: without its start function, its initializers, and the functions
 * that an adapter calls when an instance begins.
 *
 * @param bytes - The module.
 * @param builtins - The builtins that it is compiled with.
 * @returns A function that makes an instance. Errors: those of `Module.instantiate`.
 */
export async function compileUnstarted(
  bytes: Uint8Array<ArrayBuffer>,
  builtins: BuiltinOptions = {},
): Promise<(options?: UnstartedOptions) => Promise<Instance>> {
  const module = await compile(withoutStart(bytes), { ...builtins, adapters: [callingNothing(wasmBindgen())] });
  return ({ known, api } = {}) =>
    module.instantiate({
      initialize: false,
      limits: { memoryPages: 65536 },
      warn: () => undefined,
      imports: tagsOf(module.shape),
      ...(known && { known }),
      ...(api !== undefined && { api: api as never }),
    });
}

/** An adapter whose instances call no function of the module when they begin. */
function callingNothing(adapter: Adapter): Adapter {
  return {
    ...adapter,
    withKnown: (known) => callingNothing(adapter.withKnown?.(known) ?? adapter),
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
