import { reasonOf } from "../caught.ts";
import { urlText } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import { Failure } from "../failure.ts";
import type { Platform } from "../platform/platform.ts";
import type { SourceOptions } from "../types/index.ts";
import { aborted, refuseAborted, type Task } from "./abort.ts";
import { type Body, discard, fetchFailed } from "./body.ts";
import type { Integrity } from "./integrity.ts";
import { type FetchRequest, type FetchResponse, isResponse, isStream, membersOf } from "./source.ts";

/** The type that the engine takes: letter by letter in Node, and nowhere with parameters. */
const wasmType = "application/wasm";

/**
 * Makes the one request of a load.
 * Errors: `fetch-failed`, `integrity-mismatch`, `invalid-source`, and those of {@link openResponse}.
 *
 * @param request - The URL, or the request.
 * @param options - `fetch`, where the user gave one, and `signal`.
 * @param integrity - The hashes. `fetch` is given them only where it is sure to check.
 * @param task - What closes the connection.
 * @param platform - Where this runs.
 */
export async function openRequest(
  request: string | FetchRequest,
  { fetch: given, signal }: SourceOptions,
  integrity: Integrity | undefined,
  task: Task,
  platform: Platform,
): Promise<Body> {
  const url: unknown = typeof request === "string" ? request : request.url;
  if (typeof url !== "string") throw new Failure("invalid-source", { source: request, problem: "kind" });
  // The signal that `fetch` is given takes the place of the request's own, which lives no longer than the request.
  const own = typeof request === "string" ? undefined : request.signal;
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
  let response: FetchResponse;
  try {
    response = await (given ?? fetch)(request as Request, {
      ...(task.signal && { signal: task.signal }),
      ...(isChecked && { integrity: integrity.text }),
    });
  } catch (cause) {
    throw requestFailed(url, isChecked ? integrity : undefined, cause);
  }
  if (!isResponse(response)) throw new Failure("invalid-source", { source: response, problem: "fetched" });
  return { ...openResponse(response, url, isFetched || !signal), isFetched, isChecked };
}

/**
 * Makes a response ready to be read. Errors: `http-status`, `invalid-source`.
 *
 * @param response - The response.
 * @param url - What was asked for, since responses made by hand have no URL.
 * @param stoppable - Whether the engine may read it: an abort must reach it also then, or there must be no signal.
 */
export function openResponse(response: FetchResponse, url: string, stoppable: boolean): Body {
  const { ok, status, statusText, stream, from, isUsed, contentType, length, retryAfter } = membersOf(response, () => {
    const { ok, status, statusText, headers, body, bodyUsed } = response;
    const stream = isStream(body) ? body : undefined;
    return {
      ...{ ok, status, statusText, stream },
      from: urlText(response.url || url),
      isUsed: bodyUsed || stream?.locked,
      contentType: headers.get("Content-Type") ?? undefined,
      // Under an encoding the header tells the encoded length.
      length: headers.get("Content-Encoding") ? null : headers.get("Content-Length"),
      retryAfter: ok ? null : headers.get("Retry-After"),
    };
  });
  if (!ok) {
    if (stream) discard(stream);
    throw new Failure("http-status", { url: from, status, statusText, retryAfter });
  }
  if (isUsed) throw new Failure("invalid-source", { source: response, problem: "used" });
  return {
    from: from === "" ? undefined : from,
    contentType,
    // Repeated headers come as a list.
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

function requestFailed(url: string, integrity: Integrity | undefined, cause: unknown): Error {
  if (integrity && /integrity/i.test(reasonOf(cause))) return integrity.mismatch(cause);
  const advice =
    "Check the URL and the connection; in a browser also that the server allows this page's origin (CORS), and the " +
    "page's policy this URL (CSP).";
  return fetchFailed(urlText(url), cause, advice + (integrity?.hint ?? ""), url);
}
