import { encodeModule, functionTypeSection, section, sectionIds } from "./encode.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { ownValue } from "../base/own.ts";
import { parseSignature } from "./signature.ts";

/** The trampolines compiled so far, by signature. A compiled module shares them among its instances. */
export type Trampolines = Map<string, WebAssembly.Module>;

/** The sources of trampolines. */
export interface TrampolineContext {
  /** The ones compiled so far; new ones are added. */
  readonly trampolines: Trampolines;
  /** The ones that the user compiled beforehand. */
  readonly given: { readonly [signature: string]: WebAssembly.Module } | undefined;
}

type Callback = (...args: never[]) => unknown;

const functionKind = 0;

/**
 * Returns the bytes of a trampoline: see `trampolineBytes`. Errors: `invalid-signature`.
 *
 * @param signature - The signature.
 */
export function encodeTrampoline(signature: string): Uint8Array<ArrayBuffer> {
  const [module, name] = ["js", "callback"].map(nameBytes) as [number[], number[]];
  return encodeModule(
    functionTypeSection(parseSignature(signature)),
    section(sectionIds.import, [1, ...module, ...name, functionKind, 0]),
    section(sectionIds.export, [1, ...name, functionKind, 0]),
  );
}

/**
 * Converts a JavaScript function to a WebAssembly function. Errors: `invalid-signature`, `trampoline-unavailable`.
 *
 * @param signature - Its signature.
 * @param callback - The JavaScript function.
 * @param context - The sources of trampolines.
 */
export function toWasmFunction(signature: string, callback: Callback, context: TrampolineContext): unknown {
  return constructed(signature, callback) ?? linked(trampoline(signature, context), signature, callback, context);
}

/** Converts a function with the JavaScript API, which few engines support. */
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
  // Always read, so that an invalid signature is refused even if a module was given for it.
  const bytes = encodeTrampoline(signature);
  const own = given && ownValue(given, signature);
  if (own) return own;
  try {
    const compiled = new WebAssembly.Module(bytes);
    trampolines.set(signature, compiled);
    return compiled;
  } catch (cause) {
    throw unavailable(signature, "the engine does not compile one here", cause);
  }
}

function linked(
  module: WebAssembly.Module,
  signature: string,
  callback: Callback,
  context: TrampolineContext,
  isWrapped = false,
): unknown {
  let cause: unknown;
  try {
    const made = new WebAssembly.Instance(module, { js: { callback } }).exports["callback"];
    if (typeof made === "function") return made;
  } catch (error) {
    cause = error;
    // A function from WebAssembly links only if its type is the signature's; wrapped, it is treated as any function.
    if (!isWrapped) return linked(module, signature, (...args) => callback(...args), context, true);
  }
  const reason =
    context.given && ownValue(context.given, signature)
      ? "what the option `trampolines` has for it does not link as one"
      : "the engine does not make an instance of one here";
  throw unavailable(signature, reason, cause);
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

/** The bytes of a short ASCII name. */
function nameBytes(text: string): number[] {
  return [text.length, ...Array.from(text, (character) => character.charCodeAt(0))];
}
