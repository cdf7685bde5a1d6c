import { ownMembers } from "../base/own.ts";
import type { ErrorDetails, FoundInstead } from "./unglue-error.ts";
import type { Imports, ImportShape } from "../public/index.ts";

/** How a module can break the binary format. */
export type Malformation =
  | "byte"
  | "encoding"
  | "index"
  | "order"
  | "short"
  | "long"
  | "supertype"
  | "tag"
  | "memory"
  | "unlimited"
  | "limits"
  | "mutable"
  | "elements"
  | "twice"
  | "start";
/** What a limit refuses: what an import asks for, what the user gave for it, what the module defines, or how many bytes it has. */
export type LimitedExtern =
  | { readonly by: "import" | "default" | "user"; readonly wanted: ImportShape }
  | { readonly by: "module"; readonly kind: "memory" | "table"; readonly index: number }
  | { readonly by: "source"; readonly from: string | undefined; readonly isDecompressed: boolean };

/** Facts that are known where a load fails and are put into other words in the error's details. */
interface Unworded {
  "invalid-option": {
    readonly call: string;
    readonly option: string;
    readonly value: unknown;
    readonly expected?: string;
  };
  "unknown-option": { readonly call: string; readonly option: string; readonly allowed: readonly string[] };
  "invalid-source": {
    readonly source: unknown;
    readonly problem: "kind" | "sync" | "used" | "chunk" | "fetched" | "request";
  };
  "http-status": {
    readonly url: string;
    readonly status: number;
    readonly statusText: string;
    /** The header `Retry-After`. */
    readonly retryAfter: string | null;
  };
  "not-wasm": {
    readonly found: FoundInstead;
    readonly from: string | undefined;
    readonly contentType: string | undefined;
  };
  truncated: { readonly offset: number; readonly size: number; readonly from: string | undefined };
  malformed: {
    readonly problem: Malformation;
    /** What it is about: a name, an index, a byte. */
    readonly subject: string | number | undefined;
    readonly offset: number;
    readonly section: string | undefined;
  };
  "invalid-argument": { readonly call: string; readonly argument: string; readonly value: unknown };
  "compile-failed": {
    readonly from?: string | undefined;
    /** Bytes that there are in all, where that is known. */
    readonly size?: number | undefined;
    /** Where the head ends, and the first bytes behind it. */
    readonly offset?: number;
    readonly behind?: Uint8Array | undefined;
  };
  "unresolved-imports": { readonly imports: readonly ImportShape[]; readonly given: Imports | undefined };
  "types-unknown": { readonly imports: readonly ImportShape[] };
  "import-mismatch": { readonly wanted: ImportShape; readonly given: string };
  "cannot-create": { readonly wanted: ImportShape };
  "limit-exceeded": ErrorDetails["limit-exceeded"] & { readonly of: LimitedExtern };
  "link-failed": Record<never, never>;
  "import-conflict": { readonly wanted: readonly ImportShape[] };
}

/** The codes that a load can fail with, and the facts that each is raised with. */
export type FailureDetails = Unworded &
  Pick<
    ErrorDetails,
    "needs-bytes" | "limit-needs-bytes" | "read-failed" | "wasm-unavailable" | "sync-too-large" | "out-of-memory"
  >;

/**
 * Why a load failed, in facts. `explain` puts it into words: it is a chunk of its own, since most loads succeed, and
 * the asynchronous calls fetch it only when one does not.
 */
export class Failure<Code extends keyof FailureDetails = keyof FailureDetails> {
  readonly code: Code;
  readonly details: FailureDetails[Code];
  readonly cause: unknown;
  /** What tells a failure: only this class can give it or look for it. */
  readonly #brand = true;

  constructor(code: Code, details: FailureDetails[Code], cause?: unknown) {
    this.code = code;
    // A detail that is left out must not be inherited.
    this.details = ownMembers(details);
    this.cause = cause;
  }

  /**
   * Whether what was caught is a failure. Nothing of it is touched, as `instanceof` would its prototype: an import may
   * throw a proxy, whose traps would put an error of theirs in its place.
   *
   * @param value - What was caught.
   */
  static is(value: unknown): value is Failure {
    return typeof value === "object" && value !== null && #brand in value;
  }
}
