import { UnglueError } from "../errors.ts";
import { Failure } from "../failure.ts";
import type { SourceOptions } from "../types/index.ts";
import { aborted, refuseAborted, type Task } from "./abort.ts";
import { type Body, discard, fetchFailed, reasonOf } from "./body.ts";
import type { Integrity } from "./integrity.ts";
import { type FetchRequest, type FetchResponse, isResponse, isStream } from "./source.ts";

/**
 * Makes the one request of a load.
 * Errors: `fetch-failed`, `integrity-mismatch`, and those of {@link openResponse}.
 *
 * @param request - The URL, or the request.
 * @param options - `fetch`, where the user gave one, and `signal`.
 * @param integrity - What the platform's `fetch` is to check. A function of the user need not know how.
 * @param task - What closes the connection.
 */
export async function openRequest(
  request: string | FetchRequest,
  { fetch: given, signal }: SourceOptions,
  integrity: Integrity | undefined,
  task: Task,
): Promise<Body> {
  const url = typeof request === "string" ? request : request.url;
  // The signal that `fetch` is given takes the place of the request's own, which lives no longer than the request.
  const own = typeof request === "string" ? undefined : request.signal;
  refuseAborted(own);
  own?.addEventListener("abort", () => task.fail(aborted(own)));
  const checked = !given;
  if (!given && typeof fetch !== "function") {
    throw new UnglueError(
      "unavailable-here",
      `Cannot fetch ${shorten(url)}: this runtime has no fetch. Give one as the option fetch, or pass the bytes.`,
      { what: "fetch" },
    );
  }
  let response: FetchResponse;
  try {
    response = await (given ?? fetch)(request as Request, {
      ...(task.signal && { signal: task.signal }),
      ...(checked && integrity && { integrity: integrity.text }),
    });
  } catch (cause) {
    throw requestFailed(shorten(url), checked ? integrity : undefined, cause);
  }
  if (!isResponse(response)) throw new Failure("invalid-source", { source: response, problem: "fetched" });
  return { ...openResponse(response, url, checked || !signal), checked };
}

/**
 * Makes a response ready to be read. Errors: `http-status`, `invalid-source`.
 *
 * @param response - The response.
 * @param url - What was asked for, since responses made by hand have no URL.
 * @param stoppable - Whether the engine may read it: an abort must reach it also then, or there must be no signal.
 */
export function openResponse(response: FetchResponse, url: string, stoppable: boolean): Body {
  const { ok, status, statusText, headers, body, bodyUsed } = response;
  const from = shorten(response.url || url);
  const stream = isStream(body) ? body : undefined;
  if (!ok) {
    if (stream) discard(stream);
    throw new Failure("http-status", { url: from, status, statusText });
  }
  if (bodyUsed || stream?.locked) throw new Failure("invalid-source", { source: response, problem: "used" });
  const contentType = headers.get("Content-Type") ?? undefined;
  // Under an encoding the header tells the encoded length.
  const length = headers.get("Content-Encoding") ? undefined : headers.get("Content-Length");
  return {
    from: from === "" ? undefined : from,
    contentType,
    total: length ? Number(length) : undefined,
    stream,
    arrayBuffer: () => response.arrayBuffer(),
    // The engine takes that type alone, without parameters, and the platform's own responses.
    ...(stoppable &&
      stream &&
      typeof WebAssembly.compileStreaming === "function" &&
      contentType?.trim().toLowerCase() === "application/wasm" &&
      response instanceof Response && { response }),
  };
}

/** A URL for messages: a `data:` URL would fill a screen. */
function shorten(url: string): string {
  return url.length > 200 ? `${url.slice(0, 200)}…` : url;
}

function requestFailed(url: string, integrity: Integrity | undefined, cause: unknown): Error {
  // Only Node tells.
  if (integrity && /integrity/i.test(reasonOf(cause))) return integrity.mismatch(cause);
  const advice =
    "Check the URL and the connection; in a browser also that the server allows this page's origin (CORS), and the " +
    "page's policy this URL (CSP).";
  return fetchFailed(url, cause, advice + (integrity?.hint ?? ""));
}
