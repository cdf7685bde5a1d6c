/**
 * Returns the reason that a promise is rejected with.
 *
 * @param {Promise<unknown>} promise - The promise.
 * @returns {Promise<any>} The error; something with a code that tells of it where it was not rejected.
 */
export function failure(promise) {
  return promise.then(
    (value) => ({ code: `resolved with ${String(value)}`, details: {} }),
    (error) => error,
  );
}
