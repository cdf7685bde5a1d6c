/** Repeats a request. This is a separate chunk, fetched after a first failure. */
import type { ErrorCode } from "../errors/details.ts";
import { causeOf } from "../errors/caught.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { withoutAddress } from "../errors/docs-address.ts";
import { explainLater } from "../errors/explain.ts";
import type { Retry, SourceOptions } from "../public/index.ts";
import { abortable } from "./abort.ts";

/** The longest wait in milliseconds. If the server asks for more, no other attempt is made. */
const longest = 60_000;

/**
 * Repeats a failed attempt as long as another can help. Errors: that of the last attempt, `aborted`.
 *
 * @param attempt - Makes another attempt.
 * @param error - The error of the first attempt.
 * @param retry - The maximum number of attempts, and the wait between them.
 * @param signal - Ends the wait.
 * @param isRepeatable - Whether the source of the last attempt can be read again.
 */
export async function attemptAgain<Result>(
  attempt: () => Promise<Result>,
  error: unknown,
  { attempts = 3, delay = 300 }: Retry,
  signal: SourceOptions["signal"],
  isRepeatable: () => boolean,
): Promise<Result> {
  const ends: unknown[] = [];
  for (let made = 1; ; made += 1) {
    ends.push(error);
    const wait = made < attempts && isRepeatable() ? waitAfter(error, delay * 2 ** (made - 1)) : undefined;
    if (wait === undefined) {
      if (made > 1) await failAfter(ends);
      throw error;
    }
    await sleep(wait, signal);
    try {
      return await attempt();
    } catch (next) {
      error = next;
    }
  }
}

/** The number of attempts whose errors a message lists. */
const told = 3;

/** Throws the last error, with the number of attempts and the errors of those before it. */
async function failAfter(ends: readonly unknown[]): Promise<void> {
  const last = ends.at(-1);
  if (!UnglueError.is(last)) return;
  await explainLater(last);
  const before = ends.slice(0, -1).map(endOf);
  const rest = before.length > told ? `, and ${before.length - told} more` : "";
  throw new UnglueError(
    last.code,
    `${withoutAddress(last.message, last.code)} This was attempt ${ends.length}; those before ended with ${before.slice(0, told).join(", ")}${rest}.`,
    { ...last.details, attempts: ends.length },
    { cause: causeOf(last) },
  );
}

function endOf(error: unknown): string {
  if (UnglueError.is(error, "http-status")) return `${error.code} ${error.details.status}`;
  return UnglueError.is(error) ? error.code : "an error";
}

/** The wait after an error; `undefined` if another attempt would end in the same way. */
function waitAfter(error: unknown, delay: number): number | undefined {
  const wait = Math.min(delay, longest);
  if (["fetch-failed", "read-failed", "truncated"].some((code) => UnglueError.is(error, code as ErrorCode)))
    return wait;
  if (!UnglueError.is(error, "http-status")) return undefined;
  const { status, retryAfter = 0 } = error.details;
  if (status !== 429 && status < 500) return undefined;
  const asked = retryAfter * 1000;
  return asked > longest ? undefined : Math.max(wait, asked);
}

function sleep(milliseconds: number, signal: SourceOptions["signal"]): Promise<void> {
  return abortable(
    signal,
    ({ onFailure }) =>
      new Promise((resolve) => {
        // Audio worklets have no timers.
        if (typeof setTimeout !== "function") return resolve();
        const timer = setTimeout(resolve, milliseconds);
        onFailure(() => clearTimeout(timer));
      }),
  );
}
