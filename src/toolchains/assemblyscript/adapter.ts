import type { Adapter, ProvideContext } from "../../public/index.ts";
import { createCalling } from "./calling.ts";
import { type ImportState, provideImport } from "./imports.ts";

/** Makes the adapter for AssemblyScript modules: the imports of its library, and its convention. */
export function createAdapter(): Adapter {
  const states = new WeakMap<ProvideContext, ImportState>();
  const stateOf = (context: ProvideContext): ImportState => {
    const known = states.get(context) ?? { aborted: undefined, thrown: undefined };
    states.set(context, known);
    return known;
  };
  return {
    name: "assemblyscript",
    detect: ({ toolchain }) => (toolchain.name === "assemblyscript" ? toolchain : undefined),
    provide: (wanted, context) => provideImport(wanted, context, stateOf(context)),
    attach: (_, context) => {
      const state = stateOf(context);
      return {
        takePanic: (error) => {
          const { aborted, thrown } = state;
          state.aborted = state.thrown = undefined;
          // An earlier abort may have left by an export that nobody guards.
          return thrown === error ? aborted : undefined;
        },
      };
    },
    calling: (shape) => createCalling(shape),
  };
}
