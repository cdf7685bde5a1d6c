/**
 * Makes a function that computes its result at its first call. If that throws, the next call computes again.
 *
 * @param compute - Computes the result.
 */
export function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => (known ??= { value: compute() }).value;
}
