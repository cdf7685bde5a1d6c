/** Nanoseconds since an arbitrary moment. */
export function monotonicTime(): bigint {
  // Some engine shells have no clock but that of dates.
  return typeof performance === "object" ? BigInt(Math.round(performance.now() * 1e6)) : wallTime();
}

/** Nanoseconds since 1970. */
export function wallTime(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

/**
 * Blocks this thread. The main thread of a page may not sleep, and is kept busy until then.
 *
 * @param nanoseconds - How long.
 */
export function wait(nanoseconds: bigint): void {
  const end = monotonicTime() + nanoseconds;
  for (;;) {
    const left = Number(end - monotonicTime()) / 1e6;
    if (left <= 0) return;
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, left);
    } catch {
      // There is no shared memory, or this thread may not sleep.
    }
  }
}
