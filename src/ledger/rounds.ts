import { type Growth, parts } from "./growth.ts";
import { memoryGrew } from "./report.ts";

/**
 * Repeats some work, and compares how memory grew in each part of the rounds. Errors: `memory-grew`.
 *
 * @param work - The work.
 * @param rounds - The number of rounds.
 * @param growing - The instances whose memory has grown.
 */
export async function expectNoGrowth(work: () => unknown, rounds: number, growing: ReadonlySet<Growth>): Promise<void> {
  const each = Math.floor(rounds / (parts + 1));
  const found = new Map<Growth, number[]>();
  // The first rounds create everything that is created only once, and allocators take memory in advance.
  for (let round = 0; round < rounds - each * parts; round++) await work();
  for (let part = 0; part < parts; part++) {
    const before = new Map([...growing].map((one) => [one, one.size]));
    for (let round = 0; round < each; round++) await work();
    for (const one of growing) {
      const grown = one.size - (before.get(one) ?? one.base);
      found.set(one, [...(found.get(one) ?? Array.from({ length: part }, () => 0)), grown]);
    }
  }
  const instances = [...found]
    .filter(([, grown]) => grown.every((bytes) => bytes > 0))
    .map(([{ instance }, grown]) => ({ instance, parts: grown }));
  if (instances.length > 0) throw memoryGrew({ rounds, instances });
}
