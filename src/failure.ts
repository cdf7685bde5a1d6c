import type { ErrorDetails } from "./errors.ts";
import type { Imports, ImportShape, Shape } from "./types/index.ts";

/** What a limit refuses: what an import asks for, what the user gave for it, or what the module defines. */
export type LimitedExtern =
  | { readonly by: "import" | "default" | "user"; readonly wanted: ImportShape }
  | { readonly by: "module"; readonly kind: "memory" | "table"; readonly index: number };

/** Facts that are known where a load fails and are put into other words in the error's details. */
interface Unworded {
  "invalid-option": {
    readonly call: string;
    readonly option: string;
    readonly value: unknown;
    readonly expected?: string;
  };
  "unknown-option": { readonly call: string; readonly option: string; readonly allowed: readonly string[] };
  "invalid-source": { readonly source: unknown; readonly problem: "kind" | "sync" | "used" | "chunk" | "fetched" };
  malformed: ErrorDetails["malformed"] & { readonly what: string };
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
  "link-failed": {
    readonly shape: Shape;
    readonly given: readonly { readonly wanted: ImportShape; readonly value: unknown }[];
  };
  "import-conflict": { readonly wanted: readonly ImportShape[] };
}

/** The codes that a load can fail with, and the facts that each is raised with. */
export type FailureDetails = Unworded &
  Pick<
    ErrorDetails,
    | "unsupported-option"
    | "needs-bytes"
    | "limit-needs-bytes"
    | "not-wasm"
    | "truncated"
    | "http-status"
    | "read-failed"
    | "sync-too-large"
    | "out-of-memory"
  >;

/**
 * Why a load failed, in facts. `explain` puts it into words: it is a chunk of its own, since most loads succeed, and
 * the asynchronous calls fetch it only when one does not.
 */
export class Failure<Code extends keyof FailureDetails = keyof FailureDetails> {
  readonly code: Code;
  readonly details: FailureDetails[Code];
  readonly cause: unknown;

  constructor(code: Code, details: FailureDetails[Code], cause?: unknown) {
    this.code = code;
    this.details = details;
    this.cause = cause;
  }
}
