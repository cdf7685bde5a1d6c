import { invalidOption } from "../errors/invalid.ts";
import { urlText } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { CreateHash } from "../platform/platform.ts";
import type { Chunk } from "./source.ts";

/** The hashes that count: those of the strongest algorithm. */
export interface Integrity {
  /** The hashes in SRI's notation. */
  readonly text: string;
  /** The hint to add if a failure can also mean that the hashes did not match. */
  readonly hint: string;
  /**
   * Compares bytes with the hashes. Errors: `integrity-mismatch`, `integrity-unavailable`.
   *
   * @param bytes - The bytes as they were received, before any decompression by this library.
   * @param from - Where they came from, for the error.
   */
  readonly check: (bytes: Chunk, from?: string) => Promise<void>;
  /** Starts a hash of bytes that pass. `undefined` if the platform can only hash complete data. */
  readonly follow: (() => Followed) | undefined;
  /** Makes the error for bytes that the platform has compared. */
  readonly mismatch: (cause: unknown, from: string) => UnglueError<"integrity-mismatch">;
}

/** A hash of bytes that pass. */
export interface Followed {
  /** Adds bytes. */
  readonly update: (bytes: Chunk) => void;
  /** Compares all added bytes with the hashes. Errors: `integrity-mismatch`. */
  readonly check: (from?: string) => void;
}

/**
 * Reads the option `integrity`: hashes separated by spaces, of which the strongest algorithm counts, as in Subresource
 * Integrity. Unknown algorithms are skipped. A malformed hash of a known algorithm is refused: a browser would skip it, and
 * so check less than requested. Errors: `invalid-option`.
 *
 * @param given - The option's value.
 * @param createHash - Hashes bytes as they pass, if the platform can.
 */
export function readIntegrity(given: string, createHash?: CreateHash): Integrity {
  let strongest = "";
  let digests: string[] = [];
  for (const hash of given.split(/\s+/)) {
    const [, bits, base64 = ""] = /^sha(256|384|512)-([^?=]*)/i.exec(hash) ?? [];
    if (!bits) continue;
    const digest = decode(base64);
    if (digest.length * 8 !== Number(bits)) refuse(given);
    if (bits > strongest) [strongest, digests] = [bits, []];
    if (bits === strongest) digests.push(btoa(digest));
  }
  if (!strongest) refuse(given);
  const encode = (digest: string) => `sha${strongest}-${digest}`;
  const text = digests.map(encode).join(" ");
  const algorithm = `SHA-${strongest}`;
  const compare = (digest: string, from: string | undefined) => {
    if (!digests.includes(digest)) throw mismatch(text, from, encode(digest));
  };
  const follow = (create: CreateHash): Followed => {
    const hash = create(algorithm);
    return { update: (bytes) => hash.update(bytes), check: (from) => compare(hash.digest(), from) };
  };
  return {
    text,
    hint: ` Or its bytes do not have the hash that integrity asks for (${text}): a browser does not tell which it is.`,
    check: async (bytes, from) => compare(await digestOf(algorithm, bytes, createHash), from),
    follow: createHash && (() => follow(createHash)),
    mismatch: (cause, from) => mismatch(text, from, undefined, cause),
  };
}

async function digestOf(algorithm: string, bytes: Chunk, createHash: CreateHash | undefined): Promise<string> {
  // Only secure contexts have it, which the types do not tell.
  const { subtle } = (globalThis as { readonly crypto?: Partial<Crypto> }).crypto ?? {};
  if (subtle) return btoa(String.fromCharCode(...new Uint8Array(await subtle.digest(algorithm, bytes))));
  // A test environment for pages may hide the runtime's own.
  const hash = createHash?.(algorithm);
  if (!hash) throw unavailable();
  hash.update(bytes);
  return hash.digest();
}

function unavailable(): UnglueError<"integrity-unavailable"> {
  return new UnglueError(
    "integrity-unavailable",
    "integrity cannot be checked, because crypto.subtle or atob is missing here. Serve the page over https: or from localhost, or leave integrity out.",
    {},
  );
}

function mismatch(
  expected: string,
  source: string | undefined,
  actual?: string,
  cause?: unknown,
): UnglueError<"integrity-mismatch"> {
  const from = source === undefined ? undefined : urlText(source);
  return new UnglueError(
    "integrity-mismatch",
    `The bytes${from === undefined ? "" : ` of ${from}`} do not have the hash that integrity asks for, ${expected}${actual ? `, but ${actual}` : ""}. ` +
      "They are another version, or were changed on the way: do not use them, or put the new hash into integrity.",
    { expected, ...(actual && { actual }), ...(from !== undefined && { from }) },
    { cause },
  );
}

function decode(base64: string): string {
  // Audio worklets have neither this nor crypto.subtle.
  if (typeof atob !== "function") throw unavailable();
  try {
    return atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}

function refuse(given: string): never {
  const expected = "whole hashes of sha256, sha384 or sha512 in base64, separated by spaces";
  throw invalidOption("load", "integrity", expected, given);
}
