import { UnglueError } from "unglue";
import { hostile } from "./thrown.ts";

/** The error of a call, however it comes; `undefined` where there is none. */
export async function errorOf(call: () => unknown): Promise<{ readonly error: unknown } | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** The values for which a call ends with an error that is none of the library's. */
export async function rawErrors(call: (given: never) => unknown): Promise<string[]> {
  const raw: string[] = [];
  for (const [what, make] of hostile) {
    const failure = await errorOf(() => call(make() as never));
    // An exception from a user's function or getter passes unchanged.
    const isOwn = failure?.error instanceof Error && failure.error.message === "not to be asked";
    if (failure && !isOwn && !UnglueError.is(failure.error)) raw.push(`${what}: ${String(failure.error)}`);
  }
  return raw;
}
