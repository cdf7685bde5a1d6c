import type { Adapter, ProvideContext } from "../../public/index.ts";
import { createCalling } from "./calling.ts";
import { type ImportState, provideImport } from "./imports.ts";

/** Makes the adapter for AssemblyScript modules: the imports of its library, and its convention. */
export function createAdapter(): Adapter {
  const states = new WeakMap<ProvideContext, ImportState>();
  const stateOf = (context: ProvideContext): ImportState => {
    const known = states.get(context) ?? { aborted: undefined };
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
        takePanic: () => {
          const { aborted } = state;
          state.aborted = undefined;
          return aborted;
        },
      };
    },
    calling: (shape) => createCalling(shape),
  };
}
