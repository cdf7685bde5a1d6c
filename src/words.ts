import { Failure } from "./failure.ts";

/**
 * Makes a function whose failures are put into words, by a chunk that is fetched for the first of them.
 *
 * @param call - The function.
 */
export function inWords<Args extends unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await call(...args);
    } catch (failure) {
      throw failure instanceof Failure ? (await import("./explain/index.ts")).explain(failure) : failure;
    }
  };
}
