import { bytesOf, isFixed } from "../base/buffers.ts";
import { describe, tagOf } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import { hasMember, isReadable, ownMembers } from "../base/own.ts";
import type { Platform } from "../platform/platform.ts";
import type { BlobLike, RequestLike, ResponseLike } from "../public/index.ts";

/** Bytes that nobody else writes to while they are read. */
export type Chunk = Uint8Array<ArrayBuffer>;

/** The first byte of gzip data. No module begins with it. */
export const gzip = 0x1f;

/** A request. `signal` is missing in some implementations. */
export type FetchRequest = RequestLike & Partial<Pick<Request, "signal">>;

/** A response. Other implementations than the platform's may have a body that is not a web stream, or none. */
export type FetchResponse = ResponseLike & Partial<Pick<Response, "body" | "bodyUsed" | "type">>;

/** A recognized source: exactly one of these members is set. */
export interface Input {
  readonly module?: WebAssembly.Module;
  readonly bytes?: Chunk;
  readonly path?: string;
  readonly request?: string | FetchRequest;
  readonly response?: FetchResponse;
  readonly blob?: BlobLike & Partial<Blob>;
  readonly stream?: ReadableStream;
}

/**
 * Recognizes a source by its features, not by its constructor, which differs between realms.
 *
 * @param platform - Where this runs. With files, a string without a scheme is a path.
 * @param source - Anything.
 * @returns The source; `undefined` for a value that cannot be one.
 */
export function recognise(platform: Platform, source: unknown): Input | undefined {
  const input = isReadable(source) ? recogniseReadable(platform, source) : undefined;
  return input && ownMembers(input);
}

function recogniseReadable(platform: Platform, source: unknown): Input | undefined {
  const bytes = bytesOf(source);
  if (bytes) return { bytes: unshared(bytes) };
  if (isModule(source)) return { module: source };
  if (isResponse(source)) return { response: source };
  if (has(source, "arrayBuffer", "size")) return { blob: source };
  if (isStream(source)) return { stream: source };
  if (has(source, "url", "method")) return { request: source as FetchRequest };
  const text = has(source, "href", "protocol") ? (source as URL).href : source;
  if (typeof text !== "string") return undefined;
  // A scheme has at least two letters: `C:\app.wasm` is a path.
  return platform.files && !/^(?!file:)[a-z][a-z\d+.-]+:/i.test(text) ? { path: text } : { request: text };
}

/**
 * Reads members of a source. An error while reading becomes the cause: a proxy of a platform object has none of its members.
 *
 * @param source - The source.
 * @param read - Reads them.
 */
export function membersOf<Members>(source: unknown, read: () => Members): Members {
  try {
    return read();
  } catch (cause) {
    throw loadError("invalid-source", { received: describe(source), problem: "kind" }, cause);
  }
}

/** Whether a value is a response of any Fetch implementation. */
export function isResponse(value: unknown): value is FetchResponse {
  return has(value, "arrayBuffer", "status", "headers") && isHeaders(value.headers);
}

/** Whether a value is a web stream of any implementation. */
export function isStream(value: unknown): value is ReadableStream {
  return has(value, "getReader");
}

/** Whether a value is a compiled module. The engine decides, since any value can have the class's name. */
function isModule(value: unknown): value is WebAssembly.Module {
  if (tagOf(value) !== "WebAssembly.Module") return false;
  try {
    WebAssembly.Module.customSections(value as WebAssembly.Module, "");
    return true;
  } catch {
    return false;
  }
}

function isHeaders(value: unknown): boolean {
  return has(value, "get") && typeof value.get === "function";
}

/** Returns the bytes themselves, or a copy if other threads could write to them, or their buffer could shrink. */
export function unshared(bytes: Uint8Array): Chunk {
  return isFixed(bytes.buffer) ? (bytes as Chunk) : bytes.slice();
}

function has<Name extends string>(value: unknown, ...names: Name[]): value is { readonly [name in Name]: unknown } {
  return (
    typeof value === "object" && value !== null && isReadable(value) && names.every((name) => hasMember(value, name))
  );
}

/** Whether a value has to be awaited. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return isReadable(value) && typeof (Object(value) as Partial<PromiseLike<unknown>>).then === "function";
}
