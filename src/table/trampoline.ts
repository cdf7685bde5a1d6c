import { encodeModule, functionTypeSection, section, sectionIds } from "../encode.ts";
import { UnglueError } from "../errors.ts";
import type { FunctionType } from "../types/index.ts";
import { parseSignature } from "./signature.ts";

/** Trampolines compiled so far, by signature. A compiled module owns one for all its instances. */
export type Trampolines = Map<string, WebAssembly.Module>;

/** Where trampolines come from. */
export interface TrampolineContext {
  /** Those compiled so far; added to. */
  readonly trampolines: Trampolines;
  /** Those that the user compiled beforehand. */
  readonly given?: { readonly [signature: string]: WebAssembly.Module } | undefined;
}

type Callback = (...args: never[]) => unknown;

const functionKind = 0;

/**
 * The bytes of the module that turns a JavaScript function into a WebAssembly function of a signature: it imports
 * `"js"."callback"` and exports it as `"callback"`. Only hosts that forbid compiling at run time need them: compile
 * them when building, and pass the module as `trampolines`. Errors: `invalid-signature`.
 *
 * @param signature - Letters of the parameters, `->`, letters of the results: `i` i32, `j` i64, `f` f32, `d` f64, `e` externref.
 * @returns A whole module, of about 50 bytes.
 * @example
 * ```ts
 * // build.ts
 * await writeFile("compare.wasm", trampolineBytes("ii->i"));
 *
 * // worker.ts, on a host that turns a .wasm import into a WebAssembly.Module
 * import compare from "./compare.wasm";
 * const wasm = await load(module, { trampolines: { "ii->i": compare } });
 * const index = wasm.callback("ii->i", (a, b) => a - b);
 * ```
 */
export function trampolineBytes(signature: string): Uint8Array<ArrayBuffer> {
  return encodeTrampoline(parseSignature(signature));
}

/**
 * Makes a WebAssembly function of a JavaScript one. Errors: `invalid-signature`, `trampoline-unavailable`.
 *
 * @param signature - The signature it shall have.
 * @param callback - The JavaScript function.
 * @param context - Where trampolines come from.
 */
export function toWasmFunction(signature: string, callback: Callback, context: TrampolineContext): unknown {
  return constructed(signature, callback) ?? linked(trampoline(signature, context), signature, callback);
}

/** The JavaScript API's own way, which few engines have. */
function constructed(signature: string, callback: Callback): unknown {
  const { Function: WasmFunction } = WebAssembly as {
    Function?: new (type: { parameters: readonly string[]; results: readonly string[] }, callback: unknown) => unknown;
  };
  if (!WasmFunction) return undefined;
  const { params, results } = parseSignature(signature);
  try {
    return new WasmFunction({ parameters: params, results }, callback);
  } catch {
    return undefined;
  }
}

function trampoline(signature: string, { trampolines, given }: TrampolineContext): WebAssembly.Module {
  const known = trampolines.get(signature);
  if (known) return known;
  const type = parseSignature(signature);
  const own = given?.[signature];
  if (own) return own;
  try {
    const compiled = new WebAssembly.Module(encodeTrampoline(type));
    trampolines.set(signature, compiled);
    return compiled;
  } catch (cause) {
    throw unavailable(signature, "the engine does not compile one here", cause);
  }
}

function linked(module: WebAssembly.Module, signature: string, callback: Callback, isWrapped = false): unknown {
  let cause: unknown;
  try {
    const made = new WebAssembly.Instance(module, { js: { callback } }).exports["callback"];
    if (typeof made === "function") return made;
  } catch (error) {
    cause = error;
    // A function that came from WebAssembly links only where its type is the signature's; wrapped, it is any function.
    if (!isWrapped) return linked(module, signature, (...args) => callback(...args), true);
  }
  throw unavailable(signature, "what the option `trampolines` has for it does not link as one", cause);
}

function unavailable(signature: string, reason: string, cause: unknown): UnglueError {
  return new UnglueError(
    "trampoline-unavailable",
    `There is no trampoline for callbacks of "${signature}": ${reason}. Compile the bytes that ` +
      `trampolineBytes("${signature}") returns beforehand, as when building, and pass the WebAssembly.Module in the ` +
      `option \`trampolines\`: { "${signature}": module }.`,
    { signature },
    { cause },
  );
}

function encodeTrampoline(type: FunctionType): Uint8Array<ArrayBuffer> {
  const [module, name] = ["js", "callback"].map(nameBytes) as [number[], number[]];
  return encodeModule(
    functionTypeSection(type),
    section(sectionIds.import, [1, ...module, ...name, functionKind, 0]),
    section(sectionIds.export, [1, ...name, functionKind, 0]),
  );
}

/** For short ASCII names. */
function nameBytes(text: string): number[] {
  return [text.length, ...Array.from(text, (character) => character.charCodeAt(0))];
}
