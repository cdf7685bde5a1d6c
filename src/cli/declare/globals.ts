import { ownValue } from "../../base/own.ts";
import type { Known } from "../../public/index.ts";
import { readMeaning } from "../../toolchains/wasm-bindgen/meaning.ts";
import type { Remark } from "./declared.ts";

/** The globals of the language, and those that every JavaScript runtime has. */
const everywhere = new Set(
  (
    "AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError " +
    "FinalizationRegistry Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl JSON Map Math NaN Number " +
    "Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError " +
    "URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent " +
    "encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape console URL URLSearchParams TextDecoder TextEncoder AbortController AbortSignal Event EventTarget WebAssembly crypto " +
    "fetch Headers Request Response FormData Blob ReadableStream WritableStream TransformStream performance queueMicrotask " +
    "structuredClone setTimeout clearTimeout setInterval clearInterval atob btoa"
  ).split(" "),
);
/** Names of the global object that only some runtimes have. */
const aliases: ReadonlySet<string> = new Set(["global", "window", "self"]);

/**
 * Names the imports that read a global which some runtime lacks: one that the page or program sets, or one that only browsers or
 * Node have.
 *
 * @param known - The facts about imports that a declaration file states.
 */
export function globalsOf(known: Known | undefined): readonly Remark[] {
  const meanings = Object((known && ownValue(known, "meanings")) ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(meanings).flatMap(([member, meaning]) => {
    const name = globalOf(meaning);
    if (name === undefined || everywhere.has(name)) return [];
    const reason = `reads the global ${name}, which some runtimes lack; set it before the import is called`;
    return [{ member, reason }];
  });
}

/** The global that a meaning reads when the import is called; `undefined` if it needs none. */
function globalOf(meaning: string): string | undefined {
  const read = readMeaning(meaning);
  // The class of a receiver is not read, and neither a check of a class nor a value that may be missing needs its global.
  if (!read || read.receiver || /^[^:]*:\s*\?/.test(meaning)) return undefined;
  // JavaScript finds its global object by trying these one after the other, and the module catches what the others throw.
  if (/^(?:get )?(global|window|self)\.\1\s*:.*->!/.test(meaning)) return undefined;
  const [first, ...rest] = [...read.path, read.name].flatMap((one) => one.split(".")).filter(Boolean);
  if (first === "globalThis") return rest[0];
  return first !== undefined && aliases.has(first) && rest[0] !== undefined ? `${first}.${rest[0]}` : first;
}
