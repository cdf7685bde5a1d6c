import type { ErrorCode, ErrorDetails } from "./details.ts";

/** Messages by code, as functions of the details and the underlying error. */
export type Messages<Codes extends ErrorCode = ErrorCode> = {
  readonly [Code in Codes]: (details: ErrorDetails[Code], cause: unknown) => string;
};
