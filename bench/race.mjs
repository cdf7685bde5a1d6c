/* global gc, performance -- in Node and in the browser, which both are started with --expose-gc */
// Measures contenders side by side: each round runs every one of them once, in an order that rotates, so that whatever
// else the machine does meets all of them alike. The figure is the median over rounds of the ratio within a round.

/**
 * One of several ways to do the same.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => unknown} [prepare] Makes the argument of `run`, outside of the measured time.
 * @property {(input: any, times: number) => unknown} run Does it, `times` times; a promise is waited for.
 * @property {(result: any) => number} [measure] Milliseconds, read from what `run` came to; by default its wall clock.
 * @property {number} [target] What its ratio to the first contender shall be at the most.
 */

/**
 * The result of a contender. Times are milliseconds for one time; `extra` is what it took beyond the first contender.
 *
 * @typedef {{ name: string, median: number, low: number, high: number, target?: number,
 *   ratio?: { median: number, low: number, high: number }, extra?: number }} Result
 */

/**
 * Races contenders.
 *
 * @param {Contender[]} contenders - The first is what the others are compared with.
 * @param {{ rounds?: number, times?: number | "calibrated" }} [options] - How often each of them runs, and how many times
 *   it does its work each time; "calibrated" takes as many as last for five milliseconds.
 * @returns {Promise<Result[]>} In the order of the contenders.
 */
export async function race(contenders, { rounds = 40, times = 1 } = {}) {
  const count = times === "calibrated" ? await calibrate(contenders[0]) : times;
  const warmUps = Math.max(2, Math.ceil(rounds / 8));
  const samples = contenders.map(() => []);
  for (let round = -warmUps; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const at = (((turn + round) % contenders.length) + contenders.length) % contenders.length;
      const time = await measure(contenders[at], count);
      if (round >= 0) samples[at].push(time / count);
    }
  }
  return contenders.map(({ name, target }, at) => ({
    name,
    target,
    ...spread(samples[at]),
    ratio: at > 0 ? spread(samples[at].map((time, round) => time / samples[0][round])) : undefined,
    extra: at > 0 ? spread(samples[at].map((time, round) => time - samples[0][round])).median : undefined,
  }));
}

async function measure({ prepare, run, measure: read }, times) {
  const input = await prepare?.();
  // Nobody pays for what others left behind.
  gc();
  const start = performance.now();
  let result = run(input, times);
  // Waiting for what is no promise would still wait for a turn of the event loop.
  if (typeof result?.then === "function") result = await result;
  return read ? read(result) : performance.now() - start;
}

async function calibrate(contender) {
  for (let times = 1; ; times *= 2) if ((await measure(contender, times)) >= 5) return times;
}

/** The median, and the quartiles, between which half of the samples lie. */
function spread(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const [low, median, high] = [0.25, 0.5, 0.75].map((part) => sorted[Math.round(part * (sorted.length - 1))]);
  return { median, low, high };
}
