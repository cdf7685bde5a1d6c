import { UnglueError } from "../errors.ts";
import { Failure } from "../failure.ts";
import type { Chunk } from "./source.ts";

/** The hashes that count: those of the strongest algorithm. */
export interface Integrity {
  /** The hashes in SRI's notation. */
  readonly text: string;
  /** What to add where a failure can also mean that they did not fit. */
  readonly hint: string;
  /**
   * Compares bytes with the hashes. Errors: `integrity-mismatch`.
   *
   * @param bytes - The bytes as they were received, before any decompression by this library.
   */
  readonly check: (bytes: Chunk) => Promise<void>;
  /** The error for bytes that the platform has compared. */
  readonly mismatch: (cause: unknown) => UnglueError<"integrity-mismatch">;
}

/**
 * Reads the option `integrity`: of hashes separated by spaces those of the strongest algorithm, as Subresource
 * Integrity has it. Unknown algorithms are passed over. A damaged hash of a known one is refused: a browser
 * would pass over it, and so check less than was asked for. Errors: `invalid-option`.
 *
 * @param given - The option's value.
 */
export function readIntegrity(given: string): Integrity {
  let strongest = "";
  let digests: string[] = [];
  for (const hash of given.split(/\s+/)) {
    const [, bits, base64 = ""] = /^sha(256|384|512)-([^?=]*)/i.exec(hash) ?? [];
    if (!bits) continue;
    const digest = decode(base64);
    if (digest.length * 8 !== Number(bits)) refuse(given);
    if (bits > strongest) [strongest, digests] = [bits, []];
    if (bits === strongest) digests.push(digest);
  }
  if (!strongest) refuse(given);
  const encode = (digest: string) => `sha${strongest}-${btoa(digest)}`;
  const text = digests.map(encode).join(" ");
  return {
    text,
    hint: ` Or its bytes do not have the hash that integrity asks for (${text}): a browser does not tell which it is.`,
    check: async (bytes) => {
      const digest = await hash(`SHA-${strongest}`, bytes);
      if (!digests.includes(digest)) throw mismatch(text, encode(digest));
    },
    mismatch: (cause) => mismatch(text, undefined, cause),
  };
}

async function hash(algorithm: string, bytes: Chunk): Promise<string> {
  // Only secure contexts have it, which the types do not say.
  const { subtle } = (globalThis as { readonly crypto?: Partial<Crypto> }).crypto ?? {};
  if (subtle) return String.fromCharCode(...new Uint8Array(await subtle.digest(algorithm, bytes)));
  throw new UnglueError(
    "integrity-unavailable",
    "integrity cannot be checked, because crypto.subtle is missing here. Serve the page over https: or from localhost, or leave integrity out.",
    {},
  );
}

function mismatch(expected: string, actual?: string, cause?: unknown): UnglueError<"integrity-mismatch"> {
  return new UnglueError(
    "integrity-mismatch",
    `The bytes do not have the hash that integrity asks for, ${expected}${actual ? `, but ${actual}` : ""}. ` +
      "They are another version, or were changed on the way: do not use them, or put the new hash into integrity.",
    { expected, ...(actual && { actual }) },
    { cause },
  );
}

function decode(base64: string): string {
  try {
    return atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}

function refuse(given: string): never {
  const expected = "whole hashes of sha256, sha384 or sha512 in base64, separated by spaces";
  throw new Failure("invalid-option", { call: "load", option: "integrity", value: given, expected });
}
