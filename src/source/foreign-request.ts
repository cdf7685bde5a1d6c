/**
 * Requests of another realm or implementation, which the global `fetch` would take for the text of a URL. This is a separate
 * chunk: pages and servers usually have the platform's requests.
 */
import { bytesOf } from "../base/buffers.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import { type Chunk, type FetchRequest, membersOf, unshared } from "./source.ts";

/** The settings of a request that sets none. Some runtimes refuse these when they are passed. */
const defaults = {
  mode: "cors",
  credentials: "same-origin",
  cache: "default",
  redirect: "follow",
  referrer: "about:client",
  referrerPolicy: "",
  integrity: "",
  keepalive: false,
} as const;

/**
 * Collects the settings to give the global `fetch` beside the URL. Errors: `invalid-source`.
 *
 * @param request - The request. Its body is read.
 */
export async function readForeign(request: FetchRequest): Promise<RequestInit> {
  const { init, headers, body, isUsed } = membersOf(request, () =>
    readMembers(request as FetchRequest & Partial<Request>),
  );
  if (isUsed) throw loadError("invalid-source", { received: describe(request), problem: "used" });
  const pairs = headers && readHeaders(request, headers);
  const bytes = body && (await readBody(request, body));
  return { ...init, ...(pairs && { headers: pairs }), ...(bytes?.length && { body: bytes }) };
}

function readMembers(request: FetchRequest & Partial<Request>): {
  readonly init: RequestInit;
  readonly headers: Headers | undefined;
  readonly body: (() => unknown) | undefined;
  readonly isUsed: boolean;
} {
  const { method, headers, bodyUsed, body } = request;
  const asked = Object.entries(defaults).flatMap(([name, usual]) => {
    const value: unknown = request[name as keyof typeof defaults];
    return typeof value === typeof usual && value !== usual ? [[name, value] as const] : [];
  });
  const mayHaveBody = !/^(get|head)$/i.test(method) && body !== null;
  return {
    init: { method, ...Object.fromEntries(asked) },
    headers,
    body: mayHaveBody ? () => request.arrayBuffer?.() : undefined,
    isUsed: mayHaveBody && bodyUsed === true,
  };
}

function readHeaders(source: FetchRequest, headers: Headers): [string, string][] {
  const pairs: [string, string][] = [];
  try {
    headers.forEach((value, name) => pairs.push([name, value]));
  } catch (cause) {
    throw unreadable(source, cause);
  }
  return pairs;
}

async function readBody(source: FetchRequest, read: () => unknown): Promise<Chunk> {
  let whole: unknown;
  try {
    whole = await read();
  } catch (cause) {
    throw unreadable(source, cause);
  }
  const bytes = bytesOf(whole);
  if (!bytes) throw unreadable(source);
  return unshared(bytes);
}

function unreadable(source: FetchRequest, cause?: unknown): UnglueError {
  return loadError("invalid-source", { received: describe(source), problem: "request" }, cause);
}
