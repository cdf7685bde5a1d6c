import { expect, it } from "vitest";
import type { Handles, Memory } from "unglue";
import { answersOf } from "./served.ts";
import { type Answers, plain, type Scenario } from "./scenario.ts";

/** An instance, with its functions in JavaScript's values. */
export interface Opened<Api> {
  readonly api: Api;
  readonly handles: Handles;
  readonly memory: Pick<Memory, "byteLength">;
  readonly exports: { readonly __wbindgen_add_to_stack_pointer?: (change: number) => unknown };
}

/**
 * A test for each step of a scenario: a module alone gives what its package's own JavaScript gives, and done
 * again it gives the same, holds no more handles than before, and has the stack that it had.
 *
 * @param name - The package, as the server knows it.
 * @param scenario - The steps.
 * @param open - Loads the module, as a new instance.
 * @param lost - How many handles the module itself loses by a step, under its own JavaScript too.
 */
export function itAnswersAsItsGlue<Api, Input>(
  name: string,
  scenario: Scenario<Api, Input>,
  open: () => Promise<Opened<Api>>,
  lost: Readonly<Record<string, number>> = {},
): void {
  it.each(Object.entries(scenario))(
    "%s",
    async (title, step) => {
      const { input, results } = await answersOf<Answers<Input>>(name);
      expect(results).toHaveProperty([title]);
      const wasm = await open();
      const stack = stackPointer(wasm);
      expect(await plain(await step(wasm.api, input))).toEqual(results[title]);
      // Not always zero: serde-wasm-bindgen keeps the names of fields, as JavaScript text, for the next time.
      const { size } = wasm.handles;
      expect(await plain(await step(wasm.api, input))).toEqual(results[title]);
      expect(wasm.handles.size).toBe(size + (lost[title] ?? 0));
      expect(stackPointer(wasm)).toBe(stack);
    },
    60_000,
  );
}

/**
 * Says that calls cost nothing that stays: handles, stack and memory are the same after twenty rounds as after five.
 *
 * @param wasm - The instance.
 * @param round - The calls.
 */
export async function losesNothing(wasm: Opened<unknown>, round: () => unknown): Promise<void> {
  const rounds = async (count: number) => {
    for (let at = 0; at < count; at += 1) await round();
    return { handles: wasm.handles.size, stack: stackPointer(wasm), memory: wasm.memory.byteLength };
  };
  const before = await rounds(5);
  expect(await rounds(20)).toEqual(before);
}

/** Where the module's stack stands; 0 for a module that does not tell. */
function stackPointer({ exports }: Opened<unknown>): unknown {
  return exports.__wbindgen_add_to_stack_pointer?.(0) ?? 0;
}
