import { expect, it } from "vitest";
import type { Instance } from "unglue";
import { answersOf } from "../../packages/served.ts";
import { type Answers, plain, type Scenario } from "./scenarios/scenario.ts";

/**
 * A test for each step of a scenario: a module alone gives what its package's own JavaScript gives, and done
 * again it gives the same and holds no more handles than before.
 *
 * @param name - The package, as the server knows it.
 * @param scenario - The steps.
 * @param open - Loads the module, as a new instance.
 * @param lost - How many handles the module itself loses by a step, under its own JavaScript too.
 */
export function itAnswersAsItsGlue<Api, Input>(
  name: string,
  scenario: Scenario<Api, Input>,
  open: () => Promise<{ readonly api: Api; readonly wasm: Pick<Instance, "handles"> }>,
  lost: Readonly<Record<string, number>> = {},
): void {
  it.each(Object.entries(scenario))(
    "%s",
    async (title, step) => {
      const { input, results } = await answersOf<Answers<Input>>(name);
      expect(results).toHaveProperty([title]);
      const { api, wasm } = await open();
      expect(await plain(await step(api, input))).toEqual(results[title]);
      // Not always zero: serde-wasm-bindgen keeps the names of fields, as JavaScript text, for the next time.
      const { size } = wasm.handles;
      expect(await plain(await step(api, input))).toEqual(results[title]);
      expect(wasm.handles.size).toBe(size + (lost[title] ?? 0));
    },
    60_000,
  );
}
