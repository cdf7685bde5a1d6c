import type { ErrorCode, ErrorDetails } from "../unglue-error.ts";
import type { FailureDetails } from "../failure.ts";

/** A failure in words: the message, the details as the error has them, and the code where it is another one. */
export type Explanation<Code extends ErrorCode> = readonly [message: string, details: ErrorDetails[Code], code?: Code];

/** What puts each failure into words. */
export type Explanations = {
  readonly [Code in keyof FailureDetails]: (
    details: FailureDetails[Code],
    cause: unknown,
  ) => Explanation<Code> | Explanation<"truncated"> | Explanation<"compile-forbidden">;
};
