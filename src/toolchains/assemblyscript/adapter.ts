import type { Adapter, Instance, ProvideContext } from "../../public/index.ts";
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
  /** The option limits.memoryPages of each instance, which a life does not tell. */
  const ceilings = new WeakMap<Instance, number>();
  return {
    name: "assemblyscript",
    detect: ({ toolchain }) => (toolchain.name === "assemblyscript" ? toolchain : undefined),
    provide: (wanted, context) => provideImport(wanted, context, stateOf(context)),
    attach: (_, context) => {
      const state = stateOf(context);
      const ceiling = context.limits?.memoryPages;
      if (ceiling !== undefined) ceilings.set(context.instance, ceiling);
      return {
        takePanic: (error) => {
          const { aborted, thrown } = state;
          state.aborted = state.thrown = undefined;
          // An earlier abort may have left by an export that nobody guards.
          return thrown === error ? aborted : undefined;
        },
      };
    },
    calling: (shape) => createCalling(shape, (instance) => ceilings.get(instance)),
  };
}
