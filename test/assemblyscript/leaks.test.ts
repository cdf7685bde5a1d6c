import { env } from "node:process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileValues, openEvery, type Type, valuesOf } from "./every.ts";

/** The rounds of each function. `npm run test:all` makes 100,000. */
const rounds = Number(env["UNGLUE_LEAK_ROUNDS"] ?? "5000");

/** One returns as many objects as its argument says, and the other takes nothing after what is left out. */
const fixed: Readonly<Record<string, readonly unknown[]>> = { boxes: [3], numbersOr: [1, 2] };

const isPlain = (type: Type): boolean => !JSON.stringify(type).includes('"object"');

it(
  "no function leaves anything in memory, whether its arguments are taken or refused",
  { timeout: 600_000 },
  async () => {
    const every = await openEvery();
    for (const { name, params } of every.functions.filter((one) => one.params.every(isPlain) && one.name !== "box")) {
      // One for each function, so that a leak of a few bytes does not hide in what another needed.
      const { api, collect, bytes } = await every.ours();
      const values = fixed[name]?.map((one) => fc.constant<unknown>(one)) ?? params.map(valuesOf);
      const samples = fc.sample(fc.tuple(...values), { seed: 20, numRuns: 10 });
      const refused = hostileValues().slice(0, 30);
      const run = (count: number): void => {
        for (let at = 0; at < count; at++) {
          const result = api[name]?.(...(samples[at % samples.length] ?? []));
          if (name === "boxes") for (const one of result as { free(): void }[]) one.free();
          if (at % 500 === 0) collect();
          if (at % 20 !== 0) continue;
          try {
            api[name]?.([refused[at % refused.length]]);
          } catch {
            // That is what is tested.
          }
        }
        collect();
      };
      run(500);
      const before = bytes();
      run(rounds);
      expect([name, bytes()]).toEqual([name, before]);
    }
  },
);
