import { expect, inject } from "vitest";
import type { RequestRecord } from "../servers/wasm-server.ts";

const server = inject("serverUrl");
let last = 0;
const run = Math.random().toString(36).slice(2);

/** A URL of the test server that nothing else asks for, and what the server saw of it. */
export interface Served {
  readonly url: string;
  /** The requests so far, in order. */
  requests(): Promise<RequestRecord[]>;
  /** Waits until every request has ended, and tells how. */
  ended(): Promise<RequestRecord["state"][]>;
}

/** An address of the test server for one test's own use. */
export function served(path: string, query = ""): Served {
  const id = `${run}-${(last += 1)}`;
  const requests = async () => (await (await fetch(`${server}/requests?id=${id}`)).json()) as RequestRecord[];
  return {
    url: `${server}${path}?id=${id}${query}`,
    requests,
    async ended() {
      await expect
        .poll(async () => (await requests()).filter(({ state }) => state === "open"), { timeout: 5000 })
        .toEqual([]);
      return (await requests()).map(({ state }) => state);
    },
  };
}

/** The bytes at an address of the test server, as it sends them, less a content encoding. */
export async function bytesAt(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(served(path).url)).arrayBuffer());
}

/** The hash of bytes in SRI's notation. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>, bits: 256 | 384 | 512 = 256): Promise<string> {
  const digest = await crypto.subtle.digest(`SHA-${bits}`, bytes);
  return `sha${bits}-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}
