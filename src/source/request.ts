import { permissionIn, reasonOf } from "../errors/caught.ts";
import { fetchChunk } from "../platform/chunk.ts";
import { describe, urlText } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { loadError } from "../errors/load-error.ts";
import type { Platform } from "../platform/platform.ts";
import type { SourceOptions } from "../public/index.ts";
import { aborted, refuseAborted, type Task } from "./abort.ts";
import { type Body, discard, fetchFailed } from "./body.ts";
import type { Integrity } from "./integrity.ts";
import { type FetchRequest, type FetchResponse, isResponse, isStream, membersOf } from "./source.ts";

/** The type that the engine accepts: with exact case in Node, and nowhere with parameters. */
const wasmType = "application/wasm";

/**
 * Makes the one request of a load. Errors: `fetch-failed`, `integrity-mismatch`, `invalid-source`, and those of
 * {@link openResponse}.
 *
 * @param request - The URL, or the request.
 * @param options - The user's `fetch`, if given, and `signal`.
 * @param integrity - The hashes. `fetch` receives them only if it is certain to check.
 * @param task - The task that closes the connection.
 * @param platform - Where this runs.
 */
export async function openRequest(
  request: string | FetchRequest,
  { fetch: given, signal }: SourceOptions,
  integrity: Integrity | undefined,
  task: Task,
  platform: Platform,
): Promise<Body> {
  const asked = typeof request === "string" ? { url: request } : membersOf(request, () => readRequest(request));
  const url: unknown = asked.url;
  if (typeof url !== "string") throw loadError("invalid-source", { received: describe(request), problem: "kind" });
  // The signal passed to `fetch` replaces the request's own, which lives no longer than the request.
  const own = asked.signal;
  refuseAborted(own);
  if (typeof own?.addEventListener === "function") own.addEventListener("abort", () => task.fail(aborted(own)));
  const isFetched = !given;
  if (isFetched && typeof fetch !== "function") {
    throw new UnglueError(
      "unavailable-here",
      `Cannot fetch ${urlText(url)}: this runtime has no fetch. Give one as the option fetch, or pass the bytes.`,
      { what: "fetch" },
    );
  }
  const isChecked = isFetched && integrity !== undefined && platform.checksIntegrity?.() === true;
  // Only a user's own `fetch` knows which requests it accepts.
  const foreign = isFetched && asked.isForeign ? await readForeign(request as FetchRequest) : undefined;
  let response: FetchResponse;
  try {
    response = await (given ?? fetch)(foreign ? url : (request as Request), {
      ...foreign,
      ...(task.signal && { signal: task.signal }),
      ...(isChecked && { integrity: integrity.text }),
    });
  } catch (cause) {
    const hint = asked.isForeign && given ? foreignHint : (isChecked && integrity.hint) || "";
    throw requestFailed(url, isChecked ? integrity : undefined, cause, hint);
  }
  if (!membersOf(response, () => isResponse(response)))
    throw loadError("invalid-source", { received: describe(response), problem: "fetched" });
  return { ...openResponse(response, url, isFetched || !signal), isFetched, isChecked };
}

interface Asked {
  readonly url: unknown;
  readonly signal?: FetchRequest["signal"];
  /** Whether the global `fetch` would not take the request for one. */
  readonly isForeign?: boolean;
}

function readRequest(request: FetchRequest): Asked {
  const { url, signal } = request;
  return { url, signal, isForeign: !isOwn(request, url) };
}

/** Whether a request is of the global class, whose getters only read its own requests. */
function isOwn(request: FetchRequest, url: string): boolean {
  try {
    const getter = Object.getOwnPropertyDescriptor(Request.prototype, "url");
    return getter?.get ? getter.get.call(request) === url : request instanceof Request;
  } catch {
    return false;
  }
}

async function readForeign(request: FetchRequest): Promise<RequestInit> {
  const { readForeign } = await fetchChunk(() => import("./foreign-request.ts"));
  return readForeign(request);
}

const foreignHint =
  " The Request is not of the global class, and the option fetch may not take others: give the fetch that belongs to it, or pass " +
  "the URL.";

/**
 * Makes a response ready to be read. Errors: `http-status`, `invalid-source`.
 *
 * @param response - The response.
 * @param url - The requested URL, since responses made by hand have none.
 * @param stoppable - Whether the engine may read it: then an abort must reach it too, or there must be no signal.
 */
export function openResponse(response: FetchResponse, url: string, stoppable: boolean): Body {
  const { ok, status, statusText, stream, from, isUsed, contentType, length, retryAfter } = membersOf(response, () => {
    const { ok, headers, body, bodyUsed } = response;
    const stated: { readonly status: unknown; readonly statusText: unknown } = response;
    const stream = isStream(body) ? body : undefined;
    return {
      // Converted here: a response whose members cannot be converted is not valid.
      ...{ ok, status: Number(stated.status), statusText: String(stated.statusText), stream },
      from: urlText(response.url || url),
      isUsed: bodyUsed || stream?.locked,
      contentType: headerOf(headers, "Content-Type"),
      // With an encoding, the header tells the encoded length.
      length: headerOf(headers, "Content-Encoding") ? undefined : headerOf(headers, "Content-Length"),
      retryAfter: ok ? undefined : headerOf(headers, "Retry-After"),
    };
  });
  if (!ok) {
    if (stream) discard(stream);
    const seconds = secondsOf(retryAfter);
    const asked = seconds === undefined ? {} : { retryAfter: seconds };
    throw loadError("http-status", { url: from, status, statusText, ...asked });
  }
  if (isUsed) throw loadError("invalid-source", { received: describe(response), problem: "used" });
  return {
    from: from === "" ? undefined : from,
    contentType,
    // Repeated headers come as one list.
    total: length && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
    stream,
    arrayBuffer: () => response.arrayBuffer(),
    ...(stoppable &&
      stream &&
      typeof WebAssembly.compileStreaming === "function" &&
      contentType === wasmType &&
      typeof Response === "function" &&
      response instanceof Response && { response }),
  };
}

function requestFailed(url: string, integrity: Integrity | undefined, cause: unknown, hint: string): Error {
  if (integrity && /integrity/i.test(reasonOf(cause))) return integrity.mismatch(cause, url);
  const { location } = globalThis as { readonly location?: { readonly protocol?: unknown } };
  const flag = permissionIn(cause);
  const advice = flag
    ? `This process may not make the request: allow it with ${flag}.`
    : location?.protocol === "file:"
      ? "A page that is opened from a file cannot fetch: serve it over HTTP, as with `npx vite`."
      : "Check the URL and the connection; in a browser also that the server allows this page's origin (CORS), and the " +
        `page's policy this URL (CSP).${hint}`;
  return fetchFailed(urlText(url), cause, advice, url);
}

/** A header's text. Other implementations may have anything else: a number, or a list. */
function headerOf(headers: FetchResponse["headers"], name: string): string | undefined {
  const value: unknown = headers.get(name);
  return value === null || value === undefined ? undefined : `${value as string | number}`;
}

/** The seconds of a `Retry-After` header, which has a number or a date. */
function secondsOf(header: string | undefined): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
